"""`python -m model train`: a checkpoint from nothing, with a progress bar, a log and a curve."""

import argparse
from dataclasses import fields
from pathlib import Path

import torch
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from model.cli.settings import add_setting
from model.cli.shared import choose_device, read_songs
from model.config import ModelConfig, TrainingConfig
from model.corpus.split import split_songs
from model.evaluation.curve import write_curve
from model.training.pretrain import artists_of, pretrain
from model.training.progress import CurvePoint, RunState, TrainingProgress
from model.training.run_folder import has_run, load_run_state
from model.training.trainer import TrainingHooks

_NETWORK_OPTIONS = [field for field in fields(ModelConfig) if field.name != "num_artists"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Every setting of the network and of training is an option."""
    parser.add_argument("corpus", nargs="+", type=Path, help="files or folders of lyrics")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    parser.add_argument("--artist", help="whose songs they are, where the files do not say")
    parser.add_argument("--version", default="pretrained", help="name of the checkpoint")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    parser.add_argument("--threads", type=int, default=0, help="CPU threads; 0 lets torch choose")
    for field in (*_NETWORK_OPTIONS, *fields(TrainingConfig)):
        add_setting(parser, field)


def run(args: argparse.Namespace, console: Console) -> int:
    """Train; an interruption with Ctrl-C keeps the run, and the same command goes on with it."""
    if args.threads:
        torch.set_num_threads(args.threads)
    songs = read_songs(args.corpus, args.artist, console)
    values = vars(args)
    network = ModelConfig(
        num_artists=len(artists_of(songs)), **{f.name: values[f.name] for f in _NETWORK_OPTIONS}
    )
    training = TrainingConfig(**{f.name: values[f.name] for f in fields(TrainingConfig)})
    if has_run(args.out):
        console.print(f"Going on with the run in {args.out}.")
    with _progress_bar(console) as bar:
        hooks = _hooks(bar, args.out)
        try:
            state = pretrain(
                split_songs(songs),
                args.out,
                network,
                training,
                version=args.version,
                device=choose_device(args.device),
                hooks=hooks,
            )
        except KeyboardInterrupt:
            console.print("Interrupted; the same command goes on from the last validation.")
            return 130
    console.print(
        f"{state.best_bits_per_character:.4f} bits per character on validation, "
        f"in {state.elapsed_s / 60:.1f} minutes. The checkpoint is {args.out / 'best'}."
    )
    return 0


def _progress_bar(console: Console) -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.fields[figures]}"),
        TimeRemainingColumn(),
        console=console,
    )


def _hooks(bar: Progress, folder: Path) -> TrainingHooks:
    task: TaskID = bar.add_task("training", total=1.0, figures="")

    def on_progress(progress: TrainingProgress) -> None:
        best = progress.best_bits_per_character
        bits = "" if best is None else f"best {best:.3f} bits/char · "
        figures = f"loss {progress.loss:.3f} · {bits}{progress.tokens_per_s:,.0f} tokens/s"
        description = f"epoch {progress.epoch:.2f}"
        bar.update(task, completed=progress.fraction, figures=figures, description=description)

    def on_validation(point: CurvePoint) -> None:
        bar.console.print(
            f"epoch {point.epoch:.2f}: {point.bits_per_character:.4f} bits per character, "
            f"training loss {point.train_loss:.3f}, {point.elapsed_s:.0f} s"
        )

    def on_saving_point(_: object) -> None:
        state: RunState = load_run_state(folder)
        write_curve(state.curve, folder / "curve.png", folder.name)

    return TrainingHooks(on_progress, on_validation, on_saving_point=on_saving_point)
