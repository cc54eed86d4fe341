"""The table of an electorate, in Markdown."""

from collections.abc import Sequence

from benchmarks.electorate.likes import LIKES
from benchmarks.electorate.trial import Change, Trial


def as_markdown(trials: Sequence[Trial]) -> str:
    """One row a trial: what became of each figure, in standard deviations of it among verses."""
    heads = [
        "the voters like",
        "votes",
        *(f"{name}, sampled" for name in LIKES),
        *(f"{name}, searched" for name in LIKES),
        "bits per character",
        "of the first artist",
        "seconds",
    ]
    lines = [heads, ["---"] * len(heads)]
    lines += [
        [
            trial.name,
            f"{trial.num_votes:,}",
            *(_shown(trial.plain[name]) for name in LIKES),
            *(_shown(trial.searched[name]) for name in LIKES),
            f"{trial.held_out[1] - trial.held_out[0]:+.4f}",
            f"{trial.held_out_target[1] - trial.held_out_target[0]:+.4f}",
            f"{trial.seconds:.0f}",
        ]
        for trial in trials
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _shown(change: Change) -> str:
    return f"{change.change:+.2f} ± {change.error:.2f}"
