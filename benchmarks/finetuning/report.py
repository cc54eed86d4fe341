"""The tables of a study, in Markdown."""

from collections.abc import Callable, Iterable, Sequence
from statistics import mean
from typing import Any

from benchmarks.finetuning.trial import Trial
from model.training.finetune import Comparison

STAGES = ("replay", "artists", "training", "interpolation", "measuring")

_INTRODUCTION = """Bits per character, the mean of the artists. *New* is text of the artist that was
not given, *others* is held-out text of artists that the checkpoint knows: as it is without the
fine-tune, and how much more it costs after it. What the run itself believed stands under
*estimated*."""


def as_markdown(trials: Sequence[Trial], facts: dict[str, Any], failures: Sequence[str]) -> str:
    """Settings, their times, and each artist on their own."""
    machine = (
        f"{facts['processor']}, {facts['num_threads']} of {facts['num_processors']} threads,"
        f" torch {facts['torch']}"
    )
    parts = [
        "# Fine-tuning on a few songs",
        f"{_INTRODUCTION}\n\n{machine}.",
        _table(trials, _SETTING_COLUMNS, _by_setting),
        "## Processor seconds by stage",
        _table(trials, _TIME_COLUMNS, _by_setting),
        "## Each artist",
        _table(trials, _ARTIST_COLUMNS, _by_artist),
    ]
    if failures:
        parts += ["## Failed", "\n".join(f"- {failure}" for failure in failures)]
    return "\n\n".join(parts) + "\n"


Column = tuple[str, Callable[[Sequence[Trial]], str]]
"""A heading, and what stands under it for some trials."""


def _before(which: str) -> Callable[[Sequence[Trial]], str]:
    return lambda trials: f"{mean(_each(trials, which, 'live')):.4f}"


def _after(which: str) -> Callable[[Sequence[Trial]], str]:
    return lambda trials: f"{mean(_each(trials, which, 'candidate')):.4f}"


def _change(which: str) -> Callable[[Sequence[Trial]], str]:
    return lambda trials: f"{-mean(_each(trials, which, 'gain')):+.4f}"


def _language_change(language: str) -> Callable[[Sequence[Trial]], str]:
    def change(trials: Sequence[Trial]) -> str:
        figures = [trial.others_by_language.get(language) for trial in trials]
        gains = [figure.gain for figure in figures if figure is not None]
        return f"{-mean(gains):+.4f}" if gains else "–"

    return change


def _stage_time(stage: str) -> Callable[[Sequence[Trial]], str]:
    return lambda trials: f"{mean(trial.stage_seconds.get(stage, 0.0) for trial in trials):.1f}"


_GROUP: list[Column] = [
    ("setting", lambda trials: trials[0].setting),
    ("songs", lambda trials: str(trials[0].asked_for)),
]
_SETTING_COLUMNS: list[Column] = [
    *_GROUP,
    ("new before", _before("new_songs")),
    ("after", _after("new_songs")),
    ("change", _change("new_songs")),
    ("others", _change("others")),
    ("worst", lambda trials: f"{-min(_each(trials, 'others', 'gain')):+.4f}"),
    ("estimated new", _change("estimated_new_songs")),
    ("estimated others", _change("estimated_others")),
    ("seconds", lambda trials: f"{mean(trial.seconds for trial in trials):.0f}"),
    ("of processor", lambda trials: f"{mean(trial.cpu_seconds for trial in trials):.0f}"),
]
_TIME_COLUMNS: list[Column] = [
    *_GROUP,
    *((stage, _stage_time(stage)) for stage in STAGES),
]
_ARTIST_COLUMNS: list[Column] = [
    *_GROUP,
    ("artist", lambda trials: trials[0].artist),
    ("given", lambda trials: str(trials[0].num_songs)),
    ("characters", lambda trials: f"{trials[0].num_characters:,}"),
    ("new before", _before("new_songs")),
    ("after", _after("new_songs")),
    ("change", _change("new_songs")),
    ("others", _change("others")),
    ("en", _language_change("en")),
    ("zh", _language_change("zh")),
    ("estimated others", _change("estimated_others")),
    ("of processor", lambda trials: f"{trials[0].cpu_seconds:.0f}"),
]


def _each(trials: Iterable[Trial], which: str, figure: str) -> list[float]:
    comparisons: list[Comparison] = [getattr(trial, which) for trial in trials]
    return [getattr(comparison, figure) for comparison in comparisons]


def _by_setting(trial: Trial) -> tuple[object, ...]:
    return trial.setting, trial.asked_for


def _by_artist(trial: Trial) -> tuple[object, ...]:
    return trial.setting, trial.asked_for, trial.artist


def _table(
    trials: Sequence[Trial],
    columns: Sequence[Column],
    group_of: Callable[[Trial], tuple[object, ...]],
) -> str:
    groups: dict[tuple[object, ...], list[Trial]] = {}
    for trial in trials:
        groups.setdefault(group_of(trial), []).append(trial)
    lines = [[heading for heading, _ in columns], ["---"] * len(columns)]
    lines += [[value(group) for _, value in columns] for group in groups.values()]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
