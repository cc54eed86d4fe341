"""Lyrics come in with consent, are decided on once, and leave when withdrawn."""

import asyncio

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from bot.errors import AlreadyReviewed, DuplicateLyrics, NoSuchLyrics, TooManyPending
from bot.store import Lyrics, Store, SubmissionQuotas, Verdict
from bot.store.tables import LyricsRow
from tests.bot.store.examples import new_lyrics, song

ONE_PENDING = SubmissionQuotas(pending_per_user=1)


async def submit(store: Store, text: str, approve: bool | None = None, **changes: int) -> Lyrics:
    lyrics = await store.lyrics.submit(new_lyrics(text=text, **changes))
    if approve is None:
        return lyrics
    return await store.lyrics.review(lyrics.id, approve, reviewer_id=99)


async def test_a_submission_waits_with_its_consent_and_its_origin(store: Store) -> None:
    given = new_lyrics()
    lyrics = await store.lyrics.submit(given)
    assert (lyrics.state, lyrics.origin) == ("pending", "submission")
    assert (lyrics.consent_at, lyrics.submitter_id) == (given.consent_at, given.submitter_id)
    assert await store.lyrics.get(lyrics.id) == lyrics


async def test_the_table_itself_refuses_a_submission_without_consent(store: Store) -> None:
    lyrics = await submit(store, "one")
    with pytest.raises(IntegrityError, match="ck_lyrics_consent"):
        async with store.database.writer() as session:
            await session.execute(
                update(LyricsRow).where(LyricsRow.id == lyrics.id).values(consent_at=None)
            )


@pytest.mark.parametrize(("approve", "state"), [(None, "pending"), (True, "approved")])
async def test_the_same_words_by_the_same_artist_are_a_duplicate(
    store: Store, approve: bool | None, state: str
) -> None:
    await submit(store, "one", approve)
    with pytest.raises(DuplicateLyrics) as refused:
        await store.lyrics.submit(new_lyrics(text="one", title="Other", artist="KETTLE JONES"))
    assert (refused.value.title, refused.value.state) == ("Noon Bus", state)


async def test_the_same_words_by_another_artist_are_no_duplicate(store: Store) -> None:
    await submit(store, "one")
    other = await store.lyrics.submit(new_lyrics(text="one", artist="Somebody Else"))
    assert other.state == "pending"


async def test_the_same_words_submitted_at_once_are_taken_once(store: Store) -> None:
    results = await asyncio.gather(
        *(store.lyrics.submit(new_lyrics(submitter_id=user)) for user in range(5)),
        return_exceptions=True,
    )
    assert sum(isinstance(each, Lyrics) for each in results) == 1
    assert sum(isinstance(each, DuplicateLyrics) for each in results) == 4


async def test_a_refused_duplicate_leaves_no_new_artist_behind(store: Store) -> None:
    await submit(store, "one", submitter_id=1)
    with pytest.raises(TooManyPending):
        await store.lyrics.submit(new_lyrics(artist="New", submitter_id=1), quotas=ONE_PENDING)
    assert await store.artists.find("New") is None


async def test_a_member_over_the_limit_waits_for_a_decision(store: Store) -> None:
    first = await submit(store, "one")
    await submit(store, "two", submitter_id=12)
    with pytest.raises(TooManyPending) as refused:
        await store.lyrics.submit(new_lyrics(text="three"), quotas=ONE_PENDING)
    assert refused.value.limit == 1
    await store.lyrics.review(first.id, False, reviewer_id=99)
    assert (
        await store.lyrics.submit(new_lyrics(text="three"), quotas=ONE_PENDING)
    ).state == "pending"


async def test_the_queue_is_oldest_first_and_turns_pages(store: Store) -> None:
    for text in ("one", "two", "three"):
        await submit(store, text)
    page = await store.lyrics.pending(limit=2)
    assert [each.text for each in page] == ["one", "two"]
    assert [each.text for each in await store.lyrics.pending(after_id=page[-1].id)] == ["three"]


async def test_the_queue_of_one_server_shows_nothing_of_another(store: Store) -> None:
    here = await submit(store, "here", guild_id=1)
    await submit(store, "there", guild_id=2)
    assert await store.lyrics.pending(guild_id=1) == [here]
    assert await store.lyrics.num_pending(guild_id=1) == 1
    assert await store.lyrics.num_pending() == 2
    assert await store.lyrics.num_pending(submitter_id=11) == 2
    assert await store.lyrics.num_pending(submitter_id=12) == 0
    with pytest.raises(NoSuchLyrics):
        await store.lyrics.review(here.id, True, reviewer_id=99, guild_id=2)


