"""`python -m model beats sample`: beats as MIDI files, without a bot."""

import argparse
import secrets
from pathlib import Path

from rich.console import Console

from model.beats.checkpoint import BeatCheckpoint, load_beat_checkpoint
from model.beats.plan import BeatPlan, plan_beat
from model.beats.writer import write_beats
from model.cli.shared import choose_device, chosen_styles
from model.errors import ConfigError
from model.midi import MAX_BYTES, PianoRoll, read_midi, write_midi
from model.midi.picture import draw_roll

STARTER = Path("checkpoints/beats")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to write, in which style, how freely, and where to."""
    parser.add_argument("--checkpoint", type=Path, default=STARTER)
    parser.add_argument("--style", action="append", help="may be given again (default: all)")
    parser.add_argument("--beats", type=int, default=1, help="how many of each style")
    parser.add_argument("--bars", type=int, default=8)
    parser.add_argument("--tempo", type=float, help="beats per minute (default: the style's)")
    parser.add_argument("--temperature", type=float, help="the higher, the bolder")
    parser.add_argument("--prime", type=Path, metavar="MIDI", help="a file to go on from")
    parser.add_argument("--rng-seed", type=int, help="the same number gives the same beats")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    parser.add_argument("--out", type=Path, required=True, help="folder for the files")
    parser.add_argument("--pictures", action="store_true", help="also draw each as a PNG")


def run(args: argparse.Namespace, console: Console) -> int:
    """Write all beats in one batch."""
    checkpoint = load_beat_checkpoint(args.checkpoint, choose_device(args.device))
    prime = None if args.prime is None else _read_prime(args.prime, checkpoint.steps_per_beat)
    styles = chosen_styles(args.style, checkpoint)
    first_seed = secrets.randbits(62) if args.rng_seed is None else args.rng_seed
    plans = {
        f"{style}-{rng_seed}": _plan(checkpoint, args, style, rng_seed, prime)
        for style in styles
        for rng_seed in range(first_seed, first_seed + args.beats)
    }
    args.out.mkdir(parents=True, exist_ok=True)
    written = write_beats(checkpoint, list(plans.values()))
    for name, beat in zip(plans, written, strict=True):
        if beat.roll is None:
            raise ConfigError(beat.error or f"{name} was not written: {beat.reason}.")
        (args.out / f"{name}.mid").write_bytes(write_midi(beat.roll, name=name))
        if args.pictures:
            picture = draw_roll(beat.roll, num_prime_steps=beat.num_prime_steps)
            (args.out / f"{name}.png").write_bytes(picture)
        console.print(f"{args.out / name}.mid", markup=False)
    return 0


def _read_prime(path: Path, steps_per_beat: int) -> PianoRoll:
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ConfigError(f"{path} cannot be read: {error.strerror}.") from error
    return read_midi(data, steps_per_beat=steps_per_beat)


def _plan(
    checkpoint: BeatCheckpoint,
    args: argparse.Namespace,
    style: str,
    rng_seed: int,
    prime: PianoRoll | None,
) -> BeatPlan:
    try:
        return plan_beat(
            checkpoint,
            style,
            args.bars,
            rng_seed,
            tempo=args.tempo,
            temperature=args.temperature,
            prime=prime,
        )
    except ValueError as error:
        raise ConfigError(str(error)) from error
