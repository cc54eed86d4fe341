"""`python -m model sample`: verses on the terminal, without a bot."""

import argparse
import json
import secrets
from pathlib import Path

from rich.console import Console

from model.checkpoint import Checkpoint, load_checkpoint
from model.cli.shared import choose_device
from model.engine import GenerationRequest
from model.errors import ConfigError
from model.sampling import SamplingParameters
from model.verse import build_engine, build_request, read_verse

_DEFAULTS = SamplingParameters()


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to write, in whose voice, how freely."""
    parser.add_argument("--checkpoint", type=Path, default=Path("checkpoints/starter"))
    parser.add_argument("--artist", required=True)
    parser.add_argument("--seed", default="", help="words that open the first line")
    parser.add_argument("--lines", type=int, default=8)
    parser.add_argument("--verses", type=int, default=1, help="how many")
    parser.add_argument("--temperature", type=float, default=_DEFAULTS.temperature)
    parser.add_argument("--top-k", type=int, default=_DEFAULTS.top_k)
    parser.add_argument("--top-p", type=float, default=_DEFAULTS.top_p)
    parser.add_argument("--repetition-penalty", type=float, default=_DEFAULTS.repetition_penalty)
    parser.add_argument("--rng-seed", type=int, help="the same number gives the same verses")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    parser.add_argument("--json", action="store_true", help="print one JSON object a verse")


def run(args: argparse.Namespace, console: Console) -> int:
    """Write `--verses` verses in one batch."""
    del console
    checkpoint = load_checkpoint(args.checkpoint, choose_device(args.device))
    first_seed = secrets.randbits(62) if args.rng_seed is None else args.rng_seed
    rng_seeds = range(first_seed, first_seed + args.verses)
    requests = [_request(checkpoint, args, rng_seed) for rng_seed in rng_seeds]
    for rng_seed, verse in zip(rng_seeds, _write(checkpoint, args.seed, requests), strict=True):
        if args.json:
            line = {"artist": args.artist, "seed": args.seed, "rng_seed": rng_seed, "text": verse}
            print(json.dumps(line, ensure_ascii=False))
        else:
            print(f"{verse}\n")
    return 0


def _request(checkpoint: Checkpoint, args: argparse.Namespace, rng_seed: int) -> GenerationRequest:
    if args.artist not in checkpoint.artists:
        raise ConfigError(
            f"This checkpoint does not know {args.artist!r}; "
            f"it knows {', '.join(checkpoint.artists)}."
        )
    try:
        return build_request(
            checkpoint.tokenizer,
            seed=args.seed,
            artist=checkpoint.artists.index(args.artist),
            lines=args.lines,
            sampling=SamplingParameters(
                args.temperature, args.top_k, args.top_p, args.repetition_penalty
            ),
            rng_seed=rng_seed,
        )
    except ValueError as error:
        raise ConfigError(str(error)) from error


def _write(checkpoint: Checkpoint, seed: str, requests: list[GenerationRequest]) -> list[str]:
    tokenizer = checkpoint.tokenizer
    engine = build_engine(checkpoint)
    order = [engine.add(request) for request in requests]
    verses: dict[int, str] = {}
    while engine.has_work:
        for finished in engine.step():
            verses[finished.sequence_id] = read_verse(tokenizer, seed, finished.tokens)
    return [verses[sequence_id] for sequence_id in order]
