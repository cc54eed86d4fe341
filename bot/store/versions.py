"""What stands behind the versions of the model: the songs each learned, and the votes it got."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, func, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncSession

from bot.store.beat_tables import BeatRow, BeatVoteRow
from bot.store.database import Database
from bot.store.tables import (
    ArtistRow,
    CheckpointRow,
    LyricsRow,
    TrainingRunLyricsRow,
    TrainingRunRow,
    VerseRow,
    VoteRow,
)
from bot.store.votes import VoteCount, num_votes

# Never NULL where runs are asked for by their candidate.
_candidate = type_coerce(TrainingRunRow.candidate, String)


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnedSongs:
    """How many new songs of one artist a version learned; without `guild_id` all servers share
    the artist.
    """

    artist: str
    guild_id: int | None
    num_songs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """The run that a version came from, and what was new in it."""

    version: str
    run_id: int
    songs: tuple[LearnedSongs, ...]


class VersionStore:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def lessons(self, versions: Collection[str]) -> dict[str, Lesson]:
        """By version; one that no run made, such as the starter, has none."""
        learned = (
            select(
                _candidate,
                TrainingRunRow.id,
                ArtistRow.name,
                ArtistRow.guild_id,
                func.count(LyricsRow.id),
            )
            .outerjoin(TrainingRunLyricsRow, TrainingRunLyricsRow.run_id == TrainingRunRow.id)
            .outerjoin(LyricsRow, LyricsRow.id == TrainingRunLyricsRow.lyrics_id)
            .outerjoin(ArtistRow, ArtistRow.id == LyricsRow.artist_id)
            .where(TrainingRunRow.candidate.in_(versions))
            .group_by(TrainingRunRow.id, ArtistRow.id)
            .order_by(TrainingRunRow.id, func.count(LyricsRow.id).desc(), ArtistRow.name)
        )
        found: dict[str, Lesson] = {}
        async with self._database.reader() as session:
            for version, run_id, artist, guild_id, num_songs in await session.execute(learned):
                before = found[version].songs if version in found else ()
                songs = LearnedSongs(artist=artist, guild_id=guild_id, num_songs=num_songs)
                more = (songs,) if num_songs else ()
                found[version] = Lesson(version=version, run_id=run_id, songs=before + more)
        return found

    async def votes(
        self, versions: Collection[str], since: datetime | None = None
    ) -> dict[str, VoteCount]:
        """On the verses, or beats, that each version wrote, since then; none for one whose have no
        votes.
        """
        counts: dict[str, VoteCount] = {}
        async with self._database.reader() as session:
            for work, vote, subject in (
                (VerseRow, VoteRow, VoteRow.verse_id),
                (BeatRow, BeatVoteRow, BeatVoteRow.beat_id),
            ):
                counted = (
                    select(work.checkpoint, num_votes(vote, 1), num_votes(vote, -1))
                    .join(vote, subject == work.id)
                    .where(work.checkpoint.in_(versions))
                    .group_by(work.checkpoint)
                )
                if since is not None:
                    counted = counted.where(work.created_at >= since)
                for version, up, down in await session.execute(counted):
                    counts[version] = VoteCount(up=up, down=down)
        return counts

    async def with_withdrawn(self) -> dict[str, tuple[int, ...]]:
        """Versions that learned lyrics which were withdrawn since, themselves or by an ancestor.

        With the numbers of those lyrics, in order. Rejected and pruned versions are left out, since
        nothing is left of them.
        """
        gone = (
            select(_candidate, LyricsRow.id)
            .join(TrainingRunLyricsRow, TrainingRunLyricsRow.run_id == TrainingRunRow.id)
            .join(LyricsRow, LyricsRow.id == TrainingRunLyricsRow.lyrics_id)
            .where(TrainingRunRow.state == "promoted", LyricsRow.state == "withdrawn")
        )
        kept = select(CheckpointRow.version).where(
            CheckpointRow.state.in_(("shadow", "live", "retired")),
            CheckpointRow.pruned_at.is_(None),
        )
        async with self._database.reader() as session:
            own: dict[str, set[int]] = {}
            for version, lyrics_id in await session.execute(gone):
                own.setdefault(version, set()).add(lyrics_id)
            if not own:
                return {}
            parents = await _parents(session)
            versions = list(await session.scalars(kept.order_by(CheckpointRow.created_at)))
        learned = {
            version: set().union(*(own.get(each, set()) for each in lineage(version, parents)))
            for version in versions
        }
        return {version: tuple(sorted(ids)) for version, ids in learned.items() if ids}

    async def learned_by(self, versions: Collection[str]) -> list[int]:
        """The numbers of the lyrics that the runs of these versions learned as new, in order."""
        ids = (
            select(TrainingRunLyricsRow.lyrics_id)
            .join(TrainingRunRow, TrainingRunRow.id == TrainingRunLyricsRow.run_id)
            .where(_candidate.in_(versions), TrainingRunRow.state == "promoted")
            .order_by(TrainingRunLyricsRow.lyrics_id)
            .distinct()
        )
        async with self._database.reader() as session:
            return list(await session.scalars(ids))

    async def lineage(self, version: str) -> list[str]:
        """The version, its parent, and so on to the first."""
        async with self._database.reader() as session:
            return lineage(version, await _parents(session))


async def _parents(session: AsyncSession) -> dict[str, str | None]:
    links = select(CheckpointRow.version, CheckpointRow.parent)
    return {row.version: row.parent for row in await session.execute(links)}


def lineage(version: str, parents: Mapping[str, str | None]) -> list[str]:
    """By the parents of all versions; a circle, which no run makes, ends where it closes."""
    line = [version]
    while (parent := parents.get(line[-1])) is not None and parent not in line:
        line.append(parent)
    return line
