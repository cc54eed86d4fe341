"""The running piano rolls as tensors, one row each, in memory that is reserved once."""

from typing import Any, NamedTuple, Self

import torch
from torch import Tensor

from model.engine.sequence import FrameRequest
from model.midi.roll import keys_of
from model.network.frame_model import FrameModel
from model.network.state import RecurrentState
from model.sampling import noise_streams


class FrameSlots(NamedTuple):
    """Row i of every tensor belongs to the sequence in row i.

    Frame 0 of a row is the silence before its first bar. Unless noted, a tensor is (rows,), int64.
    """

    state: RecurrentState  # the rows are dimension 1
    artist: Tensor  # (rows, artist_features) float
    frames: Tensor  # (rows, max_positions, num_keys) bool: the prompt, then what was generated
    is_in_range: Tensor  # (rows, num_keys) bool
    held: Tensor  # (rows, num_keys) int64: for how many frames each key has sounded on
    temperature: Tensor  # float
    loop_weight: Tensor  # float
    position: Tensor  # of the frame that the next step reads
    prompt_length: Tensor
    last_position: Tensor
    stream: Tensor  # of noise
    max_keys: Tensor
    max_held: Tensor
    steps_per_change: Tensor
    steps_per_bar: Tensor
    loop_steps: Tensor  # 0: the row does not lean towards anything

    @classmethod
    def reserve(cls, model: FrameModel, num_rows: int, max_positions: int) -> Self:
        """Empty rows on the model's device."""
        device, num_keys = model.output_bias.device, model.config.num_keys

        def zeros(*shape: int, dtype: torch.dtype = torch.int64) -> Tensor:
            return torch.zeros(*shape, dtype=dtype, device=device)

        artist = model.artist_vectors(zeros(num_rows))
        every_row: dict[str, Any] = {name: zeros(num_rows) for name in cls._fields}
        # What a row that nobody has used yet is divided by must not be 0.
        every_row["steps_per_change"] += 1
        every_row["steps_per_bar"] += 1
        own: dict[str, Any] = {
            "state": model.initial_state(artist),
            "artist": artist,
            "frames": zeros(num_rows, max_positions, num_keys, dtype=torch.bool),
            "is_in_range": zeros(num_rows, num_keys, dtype=torch.bool),
            "held": zeros(num_rows, num_keys),
            "temperature": torch.ones(num_rows, device=device),
            "loop_weight": torch.zeros(num_rows, device=device),
        }
        return cls(**every_row | own)

    def head(self, num_rows: int) -> "FrameSlots":
        """Views of the first `num_rows` rows."""
        others = (values[:num_rows] for values in self[1:])
        return FrameSlots(self.state.rows(slice(num_rows)), *others)

    def move(self, source: int, target: int) -> None:
        """Copy one row over another."""
        for part in self.state:
            part[:, target] = part[:, source]
        for values in self[1:]:
            values[target] = values[source]

    def load(self, row: int, request: FrameRequest, artist: Tensor, state: RecurrentState) -> None:
        """Begin `request` in `row`: `artist` (artist_features,), `state` of one row."""
        for own, first in zip(self.state, state, strict=True):
            own[:, row] = first[:, 0]
        self.artist[row] = artist
        limits, length = request.limits, len(request.prompt)
        self.frames[row, :length] = False
        for position, chord in enumerate(request.prompt):
            self.frames[row, position, keys_of(chord)] = True
        self.is_in_range[row] = False
        self.is_in_range[row, limits.lowest_key : limits.highest_key + 1] = True
        self.held[row] = 0
        self.temperature[row] = request.temperature
        self.loop_weight[row], self.loop_steps[row] = limits.loop_weight, limits.loop_steps
        self.position[row] = 0
        self.prompt_length[row] = length
        self.last_position[row] = length + request.max_tokens - 1
        (self.stream[row],) = noise_streams([request.rng_seed])
        self.max_keys[row] = limits.max_keys
        self.max_held[row] = limits.max_held
        self.steps_per_change[row] = limits.steps_per_change
        self.steps_per_bar[row] = request.steps_per_bar
