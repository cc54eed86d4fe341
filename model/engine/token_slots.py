"""The running sequences as tensors, one row each, in memory that is reserved once."""

from collections.abc import Sequence
from typing import NamedTuple, Self

import torch
from torch import Tensor

from model.engine.paths import MAX_EDGES
from model.engine.sequence import GenerationRequest
from model.network.lyric_model import LyricModel
from model.network.state import RecurrentState
from model.sampling import SamplingParameters, SamplingRows, noise_streams

MAX_NEWLINES_RUNNING = 2
"""One blank line in a row; a third newline running is never drawn."""


class Arrivals(NamedTuple):
    """Sequences that begin together, and how far each of them has been read."""

    requests: Sequence[GenerationRequest]
    artists: Tensor  # (num, artist_features)
    state: RecurrentState  # of `num` rows, after `num_read` tokens of the prompt
    num_read: Sequence[int]  # less than the prompt has: its last token is for the next step


class TokenSlots(NamedTuple):
    """Row i of every tensor belongs to the sequence in row i.

    Unless noted, a tensor is (rows,), int64, and a view of `numbers`: so a row's are written and
    copied at once.
    """

    state: RecurrentState  # the rows are dimension 1
    sampling: SamplingRows
    tokens: Tensor  # (rows, max_positions): the prompt, then what was generated
    log_probabilities: Tensor  # (rows, max_positions) float: of what was generated
    forbid_first: Tensor  # (rows, vocab_size) bool
    artist: Tensor  # (rows, artist_features) float: one artist's vector, or a blend
    edges: Tensor  # (rows, 3, MAX_EDGES) int32: where a row may go, see `paths`
    numbers: Tensor  # (names, rows), in the order of what follows
    position: Tensor  # of the token that the next step reads
    prompt_length: Tensor
    last_position: Tensor  # where `max_tokens` are used up
    stream: Tensor  # of noise
    max_lines: Tensor
    num_lines: Tensor
    newlines_running: Tensor
    has_content: Tensor  # 1: the line being written holds more than white space
    num_edges: Tensor  # 0 for a row that may go anywhere
    node: Tensor  # that the row has reached on its paths

    @classmethod
    def reserve(cls, model: LyricModel, num_rows: int, max_positions: int) -> Self:
        """Empty rows on the model's device."""
        device = model.output_bias.device

        def zeros(*shape: int, dtype: torch.dtype = torch.int64) -> Tensor:
            return torch.zeros(*shape, dtype=dtype, device=device)

        artist = model.artist_vectors(zeros(num_rows))
        numbers = zeros(len(cls._fields) - _NUM_OWNED, num_rows)
        return cls(
            model.initial_state(artist),
            SamplingRows.of([SamplingParameters()] * num_rows, device),
            zeros(num_rows, max_positions),
            zeros(num_rows, max_positions, dtype=torch.float32),
            zeros(num_rows, model.config.vocab_size, dtype=torch.bool),
            artist,
            zeros(num_rows, 3, MAX_EDGES, dtype=torch.int32),
            numbers,
            *numbers,
        )

    def head(self, num_rows: int) -> "TokenSlots":
        """Views of the first `num_rows` rows."""
        numbers = self.numbers[:, :num_rows]
        state = self.state.rows(slice(num_rows))
        sampling = SamplingRows(*(values[:num_rows] for values in self.sampling))
        owned = (values[:num_rows] for values in self._owned)
        return TokenSlots._make((state, sampling, *owned, numbers, *numbers))

    @property
    def _owned(self) -> tuple[Tensor, ...]:
        """Those whose rows are dimension 0 and that are no views."""
        return self.tokens, self.log_probabilities, self.forbid_first, self.artist, self.edges

    def move(self, source: int | Tensor, target: int | Tensor) -> None:
        """Copy one row over another; or several (num,), int64, none of which is also a target."""
        for part in (*self.state, self.numbers):
            part[:, target] = part[:, source]
        for values in (*self.sampling, *self._owned):
            values[target] = values[source]

    def load(
        self, rows: Sequence[int], arrivals: Arrivals, newline_id: int, is_content: Tensor
    ) -> None:
        """Begin one of the arrivals in each of `rows`; `is_content` (vocab_size,) is on the CPU.

        Nothing is waited for, and the number of copies to a device is that of one sequence.
        """
        device = self.tokens.device
        requests = arrivals.requests
        where = torch.tensor(rows).to(device, non_blocking=True)
        for own, others in zip(self.state, arrivals.state, strict=True):
            own.index_copy_(1, where, others)
        self.artist.index_copy_(0, where, arrivals.artists)
        self.sampling.set_rows(where, [request.sampling for request in requests])
        prompts = [request.prompt for request in requests]
        longest = max(map(len, prompts))
        padded = torch.tensor([[*prompt, *[0] * (longest - len(prompt))] for prompt in prompts])
        self.tokens[:, :longest].index_copy_(0, where, padded.to(device, non_blocking=True))
        streams = noise_streams(request.rng_seed for request in requests)
        begun = [
            {
                **_counts(request, newline_id),
                "position": num_read,
                "stream": stream,
                "has_content": int(_has_open_content(request.prompt, newline_id, is_content)),
            }
            for request, num_read, stream in zip(requests, arrivals.num_read, streams, strict=True)
        ]
        numbers = torch.tensor([[row[name] for row in begun] for name in self._fields[_NUM_OWNED:]])
        self.numbers.index_copy_(1, where, numbers.to(device, non_blocking=True))
        self._forbid(where, [request.forbid_first for request in requests])
        for row, request in zip(rows, requests, strict=True):
            if request.paths is not None:
                self.edges[row, :, : request.paths.size(1)] = request.paths.to(device)

    def _forbid(self, where: Tensor, masks: Sequence[Tensor | None]) -> None:
        if all(mask is None for mask in masks):
            self.forbid_first.index_fill_(0, where, False)
            return
        nothing = torch.zeros(self.forbid_first.size(1), dtype=torch.bool)
        stacked = torch.stack([nothing if mask is None else mask.cpu() for mask in masks])
        self.forbid_first.index_copy_(0, where, stacked.to(where.device, non_blocking=True))


_NUM_OWNED = TokenSlots._fields.index("position")


def _counts(request: GenerationRequest, newline_id: int) -> dict[str, int]:
    """The numbers of `TokenSlots` that the request alone decides."""
    length = len(request.prompt)
    begins_line = length == 1 or request.prompt[-1] == newline_id
    return {
        "prompt_length": length,
        "last_position": length + request.max_tokens - 1,
        "max_lines": request.max_lines,
        "num_lines": 0,
        "newlines_running": MAX_NEWLINES_RUNNING if begins_line else 0,
        "num_edges": 0 if request.paths is None else request.paths.size(1),
        "node": 0,
    }


def _has_open_content(prompt: tuple[int, ...], newline_id: int, is_content: Tensor) -> bool:
    """Whether the prompt's last, unfinished line holds more than white space."""
    for token in reversed(prompt[1:]):
        if token == newline_id:
            return False
        if is_content[token]:
            return True
    return False
