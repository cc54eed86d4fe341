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
    log_probabilities: Tensor  # (rows, max_positions) float: of what was generated
    edges: Tensor  # (rows, 3, MAX_EDGES) int32: where a row may go, see `paths`
    num_edges: Tensor  # 0 for a row that may go anywhere
    node: Tensor  # that the row has reached on its paths

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
            "log_probabilities": zeros(max_positions, dtype=torch.float32),
            "edges": zeros(3, MAX_EDGES, dtype=torch.int32),
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

    def move(self, source: int | Tensor, target: int | Tensor) -> None:
        """Copy one row over another; or several (num,), int64, none of which is also a target."""
        state, sampling, *rows = self
        for part in state:
            part[:, target] = part[:, source]
        for values in (*sampling, *rows):
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
        begun = [_counts(request, newline_id) for request in requests]
        numbers: dict[str, list[int]] = {
            **{name: [counts[name] for counts in begun] for name in begun[0]},
            "position": [*arrivals.num_read],
            "has_content": [_has_open_content(each, newline_id, is_content) for each in prompts],
        }
        streams = noise_streams(torch.tensor([request.rng_seed for request in requests]))
        packed = torch.cat([torch.tensor([*numbers.values()]), streams.unsqueeze(0)])
        on_device = packed.to(device, non_blocking=True)
        for name, values in zip((*numbers, "stream"), on_device, strict=True):
            own = getattr(self, name)
            own.index_copy_(0, where, values.to(own.dtype))
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


def _counts(request: GenerationRequest, newline_id: int) -> dict[str, int]:
    """The numbers of `Slots` that the request alone decides."""
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
