"""Beats sampled from a checkpoint itself, to remember a corpus that is not at hand.

To beats what `training/replay.py` is to songs.
"""

from collections.abc import Callable
from dataclasses import replace
from itertools import count

from model.beats.checkpoint import BeatCheckpoint
from model.beats.dataset import encode_roll
from model.beats.plan import BeatPlan, plan_beat
from model.beats.writer import write_beats
from model.corpus.dataset import EncodedSong

_NUM_BARS = 16


def sample_beats(
    live: BeatCheckpoint,
    num_frames: int,
    seed: int,
    on_progress: Callable[[float], None] = lambda fraction: None,
) -> list[EncodedSong]:
    """About so many frames of beats, each style in turn; `on_progress` hears the share done."""
    plans = _plans(live, num_frames, seed)
    num_done, num_in_all = 0, sum(plan.request.max_tokens for plan in plans)

    def on_step(num_written: int) -> None:
        nonlocal num_done
        num_done += num_written
        on_progress(min(1.0, num_done / num_in_all))

    written = write_beats(live, plans, on_step)
    return [
        encode_roll(beat.roll, plan.style, live.model.config.grid_steps)
        for plan, beat in zip(plans, written, strict=True)
        if beat.roll is not None
    ]


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
