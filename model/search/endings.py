"""Ways to end a line on a word that rhymes, as paths for the engine."""

from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache
from itertools import islice

from torch import Tensor

from model.corpus.tokenizer import Tokenizer
from model.craft import RhymeLexicon
from model.engine.paths import build_paths
from model.phonetics import Pronunciation

_HAN_MARKS = ("", "，", "。", "！", "？", "；", "、")
_LATIN_MARKS = ("", ",", ".", ";", ":", "!", "?")
_MOST_WORDS = 96
"""To choose from; the rarer ones would hardly be chosen, and all of them must be handed over."""
_KEPT_PATHS, _KEPT_SPELLINGS = 256, 16_384


class Endings:
    """The words of a lexicon as a tokenizer spells them."""

    def __init__(self, tokenizer: Tokenizer, lexicon: RhymeLexicon) -> None:
        self._tokenizer = tokenizer
        self._spelling = lru_cache(maxsize=_KEPT_SPELLINGS)(self._spell)
        self._rhymes = lru_cache(maxsize=_KEPT_PATHS)(lexicon.rhymes_with)
        self._paths = lru_cache(maxsize=_KEPT_PATHS)(self._build)

    def paths_to(
        self, target: Pronunciation, needs_space: bool, excluded: Collection[str]
    ) -> Tensor | None:
        """Edges to the words that rhyme with `target`, but those `excluded`, and on to the end of
        the line; None where nothing rhymes.
        """
        left_out = frozenset(word for word in self._rhymes(target) if word in excluded)
        return self._paths(target, needs_space, left_out)

    def _build(
        self, target: Pronunciation, needs_space: bool, left_out: frozenset[str]
    ) -> Tensor | None:
        words = (word for word in self._rhymes(target) if word not in left_out)
        marks = _HAN_MARKS if target.language == "zh" else _LATIN_MARKS
        tails = [(*mark, self._tokenizer.newline_id) for mark in self._spelled(marks)]
        space = " " if needs_space else ""
        spelled = [*islice(self._spelled(f"{space}{word}" for word in words), _MOST_WORDS)]
        return build_paths(spelled, tails) if spelled else None

    def _spelled(self, texts: Iterable[str]) -> Iterator[tuple[int, ...]]:
        """As token ids, but those that the vocabulary cannot spell."""
        spellings = (self._spelling(text) for text in texts)
        return (ids for ids in spellings if self._tokenizer.unk_id not in ids)

    def _spell(self, text: str) -> tuple[int, ...]:
        return tuple(self._tokenizer.encode(text))
