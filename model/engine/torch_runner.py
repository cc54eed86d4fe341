"""The runner for every model and device, in torch's own operations and the model's own precision.

A verse must not depend on its neighbours. Rows never mix, noise is a function of a row's own seed
and position, and the number of rows computed is rounded up to a size for which sums come out bit by
bit alike: see `buckets`, where the measurement stands. Prompts are fed through the same steps, a
token a step, so a verse costs the same operations alone as among 63 others; at batch 4 a prompt
token costs as much as one of the verse, about a millisecond.
"""

from typing import NamedTuple

import torch
from torch import Tensor

from model.engine.buckets import bucket_sizes, equal_buckets
from model.engine.runner import DONE, REPETITION_WINDOW, Done, Marks, Runner
from model.engine.sequence import GenerationRequest
from model.engine.slots import MAX_NEWLINES_RUNNING, Slots
from model.network.lyric_model import LyricModel
from model.network.state import RecurrentState
from model.sampling import penalise_repetition, sample


class _Advance(NamedTuple):
    """What one step changes, computed in full before anything is written."""

    state: RecurrentState
    position: Tensor
    token: Tensor
    num_lines: Tensor
    newlines_running: Tensor
    has_content: Tensor


class TorchRunner(Runner):
    """Feeds, masks, draws and counts lines by tensor operations over all rows."""

    @torch.inference_mode()
    def __init__(self, model: LyricModel, marks: Marks, num_slots: int, max_positions: int) -> None:
        self.buckets = equal_buckets(model, bucket_sizes(num_slots))
        super().__init__(model, marks, self.buckets[-1], max_positions)
        self._device = self._slots.tokens.device
        self._is_content = marks.is_content(model.config.vocab_size).to(self._device)
        self._never_ids = torch.tensor(marks.never_ids, device=self._device)
        self._window = torch.arange(REPETITION_WINDOW, device=self._device)
        self._is_plain = [True] * self.buckets[-1]  # by row: how it draws
        self._heads = {size: self._slots.head(size) for size in self.buckets}

    @property
    def computes_in(self) -> str:
        return f"fp32 (torch on {self._device.type})"

    def load(self, row: int, request: GenerationRequest) -> None:
        self._is_plain[row] = request.sampling.is_plain
        super().load(row, request)

    def move(self, source: int, target: int) -> None:
        self._is_plain[target] = self._is_plain[source]
        super().move(source, target)

    @torch.inference_mode()
    def step(self, num_rows: int) -> list[Done | None]:
        slots = self._heads[next(size for size in self.buckets if size >= num_rows)]
        advance = self._advance(slots, all(self._is_plain[:num_rows]))
        codes = torch.where(advance.num_lines >= slots.max_lines, 1, 0)
        codes = torch.where((codes == 0) & (advance.position >= slots.last_position), 2, codes)
        _commit(slots, advance)
        return [DONE[code] for code in codes[:num_rows].tolist()]

    def _advance(self, slots: Slots, is_plain: bool) -> _Advance:
        current = slots.tokens.gather(1, slots.position.unsqueeze(1)).squeeze(1)
        logits, state = self._model.step(current, slots.artist, slots.state)
        # Rows beyond the running ones are old ones that go on until they are needed: hold them at
        # the edge.
        position = (slots.position + 1).clamp(max=self.max_positions - 1)
        is_new = position >= slots.prompt_length
        logits = self._masked(logits, slots, position)
        sampling = slots.sampling
        if not is_plain:
            sampling = sampling.at(is_line_start=slots.newlines_running > 0)
        drawn = sample(logits, sampling, slots.stream, position, is_plain=is_plain)
        token = torch.where(is_new, drawn, slots.tokens.gather(1, position.unsqueeze(1)).squeeze(1))

        is_newline = is_new & (token == self._marks.newline_id)
        newlines_running = torch.where(
            is_new, torch.where(is_newline, slots.newlines_running + 1, 0), slots.newlines_running
        )
        has_content = ~is_newline & (slots.has_content | (is_new & self._is_content[token]))
        num_lines = slots.num_lines + (is_newline & slots.has_content)
        return _Advance(state, position, token, num_lines, newlines_running, has_content)

    def _masked(self, logits: Tensor, slots: Slots, position: Tensor) -> Tensor:
        """Penalise what was said lately and forbid what may not come at `position`."""
        recent = slots.tokens.gather(1, (slots.position.unsqueeze(1) - self._window).clamp(min=0))
        logits = penalise_repetition(
            logits, recent, slots.sampling.repetition_penalty, self._marks.newline_id
        )
        is_first = (position == slots.prompt_length).unsqueeze(1)
        logits.masked_fill_(slots.forbid_first & is_first, -torch.inf)
        logits[:, self._marks.newline_id].masked_fill_(
            slots.newlines_running >= MAX_NEWLINES_RUNNING, -torch.inf
        )
        logits.index_fill_(1, self._never_ids, -torch.inf)
        return logits.scatter_(1, slots.tokens[:, :1], -torch.inf)


def _commit(slots: Slots, advance: _Advance) -> None:
    for own, next_state in zip(slots.state, advance.state, strict=True):
        own.copy_(next_state)
    slots.position.copy_(advance.position)
    slots.tokens.scatter_(1, advance.position.unsqueeze(1), advance.token.unsqueeze(1))
    slots.num_lines.copy_(advance.num_lines)
    slots.newlines_running.copy_(advance.newlines_running)
    slots.has_content.copy_(advance.has_content)
