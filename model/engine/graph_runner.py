"""The runner for every model on a CUDA device: the whole step is one graph, launched at once.

A step of a small network is a hundred small operations; to launch them one by one takes a processor
many times longer than a GPU needs to do them. So each size of batch is captured twice, for rows
that all draw plainly and for others, and a step is: begin what has come, one launch, and one copy
of two numbers a row into pinned memory, which is all that is waited for. There is no lag: what a
step has written is known when it returns, and an abort between two steps costs nothing. The device
idles while the engine does its bookkeeping; that is kept short:

- Tokens are kept on the host as they come, so a verse is handed out without asking the device.
- Rows have places. A row that moves swaps its place with a free one; something is copied on the
  device only when fewer rows would fit a smaller graph.
- What joins between two steps is loaded together, with as many copies as for one.

A short prompt is fed by the steps, beside the others' verses, where it costs almost nothing; a
longer one is read in one pass of the network, alone, and then never depends on what else has come.

Weights of the recurrent layers may be in half precision. fp16 rather than bf16: checkpoints hold
fp16, so the weights lose nothing; what goes into a product is far below 65,504 and keeps three more
bits. States, normalisation, the readout, softmax and noise stay in fp32 (and fp64).

The same verse alone and in any batch: rows never mix, graphs are captured only for sizes whose
rows come out bit by bit alike when measured (see `buckets`; it is measured on the device at hand),
and sums that a GPU adds in an order of its own are in fp64. That holds as far as the probes see: a
library may choose its kernels by size, and where it does, fewer sizes are used, at worst the
largest alone. Another device, or another limit of slots, may write another verse from the same
seed.
"""

from functools import partial

import torch

from model.engine.buckets import equal_buckets, graph_sizes
from model.engine.cuda_graphs import Graphs
from model.engine.sequence import GenerationRequest
from model.engine.sequence_runner import Done
from model.engine.token_runner import DONE, Marks, TokenRunner
from model.engine.token_slots import Arrivals
from model.engine.torch_step import TorchStep
from model.network.lyric_model import LyricModel
from model.network.state import RecurrentState

SHORT_PROMPT = 8
"""Tokens of a prompt that are fed by steps; to read them in one pass has a price of its own."""

_NAMES = {torch.float32: "fp32", torch.float16: "fp16", torch.bfloat16: "bf16"}


