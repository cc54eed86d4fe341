"""What a comparison has found, as JSON, as Markdown and as a picture."""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from model.comparison.budget import Budget
from model.comparison.child import SAMPLING
from model.comparison.grid import SETTINGS, Choice, as_text
from model.comparison.logs import LOG, read_log
from model.comparison.material import num_characters
from model.comparison.outcome import Measured, Outcome, outcome_to_dict
from model.comparison.runs import Run, Setup
from model.evaluation.curve import Curve, write_curves
from model.training.run_folder import replace_file

_NOTES = """\
Held-out figures are of text that neither taught nor chose the weights; training figures are of
about as much text that did, read without dropout. The weights are those of the best validation.
Bits per character compare whatever the unit of text; perplexity is per token and only compares
within one unit and vocabulary. Only training is timed; the peak is resident memory of the
training process, program included (on a GPU: what was allocated there)."""


@dataclass(frozen=True, slots=True)
class Row:
    """A run that has ended."""

    run: Run
    outcome: Outcome

    @property
    def held_out(self) -> float:
        """What rows are sorted by: bits per character, infinite where nothing was measured."""
        outcome = self.outcome
        return outcome.held_out.bits_per_character if isinstance(outcome, Measured) else math.inf


def ranked(rows: Iterable[Row]) -> list[Row]:
    """The best first, failed ones last."""
    return sorted(rows, key=lambda row: row.held_out)


def figures_of(outcome: Measured) -> dict[str, str]:
    """The columns of a row."""
    peak = outcome.peak_memory_mb
    return {
        "held-out bits/char": f"{outcome.held_out.bits_per_character:.3f}",
        "training bits/char": f"{outcome.train.bits_per_character:.3f}",
        "held-out perplexity": f"{outcome.held_out.perplexity:.1f}",
        "training perplexity": f"{outcome.train.perplexity:.1f}",
        "parameters": f"{outcome.num_parameters:,}",
        "characters/s": f"{outcome.characters_per_s:,.0f}",
        "tokens/s": f"{outcome.tokens_per_s:,.0f}",
        "updates": f"{outcome.updates:,}",
        "peak MB": "–" if peak is None else f"{peak:,.0f}",
    }


def write_reports(rows: Sequence[Row], num_runs: int, setup: Setup, budget: Budget) -> None:
    """Write comparison.json, comparison.md and comparison.png into the folder of the comparison."""
    best_first = ranked(rows)
    report = _as_dict(best_first, num_runs, setup, budget)
    text = json.dumps(report, ensure_ascii=False, indent=1) + "\n"
    markdown = _as_markdown(best_first, report, setup, budget)
    for name, content in (("comparison.json", text), ("comparison.md", markdown)):
        replace_file(setup.out / name, lambda path, c=content: path.write_text(c, encoding="utf-8"))  # type: ignore[misc]
    curves = [
        Curve(row.run.choice.name, read_log(row.run.folder))
        for row in best_first
        if (row.run.folder / LOG).exists()
    ]
    write_curves(
        curves,
        setup.out / "comparison.png",
        f"Held out for validation, {budget} each",
        axis=budget.axis,
        has_training=False,
    )


def _as_dict(rows: list[Row], num_runs: int, setup: Setup, budget: Budget) -> dict[str, Any]:
    material = setup.material
    splits = material.splits._asdict()
    return {
        "corpus": {
            "name": material.name,
            "is_plain": material.is_plain,
            "num_artists": len(material.artists),
            "num_songs": {name: len(songs) for name, songs in splits.items()},
            "num_characters": {name: num_characters(songs) for name, songs in splits.items()},
            "sha256": material.fingerprint,
        },
        "budget": asdict(budget),
        "device": setup.device,
        "threads": setup.threads,
        "torch": torch.__version__,
        "seed_text": setup.seed_text,
        "rng_seed": setup.rng_seed,
        "sampling": asdict(SAMPLING),
        "num_runs": num_runs,
        "runs": [_row_as_dict(row, setup.out) for row in rows],
    }


def _row_as_dict(row: Row, out: Path) -> dict[str, Any]:
    choice = row.run.choice
    return {
        "name": choice.name,
        "varied": choice.varied,
        "folder": row.run.folder.relative_to(out).as_posix(),
        **outcome_to_dict(row.outcome),
        "network": asdict(choice.network),
        "training": asdict(choice.training),
    }


def _as_markdown(rows: list[Row], report: dict[str, Any], setup: Setup, budget: Budget) -> str:
    corpus = report["corpus"]
    num_artists = corpus["num_artists"]
    by = f"songs by {num_artists} artist{'s' * (num_artists > 1)}"
    what = "one body of text" if corpus["is_plain"] else by
    sizes = ", ".join(f"{name} {count:,}" for name, count in corpus["num_characters"].items())
    missing = report["num_runs"] - len(rows)
    parts = [
        f"# Comparison on {_cell(corpus['name'])}",
        f"{budget} for each network, on {setup.device} with torch {report['torch']} and "
        f"{_threads(setup.threads)}. Read as {what}; characters: {sizes}.",
        *([f"**{missing} of {report['num_runs']} runs are still to be made.**"] if missing else []),
        "\n".join(_table(rows)),
        _NOTES,
        "![Bits per character over the course of training](comparison.png)",
        *_shared_settings([row.run.choice for row in rows]),
        "## Samples",
        f"Each goes on from the same words with the same noise ({_described_sampling()}).",
        *(
            f"### {_cell(row.run.choice.name)}\n\n{_as_code(row.outcome.sample)}"
            for row in rows
            if isinstance(row.outcome, Measured)
        ),
    ]
    return "\n\n".join(parts) + "\n"


def _table(rows: list[Row]) -> list[str]:
    lines: list[list[str]] = []
    failures: list[str] = []
    for row in rows:
        name = row.run.choice.columns
        if isinstance(row.outcome, Measured):
            figures = figures_of(row.outcome)
            if not lines:
                rule = [*("---" for _ in name), *("---:" for _ in figures)]
                lines = [[*name, *figures], rule]
            lines.append([*name.values(), *figures.values()])
        else:
            failures.append(f"- **{_cell(row.run.choice.name)}** failed: {row.outcome.reason}")
    table = [f"| {' | '.join(map(_cell, line))} |" for line in lines]
    return [*table, "", *failures] if failures else table


def _shared_settings(choices: list[Choice]) -> list[str]:
    if not choices:
        return []
    varied = set(choices[0].varied)
    every = [{**asdict(choice.network), **asdict(choice.training)} for choice in choices]
    same = [
        f"`{name}` {as_text(value)}"
        for name, value in every[0].items()
        if name in SETTINGS
        and name not in varied
        and all(settings[name] == value for settings in every)
    ]
    return [f"All alike: {', '.join(same)}."]


def _described_sampling() -> str:
    return f"temperature {SAMPLING.temperature:g}, top_p {SAMPLING.top_p:g}, no penalty"


def _threads(threads: int) -> str:
    return f"{threads} thread{'s' * (threads > 1)}" if threads else "torch's own number of threads"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


def _as_code(text: str) -> str:
    """Indented, as a verse may hold any fence."""
    return "\n".join(f"    {line}".rstrip() for line in text.split("\n"))
