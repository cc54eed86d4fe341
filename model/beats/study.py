"""Beats beside held-out pieces of the same styles, in the same measures."""

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, islice

from model.beats.checkpoint import BeatCheckpoint
from model.beats.piece import Piece
from model.beats.plan import MAX_BARS, plan_beat
from model.beats.writer import write_beats
from model.corpus.split import Splits
from model.errors import CorpusError
from model.evaluation.harmony import pitch_class_entropy, share_in_key
from model.evaluation.passages import PassageIndex
from model.evaluation.texture import (
    bar_recurrence,
    groove_similarity,
    notes_per_bar,
    polyphony,
    rest_share,
)
from model.midi import PianoRoll

MEASURES: dict[str, Callable[[PianoRoll], float]] = {
    "notes_per_bar": notes_per_bar,
    "pitch_class_entropy": pitch_class_entropy,
    "polyphony": polyphony,
    "share_in_key": share_in_key,
    "rest_share": rest_share,
    "groove_similarity": groove_similarity,
    "bar_recurrence": bar_recurrence,
}
COPIES = ("longest_copy", "longest_copy_in_any_key")


@dataclass(frozen=True, slots=True, eq=False)
class BeatStudy:
    """`num_beats` pieces of each kind, of `styles` in turn, each of `num_bars` bars at most."""

    styles: Sequence[str]
    num_beats: int = 16
    num_bars: int = 16
    temperature: float | None = None
    rng_seed: int = 0


class Ruler:
    """Measures pieces against those that were learned from."""

    def __init__(self, learned: Sequence[Piece]) -> None:
        rolls = [piece.roll for piece in learned]
        self._indices = (PassageIndex(rolls), PassageIndex(rolls, in_any_key=True))

    def measure(self, roll: PianoRoll) -> dict[str, float]:
        """Every measure of one piece; copies in steps."""
        figures = {name: measure(roll) for name, measure in MEASURES.items()}
        for name, index in zip(COPIES, self._indices, strict=True):
            figures[name] = index.longest_copy(roll).num_steps
        return figures


def study_beats(
    checkpoint: BeatCheckpoint, study: BeatStudy, splits: Splits[Piece]
) -> dict[str, dict[str, dict[str, float]]]:
    """For "generated" and for "held out", for "all" and for each style, the mean of each measure;
    of copies the longest, too. Raises CorpusError for a style without a held-out piece.
    """
    ruler = Ruler(splits.train)
    both = {"generated": _beats(checkpoint, study), "held out": held_out(study, splits)}
    report = {}
    for kind, rolls in both.items():
        measured = [(style, ruler.measure(roll)) for style, roll in rolls]
        names = ["all", *dict.fromkeys(style for style, _ in measured)]
        report[kind] = {
            name: _means([figures for style, figures in measured if name in ("all", style)])
            for name in names
        }
    return report


def held_out(study: BeatStudy, splits: Splits[Piece]) -> list[tuple[str, PianoRoll]]:
    """The openings of as many held-out pieces, test before validation, styles in turn."""
    pieces = [*splits.test, *splits.validation]
    own = {style: [p for p in pieces if p.style == style] for style in study.styles}
    if missing := [style for style, of_style in own.items() if not of_style]:
        raise CorpusError(f"No piece of {', '.join(missing)} is held out; name other styles.")
    most = max(len(of_style) for of_style in own.values())
    in_turn = [of_style[n] for n in range(most) for of_style in own.values() if n < len(of_style)]
    return [(p.style, _opening(p.roll, study.num_bars)) for p in in_turn[: study.num_beats]]


def _beats(checkpoint: BeatCheckpoint, study: BeatStudy) -> list[tuple[str, PianoRoll]]:
    styles = list(islice(cycle(study.styles), study.num_beats))
    plans = [
        plan_beat(
            checkpoint,
            style,
            min(study.num_bars, MAX_BARS),
            study.rng_seed + number,
            temperature=study.temperature,
        )
        for number, style in enumerate(styles)
    ]
    written = write_beats(checkpoint, plans)
    return [
        (style, beat.roll)
        for style, beat in zip(styles, written, strict=True)
        if beat.roll is not None
    ]


def _opening(roll: PianoRoll, num_bars: int) -> PianoRoll:
    return replace(roll, frames=roll.frames[: num_bars * roll.steps_per_bar])


def _means(measured: Sequence[dict[str, float]]) -> dict[str, float]:
    means = {name: statistics.fmean(each[name] for each in measured) for name in measured[0]}
    longest = {f"{name}_most": max(each[name] for each in measured) for name in COPIES}
    return {"pieces": len(measured), **means, **longest}
