"""A fresh bot over the folder of a killed one: does it start, remember, rap and answer presses?"""

import random
import time
from dataclasses import dataclass
from typing import Any

from benchmarks.crash.cast import Cast
from benchmarks.crash.ledger import Ledger
from benchmarks.crash.losses import losses_in
from bot.app import App, build
from bot.config import Config
from bot.errors import OperatorError
from bot.local import World, simulated_discord

_NUM_OLD_VERSES = 3
_ALL = 1_000_000


@dataclass(frozen=True, slots=True)
class Findings:
    losses: list[str]
    restart_s: float  # from nothing to the first verse


async def audit(config: Config, ledger: Ledger) -> Findings:
    """What it does itself, a verse and some votes, goes into the ledger as well."""
    started = time.perf_counter()
    losses: list[str] = []
    restart_s = 0.0
    try:
        async with build(config, console_level="CRITICAL") as app, simulated_discord(app) as world:
            losses += await losses_in(app.services.store, ledger)
            losses += await _wrong_checkpoint(app)
            losses += _left_behind(config)
            cast = _cast(app, world, ledger)
            await cast.rap(app.services.generation.artists(None)[0])
            restart_s = time.perf_counter() - started
            losses += await _dead_buttons(app, cast, ledger)
    except (OperatorError, RuntimeError) as error:
        losses.append(f"the bot does not work after the restart: {error}")
    return Findings(losses, restart_s)


def _cast(app: App, world: World, ledger: Ledger) -> Cast:
    def say(event: str, **what: Any) -> None:
        ledger.note({"event": event, **what})

    return Cast(app, world, say, "after the restart", random.Random(0))


async def _wrong_checkpoint(app: App) -> list[str]:
    """The one that the last promotion made live; files, database and verdicts agree on that."""
    generation, store = app.services.generation, app.services.store
    losses = list(generation.warnings)  # a damaged one was passed over
    live = await store.checkpoints.live()
    if live is None or live.version != generation.live_version:
        losses.append(f"{generation.live_version} is live, but not in the database")
    runs = await store.training_runs.recent(_ALL)
    promoted = [run.candidate for run in runs if run.state == "promoted"]
    if promoted and promoted[0] != generation.live_version:
        losses.append(f"{promoted[0]} was promoted last, but {generation.live_version} is live")
    if not promoted and live is not None and live.parent is not None:
        losses.append(f"{live.version} is live, but no run was promoted")
    return losses


def _left_behind(config: Config) -> list[str]:
    """Halves of checkpoints, and lyrics outside of the database, where they cannot be withdrawn."""
    halves = config.checkpoints_dir.glob(".*-*/")
    lyrics = (config.data_dir / "training").glob("*/*.jsonl")
    return [f"{path.relative_to(config.data_dir)} was left" for path in (*halves, *lyrics)]


async def _dead_buttons(app: App, cast: Cast, ledger: Ledger) -> list[str]:
    """Presses a button each of the first verse and of some later ones, as Discord kept them."""
    verses = sorted(ledger.buttons)
    chosen = {verses[0], *cast.rng.sample(verses, min(_NUM_OLD_VERSES, len(verses)))}
    losses = []
    for verse in chosen:
        member = cast.rng.choice(cast.voters)
        own = ledger.votes.get((verse, member.id), 0)
        await cast.press_old(verse, ledger.buttons[verse], member, -1 if own == 1 else 1)
        count = await app.services.store.votes.count(verse, member.id)
        if count.own != ledger.votes[verse, member.id]:
            losses.append(f"a press on the old buttons of verse {verse} did not count")
    return losses
