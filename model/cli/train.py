"""`python -m model train`: a checkpoint from nothing, with a progress bar, a log and a curve."""

import argparse
from dataclasses import fields
from pathlib import Path

import torch
from rich.console import Console

from model.cli.progress import progress_bar, watching
from model.cli.settings import add_setting
from model.cli.shared import choose_device, read_splits
from model.config import ModelConfig, TrainingConfig
from model.training.pretrain import artists_of, pretrain
from model.training.run_folder import has_run

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
    splits = read_splits(args.corpus, args.artist, console)
    values = vars(args)
    network = ModelConfig(
        num_artists=len(artists_of([song for split in splits for song in split])),
        **{f.name: values[f.name] for f in _NETWORK_OPTIONS},
    )
    training = TrainingConfig(**{f.name: values[f.name] for f in fields(TrainingConfig)})
    if has_run(args.out):
        console.print(f"Going on with the run in {args.out}.")
    with progress_bar(console) as bar:
        hooks = watching(bar, args.out)
        try:
            state = pretrain(
                splits,
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
