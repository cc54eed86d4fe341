"""Canary beats: of fixed seeds, by candidate and live checkpoint both, before one decides.

As `canaries` does with verses. What is wrong with each beat is seen here; `gate_canaries` judges.
"""

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import numpy as np

from model.beats.checkpoint import BeatCheckpoint
from model.beats.piece import Piece
from model.beats.plan import plan_beat
from model.beats.writer import write_beats
from model.evaluation.passages import PassageIndex
from model.evaluation.texture import rest_share
from model.midi import PianoRoll

_MAX_STYLES = 8
_SEEDS = (11, 12)
_NUM_BARS = 8
_SILENT = 0.8  # of the steps
_STUCK_BARS = 2
_COPIED_BARS = 4


def play(
    live: BeatCheckpoint,
    candidate: BeatCheckpoint,
    pieces: Sequence[Piece],
    step_aside: Callable[[], None] = lambda: None,
) -> list[dict[str, Any]]:
    """Beats of the same styles and seeds by both, and what is wrong with each, as JSON.

    `live` knows every style of `candidate`; `pieces` must not be copied.
    """
    index = PassageIndex([piece.roll for piece in pieces], in_any_key=True)
    seeds = list(product(_chosen(candidate, pieces), _SEEDS))

    def faults(checkpoint: BeatCheckpoint) -> list[list[str]]:
        plans = [plan_beat(checkpoint, style, _NUM_BARS, seed) for style, seed in seeds]
        beats = write_beats(checkpoint, plans, lambda _: step_aside())
        return [_faults(beat.roll, index) for beat in beats]

    pairs = zip(seeds, faults(live), faults(candidate), strict=True)
    return [
        {"style": style, "seed": seed, "live": live, "candidate": after}
        for (style, seed), live, after in pairs
    ]


def _chosen(checkpoint: BeatCheckpoint, pieces: Sequence[Piece]) -> list[str]:
    """Touched styles first."""
    names = [*(piece.style for piece in pieces), *(style.name for style in checkpoint.styles)]
    return list(dict.fromkeys(names))[:_MAX_STYLES]


def _faults(roll: PianoRoll | None, index: PassageIndex) -> list[str]:
    if roll is None:
        return ["unwritten"]
    found = {
        "silent": rest_share(roll) > _SILENT,
        "stuck": longest_still(roll) >= _STUCK_BARS * roll.steps_per_bar,
        "copy": index.longest_copy(roll).num_steps >= _COPIED_BARS * roll.steps_per_bar,
    }
    return [fault for fault, is_there in found.items() if is_there]


def longest_still(roll: PianoRoll) -> int:
    """The most steps on end at which the same keys sound, silence apart."""
    same = (roll.frames[1:] == roll.frames[:-1]).all(axis=1) & roll.frames[1:].any(axis=1)
    places = np.flatnonzero(np.concatenate([[True], ~same, [True]]))
    return int(np.diff(places).max()) if len(roll) else 0
