"""Text to token ids and back, whatever the unit: characters, words or byte-level BPE."""

import json
from collections.abc import Iterable
from functools import cached_property
from typing import Any, Self
from unicodedata import category

import torch
from tokenizers import Tokenizer as BackendTokenizer
from torch import Tensor

from model.config import Unit
from model.corpus.units import BOS, EOS, NUM_BYTES, UNK, train_backend, unit_named
from model.errors import CheckpointError


class Tokenizer:
    """One token for every line end, marks that no text can forge, and an honest count of unknowns.

    A character or a word outside of the vocabulary becomes `unk_id`, and what it spelled is lost: a
    model that writes unknowns would need few bits for much text. So that units compare, each
    character in an unknown token is paid for as if spelled with the `alphabet_size` characters of
    the training text, all equally likely. The space before an unknown word is paid for like this
    too, and stands for what would end its spelling. BPE knows every byte, has no `unk_id` and pays
    nothing.
    """

    def __init__(
        self, backend: BackendTokenizer, unit: Unit = "bpe", alphabet_size: int = NUM_BYTES
    ) -> None:
        self._backend = backend
        self._backend.encode_special_tokens = (
            True  # a song may spell out a mark without becoming one
        )
        self.unit = unit
        self.alphabet_size = alphabet_size
        self.bos_id = self._id_of(BOS)
        self.eos_id = self._id_of(EOS)
        self.unk_id = None if unit == "bpe" else self._id_of(UNK)
        self.newline_id = self._id_of("Ċ" if unit == "bpe" else "\n")
        self.vocab_size: int = backend.get_vocab_size()

    def _id_of(self, token: str) -> int:
        token_id: int | None = self._backend.token_to_id(token)
        if token_id is None:
            raise CheckpointError(
                f"The tokenizer has no {token!r} token; use a tokenizer that Cypher trained."
            )
        return token_id

    @classmethod
    def train(cls, texts: Iterable[str], vocab_size: int, unit: str = "bpe") -> Self:
        """Learn at most `vocab_size` tokens; BPE always has the 256 bytes among them.

        Raises ConfigError for an unknown unit or too small a vocabulary, CorpusError without text.
        """
        known = unit_named(unit)
        backend, alphabet_size = train_backend(texts, vocab_size, known)
        # BPE falls back to bytes, so they are its alphabet whatever it was trained on.
        return cls(backend) if known == "bpe" else cls(backend, known, alphabet_size)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The tokenizer that `to_json` wrote; raises CheckpointError for another's."""
        try:
            parts: dict[str, Any] = json.loads(text)
            unit = unit_named(parts.pop("unit", "bpe"))
            alphabet_size = NUM_BYTES if unit == "bpe" else int(parts.pop("alphabet_size"))
            backend = BackendTokenizer.from_str(json.dumps(parts))
        except Exception as error:  # `tokenizers` raises nothing narrower
            raise CheckpointError(
                f"The tokenizer cannot be read ({error}); use one that Cypher trained."
            ) from error
        return cls(backend, unit, alphabet_size)

    def to_json(self) -> str:
        """Everything needed to build the tokenizer again.

        BPE is a plain file of the `tokenizers` library, as it always was. That library refuses
        fields that it does not know, so `from_json` takes out those that the other units add.
        """
        text: str = self._backend.to_str()
        if self.unit == "bpe":
            return text
        own = {"unit": self.unit, "alphabet_size": self.alphabet_size}
        return json.dumps(own | json.loads(text), ensure_ascii=False)

    def encode(self, text: str) -> list[int]:
        """Token ids of `text`, without a song's marks; no text becomes a mark."""
        ids: list[int] = self._backend.encode(text, add_special_tokens=False).ids
        return ids

    def decode(self, token_ids: Iterable[int]) -> str:
        """The text of `token_ids`; marks vanish, an unknown or a cut character becomes U+FFFD."""
        text: str = self._backend.decode(list(token_ids), skip_special_tokens=True)
        return text

    def num_unknown_characters(self, text: str) -> int:
        """How many characters of `text` are hidden in unknown tokens."""
        if self.unk_id is None:
            return 0
        encoding = self._backend.encode(text, add_special_tokens=False)
        spans = zip(encoding.ids, encoding.offsets, strict=True)
        return sum(end - start for token_id, (start, end) in spans if token_id == self.unk_id)

    @property
    def never_ids(self) -> tuple[int, ...]:
        """Tokens that no verse may hold: the start mark, and the unknown."""
        return (self.bos_id,) if self.unk_id is None else (self.bos_id, self.unk_id)

    @cached_property
    def blank_ids(self) -> tuple[int, ...]:
        """Tokens that make no line by themselves: nothing in them can be seen for certain.

        White space, control characters, marks, unknowns, and parts of characters, which may not
        fit.
        """
        return tuple(i for i in range(self.vocab_size) if not _is_visible(self.decode([i])))

    @cached_property
    def continues_word(self) -> Tensor:
        """Which tokens (vocab_size,) would lengthen a word that they directly follow."""
        starts = [self._token_start(token_id) for token_id in range(self.vocab_size)]
        return torch.tensor([_is_in_word(start) for start in starts])

    def _token_start(self, token_id: int) -> str:
        text: str = self._backend.decode([token_id], skip_special_tokens=False)
        return text[:1] or "\ufffd"


def _is_in_word(character: str) -> bool:
    """A combining mark belongs to its letter; what cannot be read may be a letter."""
    return character.isalnum() or character in "'’\ufffd" or category(character).startswith("M")


def _is_visible(text: str) -> bool:
    return any(
        not (character.isspace() or character == "\ufffd" or category(character) == "Cc")
        for character in text
    )
