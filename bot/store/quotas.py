"""How many lyrics and beats a member and a server may hand in, counted where they are written."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import ReviewQueueFull, ServerQuotaReached, TooManyPending, TooManySubmissions
from bot.store.tables import LyricsRow


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionQuotas:
    """None: no limit. What was withdrawn or refused counts in the weeks and days as well."""

    pending_per_user: int | None = None
    per_user_and_day: int | None = None
    per_user_and_week: int | None = None
    pending_per_server: int | None = None
    per_server_and_week: int | None = None


NO_QUOTAS = SubmissionQuotas()


async def refuse_beyond(
    session: AsyncSession,
    quotas: SubmissionQuotas,
    *,
    submitter_id: int,
    guild_id: int | None,
    now: datetime,
) -> None:
    """Raises TooManyPending, TooManySubmissions, ReviewQueueFull or ServerQuotaReached."""
    theirs = LyricsRow.submitter_id == submitter_id
    if await _is_full(session, theirs, limit := quotas.pending_per_user):
        raise TooManyPending(limit or 0)
    for limit, days in ((quotas.per_user_and_day, 1), (quotas.per_user_and_week, 7)):
        if wait := await _wait_s(session, theirs, limit, days, now):
            raise TooManySubmissions(limit or 0, days, wait)
    if guild_id is None:
        return
    here = LyricsRow.guild_id == guild_id
    if await _is_full(session, here, limit := quotas.pending_per_server):
        raise ReviewQueueFull(limit or 0)
    if wait := await _wait_s(session, here, limit := quotas.per_server_and_week, 7, now):
        raise ServerQuotaReached(limit or 0, 7, wait)


async def _is_full(session: AsyncSession, whose: ColumnElement[bool], limit: int | None) -> bool:
    """Whether so many are in review."""
    if limit is None:
        return False
    pending = select(func.count()).select_from(LyricsRow).where(whose, LyricsRow.state == "pending")
    return (await session.scalar(pending) or 0) >= limit


async def _wait_s(
    session: AsyncSession, whose: ColumnElement[bool], limit: int | None, days: int, now: datetime
) -> float | None:
    """Seconds until less than `limit` are younger than `days`; None when it is so already."""
    if limit is None:
        return None
    window = timedelta(days=days)
    times = (
        select(LyricsRow.created_at)
        .where(whose, LyricsRow.origin == "submission", LyricsRow.created_at > now - window)
        .order_by(LyricsRow.created_at.desc())
        .offset(limit - 1)
        .limit(1)
    )
    last_to_go = await session.scalar(times)
    return None if last_to_go is None else (last_to_go + window - now).total_seconds()
