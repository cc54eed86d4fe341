"""What the engine wants of a runner: rows that can be loaded, moved on by one token, and read."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import torch
from torch import Tensor

from model.config import ModelConfig
from model.engine.sequence import GenerationRequest, Voice, artist_weights
from model.engine.slots import Arrivals, Slots
from model.network.lyric_model import LyricModel
from model.network.state import RecurrentState

REPETITION_WINDOW = 64

KEPT_VOICES = 256  # so that the tries of a verse compute theirs once

Done = Literal["lines", "length"]
DONE: tuple[Done | None, ...] = (None, "lines", "length")
"""Why a row is done, by the numbers that runners use inside."""


@dataclass(frozen=True, slots=True)
class Marks:
    """Which tokens are what.

    `blank_ids` make no line by themselves (white space), `never_ids` no verse may hold; what begins
    a prompt is never drawn anyway.
    """

    newline_id: int
    blank_ids: tuple[int, ...] = ()
    never_ids: tuple[int, ...] = ()

    def is_content(self, vocab_size: int) -> Tensor:
        """(vocab_size,) bool: which tokens make a line."""
        content = torch.ones(vocab_size, dtype=torch.bool)
        content[[self.newline_id, *self.blank_ids]] = False
        return content


class Runner(ABC):
    """Owns the tensors of the running sequences. Call its methods from one thread."""

    @torch.inference_mode()
    def __init__(self, model: LyricModel, marks: Marks, num_rows: int, max_positions: int) -> None:
        self.max_positions = max_positions
        self._model = model
        self._marks = marks
        self._is_content_host = marks.is_content(model.config.vocab_size)
        self._slots = Slots.reserve(model, num_rows, max_positions)
        self._device = self._slots.tokens.device
        self._voice_of = lru_cache(maxsize=KEPT_VOICES)(self._compute_voice)

    @property
    @abstractmethod
    def computes_in(self) -> str:
        """The precision and what does it, for people."""

    @property
    def num_rows(self) -> int:
        """How many rows are worth computing at once, at most: more would only slow each other."""
        return len(self._slots.tokens)

    @abstractmethod
    def step(self, num_rows: int) -> list[Done | None]:
        """Advance the first `num_rows` rows by one token; per row, why it is done, or None.

        When this raises, no row has moved.
        """

    @torch.inference_mode()
    def load(self, row: int, request: GenerationRequest) -> None:
        """Begin a request in `row`."""
        self._begin([row], self._arrivals([request]))

    @torch.inference_mode()
    def move(self, source: int, target: int) -> None:
        """Copy the sequence in row `source` over row `target`."""
        self._slots.move(source, target)

    @torch.inference_mode()
    def generated(self, row: int) -> tuple[int, ...]:
        """The tokens of `row` after its prompt."""
        start, end = int(self._slots.prompt_length[row]), int(self._slots.position[row]) + 1
        return tuple(self._slots.tokens[row, start:end].tolist())

    @torch.inference_mode()
    def log_probabilities(self, row: int, num_tokens: int) -> tuple[float, ...]:
        """What the model gave to each of the `num_tokens` that `row` has generated, in nats."""
        start = int(self._slots.prompt_length[row])
        return tuple(self._slots.log_probabilities[row, start : start + num_tokens].tolist())

    @torch.inference_mode()
    def state(self, row: int) -> RecurrentState:
        """A copy of the network's state in `row`, before it has read the last token."""
        return RecurrentState(*(part[:, row : row + 1].clone() for part in self._slots.state))

    def can_go_on_from(self, state: RecurrentState) -> bool:
        """Whether it is that of one row of this network."""
        own = self._slots.state.rows(slice(1))
        return all(a.shape == b.shape for a, b in zip(own, state, strict=True))

    @property
    def config(self) -> ModelConfig:
        """Of the model."""
        return self._model.config

    def _arrivals(self, requests: Sequence[GenerationRequest]) -> Arrivals:
        """The requests with their voices, and the state that each begins in."""
        artists = self._voices(requests)
        num_read = [each.start.num_read if each.start else 0 for each in requests]
        if all(num_read):
            parts = zip(*(each.start.state for each in requests if each.start), strict=True)
            state = RecurrentState(*(torch.cat(each, dim=1) for each in parts))
            return Arrivals(requests, artists, state, num_read)
        state = self._first_state(artists)
        for row, each in enumerate(requests):
            for part, after in zip(state, each.start.state if each.start else (), strict=False):
                part[:, row : row + 1] = after
        return Arrivals(requests, artists, state, num_read)

    def _begin(self, rows: Sequence[int], arrivals: Arrivals) -> None:
        self._slots.load(rows, arrivals, self._marks.newline_id, self._is_content_host)

    def _voices(self, requests: Sequence[GenerationRequest]) -> Tensor:
        """(num, artist_features)."""
        return torch.stack([self._voice_of(each.artist) for each in requests])

    def _compute_voice(self, artist: Voice) -> Tensor:
        """(artist_features,). A single artist's vector is looked up, which is cheaper than the
        blend of one that it equals.
        """
        if isinstance(artist, int):
            return self._model.artist_vectors(torch.tensor([artist]).to(self._device))[0]
        return self._model.blend(artist_weights(artist))

    def _first_state(self, voices: Tensor) -> RecurrentState:
        """Of voices (num, artist_features), each as if alone: products may round by their number of
        rows.
        """
        if self._model.config.conditioning != "initial-state":
            return self._model.initial_state(voices)
        rows = [self._model.initial_state(voice) for voice in voices.unsqueeze(1)]
        return RecurrentState(*(torch.cat(parts, dim=1) for parts in zip(*rows, strict=True)))
