"""`python -m model beats train`: a checkpoint of beats from nothing, with a log and a curve."""

import argparse
from dataclasses import fields
from pathlib import Path

import torch
from rich.console import Console

from model.beats.piece import split_pieces
from model.cli.progress import show_training
from model.cli.settings import add_setting
from model.cli.shared import choose_device, read_music
from model.config import FrameModelConfig, TrainingConfig
from model.evaluation.curve import NATS_PER_FRAME
from model.training.pretrain_beats import network_for, pretrain_beats
from model.training.progress import RunState
from model.training.trainer import TrainingHooks

_FROM_THE_CORPUS = ("num_artists", "num_keys", "grid_steps")
_NETWORK_OPTIONS = [f for f in fields(FrameModelConfig) if f.name not in _FROM_THE_CORPUS]

# What served beats best, where it is not what served lyrics.
_NETWORK = {
    "embedding_size": 96,
    "artist_size": 16,
    "hidden_size": 256,
    "num_layers": 1,
    "nade_size": 96,
    "input_dropout": 0.05,
    "hidden_dropout": 0.0,
    "output_dropout": 0.1,
    "weight_dropout": 0.0,
}
_TRAINING = {
    "window": 65,  # pieces of 4, 8, 16 … bars fill their windows with little left over
    "learning_rate": 5e-3,
    "final_learning_rate": 3e-5,
    "average_decay": 0.99,
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Every setting of the network and of training is an option."""
    parser.add_argument("corpus", type=Path, help="a folder with a folder of MIDI files a style")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    parser.add_argument("--version", default="pretrained", help="name of the checkpoint")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    parser.add_argument("--threads", type=int, default=0, help="CPU threads; 0 lets torch choose")
    for field in _NETWORK_OPTIONS:
        add_setting(parser, field, _NETWORK.get(field.name))
    for field in fields(TrainingConfig):
        add_setting(parser, field, _TRAINING.get(field.name))


def run(args: argparse.Namespace, console: Console) -> int:
    """Train; an interruption with Ctrl-C keeps the run, and the same command goes on with it."""
    if args.threads:
        torch.set_num_threads(args.threads)
    splits = split_pieces(read_music(args.corpus, console)).require("piece")
    values = vars(args)
    given = {field.name: values[field.name] for field in _NETWORK_OPTIONS}
    network = network_for(FrameModelConfig(num_artists=1, **given), splits)
    training = TrainingConfig(**{f.name: values[f.name] for f in fields(TrainingConfig)})
    device = choose_device(args.device)

    def train(hooks: TrainingHooks) -> RunState:
        return pretrain_beats(
            splits, args.out, network, training, version=args.version, device=device, hooks=hooks
        )

    return show_training(console, args.out, train, NATS_PER_FRAME)
