"""The crash drill notices what a bot has lost, and what it made up."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from benchmarks.crash.ledger import Ledger
from benchmarks.crash.losses import _runs, losses_in
from bot.store import Store, open_store
from tests.bot.store.examples import WORDS, database_url, new_lyrics, new_verse

Report = dict[str, Any]

UP: Report = {"event": "pressing", "verse": 1, "user": 7, "value": 1}
DOWN: Report = {**UP, "value": -1}
VOTED: Report = {"event": "vote", "verse": 1, "user": 7}
SUBMITTING: Report = {"event": "submitting", "title": "Noon Bus", "text": WORDS}
SUBMITTED: Report = {"event": "submission", "title": "Noon Bus"}
APPROVING: Report = {"event": "approving", "lyrics": 1}
APPROVED: Report = {"event": "approval", "lyrics": 1}
RUN: Report = {"event": "run", "run": 1}


@pytest.fixture
async def store(empty_database: Path, tmp_path: Path) -> AsyncIterator[Store]:
    """It holds a verse."""
    path = Path(shutil.copy(empty_database, tmp_path / "cypher.db"))
    async with open_store(database_url(path)) as opened:
        await opened.verses.add(new_verse())
        yield opened


def heard(*reports: Report) -> Ledger:
    ledger = Ledger()
    for report in reports:
        ledger.note(report)
    return ledger


async def losses(store: Store, *reports: Report) -> list[str]:
    return await losses_in(store, heard(*reports))


@pytest.mark.parametrize(
    ("reports", "is_well"),
    [
        ([UP, VOTED], True),
        ([UP], True),
        ([DOWN, VOTED, UP, VOTED], True),
        ([DOWN, VOTED, UP], True),
        ([], False),
        ([UP, VOTED, UP, VOTED], False),
        ([DOWN, VOTED], False),
        ([UP, VOTED, DOWN, VOTED, DOWN], False),
    ],
)
async def test_a_vote_for_a_verse_needs_presses_that_lead_to_it(
    store: Store, reports: list[Report], is_well: bool
) -> None:
    await store.votes.cast(1, 7, 1)
    assert (await losses(store, *reports) == []) == is_well


@pytest.mark.parametrize(
    ("reports", "is_well"),
    [([UP, VOTED], False), ([UP], True), ([UP, VOTED, UP, VOTED], True), ([UP, VOTED, UP], True)],
)
async def test_a_vote_may_be_missing_only_when_it_was_taken_back_or_never_answered(
    store: Store, reports: list[Report], is_well: bool
) -> None:
    assert (await losses(store, *reports) == []) == is_well


async def test_what_became_of_an_unanswered_press_is_held_to_from_then_on(store: Store) -> None:
    ledger = heard(UP)
    assert await losses_in(store, ledger) == []
    await store.votes.cast(1, 7, 1)
    (loss,) = await losses_in(store, ledger)
    assert "verse 1" in loss


async def test_a_verse_that_is_gone_is_a_loss(store: Store) -> None:
    shown = {"event": "verse", "verse": 2, "buttons": []}
    assert await losses(store, shown) == ["verse 2 is gone"]


@pytest.mark.parametrize("reports", [[], [SUBMITTING], [SUBMITTING, SUBMITTED]])
async def test_submissions_are_those_that_were_handed_in_and_all_that_were_answered(
    store: Store, reports: list[Report]
) -> None:
    assert (await losses(store, *reports) == []) == (SUBMITTED not in reports)
    await store.lyrics.submit(new_lyrics())
    assert (await losses(store, *reports) == []) == (SUBMITTING in reports)


async def test_a_submission_with_other_words_is_a_loss(store: Store) -> None:
    await store.lyrics.submit(new_lyrics(text=WORDS.replace("noon", "two")))
    assert len(await losses(store, SUBMITTING, SUBMITTED)) == 1


@pytest.mark.parametrize("reports", [[], [APPROVING], [APPROVING, APPROVED]])
async def test_approvals_are_those_that_were_given_and_all_that_were_answered(
    store: Store, reports: list[Report]
) -> None:
    await store.lyrics.submit(new_lyrics())
    submission = (SUBMITTING, SUBMITTED)
    assert (await losses(store, *submission, *reports) == []) == (APPROVED not in reports)
    await store.lyrics.review(1, True, 99)
    assert (await losses(store, *submission, *reports) == []) == (APPROVING in reports)


async def test_a_run_must_be_there_and_only_the_last_may_be_running(store: Store) -> None:
    assert await losses(store, RUN) == ["training run 1 is gone"]
    await store.training_runs.start(
        trigger="command", requested_by=1, parent_checkpoint="starter", lyrics_ids=[]
    )
    assert await losses(store, RUN) == []
    assert list(_runs({1: "running", 2: "promoted"}, Ledger())) == [
        "training run 1 is running, and so is a later one"
    ]


@pytest.mark.parametrize("verdict", ["promoted", "rejected"])
async def test_a_verdict_stands(store: Store, verdict: Any) -> None:
    await store.training_runs.start(
        trigger="command", requested_by=1, parent_checkpoint="starter", lyrics_ids=[]
    )
    await store.training_runs.finish(1, verdict)
    seen = {"event": "verdict", "run": 1, "is_promoted": verdict == "promoted"}
    assert await losses(store, RUN, seen) == []
    other = {**seen, "is_promoted": not seen["is_promoted"]}
    assert len(await losses(store, RUN, other)) == 1
