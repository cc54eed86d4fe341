"""The bot that is to be killed: `python -m benchmarks.crash.child DATA CHECKPOINT NAME`.

It reports each act on its standard output, one JSON object a line, and goes on until it is killed.
"""

import argparse
import asyncio
import json
import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.crash.cast import Cast, Say
from benchmarks.crash.pauses import PAUSES, pause_at
from benchmarks.crash.settings import drill_config, lenient_judge
from bot.app import build
from bot.local import simulated_discord

_NUM_VERSES = 4
_NUM_PRESSES = 8
_SECONDS_BETWEEN_TURNS = 0.05  # which leave the training process some time
_TURNS_BETWEEN_SONGS = 5
_TURNS_BETWEEN_BACKUPS = 8
_TURNS_BETWEEN_REVIEWS = 15


def say(event: str, **what: Any) -> None:
    # One write, so that a kill leaves a whole line or none.
    sys.stdout.write(json.dumps({"event": event, **what}) + "\n")
    sys.stdout.flush()


async def perform(arguments: argparse.Namespace) -> None:
    config = drill_config(arguments.data, arguments.checkpoint)
    say("starting")
    async with build(config, console_level="ERROR") as app, simulated_discord(app) as world:
        if arguments.pause:
            pause_at(arguments.pause, app, say)
        cast = Cast(app, world, say, arguments.name, random.Random(arguments.name))
        for artist in app.services.generation.artists(None)[:_NUM_VERSES]:
            await cast.rap(artist)
        say("ready")
        await _go_on(cast, say, is_learning=arguments.retrain, does_rap=arguments.rap)


async def _go_on(cast: Cast, say: Say, *, is_learning: bool, does_rap: bool) -> None:
    """Without an end: votes all the time, songs and reviews and training runs between them."""
    turn = 0
    artists = cast.app.services.generation.artists(None)
    backing_up: asyncio.Task[None] | None = None
    while True:
        turn += 1
        if turn % _TURNS_BETWEEN_BACKUPS == 1 and (backing_up is None or backing_up.done()):
            backing_up = asyncio.create_task(cast.back_up())
        await cast.vote(_NUM_PRESSES)
        if does_rap:  # which makes a training run wait
            await cast.rap(artists[turn % len(artists)])
        if turn % _TURNS_BETWEEN_SONGS == 1:
            await cast.submit()
        if turn % _TURNS_BETWEEN_REVIEWS == 2:
            await cast.approve()
            if is_learning and not cast.is_training:
                await cast.retrain()
        cast.look_at_run()
        await asyncio.sleep(_SECONDS_BETWEEN_TURNS)


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("checkpoint", type=Path)
    parser.add_argument("name")
    parser.add_argument("--retrain", action="store_true")
    parser.add_argument("--rap", action="store_true")
    parser.add_argument("--pause", choices=PAUSES)
    with lenient_judge():
        asyncio.run(perform(parser.parse_args(arguments)))


if __name__ == "__main__":
    main()
