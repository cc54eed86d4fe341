"""A member and a server may hand in so much, and are told when they may go on."""

from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
import time_machine

from bot.errors import (
    ReviewQueueFull,
    ServerQuotaReached,
    TooManyPending,
    TooManySubmissions,
    UserError,
)
from bot.store import Store, SubmissionQuotas
from tests.bot.store.examples import new_lyrics

START = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
_texts = count()


async def hand_in(
    store: Store, quotas: SubmissionQuotas, at: timedelta = timedelta(0), **changes: int
) -> int:
    with time_machine.travel(START + at, tick=False):
        lyrics = new_lyrics(text=f"words of number {next(_texts)}", **changes)
        return (await store.lyrics.submit(lyrics, quotas)).id


@pytest.mark.parametrize(
    ("quotas", "error"),
    [
        (SubmissionQuotas(pending_per_user=2), TooManyPending),
        (SubmissionQuotas(per_user_and_day=2), TooManySubmissions),
        (SubmissionQuotas(per_user_and_week=2), TooManySubmissions),
        (SubmissionQuotas(pending_per_server=2), ReviewQueueFull),
        (SubmissionQuotas(per_server_and_week=2), ServerQuotaReached),
    ],
)
async def test_the_last_one_that_fits_is_taken_and_no_more(
    store: Store, quotas: SubmissionQuotas, error: type[UserError]
) -> None:
    await hand_in(store, quotas)
    await hand_in(store, quotas)
    with pytest.raises(error):
        await hand_in(store, quotas)
    with time_machine.travel(START), pytest.raises(error):
        await store.review.check_quotas(quotas, submitter_id=11, guild_id=7)
    assert len(await store.lyrics.pending()) == 2


@pytest.mark.parametrize("quota", ["pending_per_user", "per_user_and_day", "per_user_and_week"])
async def test_one_members_quota_is_no_other_members(store: Store, quota: str) -> None:
    quotas = SubmissionQuotas(**{quota: 1})
    await hand_in(store, quotas, submitter_id=11)
    await hand_in(store, quotas, submitter_id=12)
    assert [each.submitter_id for each in await store.lyrics.pending()] == [11, 12]


@pytest.mark.parametrize("quota", ["pending_per_server", "per_server_and_week"])
async def test_one_servers_quota_is_no_other_servers(store: Store, quota: str) -> None:
    quotas = SubmissionQuotas(**{quota: 1})
    await hand_in(store, quotas, guild_id=7)
    await hand_in(store, quotas, guild_id=8)
    assert [each.guild_id for each in await store.lyrics.pending()] == [7, 8]


async def test_the_time_that_is_told_is_the_time_when_it_works(store: Store) -> None:
    quotas = SubmissionQuotas(per_user_and_day=2)
    await hand_in(store, quotas)
    await hand_in(store, quotas, timedelta(hours=5))
    with pytest.raises(TooManySubmissions, match="in about 19 h"):
        await hand_in(store, quotas, timedelta(hours=5, minutes=1))
    with pytest.raises(TooManySubmissions, match="in about 1 min"):
        await hand_in(store, quotas, timedelta(hours=23, minutes=59, seconds=30))
    await hand_in(store, quotas, timedelta(hours=24))
    with pytest.raises(TooManySubmissions, match="in about 5 h"):
        await hand_in(store, quotas, timedelta(hours=24))


async def test_what_was_refused_or_withdrawn_was_handed_in_all_the_same(store: Store) -> None:
    quotas = SubmissionQuotas(pending_per_user=1, per_user_and_week=2)
    refused = await hand_in(store, quotas)
    await store.lyrics.review(refused, False, reviewer_id=99)
    await store.lyrics.withdraw(await hand_in(store, quotas))
    with pytest.raises(TooManySubmissions):
        await hand_in(store, quotas)
    await hand_in(store, quotas, timedelta(days=7))
