"""What the runners of verses share: rows of tokens, and how a verse begins in one."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import torch
from torch import Tensor

from model.config import ModelConfig
from model.engine.paths import check_paths
from model.engine.sequence import GenerationRequest, Voice, artist_weights
from model.engine.sequence_runner import Done, SequenceRunner
from model.engine.token_slots import Arrivals, TokenSlots
from model.network.lyric_model import LyricModel
from model.network.state import RecurrentState

REPETITION_WINDOW = 64

KEPT_VOICES = 256  # so that the tries of a verse compute theirs once

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


class TokenRunner(SequenceRunner[GenerationRequest]):
    """A runner of verses, whose tensors are `TokenSlots`."""

    @torch.inference_mode()
    def __init__(self, model: LyricModel, marks: Marks, num_rows: int, max_positions: int) -> None:
        self.max_positions = max_positions
        self._model = model
        self._marks = marks
        self._is_content_host = marks.is_content(model.config.vocab_size)
        self._slots = TokenSlots.reserve(model, num_rows, max_positions)
        self._device = self._slots.tokens.device
        self._voice_of = lru_cache(maxsize=KEPT_VOICES)(self._compute_voice)

    @property
    def num_rows(self) -> int:
        return len(self._slots.tokens)

    def check(self, request: GenerationRequest) -> None:
        config = self.config
        self.check_size(request, config.num_artists)
        if not all(0 <= token < config.vocab_size for token in request.prompt):
            raise ValueError(f"The prompt holds a token outside of 0 to {config.vocab_size - 1}.")
        mask = request.forbid_first
        if mask is not None and (
            mask.dtype != torch.bool or tuple(mask.shape) != (config.vocab_size,)
        ):
            raise ValueError(f"forbid_first must be {config.vocab_size} booleans.")
        if request.start is not None and not self.can_go_on_from(request.start.state):
            raise ValueError("The state to start from must be one row of this network.")
        if request.paths is not None:
            check_paths(request.paths, config.vocab_size)

    @torch.inference_mode()
    def load(self, row: int, request: GenerationRequest) -> None:
        self._begin([row], self._arrivals([request]))

    @torch.inference_mode()
    def move(self, source: int, target: int) -> None:
        self._slots.move(source, target)

    @torch.inference_mode()
    def generated(self, row: int) -> tuple[int, ...]:
        start, end = int(self._slots.prompt_length[row]), int(self._slots.position[row]) + 1
        return tuple(self._slots.tokens[row, start:end].tolist())

    @torch.inference_mode()
    def log_probabilities(self, row: int, num_tokens: int) -> tuple[float, ...]:
        start = int(self._slots.prompt_length[row])
        return tuple(self._slots.log_probabilities[row, start : start + num_tokens].tolist())

    @torch.inference_mode()
    def state(self, row: int) -> RecurrentState:
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