class GraphRunner(TokenRunner):
    """`dtype` is that of the recurrent layers' weights. Raises RuntimeError when the step cannot be
    captured.
    """

    short_prompt = SHORT_PROMPT

    def __init__(
        self,
        model: LyricModel,
        marks: Marks,
        num_slots: int,
        max_positions: int,
        graphs: Graphs,
        dtype: torch.dtype = torch.float16,
    ) -> None:
        stepping = model if dtype == torch.float32 else model.with_layers_in(dtype)
        self.buckets = equal_buckets(stepping, graph_sizes(num_slots))
        super().__init__(model, marks, self.buckets[-1], max_positions)
        self._graphs = graphs
        self._dtype = dtype
        self._begin_empty(TorchStep(stepping, marks, max_positions))

    @torch.inference_mode()
    def _begin_empty(self, step: TorchStep) -> None:
        most, device = self.buckets[-1], self._slots.tokens.device
        self._step = step
        self._places = [*range(most)]  # by row; those of rows that do not run are free
        self._is_plain = [True] * most  # by row
        self._arriving: dict[int, GenerationRequest] = {}  # by row
        self._outcomes = torch.zeros(most, 2, dtype=torch.int64, device=device)
        self._told = self._graphs.host_buffer(most, 2)
        # On the host, by place: what was generated, and how much; below 0 while a prompt is fed.
        self._written = torch.zeros(most, self.max_positions, dtype=torch.int64)
        self._num_written = torch.zeros(most, dtype=torch.int64)
        # The largest first: the others then find all the memory they need in the pool.
        self._replays = {
            (size, is_plain): self._graphs.capture(partial(self._advance, size, is_plain))
            for size in reversed(self.buckets)
            for is_plain in (True, False)
        }

    @property
    def computes_in(self) -> str:
        return f"{_NAMES[self._dtype]} ({self._graphs.name})"

    def load(self, row: int, request: GenerationRequest) -> None:
        """The next step does it, for all that came together."""
        self._arriving[row] = request
        self._is_plain[row] = request.is_plain

    def move(self, source: int, target: int) -> None:
        places = self._places
        places[source], places[target] = places[target], places[source]
        self._is_plain[target] = self._is_plain[source]
        self._arriving.pop(target, None)
        if source in self._arriving:
            self._arriving[target] = self._arriving.pop(source)

    def generated(self, row: int) -> tuple[int, ...]:
        if row in self._arriving:
            return ()
        place = self._places[row]
        return tuple(self._written[place, : max(0, int(self._num_written[place]))].tolist())

    def log_probabilities(self, row: int, num_tokens: int) -> tuple[float, ...]:
        return super().log_probabilities(self._places[row], num_tokens)

    def state(self, row: int) -> RecurrentState:
        return super().state(self._places[row])

    @torch.inference_mode()
    def step(self, num_rows: int) -> list[Done | None]:
        size = next(size for size in self.buckets if size >= num_rows)
        self._move_together(num_rows, size)
        self._begin_arrivals(num_rows)
        self._replays[size, all(self._is_plain[:num_rows])]()
        self._graphs.fetch(self._outcomes[:size], self._told[:size])
        self._note(size)
        codes = self._told[:size, 0].tolist()
        return [DONE[codes[place]] for place in self._places[:num_rows]]

    def _advance(self, size: int, is_plain: bool) -> None:
        """What is captured."""
        outcome = self._step(self._slots.head(size), is_plain=is_plain)
        for index, values in enumerate(outcome):
            self._outcomes[:size, index].copy_(values)

    def _note(self, size: int) -> None:
        """Keep the token that each place has reached; those of prompts are written over."""
        count = self._num_written[:size]
        self._written[:size].scatter_(1, count.clamp(min=0).unsqueeze(1), self._told[:size, 1:])
        count.add_(1).clamp_(max=self.max_positions - 1)  # places that are free count on

    def _move_together(self, num_rows: int, size: int) -> None:
        """Bring the places of all that run within the first `size`."""
        strays = [row for row in range(num_rows) if self._places[row] >= size]
        if not strays:
            return
        free = [row for row in range(num_rows, self.num_rows) if self._places[row] < size]
        pairs = [*zip(strays, free, strict=False)]
        sources = torch.tensor([self._places[row] for row, _ in pairs])
        targets = torch.tensor([self._places[row] for _, row in pairs])
        for values in (self._written, self._num_written):
            values[targets] = values[sources]
        device = self._slots.tokens.device
        self._slots.move(sources.to(device), targets.to(device))
        for row, other in pairs:
            self._places[row], self._places[other] = self._places[other], self._places[row]

    def _begin_arrivals(self, num_rows: int) -> None:
        """Rows from `num_rows` on were given up, and would be loaded again."""
        arriving = {row: each for row, each in self._arriving.items() if row < num_rows}
        if arriving:
            arrivals = self._read_ahead(self._arrivals([*arriving.values()]))
            places = [self._places[row] for row in arriving]
            self._begin(places, arrivals)
            unread = [
                num_read + 1 - len(each.prompt)
                for num_read, each in zip(arrivals.num_read, arrivals.requests, strict=True)
            ]
            self._num_written[places] = torch.tensor(unread)
        self._arriving.clear()

    def _read_ahead(self, arrivals: Arrivals) -> Arrivals:
        """Read all of a long prompt but its last token, which the next step reads."""
        num_read = []
        for index, request in enumerate(arrivals.requests):
            begun = arrivals.num_read[index]
            is_long = len(request.prompt) - begun > self.short_prompt
            prompt = request.prompt[begun:-1] if is_long else ()
            num_read.append(begun + len(prompt))
            if not prompt:
                continue
            tokens = torch.tensor([prompt]).to(arrivals.artists.device)
            row = slice(index, index + 1)
            # cuDNN would copy the weights together at each call, warn of it, and round to TF32.
            with torch.backends.cudnn.flags(enabled=False):
                read = self._model.read(tokens, arrivals.artists[row], arrivals.state.rows(row))
            for part, after in zip(arrivals.state, read, strict=True):
                part[:, row] = after
        return arrivals._replace(num_read=num_read)
