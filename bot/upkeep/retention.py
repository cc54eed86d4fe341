"""Lets go, every day, of what was kept long enough."""

import logging
from dataclasses import asdict
from datetime import timedelta
from types import TracebackType
from typing import Self

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.config import PrivacyConfig
from bot.errors import CypherError
from bot.store import KeepingTimes, Store

logger = logging.getLogger(__name__)

_INTERVAL = timedelta(hours=24)


class Retention:
    """An async context manager. Looks once when entered, and then every 24 hours."""

    def __init__(self, config: PrivacyConfig, store: Store) -> None:
        self._times = keeping_times(config)
        self._store = store
        self._scheduler = AsyncIOScheduler(timezone="UTC")
        self._scheduler.add_job(
            self.look,
            IntervalTrigger(seconds=int(_INTERVAL.total_seconds()), timezone="UTC"),
            id="retention",
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )

    async def __aenter__(self) -> Self:
        await self.look()
        self._scheduler.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._scheduler.shutdown(wait=False)

    async def look(self) -> None:
        try:
            expired = await self._store.retention.expire(self._times)
        except CypherError as error:
            logger.warning("what was kept long enough is still there: %s", error)
        else:
            if expired:
                logger.info("kept long enough, and gone: %s", asdict(expired))


def keeping_times(config: PrivacyConfig) -> KeepingTimes:
    return KeepingTimes(
        works=_days(config.keep_verses_days),
        requesters=_days(config.keep_requester_days),
        refused=_days(config.keep_refused_days),
        reports=_days(config.keep_reports_days),
    )


def _days(number: int) -> timedelta | None:
    return timedelta(days=number) if number else None
