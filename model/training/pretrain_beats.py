"""Training a checkpoint of beats in a folder of its own: the same as of lyrics, but for the data.

The folder holds `best/` and what `run_folder` keeps.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import torch

from model.beats.checkpoint import BeatCheckpoint, Style, save_beat_checkpoint
from model.beats.dataset import encode_pieces
from model.beats.measure import measure_style
from model.beats.piece import Piece
from model.config import FrameModelConfig, TrainingConfig
from model.corpus.split import Splits
from model.errors import CorpusError
from model.network.frame_model import FrameModel
from model.training.progress import RunState
from model.training.run_folder import begin_run, check_settings, has_run, keeping_best, train_in
from model.training.trainer import TrainingHooks, stream_of

MAX_READINGS = 8
"""How often a piece is read in an epoch where its style has few."""


def pretrain_beats(
    splits: Splits[Piece],
    folder: Path,
    network: FrameModelConfig,
    training: TrainingConfig,
    *,
    version: str = "pretrained",
    device: str | torch.device = "cpu",
    hooks: TrainingHooks | None = None,
) -> RunState:
    """Train on the training split, or go on with the run in `folder`; returns its end.

    A style with little music is read more often than others. `network` needs the right
    `num_artists`, one for each style. Before any time is spent, raises CorpusError and
    TrainingError as `pretrain` does.
    """
    hooks = hooks or TrainingHooks()
    styles = _styles(splits.require("piece"), network)
    settings = {
        "network": asdict(network),
        "training": asdict(training),
        "pieces": _digest(splits),
    }
    if has_run(folder):
        check_settings(folder, settings)
    else:
        begin_run(folder, settings)
    names = [style.name for style in styles]
    train, validation = (
        encode_pieces(pieces, names, network.grid_steps)
        for pieces in (_evened(splits.train), splits.validation)
    )
    torch.manual_seed(training.seed)
    model = FrameModel(network)
    model.begin_with_shares(piece.tokens for piece in train)
    model.to(device)
    stream = stream_of(train, network, training)
    save = _saving(version, styles, splits.train[0].roll.steps_per_beat)
    kept = keeping_best(folder, hooks, training.keep_checkpoints, save)
    return train_in(folder, model, stream, validation, training, kept)


def _saving(
    version: str, styles: tuple[Style, ...], steps_per_beat: int
) -> Callable[[FrameModel, RunState, Path], None]:
    """How the best model becomes a checkpoint."""

    def save_best(model: FrameModel, state: RunState, place: Path) -> None:
        figures = {"validation_bits_per_frame": state.best_bits_per_character}
        best = BeatCheckpoint(version, model, styles, steps_per_beat, figures=figures)
        save_beat_checkpoint(best, place)

    return save_best


def network_for(network: FrameModelConfig, splits: Splits[Piece]) -> FrameModelConfig:
    """`network` with a row for each style, told its place in the longest of their bars."""
    pieces = [piece for split in splits for piece in split]
    longest = max(piece.roll.steps_per_bar for piece in pieces)
    num_styles = len({piece.style for piece in pieces})
    return replace(network, num_artists=num_styles, grid_steps=longest)


def _styles(splits: Splits[Piece], network: FrameModelConfig) -> tuple[Style, ...]:
    """What is usual in each, in alphabetical order; of what is held out nothing is measured."""
    taught = _by_style(splits.train)
    every = sorted({piece.style for split in splits for piece in split})
    if untaught := [name for name in every if name not in taught]:
        raise CorpusError(
            f"There is no piece to learn {', '.join(untaught[:5])} from: all of theirs are held "
            "out, as one piece in ten is by its name. Add pieces, or leave them out."
        )
    if network.num_artists != len(every):
        raise CorpusError(f"The network is for {network.num_artists} styles, not {len(every)}.")
    return tuple(measure_style(name, [each.roll for each in taught[name]]) for name in every)


def _by_style(pieces: Sequence[Piece]) -> Mapping[str, list[Piece]]:
    styles: dict[str, list[Piece]] = {}
    for piece in pieces:
        styles.setdefault(piece.style, []).append(piece)
    return styles


def _evened(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces, those of styles with little music more than once."""
    styles = _by_style(pieces)
    lengths = {name: sum(len(each.roll) for each in own) for name, own in styles.items()}
    most = max(lengths.values())
    times = {name: min(MAX_READINGS, most // length) for name, length in lengths.items()}
    return [piece for piece in pieces for _ in range(times[piece.style])]


def _digest(splits: Splits[Piece]) -> str:
    """Of every piece in its split, so that a run never goes on with another corpus."""
    digest = hashlib.sha256()
    for number, pieces in enumerate(splits):
        for piece in pieces:
            digest.update(f"{number}\n{piece.style}\n{piece.name}\n{piece.roll.tempo}".encode())
            digest.update(piece.roll.frames.tobytes())
    return digest.hexdigest()
