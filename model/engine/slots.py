"""The running sequences as tensors, one row each, in memory that is reserved once."""

from typing import NamedTuple, Self

import torch
from torch import Tensor

from model.engine.sequence import GenerationRequest
from model.network.lyric_model import LyricModel
from model.network.state import RecurrentState
from model.sampling import SamplingParameters, SamplingRows, noise_streams

MAX_NEWLINES_RUNNING = 2
"""One blank line in a row; a third newline running is never drawn."""


class Slots(NamedTuple):
    """Row i of every tensor belongs to the sequence in row i.

    Unless noted, a tensor is (rows,), int64.
    """

    state: RecurrentState  # the rows are dimension 1
    sampling: SamplingRows
    tokens: Tensor  # (rows, max_positions): the prompt, then what was generated
    forbid_first: Tensor  # (rows, vocab_size) bool
    artist: Tensor  # (rows, artist_features) float: one artist's vector, or a blend
    position: Tensor  # of the token that the next step reads
    prompt_length: Tensor
    last_position: Tensor  # where `max_tokens` are used up
    stream: Tensor  # of noise
    max_lines: Tensor
    num_lines: Tensor
    newlines_running: Tensor
    has_content: Tensor  # bool: the line being written holds more than white space

    @classmethod
    def reserve(cls, model: LyricModel, num_rows: int, max_positions: int) -> Self:
        """Empty rows on the model's device."""
        device = model.output_bias.device

        def zeros(*shape: int, dtype: torch.dtype = torch.int64) -> Tensor:
            return torch.zeros(num_rows, *shape, dtype=dtype, device=device)

        artist = model.artist_vectors(zeros())
        numbers = {name: zeros() for name in cls._fields}
        others = {
            "state": model.initial_state(artist),
            "sampling": SamplingRows.of([SamplingParameters()] * num_rows, device),
            "tokens": zeros(max_positions),
            "forbid_first": zeros(model.config.vocab_size, dtype=torch.bool),
            "artist": artist,
            "has_content": zeros(dtype=torch.bool),
        }
        return cls(**numbers | others)  # type: ignore[arg-type]

    def head(self, num_rows: int) -> "Slots":
        """Views of the first `num_rows` rows."""
        state, sampling, *rows = self
        return Slots(
            state.rows(slice(num_rows)),
            SamplingRows(*(values[:num_rows] for values in sampling)),
            *(values[:num_rows] for values in rows),
        )

    def move(self, source: int, target: int) -> None:
        """Copy one row over another."""
        state, sampling, *rows = self
        for part in state:
            part[:, target] = part[:, source]
        for values in (*sampling, *rows):
            values[target] = values[source]

    def load(
        self,
        row: int,
        request: GenerationRequest,
        artist: Tensor,
        first_state: RecurrentState,
        newline_id: int,
        is_content: Tensor,
    ) -> None:
        """Begin `request` in `row` as `artist` (artist_features,), from `first_state` of one row.

        `is_content` (vocab_size,) is on the CPU.
        """
        length = len(request.prompt)
        prompt = torch.tensor(request.prompt)
        for part, first in zip(self.state, first_state, strict=True):
            part[:, row] = first[:, 0]
        self.sampling.set_row(row, request.sampling)
        self.tokens[row, :length] = prompt.to(self.tokens.device)
        self.forbid_first[row] = False if request.forbid_first is None else request.forbid_first
        self.artist[row] = artist
        self.position[row] = 0
        self.prompt_length[row] = length
        self.last_position[row] = length + request.max_tokens - 1
        self.stream[row] = noise_streams(torch.tensor(request.rng_seed))
        self.max_lines[row] = request.max_lines
        self.num_lines[row] = 0
        begins_line = length == 1 or request.prompt[-1] == newline_id
        self.newlines_running[row] = MAX_NEWLINES_RUNNING if begins_line else 0
        self.has_content[row] = _has_open_content(prompt, newline_id, is_content)


def _has_open_content(prompt: Tensor, newline_id: int, is_content: Tensor) -> bool:
    """Whether the prompt's last, unfinished line holds more than white space."""
    newlines = (prompt == newline_id).nonzero()
    start = int(newlines[-1]) + 1 if len(newlines) else 1
    return bool(is_content[prompt[start:]].any())
