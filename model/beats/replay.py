"""Beats sampled from a checkpoint itself, to remember a corpus that is not at hand.

To beats what `training/replay.py` is to songs.
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import count

from model.beats.checkpoint import BeatCheckpoint
from model.beats.dataset import encode_roll
from model.beats.plan import BeatPlan, plan_beat
from model.beats.writer import BeatWriter
from model.corpus.dataset import EncodedSong

_NUM_BARS = 16
_MAX_ROWS = 64


def sample_beats(
    live: BeatCheckpoint,
    num_frames: int,
    seed: int,
    on_progress: Callable[[float], None] = lambda fraction: None,
) -> list[EncodedSong]:
    """About so many frames of beats, each style in turn; `on_progress` hears the share done."""
    plans = _plans(live, num_frames, seed)
    writer = BeatWriter.of(live, num_slots=min(_MAX_ROWS, len(plans)))
    order = {writer.add(plan): place for place, plan in enumerate(plans)}
    written: dict[int, EncodedSong] = {}
    num_done, num_in_all = 0, sum(plan.request.max_tokens for plan in plans)
    while writer.has_work:
        for each in writer.step():
            place = order[each.work_id]
            if (roll := each.work.roll) is not None:
                grid_steps = live.model.config.grid_steps
                written[place] = encode_roll(roll, plans[place].style, grid_steps)
        num_done += writer.num_advanced
        on_progress(min(1.0, num_done / num_in_all))
    return [written[place] for place in sorted(written)]


def _plans(live: BeatCheckpoint, num_frames: int, seed: int) -> list[BeatPlan]:
    plans: list[BeatPlan] = []
    for number in count():
        style = live.styles[number % len(live.styles)].name
        plan = plan_beat(live, style, _NUM_BARS, seed * 1_000_003 + number, temperature=1.0)
        # What the network itself would write: a loop is not its own.
        plan = replace(plan, limits=replace(plan.limits, loop_weight=0.0))
        plans.append(plan)
        num_frames -= plan.request.max_tokens
        if num_frames <= 0:
            return plans
    raise AssertionError("counting does not end")
