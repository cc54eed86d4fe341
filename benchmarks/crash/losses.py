"""Compares what members were told with what the database holds after a restart."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import text

from benchmarks.crash.ledger import Key, Ledger, Vote
from bot.store import Store

Rows = list[tuple[Any, ...]]


async def losses_in(store: Store, ledger: Ledger) -> list[str]:
    """A sentence for each promise that is broken; what was on its way is settled thereby."""
    votes: dict[Key, Vote] = {
        (verse, user): value
        for verse, user, value in await _rows(store, "SELECT verse_id, user_id, value FROM votes")
    }
    verses = await _rows(store, "SELECT id FROM verses WHERE deleted_at IS NULL")
    lyrics = await _rows(store, "SELECT id, title, text, state FROM lyrics")
    runs = await _rows(store, "SELECT id, state FROM training_runs")
    found = [
        *await _damage(store),
        *(f"verse {each} is gone" for each in ledger.buttons.keys() - {row[0] for row in verses}),
        *_votes(votes, ledger),
        *_lyrics(lyrics, ledger),
        *_runs(dict(runs), ledger),
    ]
    approved = {number for number, _, _, state in lyrics if state == "approved"}
    ledger.settle(votes, {title for _, title, _, _ in lyrics}, approved)
    return found


async def _rows(store: Store, query: str) -> Rows:
    async with store.database.reader() as session:
        return [tuple(row) for row in await session.execute(text(query))]


async def _damage(store: Store) -> list[str]:
    integrity = await _rows(store, "PRAGMA integrity_check")
    foreign_keys = await _rows(store, "PRAGMA foreign_key_check")
    damage = [str(row) for row in (*integrity, *foreign_keys) if row != ("ok",)]
    return [f"the database is damaged: {each}" for each in damage]


def _votes(stored: dict[Key, Vote], ledger: Ledger) -> Iterator[str]:
    for key in stored.keys() | ledger.votes.keys() | ledger.presses.keys():
        possible, found = ledger.possible_votes(key), stored.get(key, 0)
        if found not in possible:
            verse, user = key
            yield f"member {user}'s vote on verse {verse} is {found}, not one of {possible}"


def _lyrics(stored: Rows, ledger: Ledger) -> Iterator[str]:
    by_title = {title: (words, state) for _, title, words, state in stored}
    for title in ledger.submitted - by_title.keys():
        yield f"submission {title!r} is gone"
    for title, (words, _) in by_title.items():
        if ledger.begun.get(title) != words:
            yield f"submission {title!r} has words that nobody handed in"
    states = {number: state for number, _, _, state in stored}
    for number in ledger.approved:
        if states.get(number) != "approved":
            yield f"submission {number} was approved, and is {states.get(number)}"
    for number in states.keys() - ledger.approving:
        if states[number] != "pending":
            yield f"submission {number} is {states[number]}, and nobody decided on it"


def _runs(stored: dict[int, str], ledger: Ledger) -> Iterator[str]:
    for number, is_promoted in ledger.runs.items():
        state = stored.get(number)
        if state is None:
            yield f"training run {number} is gone"
        elif is_promoted is not None and is_promoted != (state == "promoted"):
            yield f"training run {number} had another verdict, and is {state}"
    for number, state in stored.items():
        if state == "running" and number != max(stored):
            yield f"training run {number} is running, and so is a later one"
