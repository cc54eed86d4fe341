"""A version on trial: it writes a share of the verses until votes, or the time, decide on it."""

import asyncio
import logging
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

from bot.config import Config
from bot.errors import CypherError, NoSuchCheckpoint
from bot.generation import GenerationService
from bot.retraining.lines import Line
from bot.retraining.opinion import chance_of_worse
from bot.retraining.promotion import follow
from bot.retraining.versions import folder_of, remove_candidate
from bot.store import CheckpointRecord, NewCheckpoint, Store, VoteCount
from bot.store.types import utc_now

logger = logging.getLogger(__name__)

_SECONDS_BETWEEN_LOOKS = 60.0
# With enough votes a version goes live when it is as likely better as worse, and is dropped when it
# is nearly surely worse. In between more votes are waited for; when the time is up it goes live
# unless it is more likely worse than not: the gate has let it pass already.
_AS_GOOD, _SURELY_WORSE, _LIKELY_WORSE = 0.5, 0.95, 0.7
_NO_VOTES = VoteCount(up=0, down=0)

Outcome = Literal["taken", "dropped"]


def decide(
    candidate: VoteCount, live: VoteCount, min_votes: int, *, is_time_up: bool
) -> Outcome | None:
    """None while more votes are waited for."""
    worse = chance_of_worse((candidate.up, candidate.down), (live.up, live.down))
    if is_time_up:
        return "dropped" if worse > _LIKELY_WORSE else "taken"
    if min(candidate.up + candidate.down, live.up + live.down) < min_votes:
        return None
    if worse <= _AS_GOOD:
        return "taken"
    return "dropped" if worse >= _SURELY_WORSE else None


class Trial:
    """At most one version at a time. An async context manager, to be entered after generation.

    What is on trial stands in the database, so that a restart goes on with it.
    """

    def __init__(self, config: Config, store: Store, generation: GenerationService) -> None:
        self._config = config
        self._store = store
        self._generation = generation
        self._changing = asyncio.Lock()
        self._watch: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        shadow = await self._store.checkpoints.shadow()
        if shadow is not None:
            try:
                await self._open(shadow.version)
            except CypherError as error:
                logger.warning("%s is not tried out any more: %s", shadow.version, error)
                await self._store.checkpoints.reject(shadow.version)
        self._watch = asyncio.create_task(self._look_again_and_again(), name="trial")
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)

    @property
    def is_wanted(self) -> bool:
        """Whether a new version is tried out before it goes live."""
        return self._config.retraining.shadow_share > 0

    async def begin(self, candidate: NewCheckpoint) -> None:
        """Let a candidate write its share from now on. Raises CheckpointError or EngineStopped."""
        async with self._changing:
            await self._store.checkpoints.record(candidate)
            await self._store.checkpoints.try_out(candidate.version)
            try:
                await self._open(candidate.version)
            except Exception:
                await self._store.checkpoints.reject(candidate.version)
                raise

    async def look(self) -> Outcome | None:
        """Decide, if there is enough to decide by."""
        async with self._changing:
            shadow = await self._store.checkpoints.shadow()
            if shadow is None or shadow.shadow_since is None:
                return None
            retraining, live = self._config.retraining, self._generation.live_version
            votes = await self._store.versions.votes(
                (shadow.version, live), since=shadow.shadow_since
            )
            limit = timedelta(hours=retraining.shadow_max_hours)
            outcome = decide(
                votes.get(shadow.version, _NO_VOTES),
                votes.get(live, _NO_VOTES),
                retraining.shadow_min_votes,
                is_time_up=utc_now() - shadow.shadow_since >= limit,
            )
            if outcome is not None:
                logger.info("%s is %s: %s against %s", shadow.version, outcome, votes, live)
                await self._end(shadow, outcome)
            return outcome

    async def end(self, outcome: Outcome) -> None:
        """By somebody's word, before the votes decide; nothing happens without a trial."""
        async with self._changing:
            shadow = await self._store.checkpoints.shadow()
            if shadow is not None:
                await self._end(shadow, outcome)

    async def _end(self, shadow: CheckpointRecord, outcome: Outcome) -> None:
        folder = await self._folder(shadow)
        if outcome == "taken":
            # The live one cannot have changed: whatever changes it ends the trial first.
            await self._generation.swap(folder, version=shadow.version)
            self._generation.end_trial()
            await follow(self._store, Line("lyrics", self._config, self._generation))
            return
        self._generation.end_trial()
        await self._store.checkpoints.reject(shadow.version)
        await asyncio.to_thread(remove_candidate, self._config.checkpoints_dir, shadow.version)

    async def _open(self, version: str) -> None:
        record = await self._store.checkpoints.get(version)
        if record is None:
            raise NoSuchCheckpoint(version)
        share = self._config.retraining.shadow_share
        await self._generation.try_out(await self._folder(record), version, share)

    async def _folder(self, record: CheckpointRecord) -> Path:
        folder = await asyncio.to_thread(folder_of, self._config, record)
        if folder is None:
            raise NoSuchCheckpoint(record.version)
        return folder

    async def _look_again_and_again(self) -> None:
        while True:
            await asyncio.sleep(_SECONDS_BETWEEN_LOOKS)
            try:
                await self.look()
            except CypherError:
                logger.exception("the trial of a version could not be decided")
