"""Ways to end a line on a word that rhymes, as paths for the engine."""

from collections.abc import Iterable
from functools import lru_cache

from torch import Tensor

from model.corpus.tokenizer import Tokenizer
from model.craft import RhymeLexicon
from model.engine.paths import build_paths
from model.phonetics import Pronunciation

_HAN_MARKS = ("", "，", "。", "！", "？", "；", "、")
_LATIN_MARKS = ("", ",", ".", ";", ":", "!", "?")
_CACHED = 256


class Endings:
    """The words of a lexicon as a tokenizer spells them."""

    def __init__(self, tokenizer: Tokenizer, lexicon: RhymeLexicon) -> None:
        self._tokenizer = tokenizer
        self._lexicon = lexicon
        self._paths = lru_cache(maxsize=_CACHED)(self._build)

    def paths_to(
        self, target: Pronunciation, needs_space: bool, excluded: Iterable[str]
    ) -> Tensor | None:
        """Edges to every word that rhymes with `target` but `excluded`, and on to the end of the
        line; None where nothing rhymes.
        """
        return self._paths(target, needs_space, frozenset(excluded))

    def _build(
        self, target: Pronunciation, needs_space: bool, excluded: frozenset[str]
    ) -> Tensor | None:
        words = [word for word in self._lexicon.rhymes_with(target) if word not in excluded]
        if not words:
            return None
        marks = _HAN_MARKS if target.language == "zh" else _LATIN_MARKS
        tails = [[*mark, self._tokenizer.newline_id] for mark in self._spelled(marks)]
        spelled = self._spelled(f" {word}" if needs_space else word for word in words)
        return build_paths(spelled, tails) if spelled else None

    def _spelled(self, texts: Iterable[str]) -> list[list[int]]:
        """As token ids, but those that the vocabulary cannot spell."""
        spelled = (self._tokenizer.encode(text) for text in texts)
        return [ids for ids in spelled if self._tokenizer.unk_id not in ids]
