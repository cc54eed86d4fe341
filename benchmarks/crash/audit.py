"""A fresh bot over the folder of a killed one: does it start, remember, rap and answer presses?"""

import asyncio
import contextlib
import random
import re
import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.crash.cast import Cast
from benchmarks.crash.ledger import Ledger
from benchmarks.crash.losses import losses_in
from bot.app import App, build
from bot.backup.archive import read_archive
from bot.config import Config
from bot.errors import BackupError, OperatorError
from bot.local import World, simulated_discord

_NUM_OLD_VERSES = 3
_ALL = 1_000_000
_PATIENCE_S = 30.0
_SECONDS_BETWEEN_LOOKS = 0.02
_APOLOGIES = re.compile(r"(one|\d+) verses? that|(\d+) 段词没能写完")  # in both languages


@dataclass(frozen=True, slots=True)
class Findings:
    losses: list[str]
    restart_s: float  # from nothing to the first verse


async def audit(config: Config, ledger: Ledger) -> Findings:
    """What it does itself, a verse and some votes, goes into the ledger as well."""
    started = time.perf_counter()
    pending = num_pending(config)
    losses: list[str] = []
    restart_s = 0.0
    try:
        async with build(config, console_level="CRITICAL") as app, simulated_discord(app) as world:
            losses += await losses_in(app.services.store, ledger)
            losses += await _wrong_checkpoint(app)
            losses += await _left_behind(config, app)
            losses += await _unanswered(app, world, pending)
            losses += _damaged_backups(ledger)
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


async def _left_behind(config: Config, app: App) -> list[str]:
    """Halves of checkpoints, and lyrics outside of the database, where they cannot be withdrawn.

    A run that goes on after the restart has its own still.
    """
    latest = await app.services.store.training_runs.latest()
    if latest is not None and latest.state == "running":
        own = config.data_dir / "training" / str(latest.id)
        halves: list[Path] = []
    else:
        own, halves = None, [*config.checkpoints_dir.glob(".*-*/")]
    lyrics = [
        path for path in (config.data_dir / "training").glob("*/*.jsonl") if path.parent != own
    ]
    return [f"{path.relative_to(config.data_dir)} was left" for path in (*halves, *lyrics)]


def num_pending(config: Config) -> int:
    """Requests on the disk without an answer, as the killed bot has left them."""
    path = config.database_path
    if path is None or not path.exists():
        return 0
    with contextlib.closing(sqlite3.connect(path)) as connection:
        try:
            (number,) = connection.execute("SELECT count(*) FROM pending_requests").fetchone()
        except sqlite3.OperationalError:  # killed before it had made its tables
            return 0
    return int(number)


async def _unanswered(app: App, world: World, num_before: int) -> list[str]:
    """A simulated Discord forgets its members' requests, so each of them wants an apology."""
    num_told = 0
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_PATIENCE_S):
            while num_told < num_before:
                await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
                num_told = _num_apologies(world)
    if num_told < num_before:
        return [f"{num_before} requests had no answer, and {num_told} got an apology"]
    async with app.services.store.database.writer():
        pass  # what is being written is written
    await app.services.store.pending.flush()
    left = await app.services.store.pending.all()
    return [f"request {each.interaction_id} is still without an answer" for each in left]


def _num_apologies(world: World) -> int:
    bodies = [each.json for each in world.env.http_requests if each.path.endswith("/messages")]
    said = [str(each.get("content")) for each in bodies if isinstance(each, dict)]
    found = [match[1] or match[2] for each in said if (match := _APOLOGIES.search(each))]
    return sum(1 if each == "one" else int(each) for each in found)


def _damaged_backups(ledger: Ledger) -> list[str]:
    """The last one that was acknowledged can be put back."""
    try:
        for path in ledger.backups[-1:]:
            read_archive(Path(path))
    except BackupError as error:
        return [f"a backup is damaged: {error}"]
    return []


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
