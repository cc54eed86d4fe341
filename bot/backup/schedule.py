"""Backups by the clock: written to the data folder, of which the newest are kept."""

import asyncio
import logging
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger

from bot.backup.writing import FOLDER, PATTERN, default_target, write_backup
from bot.config import Config
from bot.errors import OperatorError

logger = logging.getLogger(__name__)


class BackupSchedule(AbstractAsyncContextManager["BackupSchedule"]):
    """Runs while entered, and does nothing without a cron. Leaving waits for one under way."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._writing = asyncio.Lock()
        zone = ZoneInfo(config.backup.timezone)
        self._scheduler: AsyncIOScheduler | None = None
        if config.backup.cron:
            self._scheduler = AsyncIOScheduler(timezone=zone)
            self._scheduler.add_job(
                self.tick,
                CronTrigger.from_crontab(config.backup.cron, timezone=zone),
                id="backup",
                coalesce=True,
                max_instances=1,
                misfire_grace_time=None,
            )

    async def __aenter__(self) -> Self:
        if self._scheduler is not None:
            self._scheduler.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._scheduler is not None:
            self._scheduler.shutdown(wait=False)
        async with self._writing:
            pass

    async def tick(self) -> None:
        """One backup, or a line in the log that says why none."""
        async with self._writing:
            try:
                backup = await asyncio.to_thread(
                    write_backup, self._config, default_target(self._config)
                )
                folder = self._config.data_dir / FOLDER
                await asyncio.to_thread(_keep_newest, folder, self._config.backup.keep)
            except (OperatorError, OSError) as error:
                logger.error("No backup was written: %s", error)  # noqa: TRY400 - it says it all
            else:
                logger.info("Backup %s was written, %d bytes", backup.path, backup.num_bytes)


def _keep_newest(folder: Path, num_kept: int) -> None:
    """By their names, which are times."""
    for path in sorted(folder.glob(PATTERN))[:-num_kept]:
        path.unlink()
