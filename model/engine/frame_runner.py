"""The runner of piano rolls: every row moves on by a frame, and keeps to its limits.

As with verses, a roll does not depend on its neighbours: noise is a function of a row's own seed,
position and key, and rows are computed in numbers for which sums come out alike (`buckets`).
"""

import torch
from torch import Tensor
from torch.nn import functional as F

from model.engine.buckets import bucket_sizes, equal_buckets
from model.engine.frame_slots import FrameSlots
from model.engine.sequence import FrameRequest
from model.engine.sequence_runner import Done, SequenceRunner
from model.midi.roll import chord_of
from model.network.frame_model import FrameModel
from model.network.frame_output import FrameDraw
from model.network.state import RecurrentState
from model.sampling.noise import uniform

_AGAINST = 0.4  # of the weight for a key that sounded a loop ago, against one that did not


class FrameRunner(SequenceRunner[FrameRequest]):
    """Draws frames from a `FrameModel`, in torch's operations and the model's own precision."""

    @torch.inference_mode()
    def __init__(self, model: FrameModel, num_slots: int, max_positions: int) -> None:
        self.max_positions = max_positions
        self.buckets = equal_buckets(model, bucket_sizes(num_slots))
        self._model = model
        self._slots = FrameSlots.reserve(model, self.buckets[-1], max_positions)
        self._heads = {size: self._slots.head(size) for size in self.buckets}
        self._keys = torch.arange(model.config.num_keys, device=model.output_bias.device)

    @property
    def computes_in(self) -> str:
        return f"fp32 (torch on {self._slots.position.device.type})"

    @property
    def num_rows(self) -> int:
        return self.buckets[-1]

    def check(self, request: FrameRequest) -> None:
        num_keys = self._model.config.num_keys
        self.check_size(request, self._model.config.num_artists)
        if not all(0 <= chord < 1 << num_keys for chord in request.prompt):
            raise ValueError(f"The prompt holds a key that is none of the {num_keys}.")
        if request.limits.highest_key >= num_keys:
            raise ValueError(f"There are {num_keys} keys, so the highest is {num_keys - 1}.")
        longest = self._model.config.grid_steps
        if longest and request.steps_per_bar > longest:
            raise ValueError(f"A bar may have {longest} steps, not {request.steps_per_bar}.")

    @torch.inference_mode()
    def load(self, row: int, request: FrameRequest) -> None:
        artist = self._model.blend(request.artist_weights)
        state = self._model.initial_state(artist.unsqueeze(0))
        self._slots.load(row, request, artist, state)

    @torch.inference_mode()
    def move(self, source: int, target: int) -> None:
        self._slots.move(source, target)

    @torch.inference_mode()
    def step(self, num_rows: int) -> list[Done | None]:
        slots = self._heads[next(size for size in self.buckets if size >= num_rows)]
        current = _at(slots.frames, slots.position)
        read, state = self._model.step(self._input(slots, current), slots.artist, slots.state)
        # Rows beyond the running ones are old ones that go on until they are needed.
        position = (slots.position + 1).clamp(max=self.max_positions - 1)
        drawn = self._drawn(slots, read, current, position)
        is_new = position >= slots.prompt_length
        frame = torch.where(is_new.unsqueeze(1), drawn, _at(slots.frames, position))
        _commit(slots, state, position, frame)
        is_done = (position >= slots.last_position)[:num_rows].tolist()
        return ["length" if done else None for done in is_done]

    @torch.inference_mode()
    def generated(self, row: int) -> tuple[int, ...]:
        """One number a frame: bit k says that key k sounds."""
        start, end = int(self._slots.prompt_length[row]), int(self._slots.position[row]) + 1
        frames = self._slots.frames[row, start:end]
        return tuple(chord_of(frame.nonzero().flatten().tolist()) for frame in frames)

    @torch.inference_mode()
    def state(self, row: int) -> RecurrentState:
        return RecurrentState(*(part[:, row : row + 1].clone() for part in self._slots.state))

    def _input(self, slots: FrameSlots, current: Tensor) -> Tensor:
        """The frame that is read, with its place in the bar."""
        num_places = self._model.config.grid_steps
        if not num_places:
            return current
        place = F.one_hot((slots.position - 1) % slots.steps_per_bar, num_places)
        return torch.cat([current, place.bool()], dim=1)

    def _drawn(self, slots: FrameSlots, read: Tensor, current: Tensor, position: Tensor) -> Tensor:
        """The frames (rows, num_keys) that come next, were all of them new."""
        is_stuck = slots.held >= slots.max_held.unsqueeze(1)
        noise = uniform(slots.stream, position, self._keys.expand(len(position), -1))
        is_allowed = slots.is_in_range & ~is_stuck
        lean = self._lean(slots, position)
        draw = FrameDraw(noise, slots.temperature, is_allowed, slots.max_keys, lean)
        may_change = (position - 1) % slots.steps_per_change == 0
        frame = self._model.output.draw(read, draw)
        return torch.where(may_change.unsqueeze(1), frame, current & ~is_stuck)

    def _lean(self, slots: FrameSlots, position: Tensor) -> Tensor:
        """Towards the frame a loop ago (rows, num_keys); 0 where there is none."""
        then = position - slots.loop_steps
        has_loop = (slots.loop_steps > 0) & (then > 0)
        sounded = _at(slots.frames, then.clamp(min=0))
        weight = torch.where(has_loop, slots.loop_weight, 0.0).unsqueeze(1)
        return torch.where(sounded, weight, -weight * _AGAINST)


def _commit(slots: FrameSlots, state: RecurrentState, position: Tensor, frame: Tensor) -> None:
    for own, following in zip(slots.state, state, strict=True):
        own.copy_(following)
    row = torch.arange(len(position), device=position.device)
    slots.frames[row, position] = frame
    slots.held.copy_(torch.where(frame, slots.held + 1, 0))
    slots.position.copy_(position)


def _at(frames: Tensor, position: Tensor) -> Tensor:
    """Frames (rows, positions, num_keys) at a position of each row: (rows, num_keys)."""
    return frames[torch.arange(len(position), device=position.device), position]
