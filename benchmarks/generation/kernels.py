"""One token by several int8 kernels: torch's, onnxruntime's and ours, at many sizes, beside fp32.

One protocol for all. A step is a token for each of so many rows, from its number to the number of
the next: network and drawing. Within a size all take turns; each step is timed by itself, the
median of a round counts, and of the rounds the best, which other load has touched least. One
thread is timed by the processor's time, since on a shared core the clock on the wall would stop
long steps more often than short ones; several threads are timed by the clock.

The engine's runners draw as they do for the bot, and the one in fp32 computes four rows where one
is asked for. The others draw from the whole vocabulary by what is cheapest in torch (softmax,
running sums and a search), without masks, penalty or a choice of the best: less than ours.
"""

import statistics
import time
from collections.abc import Callable
from typing import Any, Protocol

import torch
from torch import Tensor

from benchmarks.generation.peers import missing
from benchmarks.generation.subject import Subject
from benchmarks.generation.torch_int8 import TorchInt8
from model.engine.int8 import Int8Runner
from model.engine.token_runner import TokenRunner
from model.engine.torch_runner import TorchRunner

ONNX = ("onnx", "onnxruntime")
NUM_ROUNDS = 5
_SECONDS = 0.06  # of one kernel in one round, at least
_MIN_STEPS = 5
_WARM_UP_STEPS = 2
_MAX_STEPS = 500
_MAX_POSITIONS = 1024  # of a row: prompt, warm-up and steps


class Kernel(Protocol):
    def start(self, num_rows: int) -> None:
        """Begin anew with so many rows."""

    def step(self) -> object:
        """A token for each row."""


class Network(Protocol):
    """From tokens (rows,) to logits (rows, vocab_size), states kept inside."""

    def start(self, voices: Tensor) -> None: ...

    def step(self, tokens: Tensor) -> Tensor: ...


class RunnerKernel:
    """A runner of the engine with every row in the middle of its verse."""

    def __init__(self, runner: TokenRunner, subject: Subject) -> None:
        self._runner = runner
        self._subject = subject
        self._num_rows = 0

    def start(self, num_rows: int) -> None:
        self._num_rows = num_rows
        for row, request in enumerate(self._subject.requests(num_rows)):
            self._runner.load(row, request)

    def step(self) -> object:
        return self._runner.step(self._num_rows)


class PeerKernel:
    """A network of somebody else, and a draw from its logits."""

    def __init__(self, network: Network, subject: Subject) -> None:
        self._network = network
        self._model = subject.model
        self._tokens = torch.empty(0)

    @torch.inference_mode()
    def start(self, num_rows: int) -> None:
        artists = torch.arange(num_rows) % self._model.config.num_artists
        self._network.start(self._model.artist_vectors(artists))
        self._tokens = torch.zeros(num_rows, dtype=torch.int64)

    @torch.inference_mode()
    def step(self) -> Tensor:
        self._tokens = draw(self._network.step(self._tokens))
        return self._tokens


def draw(logits: Tensor) -> Tensor:
    """One token a row, by the probabilities of `logits` (rows, vocab_size)."""
    sums = torch.softmax(logits, dim=1).cumsum(dim=1)
    drawn = torch.rand(len(sums), 1) * sums[:, -1:]
    return torch.searchsorted(sums, drawn).squeeze(1)


def kernels_of(subject: Subject, most_rows: int) -> dict[str, Kernel]:
    """`fp32`, `torch_int8`, `onnxruntime_int8` where that is installed, and `int8`, which is ours.

    Raises Int8Unavailable.
    """
    model, marks = subject.model, subject.marks
    fp32 = TorchRunner(model, marks, most_rows, _MAX_POSITIONS)
    int8 = Int8Runner(model, marks, most_rows, _MAX_POSITIONS)
    networks: dict[str, Network] = {"torch_int8": TorchInt8(model)}
    if not missing(ONNX):
        from benchmarks.generation.onnx_int8 import OnnxInt8  # what may not be installed

        networks["onnxruntime_int8"] = OnnxInt8(model)
    peers = {name: PeerKernel(network, subject) for name, network in networks.items()}
    return {"fp32": RunnerKernel(fp32, subject), **peers, "int8": RunnerKernel(int8, subject)}


def compare_kernels(
    subject_of: Callable[[int], Subject], vocab_sizes: tuple[int, ...], counts: tuple[int, ...]
) -> list[dict[str, Any]]:
    """Microseconds of a token by each kernel, for each vocabulary and number of rows."""
    found = []
    for vocab_size in vocab_sizes:
        kernels = kernels_of(subject_of(vocab_size), max(counts))
        for num_rows in counts:
            rounds: dict[str, list[float]] = {name: [] for name in kernels}
            for _ in range(NUM_ROUNDS):
                for name, kernel in kernels.items():
                    rounds[name].append(1e6 * _seconds_per_step(kernel, num_rows) / num_rows)
            best = {name: min(values) for name, values in rounds.items()}
            found.append({"vocab_size": vocab_size, "rows": num_rows, **best})
    return found


def _seconds_per_step(kernel: Kernel, num_rows: int) -> float:
    kernel.start(num_rows)
    for _ in range(_WARM_UP_STEPS):
        kernel.step()
    clock = time.process_time if torch.get_num_threads() == 1 else time.perf_counter
    seconds: list[float] = []
    while len(seconds) < _MIN_STEPS or (sum(seconds) < _SECONDS and len(seconds) < _MAX_STEPS):
        started = clock()
        kernel.step()
        seconds.append(clock() - started)
    return statistics.median(seconds)
