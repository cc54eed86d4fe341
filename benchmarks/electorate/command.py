"""Members who like rhyme, short lines or words of nature vote, a fine-tune learns, and verses are
written anew with the same seeds; beside them votes by chance, and a brigade of fifty accounts that
votes every verse of one artist down.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from rich.console import Console

from benchmarks.electorate.likes import LIKES
from benchmarks.electorate.picture import draw
from benchmarks.electorate.report import as_markdown
from benchmarks.electorate.trial import Election, judged_verses
from benchmarks.electorate.voters import Electorate, brigade, by_chance, likes_most, vote
from benchmarks.finetuning.settings import parse_change
from benchmarks.machine import machine_facts
from bot.store import CastVote
from model.checkpoint import Checkpoint, load_checkpoint
from model.cli.shared import read_songs
from model.config import FinetuneConfig
from model.corpus.dataset import EncodedSong, encode_songs
from model.corpus.split import split_of
from model.errors import ModelError

ENGLISH = (
    *("Rudyard Kipling", "Emily Dickinson", "Edward Lear"),
    *("Robert Burns", "A. E. Housman", "Christina Rossetti"),
)
CHANCE, BRIGADE = "chance", "a brigade"


def add_command(commands: Any) -> None:
    """Add `electorate` to the parser of `python -m benchmarks`."""
    parser = commands.add_parser("electorate", help="what votes teach", description=__doc__)
    add = parser.add_argument
    add("--corpus", nargs="+", type=Path, required=True, help="what the checkpoint was trained on")
    add("--checkpoint", type=Path, default=Path("checkpoints/starter"))
    add("--artists", nargs="+", default=ENGLISH, help="whose verses; the first has the brigade")
    add("--likes", nargs="+", choices=LIKES, default=list(LIKES))
    add("--verses", type=int, default=240, help="that are voted on; default: 240")
    add("--voters", type=int, default=40, help="default: 40")
    add("--votes", type=int, default=15, help="of each voter; default: 15")
    add("--plain", type=int, default=600, help="verses by sampling alone; default: 600")
    add("--searched", type=int, default=120, help="verses by the search; default: 120")
    add("--songs", type=int, default=150, help="held-out songs; default: 150")
    add("--set", dest="base", type=parse_change, action="append", default=[], metavar="NAME=VALUE")
    add("--threads", type=int, default=1, help="default: 1, as in the bot")
    add("--seed", type=int, default=0, help="of the verses, votes and fine-tune")
    add("--picture", help="draw the table to this PNG")
    add("--json", action="store_true")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    torch.set_num_threads(options.threads)
    torch.set_flush_denormal(True)  # as the training child of the bot
    facts = machine_facts()
    console = Console(stderr=True)
    trials = []
    try:
        election = _election(options, console)
        for name, votes in _ballots(options, election):
            trials.append(election.hold(name, votes))
            console.print(as_markdown(trials[-1:]), markup=False, soft_wrap=True)
    except (ModelError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    if options.picture:
        draw(trials, options.picture)
    if options.json:
        print(json.dumps({"machine": facts, "trials": [asdict(trial) for trial in trials]}))
    else:
        print(as_markdown(trials))
    return 0


def _election(options: argparse.Namespace, console: Console) -> Election:
    live = load_checkpoint(options.checkpoint)
    for artist in options.artists:
        if artist not in live.artists:
            raise ValueError(f"The checkpoint does not know {artist!r}.")
    return Election(
        live=live,
        verses=judged_verses(live, options.artists, options.verses, options.seed),
        artists=options.artists,
        target=options.artists[0],
        held_out=_held_out(options, live, console),
        num_plain=options.plain,
        num_searched=options.searched,
        config=_config(options),
    )


def _config(options: argparse.Namespace) -> FinetuneConfig:
    """Raises ConfigError for what cannot be."""
    changes = {name: values[-1] for name, values in options.base}
    return FinetuneConfig.from_dict({"seed": options.seed, **changes})


def _held_out(options: argparse.Namespace, live: Checkpoint, console: Console) -> list[EncodedSong]:
    """Test songs of the languages at hand, evenly spread, and all of the first artist's."""
    known = dict(zip(live.artists, live.languages, strict=True))
    languages = {known[artist] for artist in options.artists}
    songs = [
        song
        for song in read_songs(options.corpus, None, console)
        if split_of(song.artist, song.title) == "test" and known.get(song.artist) in languages
    ]
    target = options.artists[0]
    others = [song for song in songs if song.artist != target]
    spread = others[:: max(1, len(others) // options.songs)]
    own = [song for song in songs if song.artist == target]
    return encode_songs([*own, *spread], live.artists, live.tokenizer)


def _ballots(
    options: argparse.Namespace, election: Election
) -> Iterator[tuple[str, Sequence[CastVote]]]:
    electorate = Electorate(num_voters=options.voters, num_each=options.votes, seed=options.seed)
    verses = election.verses
    for name in options.likes:
        yield name, vote(verses, electorate, likes_most(verses, LIKES[name]))
    yield CHANCE, vote(verses, electorate, by_chance)
    first = options.likes[0]
    ordinary = vote(verses, electorate, likes_most(verses, LIKES[first]))
    yield f"{first}, and {BRIGADE}", [*ordinary, *brigade(verses, election.target)]
