"""Retraining by the clock: the cron of config.toml, when enough lyrics or votes are new."""

import logging
from collections.abc import Awaitable, Callable
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from bot.config import RetrainingConfig
from bot.errors import CypherError
from bot.store import Store

logger = logging.getLogger(__name__)


class Schedule:
    """Runs between `start` and `stop`, on the event loop; calls `begin_run` when one is due.

    Jobs live in memory: what was learned stands in the database, so nothing else needs keeping.
    """

    def __init__(
        self, config: RetrainingConfig, store: Store, begin_run: Callable[[], Awaitable[object]]
    ) -> None:
        self._config = config
        self._store = store
        self._begin_run = begin_run
        zone = ZoneInfo(config.timezone)
        self._scheduler = AsyncIOScheduler(timezone=zone)
        self._scheduler.add_job(
            self.tick,
            CronTrigger.from_crontab(config.cron, timezone=zone),
            id="retraining",
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )

    def start(self) -> None:
        self._scheduler.start()

    def stop(self) -> None:
        self._scheduler.shutdown(wait=False)

    async def _must_replace(self) -> bool:
        """Whether the live version learned lyrics that were withdrawn since."""
        live = await self._store.checkpoints.live()
        return live is not None and live.version in await self._store.versions.with_withdrawn()

    async def tick(self) -> None:
        """One look: a run, or a line in the log that says why none."""
        try:
            num_new = await self._store.lyrics.num_approved_since_last_run()
            num_votes = await self._store.votes.num_since_last_run()
            teaches = self._config.votes_share > 0 and num_votes >= self._config.min_votes
            is_due = num_new >= self._config.min_new_lyrics or teaches
            if not is_due and not await self._must_replace():
                logger.info(
                    "no scheduled training: %d lyrics are new, and a run needs %d; or %d votes,"
                    " and there are %d",
                    num_new,
                    self._config.min_new_lyrics,
                    self._config.min_votes,
                    num_votes,
                )
                return
            await self._begin_run()
        except CypherError as error:
            logger.warning("no scheduled training: %s", error)
