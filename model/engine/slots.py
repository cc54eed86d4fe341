"""The running sequences as tensors, one row each, in memory that is reserved once."""

from typing import NamedTuple, Self

import torch
from torch import Tensor

from model.engine.sequence import GenerationRequest
from model.network.lyric_model import LyricModel
from model.network.state import RecurrentState
from model.sampling import SamplingRows

MAX_NEWLINES_RUNNING = 2
"""One blank line in a row; a third newline running is never drawn."""


class Slots(NamedTuple):
    """Row i of every tensor belongs to the sequence in row i.

    Unless noted, a tensor is (rows,), int64.
    """

    hidden: Tensor  # (num_layers, rows, hidden_size), as is `cell`
    cell: Tensor
    tokens: Tensor  # (rows, max_positions): the prompt, then what was generated
    forbid_first: Tensor  # (rows, vocab_size) bool
    artist: Tensor
    position: Tensor  # of the token that the next step reads
    prompt_length: Tensor
    last_position: Tensor  # where `max_tokens` are used up
    rng_seed: Tensor
    max_lines: Tensor
    num_lines: Tensor
    newlines_running: Tensor
    has_content: Tensor  # bool: the line being written holds more than white space
    temperature: Tensor  # float32, as are `top_p` and `repetition_penalty`
    top_k: Tensor
    top_p: Tensor
    repetition_penalty: Tensor

    @classmethod
    def reserve(cls, model: LyricModel, num_rows: int, max_positions: int) -> Self:
        """Rows of zeros on the model's device."""
        state = model.initial_state(num_rows)

        def zeros(dtype: torch.dtype, *shape: int) -> Tensor:
            return torch.zeros(num_rows, *shape, dtype=dtype, device=state.hidden.device)

        ids = {name: zeros(torch.int64) for name in cls._fields}
        floats = ("temperature", "top_p", "repetition_penalty")
        return cls(
            **ids
            | {name: zeros(torch.float32) + 1 for name in floats}
            | {
                "hidden": state.hidden,
                "cell": state.cell,
                "tokens": zeros(torch.int64, max_positions),
                "forbid_first": zeros(torch.bool, model.config.vocab_size),
                "has_content": zeros(torch.bool),
            }
        )

    @property
    def state(self) -> RecurrentState:
        """What the network remembers of each row."""
        return RecurrentState(self.hidden, self.cell)

    @property
    def sampling(self) -> SamplingRows:
        """How each row is to be drawn."""
        return SamplingRows(self.temperature, self.top_k, self.top_p, self.repetition_penalty)

    def head(self, num_rows: int) -> "Slots":
        """Views of the first `num_rows` rows."""
        hidden, cell, *rows = self
        views = (tensor[:num_rows] for tensor in rows)
        return Slots(hidden[:, :num_rows], cell[:, :num_rows], *views)

    def move(self, source: int, target: int) -> None:
        """Copy one row over another."""
        hidden, cell, *rows = self
        hidden[:, target] = hidden[:, source]
        cell[:, target] = cell[:, source]
        for tensor in rows:
            tensor[target] = tensor[source]

    def load(
        self, row: int, request: GenerationRequest, newline_id: int, is_content: Tensor
    ) -> None:
        """Begin `request` in `row`. `is_content` (vocab_size,) is on the CPU."""
        length = len(request.prompt)
        prompt = torch.tensor(request.prompt)
        self.hidden[:, row] = 0
        self.cell[:, row] = 0
        self.tokens[row, :length] = prompt.to(self.tokens.device)
        self.forbid_first[row] = False if request.forbid_first is None else request.forbid_first
        self.artist[row] = request.artist
        self.position[row] = 0
        self.prompt_length[row] = length
        self.last_position[row] = length + request.max_tokens - 1
        self.rng_seed[row] = request.rng_seed
        self.max_lines[row] = request.max_lines
        self.num_lines[row] = 0
        begins_line = length == 1 or request.prompt[-1] == newline_id
        self.newlines_running[row] = MAX_NEWLINES_RUNNING if begins_line else 0
        self.has_content[row] = _has_open_content(prompt, newline_id, is_content)
        self.temperature[row] = request.sampling.temperature
        self.top_k[row] = request.sampling.top_k
        self.top_p[row] = request.sampling.top_p
        self.repetition_penalty[row] = request.sampling.repetition_penalty


def _has_open_content(prompt: Tensor, newline_id: int, is_content: Tensor) -> bool:
    """Whether the prompt's last, unfinished line holds more than white space."""
    newlines = (prompt == newline_id).nonzero()
    start = int(newlines[-1]) + 1 if len(newlines) else 1
    return bool(is_content[prompt[start:]].any())
