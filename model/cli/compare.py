"""`python -m model compare`: a table over a grid of networks, each trained for the same budget."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

from model.cli.compare_view import CompareView, results_table
from model.cli.settings import add_setting
from model.cli.shared import choose_device, is_one_body, read_songs
from model.comparison.budget import Budget
from model.comparison.grid import SETTINGS, Choice, build_grid, parse_values
from model.comparison.material import (
    Material,
    check_all,
    first_words,
    num_characters,
    plain_material,
    song_material,
)
from model.comparison.outcome import Measured
from model.comparison.report import Row, ranked, write_reports
from model.comparison.runs import Setup, finish_run, known_outcome, plan_runs
from model.corpus.plain_text import read_plain_text
from model.errors import ConfigError

# Option, setting, and what it is where nothing is said; no conditioning is for the corpus to say.
_AXES = (
    ("cells", "cell", "rnn,gru,lstm"),
    ("features", "features", "embedding"),
    ("units", "unit", "character"),
    ("conditionings", "conditioning", None),
    ("attention-windows", "attention_window", "0"),
    ("num-layers", "num_layers", "1"),
    ("hidden-sizes", "hidden_size", "256"),
    ("tied", "tied_output", "auto"),
)
# Small enough for thousands of updates within five minutes on two cores, and the plain form of each
# cell, so that a table shows what the cell does; whatever else may help is asked for by name.
_SHARED = {
    "embedding_size": 128,
    "layer_norm": False,
    "residual": False,
    "batch_size": 16,
    "input_dropout": 0.1,
    "hidden_dropout": 0.2,
    "output_dropout": 0.2,
    "weight_dropout": 0.0,
}
_MAX_SEED_TEXT = 200


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to compare on, for how long, over which choices, and the settings that all share."""
    add = parser.add_argument
    add("--corpus", nargs="+", type=Path, required=True, help="one text file, or files of songs")
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--plain", action="store_true", help="read the file as one body of text")
    kind.add_argument("--songs", action="store_true", help="read songs, even of one text file")
    add("--artist", help="whose songs they are, where the files do not say")
    add("--budget", default="5m", help="of each run: 90s, 5m, 1h, or updates as 2000u; default 5m")
    add("--out", type=Path, default=Path("runs/comparison"), help="default runs/comparison")
    add("--seed-text", help="what each sample goes on from; default the first held-out words")
    add("--rng-seed", type=int, default=0, help="of the samples; default 0")
    add("--device", default="auto", help="auto, cpu or cuda")
    add("--threads", type=int, default=0, help="CPU threads; 0 lets torch choose")
    axes = parser.add_argument_group("choices", "comma lists; every combination is trained")
    for option, _, default in _AXES:
        told = default or "concat, or none for a single artist"
        axes.add_argument(f"--{option}", metavar="A,B", help=f"default {told}")
    axes.add_argument(
        "--vary",
        action="append",
        default=[],
        metavar="NAME=A,B",
        help="any other setting, as in weight_dropout=0,0.3; may be given again",
    )
    shared = parser.add_argument_group("settings that all share")
    taken = {setting for _, setting, _ in _AXES}
    for name, field in SETTINGS.items():
        if name not in taken:
            add_setting(shared, field, _SHARED.get(name))


def run(args: argparse.Namespace, console: Console) -> int:
    """Check everything, then train one run after another; the same command goes on if stopped."""
    budget = Budget.parse(args.budget)
    axes = _axes(args)
    material = _read(args, console)
    choices = _choices(args, axes, material, budget, console)
    check_all(choices, material)
    device = str(choose_device(args.device))
    seed_text = _seed_text(args, material)
    setup = Setup(args.out, material, seed_text, args.rng_seed, device, args.threads)
    try:
        rows = _run_all(choices, setup, budget, console)
    except KeyboardInterrupt:
        console.print("Interrupted; the same command goes on from the last validation.")
        return 130
    console.print(results_table(ranked(rows)))
    console.print(f"Table, samples and curves: {args.out / 'comparison.md'}", markup=False)
    return 0 if any(isinstance(row.outcome, Measured) for row in rows) else 1


