"""The right to train: one process at a time, on all machines that share the database."""

import asyncio
import contextlib
import logging
import os
import secrets
import socket
import time
from collections.abc import AsyncIterator, Callable

from bot.errors import OperatorError, TrainingElsewhere
from bot.retraining.lock import FolderLock
from bot.store.leases import LeaseStore

logger = logging.getLogger(__name__)

LEASE_S = 30.0
_NAME = "training"
_NUM_RENEWALS = 3  # within the time that it lasts
_SAFE_SHARE = 0.8  # of that time; by then a holder that could not renew has stopped
_LONGEST_HOST = 60


def now() -> float:
    """Seconds on a clock that the machine's other processes share, and that sleep does not stop."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class TrainingLease:
    """A row in the database that lapses unless it is renewed, so that no crash blocks training.

    Only the database's clock says when; the holder measures how long it may still rely on it, and
    stops before the others may begin. A lock on the data folder goes with it: who has the lock
    knows that the process which had it before is dead, and takes its lease over at once.
    """

    def __init__(self, leases: LeaseStore, lock: FolderLock, *, seconds: float = LEASE_S) -> None:
        self._leases = leases
        self._lock = lock
        self.seconds = seconds
        self._owner = _name_of_this_process()
        self.valid_until = now()  # as `now` tells it

    async def acquire(self) -> None:
        """Raises TrainingElsewhere, which says who has it."""
        if not await asyncio.to_thread(self._lock.acquire, self._owner):
            if (lease := await self._leases.holder(_NAME)) is not None:
                raise TrainingElsewhere(lease.owner, lease.expires_at)
            raise TrainingElsewhere(await asyncio.to_thread(self._lock.read_holder), None)
        asked_at = now()
        lease = await self._leases.acquire(
            _NAME, self._owner, seconds=self.seconds, heir_of=self._lock.previous_owner
        )
        if lease.owner != self._owner:
            raise TrainingElsewhere(lease.owner, lease.expires_at)
        self.valid_until = asked_at + _SAFE_SHARE * self.seconds

    async def is_held(self) -> bool:
        """Renews it; False when it is lost, or when the database cannot say in time."""
        asked_at = now()
        try:
            async with asyncio.timeout(max(0.0, self.valid_until - asked_at)):
                is_ours = await self._leases.renew(_NAME, self._owner, seconds=self.seconds)
        except (OperatorError, TimeoutError) as error:
            logger.warning("the right to train could not be renewed: %s", error)
            return now() < self.valid_until
        if is_ours:
            self.valid_until = asked_at + _SAFE_SHARE * self.seconds
        return is_ours

    async def keep(self, on_renewed: Callable[[float], object]) -> None:
        """Renews it for as long as it can be renewed. `on_renewed` hears until when it is ours."""
        while await self.is_held():
            on_renewed(self.valid_until)
            await asyncio.sleep(self.seconds * _SAFE_SHARE / _NUM_RENEWALS)

    @contextlib.asynccontextmanager
    async def kept_on_success(self) -> AsyncIterator[None]:
        """Gives it back when the block raises."""
        try:
            yield
        except BaseException:
            await self.release()
            raise

    async def release(self) -> None:
        """Others may train at once. The folder stays ours until `close`."""
        try:
            await self._leases.release(_NAME, self._owner)
        except OperatorError as error:
            logger.warning("the right to train lapses by itself: %s", error)

    async def close(self) -> None:
        await self.release()
        self._lock.release()


def _name_of_this_process() -> str:
    """For people, and unlike that of any other process."""
    host = socket.gethostname()[:_LONGEST_HOST]
    return f"process {os.getpid()} on {host} ({secrets.token_hex(3)})"
