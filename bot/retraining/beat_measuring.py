"""What the gate is told of a candidate of beats: each style's gain or loss, and its canaries."""

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import numpy as np

from bot.retraining.measuring import OTHER_SEED, plain_figures
from model.beats.checkpoint import BeatCheckpoint
from model.beats.piece import Piece
from model.beats.plan import plan_beat
from model.beats.replay import sample_beats
from model.beats.writer import write_beats
from model.evaluation.passages import PassageIndex
from model.evaluation.texture import rest_share
from model.midi import PianoRoll
from model.training.finetune_beats import encoded, fitted, grow_styles, hold_out_pieces
from model.training.paired import by_name, compare_by_artist

_FRAMES_EACH = 500  # sampled for each style, on average
_MAX_SAMPLED = 15_000
_MAX_STYLES = 8  # that sing
_SEEDS = (11, 12)
_NUM_BARS = 8
_SILENT = 0.8  # of the steps
_STUCK_BARS = 2
_COPIED_BARS = 4


def measure_beats(
    live: BeatCheckpoint,
    candidate: BeatCheckpoint,
    pieces: Sequence[Piece],
    seed: int,
    step_aside: Callable[[], None] = lambda: None,
) -> dict[str, Any]:
    """As JSON, under the names that `gate` reads; see `measuring.measure`."""
    pieces = fitted(pieces, live)
    before = grow_styles(live, pieces, candidate.version)
    names = [style.name for style in candidate.styles]
    touched = list(dict.fromkeys(piece.style for piece in pieces))
    own = encoded(hold_out_pieces(pieces)[1], candidate)
    num_sampled = min(_MAX_SAMPLED, _FRAMES_EACH * len(live.styles))
    others = sample_beats(live, num_sampled, seed + OTHER_SEED, lambda _: step_aside())
    models = before.model, candidate.model
    gained = by_name(compare_by_artist(*models, own, step_aside), names)
    lost = by_name(compare_by_artist(*models, others, step_aside), names)
    playing = [*touched, *(name for name in names if name not in touched)][:_MAX_STYLES]
    return {
        "kind": "beats",
        "touched": {name: plain_figures(each) for name, each in gained.items()},
        "untouched": {name: plain_figures(lost[name]) for name in lost if name not in touched},
        "canaries": _play(before, candidate, pieces, playing),
    }


def _play(
    before: BeatCheckpoint,
    candidate: BeatCheckpoint,
    pieces: Sequence[Piece],
    styles: Sequence[str],
) -> list[dict[str, Any]]:
    """Beats of the same styles and seeds by both, and what is wrong with each."""
    index = PassageIndex([piece.roll for piece in pieces], in_any_key=True)
    seeds = list(product(styles, _SEEDS))

    def faults(checkpoint: BeatCheckpoint) -> list[list[str]]:
        plans = [plan_beat(checkpoint, style, _NUM_BARS, seed) for style, seed in seeds]
        return [_faults(beat.roll, index) for beat in write_beats(checkpoint, plans)]

    pairs = zip(seeds, faults(before), faults(candidate), strict=True)
    return [
        {"style": style, "seed": seed, "live": live, "candidate": after}
        for (style, seed), live, after in pairs
    ]


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