def _axes(args: argparse.Namespace) -> dict[str, tuple[Any, ...]]:
    """The values of every axis by setting; () where the corpus decides."""
    given = vars(args)
    axes: dict[str, tuple[Any, ...]] = {}
    for option, setting, default in _AXES:
        text = given[option.replace("-", "_")] or default
        axes[setting] = parse_values(setting, text) if text else ()
    by_option = {setting for option, setting, _ in _AXES if given[option.replace("-", "_")]}
    for text in args.vary:
        name, equals, values = text.partition("=")
        name = name.strip().replace("-", "_")
        if not equals:
            raise ConfigError(f"--vary {text!r} names no values; write --vary NAME=A,B.")
        if name in by_option:
            raise ConfigError(f"{name} is given twice; use its own option or --vary, not both.")
        by_option.add(name)
        axes[name] = parse_values(name, values)
    return axes


def _read(args: argparse.Namespace, console: Console) -> Material:
    paths: list[Path] = args.corpus
    name = paths[0].name if len(paths) == 1 else f"{len(paths)} files"
    if args.plain and len(paths) != 1:
        raise ConfigError("--plain reads one text file as one body; give a single file.")
    if args.plain or (not args.songs and is_one_body(paths)):
        material = plain_material(name, read_plain_text(paths[0], artist=args.artist))
        told = "one body of text, its end held out (--songs reads songs instead)"
    else:
        songs = read_songs(paths, args.artist, console)
        material = song_material(name, songs)
        artists = len(material.artists)
        told = f"{len(songs):,} songs by {artists:,} artist{'s' * (artists > 1)}, some held out"
    for note in material.notes:
        console.print(note, markup=False, style="yellow")
    sizes = " / ".join(f"{num_characters(songs):,}" for songs in material.splits)
    console.print(f"{name} is read as {told}.", markup=False)
    console.print(f"Characters to learn from / choose by / measure on: {sizes}", markup=False)
    return material


def _choices(
    args: argparse.Namespace,
    axes: Mapping[str, tuple[Any, ...]],
    material: Material,
    budget: Budget,
    console: Console,
) -> list[Choice]:
    is_single = len(material.artists) == 1
    conditionings = axes["conditioning"] or (("none",) if is_single else ("concat",))
    if is_single and set(conditionings) != {"none"}:
        console.print(
            "There is one artist, so to name them tells a network nothing: conditionings are the "
            "same but for a few parameters.",
            style="yellow",
        )
    shared = {name: getattr(args, name) for name in SETTINGS if name not in axes}
    return build_grid(
        {**axes, "conditioning": conditionings}, shared, len(material.artists), budget
    )


def _seed_text(args: argparse.Namespace, material: Material) -> str:
    if args.seed_text is None:
        return first_words(material.splits.test[0].text)
    text: str = args.seed_text
    if len(text) > _MAX_SEED_TEXT:
        raise ConfigError(f"--seed-text is too long; give at most {_MAX_SEED_TEXT} characters.")
    return text


def _run_all(choices: list[Choice], setup: Setup, budget: Budget, console: Console) -> list[Row]:
    runs = plan_runs(choices, setup)
    known = [known_outcome(run, setup) for run in runs]
    rows: list[Row] = []
    with CompareView(console, len(runs), sum(outcome is None for outcome in known), budget) as view:
        for run, outcome in zip(runs, known, strict=True):
            view.begin(run.choice)
            row = Row(run, outcome or finish_run(run, setup, view.on_message))
            rows.append(row)
            view.end(row, is_known=outcome is not None)
            if outcome is None or run is runs[-1]:
                write_reports(rows, len(runs), setup, budget)
    return rows
