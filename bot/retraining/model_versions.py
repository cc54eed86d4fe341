"""The versions of the model: what is known of each, and going back to one of them."""

import asyncio
import hashlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.config import Config
from bot.errors import AlreadyLive, NoSuchCheckpoint, NothingBefore, OperatorError
from bot.generation import GenerationService
from bot.retraining.job import CURVE
from bot.retraining.lines import Line
from bot.retraining.promotion import follow
from bot.retraining.trial import Outcome, Trial
from bot.retraining.versions import folder_of
from bot.store import CheckpointRecord, Lesson, LessonKind, Store, VoteCount

logger = logging.getLogger(__name__)

_NO_VOTES = VoteCount(up=0, down=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """`lesson` is the run that made it; the starter has none. `folder` is None once it is gone."""

    record: CheckpointRecord
    lesson: Lesson | None
    votes: VoteCount
    folder: Path | None
    has_withdrawn: bool  # it learned lyrics that were withdrawn since

    @property
    def name(self) -> str:
        return self.record.version

    @property
    def key(self) -> str:
        """Its name in the custom_id of a button, where not every name would fit."""
        return hashlib.sha256(self.name.encode()).hexdigest()[:16]

    @property
    def is_live(self) -> bool:
        """Of its kind."""
        return self.record.state == "live"

    @property
    def kind(self) -> LessonKind:
        """Whether it writes lyrics or beats."""
        return self.record.kind

    @property
    def is_way_back(self) -> bool:
        """Whether one can roll back to it."""
        return self.record.state == "retired" and self.folder is not None


class ModelVersions:
    """Told of, pinned, and rolled back to. `end_run` ends the training run that is under way."""

    def __init__(
        self,
        config: Config,
        store: Store,
        generation: GenerationService,
        end_run: Callable[[], Awaitable[None]],
        trial: Trial,
    ) -> None:
        self._config = config
        self._store = store
        self._generation = generation
        self._end_run = end_run
        self._trial = trial
        self._rolling_back = asyncio.Lock()

    async def all(self) -> list[Version]:
        """Those of lyrics, then those of beats, the newest first; without candidates on which
        nobody has decided yet.
        """
        records = [each for each in await self._store.checkpoints.all() if each.state != _UNDECIDED]
        records.sort(key=lambda record: record.kind == "beats")
        names = [record.version for record in records]
        lessons = await self._store.versions.lessons(names)
        votes = await self._store.versions.votes(names)
        withdrawn = await self._store.versions.with_withdrawn()
        folders = await asyncio.to_thread(self._folders, records)
        return [
            Version(
                record=record,
                lesson=lessons.get(record.version),
                votes=votes.get(record.version, _NO_VOTES),
                folder=folder,
                has_withdrawn=record.version in withdrawn,
            )
            for record, folder in zip(records, folders, strict=True)
        ]

    async def find(self, name: str) -> Version:
        """By name, or by the key of a button. Raises NoSuchCheckpoint."""
        for version in await self.all():
            if name in (version.name, version.key):
                return version
        raise NoSuchCheckpoint(name)

    async def before_live(self) -> Version:
        """The nearest ancestor of the live version of lyrics that is still there. Raises
        NothingBefore.
        """
        versions = {version.name: version for version in await self.all()}
        for name in (await self._store.versions.lineage(self._generation.live_version))[1:]:
            if name in versions and versions[name].is_way_back:
                return versions[name]
        raise NothingBefore

    async def live(self, kind: LessonKind) -> Version:
        """Raises NoBeats where there are none."""
        return await self.find(Line(kind, self._config, self._generation).live_version)

    async def roll_back(self, name: str, changed_by: int | None) -> Version:
        """Make a version live that was live before; verses under way finish on the one that is.

        The training run under way ends, because it learns on top of what is undone, and so does a
        trial. Raises AlreadyLive or NoSuchCheckpoint, and CheckpointError when the version does not
        load; then nothing else is live than before. The pointer file is the truth: after a cut the
        next start brings the database in line with it.
        """
        async with self._rolling_back:
            version = await self.find(name)
            line = Line(version.kind, self._config, self._generation)
            if version.name == line.live_or_none:
                raise AlreadyLive(version.name)
            if not version.is_way_back or version.folder is None:
                raise NoSuchCheckpoint(version.name)
            await self._end_run()
            if version.kind == "lyrics":
                await self._trial.end("dropped")
            undone = line.live_or_none
            await line.swap(version.folder, version=version.name)
            logger.info("%s rolled back from %s to %s", changed_by, undone, version.name)
            try:
                await follow(self._store, line, changed_by)
            except OperatorError:
                logger.exception("the database learns of it at the next start")
            return await self.find(version.name)

    async def end_trial(self, name: str, outcome: Outcome) -> Version:
        """Decide on the version that is tried out. Raises NoSuchCheckpoint for any other."""
        version = await self.find(name)
        if version.record.state != "shadow":
            raise NoSuchCheckpoint(version.name)
        await self._trial.end(outcome)
        return await self.find(version.name)

    async def pin(self, name: str, pinned_by: int | None) -> Version:
        """Keep it on disk. Raises NoSuchCheckpoint."""
        version = await self.find(name)
        await self._store.checkpoints.pin(version.name, pinned_by)
        return await self.find(version.name)

    async def unpin(self, name: str) -> Version:
        """Raises NoSuchCheckpoint."""
        version = await self.find(name)
        await self._store.checkpoints.unpin(version.name)
        return await self.find(version.name)

    async def picture(self, version: Version) -> bytes | None:
        """The curve of its run as a PNG, where there is one."""
        return await asyncio.to_thread(self._picture, version)

    def _picture(self, version: Version) -> bytes | None:
        training = self._config.data_dir / "training"
        folders = [version.folder] if version.folder else []
        folders += [training / str(version.lesson.run_id)] if version.lesson else []
        for folder in folders:
            try:
                return (folder / CURVE).read_bytes()
            except OSError:
                continue
        return None

    def _folders(self, records: Sequence[CheckpointRecord]) -> list[Path | None]:
        return [folder_of(self._config, record) for record in records]


_UNDECIDED = "candidate"
