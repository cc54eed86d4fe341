"""What was acknowledged survives a killed process, and processes write side by side."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

from bot.store import Store, VoteCount, open_store
from tests.bot.store.examples import new_verse, query

ROOT = Path(__file__).resolve().parents[3]


async def start_voter(url: str, verse_id: int, first_user: int, num_votes: int) -> Process:
    arguments = (url, str(verse_id), str(first_user), str(num_votes))
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bot.store.voter", *arguments, cwd=ROOT, stdout=PIPE
    )


async def test_every_acknowledged_vote_survives_kill_9(url: str, path: Path) -> None:
    async with open_store(url) as store:
        verse = await store.verses.add(new_verse())
    voter = await start_voter(url, verse.id, 0, 1_000_000)
    assert voter.stdout is not None
    lines = [await voter.stdout.readline() for _ in range(40)]
    voter.kill()
    lines += (await voter.stdout.read()).splitlines(keepends=True)
    await voter.wait()
    acknowledged = {int(line) for line in lines if line.endswith(b"\n")}
    assert len(acknowledged) >= 40
    async with open_store(url) as store:
        stored = {user for (user,) in query(path, "SELECT user_id FROM votes")}
        assert acknowledged <= stored
        # The one vote that was on its way may have been kept without an answer.
        assert len(stored - acknowledged) <= 1
        assert (await store.votes.count(verse.id)).up == len(stored)
    assert query(path, "PRAGMA integrity_check") == [("ok",)]


async def test_processes_that_write_at_once_all_get_their_turn(store: Store) -> None:
    verse = await store.verses.add(new_verse())
    url = store.database.url.render_as_string()
    voters = await asyncio.gather(
        *(start_voter(url, verse.id, first, 25) for first in (1000, 2000))
    )
    for user in range(25):
        await store.votes.cast(verse.id, user, -1)
    outputs = await asyncio.gather(*(voter.communicate() for voter in voters))
    assert [voter.returncode for voter in voters] == [0, 0]
    assert [len(output.split()) for output, _ in outputs] == [25, 25]
    assert await store.votes.count(verse.id, 1) == VoteCount(up=50, down=25, own=-1)
