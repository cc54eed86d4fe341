"""`python -m model sample`: verses on the terminal, without a bot."""

import argparse
import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from rich.console import Console

from model.checkpoint import Checkpoint, load_checkpoint
from model.cli.shared import choose_device
from model.craft import BALLAD
from model.engine import GenerationRequest
from model.errors import ConfigError
from model.evaluation.scheme import FREE, SCHEMES
from model.sampling import STRATEGIES, SamplingParameters
from model.search import VersePlan, write_verses
from model.search.plan import DEFAULT_CANDIDATES
from model.verse import build_engine, build_request, default_sampling, read_verse
from model.verse_study.study import OWN

_MAX_SLOTS = 64


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to write, in whose voice, how freely."""
    parser.add_argument("--checkpoint", type=Path, default=Path("checkpoints/starter"))
    parser.add_argument(
        "--artist",
        action="append",
        metavar="NAME[=WEIGHT]",
        help="whose manner; give it several times for a blend (may be left out where there is one)",
    )
    parser.add_argument("--seed", default="", help="words that open the first line")
    parser.add_argument("--lines", type=int, default=8)
    parser.add_argument("--verses", type=int, default=1, help="how many")
    parser.add_argument(
        "--strategy", choices=STRATEGIES, help="a way to choose tokens; options below change it"
    )
    # No defaults here: what is not given is the strategy's.
    parser.add_argument("--temperature", type=float, help="0 always takes the best token")
    parser.add_argument("--top-k", type=int, help="draw from the k best only; 0 is off")
    parser.add_argument("--top-p", type=float, help="draw from the likeliest share; 1 is off")
    parser.add_argument("--typical-p", type=float, help="draw from the most typical; 1 is off")
    parser.add_argument("--repetition-penalty", type=float, help="1 is off")
    parser.add_argument(
        "--greedy-inside-lines",
        action=argparse.BooleanOptionalAction,
        help="draw only the first token of a line",
    )
    parser.add_argument(
        "--rhyme",
        choices=[OWN, FREE, *SCHEMES, BALLAD],
        help="search line by line for verses that rhyme so, as the bot does (own: as the artist "
        "does), and copy nothing; without it, tokens are drawn one after another",
    )
    parser.add_argument(
        "--candidates", type=int, default=DEFAULT_CANDIDATES, help="tries at each line, for --rhyme"
    )
    parser.add_argument("--rng-seed", type=int, help="the same number gives the same verses")
    parser.add_argument("--device", default="auto", help="auto, cpu or cuda")
    parser.add_argument("--json", action="store_true", help="print one JSON object a verse")


def run(args: argparse.Namespace, console: Console) -> int:
    """Write `--verses` verses in one batch."""
    del console
    checkpoint = load_checkpoint(args.checkpoint, choose_device(args.device))
    voice = read_voice(args.artist or (), checkpoint.artists)
    first_seed = secrets.randbits(62) if args.rng_seed is None else args.rng_seed
    rng_seeds = range(first_seed, first_seed + args.verses)
    requests = [_request(checkpoint, args, voice, rng_seed) for rng_seed in rng_seeds]
    if args.rhyme is None:
        verses = _write(checkpoint, args.seed, requests)
    else:
        verses = _search(checkpoint, args, voice, requests)
    for request, verse in zip(requests, verses, strict=True):
        if args.json:
            print(
                json.dumps(_facts(request, voice, args.seed) | {"text": verse}, ensure_ascii=False)
            )
        else:
            print(f"{verse}\n")
    return 0


def read_voice(options: Sequence[str], known: Sequence[str]) -> dict[str, float]:
    """The weight of each artist asked for as NAME or NAME=WEIGHT; raises ConfigError.

    A name that itself holds a "=" is taken whole where it is known. Without a weight it counts 1.
    """
    if not options and len(known) == 1:
        return {known[0]: 1.0}
    voice: dict[str, float] = {}
    for option in options:
        name, equals, weight = option.rpartition("=")
        if option in known or not equals:
            name, weight = option, "1"
        if name not in known:
            raise ConfigError(
                f"This checkpoint does not know {name!r}; it knows {', '.join(known)}."
            )
        if name in voice:
            raise ConfigError(f"{name} is named twice; give each artist once, with one weight.")
        voice[name] = _weight(option, weight)
    if not voice:
        raise ConfigError(f"Say whose manner with --artist; it knows {', '.join(known)}.")
    return voice


def _weight(option: str, text: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise ConfigError(
            f"{option!r} has no weight after its '='; write for example 'Edward Lear=0.7'."
        ) from None


def _sampling(args: argparse.Namespace, checkpoint: Checkpoint) -> SamplingParameters:
    """The strategy, or the default, with what else was given."""
    if args.strategy is None:
        base = default_sampling(checkpoint.tokenizer)
    else:
        base = STRATEGIES[args.strategy]
    names = [field.name for field in fields(SamplingParameters)]
    given = {name: getattr(args, name) for name in names if getattr(args, name) is not None}
    return replace(base, **given)


def _request(
    checkpoint: Checkpoint, args: argparse.Namespace, voice: dict[str, float], rng_seed: int
) -> GenerationRequest:
    try:
        return build_request(
            checkpoint.tokenizer,
            seed=args.seed,
            artist=tuple((checkpoint.artists.index(name), voice[name]) for name in voice),
            lines=args.lines,
            sampling=_sampling(args, checkpoint),
            rng_seed=rng_seed,
        )
    except ValueError as error:
        raise ConfigError(str(error)) from error


def _write(checkpoint: Checkpoint, seed: str, requests: list[GenerationRequest]) -> list[str]:
    tokenizer = checkpoint.tokenizer
    longest = max((len(each.prompt) + each.max_tokens for each in requests), default=1)
    num_slots = min(_MAX_SLOTS, len(requests))
    engine = build_engine(checkpoint, num_slots=num_slots, max_positions=longest)
    order = [engine.add(request) for request in requests]
    verses: dict[int, str] = {}
    while engine.has_work:
        for finished in engine.step():
            verses[finished.sequence_id] = read_verse(tokenizer, seed, finished.tokens)
    return [verses[sequence_id] for sequence_id in order]


def _search(
    checkpoint: Checkpoint,
    args: argparse.Namespace,
    voice: dict[str, float],
    requests: Sequence[GenerationRequest],
) -> list[str]:
    """The same verses by the search; habits are those of the artist with the most weight."""
    habits = checkpoint.craft.habits_of(max(voice, key=voice.__getitem__))
    try:
        plans = [
            VersePlan(
                artist=each.artist,
                habits=habits,
                seed=args.seed,
                lines=args.lines,
                sampling=each.sampling,
                rng_seed=each.rng_seed,
                scheme=habits.scheme if args.rhyme == OWN else args.rhyme,
                num_candidates=args.candidates,
            )
            for each in requests
        ]
    except ValueError as error:
        raise ConfigError(str(error)) from error
    return [verse.text for verse in write_verses(checkpoint, plans)]


def _facts(request: GenerationRequest, voice: dict[str, float], seed: str) -> dict[str, Any]:
    """How the verse came about: a single artist by name, a blend with its weights."""
    names = list(voice)
    return {
        "artist": names[0] if len(names) == 1 else voice,
        "seed": seed,
        "rng_seed": request.rng_seed,
        "sampling": asdict(request.sampling),
    }
