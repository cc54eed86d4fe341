"""The runner for every model and device, in torch's own operations and the model's own precision.

A verse must not depend on its neighbours. Rows never mix, noise is a function of a row's own seed
and position, and the number of rows computed is rounded up to a size for which sums come out bit by
bit alike: see `buckets`, where the measurement stands. Prompts are fed through the same steps, a
token a step, so a verse costs the same operations alone as among 63 others; at batch 4 a prompt
token costs as much as one of the verse, about a millisecond.
"""

import torch

from model.engine.buckets import bucket_sizes, equal_buckets
from model.engine.sequence import GenerationRequest
from model.engine.sequence_runner import Done
from model.engine.token_runner import DONE, Marks, TokenRunner
from model.engine.torch_step import TorchStep
from model.network.lyric_model import LyricModel


class TorchRunner(TokenRunner):
    """Gives torch one operation of the step after another."""

    @torch.inference_mode()
    def __init__(self, model: LyricModel, marks: Marks, num_slots: int, max_positions: int) -> None:
        self.buckets = equal_buckets(model, bucket_sizes(num_slots))
        super().__init__(model, marks, self.buckets[-1], max_positions)
        self._step = TorchStep(model, marks, max_positions)
        self._is_plain = [True] * self.buckets[-1]  # by row: how it draws
        self._heads = {size: self._slots.head(size) for size in self.buckets}

    @property
    def computes_in(self) -> str:
        return f"fp32 (torch on {self._slots.tokens.device.type})"

    def load(self, row: int, request: GenerationRequest) -> None:
        self._is_plain[row] = request.is_plain
        super().load(row, request)

    def move(self, source: int, target: int) -> None:
        self._is_plain[target] = self._is_plain[source]
        super().move(source, target)

    @torch.inference_mode()
    def step(self, num_rows: int) -> list[Done | None]:
        slots = self._heads[next(size for size in self.buckets if size >= num_rows)]
        codes = self._step(slots, is_plain=all(self._is_plain[:num_rows])).codes
        return [DONE[code] for code in codes[:num_rows].tolist()]
