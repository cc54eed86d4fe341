"""How a training run shows itself: a bar, a line for each validation, a picture, and its end."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

from model.evaluation.curve import BITS_PER_CHARACTER, CurveUnit, write_curve
from model.training.progress import CurvePoint, RunState, TrainingProgress
from model.training.run_folder import has_run
from model.training.trainer import Trainer, TrainingHooks


def show_training(
    console: Console,
    folder: Path,
    train: Callable[[TrainingHooks], RunState],
    unit: CurveUnit = BITS_PER_CHARACTER,
) -> int:
    """Let `train` make a checkpoint in `folder`, or go on with it, and say what came of it.

    Returns the exit status. An interruption with Ctrl-C keeps the run.
    """
    if has_run(folder):
        console.print(f"Going on with the run in {folder}.")
    with progress_bar(console) as bar:
        try:
            state = train(watching(bar, folder, unit))
        except KeyboardInterrupt:
            console.print("Interrupted; the same command goes on from the last validation.")
            return 130
    best = unit.per_bit * (state.best_bits_per_character or math.nan)
    console.print(
        f"{best:.4f} {unit.name} on validation, in {state.elapsed_s / 60:.1f} minutes. "
        f"The checkpoint is {folder / 'best'}."
    )
    return 0


def progress_bar(console: Console) -> Progress:
    """A bar for one run; to draw it seldom leaves the processor to the run."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TextColumn("{task.fields[figures]}"),
        TimeRemainingColumn(),
        console=console,
        refresh_per_second=2,
    )


def watching(bar: Progress, folder: Path, unit: CurveUnit = BITS_PER_CHARACTER) -> TrainingHooks:
    """Hooks that show the run on `bar`, and its curve as `curve.png` in `folder`."""
    task: TaskID = bar.add_task("training", total=1.0, figures="")

    def on_progress(progress: TrainingProgress) -> None:
        best = progress.best_bits_per_character
        told = "" if best is None else f"best {best * unit.per_bit:.3f} {unit.name} · "
        figures = f"loss {progress.loss:.3f} · {told}{progress.tokens_per_s:,.0f}/s"
        description = f"epoch {progress.epoch:.2f}"
        bar.update(task, completed=progress.fraction, figures=figures, description=description)

    def on_validation(point: CurvePoint) -> None:
        bar.console.print(
            f"epoch {point.epoch:.2f}: {point.bits_per_character * unit.per_bit:.4f} {unit.name}, "
            f"training loss {point.train_loss:.3f}, {point.elapsed_s:.0f} s"
        )

    def on_saving_point(trainer: Trainer[Any]) -> None:
        write_curve(trainer.state.curve, folder / "curve.png", folder.name, unit)

    return TrainingHooks(on_progress, on_validation, on_saving_point=on_saving_point)