@pytest.mark.parametrize(("approve", "state"), [(True, "approved"), (False, "refused")])
async def test_a_decision_is_recorded_with_who_and_why(
    store: Store, approve: bool, state: str
) -> None:
    lyrics = await submit(store, "one")
    decided = await store.lyrics.review(lyrics.id, approve, reviewer_id=99, reason="because")
    assert (decided.state, decided.reviewer_id, decided.reason) == (state, 99, "because")
    assert decided.reviewed_at is not None
    assert await store.lyrics.get(lyrics.id) == decided
    assert await store.lyrics.pending() == []


async def test_of_two_reviewers_at_once_only_one_decides(store: Store) -> None:
    lyrics = await submit(store, "one")
    results = await asyncio.gather(
        store.lyrics.review(lyrics.id, True, reviewer_id=1),
        store.lyrics.review(lyrics.id, False, reviewer_id=2),
        return_exceptions=True,
    )
    assert sorted(type(each).__name__ for each in results) == ["AlreadyReviewed", "Lyrics"]
    with pytest.raises(AlreadyReviewed):
        await store.lyrics.review(lyrics.id, True, reviewer_id=3)


async def test_unknown_lyrics_cannot_be_decided_on(store: Store) -> None:
    assert await store.lyrics.get(404) is None
    with pytest.raises(NoSuchLyrics):
        await store.lyrics.review(404, True, reviewer_id=99)


async def test_withdrawn_lyrics_leave_the_training_set_with_their_words(store: Store) -> None:
    lyrics = await submit(store, "one", approve=True)
    withdrawn = await store.lyrics.withdraw(lyrics.id, submitter_id=11)
    assert (withdrawn.state, withdrawn.text) == ("withdrawn", "")
    assert await store.lyrics.approved() == []
    assert await store.lyrics.approved_since_last_run() == []
    assert await store.lyrics.of_member(11) == [withdrawn]
    with pytest.raises(NoSuchLyrics):
        await store.lyrics.withdraw(lyrics.id, submitter_id=11)


async def test_nobody_withdraws_what_somebody_else_submitted(store: Store) -> None:
    lyrics = await submit(store, "one")
    with pytest.raises(NoSuchLyrics):
        await store.lyrics.withdraw(lyrics.id, submitter_id=12)
    assert (await store.lyrics.withdraw(lyrics.id)).state == "withdrawn"


async def test_withdrawn_words_may_be_submitted_again(store: Store) -> None:
    lyrics = await submit(store, "one")
    await store.lyrics.withdraw(lyrics.id)
    assert (await submit(store, "one")).state == "pending"


@pytest.mark.parametrize(
    ("verdict", "num_new"),
    [("promoted", 1), ("rejected", 1), ("failed", 2), ("cancelled", 2), ("interrupted", 2)],
)
async def test_only_a_run_with_a_verdict_uses_its_lyrics_up(
    store: Store, verdict: Verdict, num_new: int
) -> None:
    learned = await submit(store, "one", approve=True)
    await submit(store, "pending")
    await submit(store, "refused", approve=False)
    run = await store.training_runs.start(
        trigger="command", requested_by=1, parent_checkpoint="starter", lyrics_ids=[learned.id]
    )
    await store.training_runs.finish(run.id, verdict)
    await store.lyrics.import_songs([song("Later", "later words")])
    assert len(await store.lyrics.approved_since_last_run()) == num_new
    assert await store.lyrics.num_approved_since_last_run() == num_new
    assert len(await store.lyrics.approved()) == 2


async def test_all_words_that_were_handed_in_are_told_but_for_the_withdrawn(store: Store) -> None:
    await submit(store, "pending")
    await submit(store, "approved", approve=True)
    await submit(store, "refused", approve=False)
    gone = await submit(store, "withdrawn")
    await store.lyrics.withdraw(gone.id)
    await store.lyrics.import_songs([song(text="imported", title="Late Bus")])
    pages = [page async for page in store.lyrics.all_texts(page=2)]
    assert pages == [["pending", "approved"], ["refused", "imported"]]
