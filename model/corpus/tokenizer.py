"""Text to token ids and back: byte-level BPE, so that any script works."""

from collections.abc import Iterable
from functools import cached_property
from typing import Self
from unicodedata import category

import torch
from tokenizers import Regex, decoders, models, pre_tokenizers, trainers
from tokenizers import Tokenizer as BackendTokenizer
from torch import Tensor

from model.errors import CheckpointError

BOS = "<|song|>"
EOS = "<|end|>"

# A line end is always a token of its own, so that the engine can count lines without knowing any
# text. Words keep the space before them, and an apostrophe stays with its word.
_WORD_PATTERN = Regex(r"\n| ?[\p{L}\p{M}'’]+| ?\p{N}| ?[^\s\p{L}\p{M}\p{N}]+|\s")


class Tokenizer:
    """Byte-level byte-pair encoding (Sennrich et al. 2016) with one token for every line end."""

    def __init__(self, backend: BackendTokenizer) -> None:
        self._backend = backend
        self._backend.encode_special_tokens = (
            True  # a song may spell out a mark without becoming one
        )
        self.bos_id = self._id_of(BOS)
        self.eos_id = self._id_of(EOS)
        self.newline_id = self._id_of("Ċ")
        self.vocab_size: int = backend.get_vocab_size()

    def _id_of(self, token: str) -> int:
        token_id: int | None = self._backend.token_to_id(token)
        if token_id is None:
            raise CheckpointError(
                f"The tokenizer has no {token!r} token; use a tokenizer that Cypher trained."
            )
        return token_id

    @classmethod
    def train(cls, texts: Iterable[str], vocab_size: int) -> Self:
        """Learn `vocab_size` tokens from `texts`; the 256 bytes are always among them."""
        backend = BackendTokenizer(models.BPE())
        backend.pre_tokenizer = pre_tokenizers.Sequence(
            [
                pre_tokenizers.Split(_WORD_PATTERN, behavior="isolated"),
                pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
            ]
        )
        backend.decoder = decoders.ByteLevel()
        trainer = trainers.BpeTrainer(
            vocab_size=vocab_size,
            special_tokens=[BOS, EOS],
            initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
            show_progress=False,
        )
        backend.train_from_iterator(texts, trainer)
        return cls(backend)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The tokenizer that `to_json` wrote."""
        return cls(BackendTokenizer.from_str(text))

    def to_json(self) -> str:
        """Everything needed to build the tokenizer again."""
        text: str = self._backend.to_str()
        return text

    def encode(self, text: str) -> list[int]:
        """Token ids of `text`, without a song's marks; no text becomes a mark."""
        ids: list[int] = self._backend.encode(text, add_special_tokens=False).ids
        return ids

    def decode(self, token_ids: Iterable[int]) -> str:
        """The text of `token_ids`; marks vanish, an incomplete UTF-8 sequence becomes U+FFFD."""
        text: str = self._backend.decode(list(token_ids), skip_special_tokens=True)
        return text

    @cached_property
    def blank_ids(self) -> tuple[int, ...]:
        """Tokens that make no line by themselves: nothing in them can be seen for certain.

        White space, control characters, marks, and parts of characters, which may not fit.
        """
        return tuple(i for i in range(self.vocab_size) if not _is_visible(self.decode([i])))

    @cached_property
    def continues_word(self) -> Tensor:
        """Which tokens (vocab_size,) would lengthen a word that they directly follow."""
        starts = [self._token_start(token_id) for token_id in range(self.vocab_size)]
        return torch.tensor([start.isalnum() or start in "'’�" for start in starts])

    def _token_start(self, token_id: int) -> str:
        text: str = self._backend.decode([token_id], skip_special_tokens=False)
        return text[:1] or "�"


def _is_visible(text: str) -> bool:
    return any(
        not (character.isspace() or character == "\ufffd" or category(character) == "Cc")
        for character in text
    )
