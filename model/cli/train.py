"""`python -m model train`: a checkpoint from nothing or from another, with a log and a curve."""

import argparse
from collections.abc import Mapping
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

import torch
from rich.console import Console

from model.checkpoint import Checkpoint, load_checkpoint
from model.cli.progress import show_training
from model.cli.settings import add_setting, default_of
from model.cli.shared import choose_device, read_splits
from model.config import DROPOUTS, ModelConfig, TrainingConfig
from model.corpus.song import Song
from model.corpus.split import Splits
from model.errors import ConfigError
from model.training.pretrain import artists_of, pretrain
from model.training.progress import RunState
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
    parser.add_argument(
        "--start-from",
        type=Path,
        metavar="CHECKPOINT",
        help="train this one on: its network, tokens and artists; only dropout may be another",
    )
    for field in _NETWORK_OPTIONS:
        add_setting(parser, field, is_told=False)
    for field in fields(TrainingConfig):
        add_setting(parser, field)


def run(args: argparse.Namespace, console: Console) -> int:
    """Train; an interruption with Ctrl-C keeps the run, and the same command goes on with it."""
    if args.threads:
        torch.set_num_threads(args.threads)
    splits = read_splits(args.corpus, args.artist, console)
    values = vars(args)
    given = {f.name: values[f.name] for f in _NETWORK_OPTIONS if f.name in values}
    if args.start_from:
        origin: ModelConfig | Checkpoint = _to_train_on(load_checkpoint(args.start_from), given)
    else:
        origin = _new_network(given, splits)
    training = TrainingConfig(**{f.name: values[f.name] for f in fields(TrainingConfig)})
    device = choose_device(args.device)

    def train(hooks: TrainingHooks) -> RunState:
        return pretrain(
            splits, args.out, origin, training, version=args.version, device=device, hooks=hooks
        )

    return show_training(console, args.out, train)


def _new_network(given: Mapping[str, Any], splits: Splits[Song]) -> ModelConfig:
    usual = {field.name: default_of(field) for field in _NETWORK_OPTIONS}
    num_artists = len(artists_of([song for split in splits for song in split]))
    return ModelConfig(**{**usual, **given, "num_artists": num_artists})


def _to_train_on(checkpoint: Checkpoint, given: Mapping[str, Any]) -> Checkpoint:
    """`checkpoint` with the rates of dropout that were given; ConfigError for another network."""
    config = asdict(checkpoint.model.config)
    rates = {name: value for name, value in given.items() if name in DROPOUTS}
    for name, value in given.items():
        if name not in rates and value != config[name]:
            raise ConfigError(
                f"The checkpoint to start from has {name} = {config[name]}, not {value}; leave "
                "that setting out, or train from nothing."
            )
    return replace(checkpoint, model=checkpoint.model.with_dropout(rates))
