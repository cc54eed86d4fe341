"""The store: every aggregate over one database."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self

from bot.store.artists import ArtistStore
from bot.store.bans import BanStore
from bot.store.battles import BattleStore
from bot.store.beats import BeatStore
from bot.store.checkpoints import CheckpointStore
from bot.store.database import Database, open_database
from bot.store.engine import BUSY_TIMEOUT_S
from bot.store.guilds import GuildStore
from bot.store.leases import LeaseStore
from bot.store.lyrics import LyricsStore
from bot.store.members import MemberStore
from bot.store.pending import PendingStore
from bot.store.removals import RemovalStore
from bot.store.reports import ReportStore
from bot.store.retention import RetentionStore
from bot.store.review import ReviewStore
from bot.store.training_runs import TrainingRunStore
from bot.store.verse_votes import VerseVoteStore
from bot.store.verses import VerseStore
from bot.store.versions import VersionStore
from bot.store.votes import VoteStore
from bot.store.words import WordStore
from bot.store.works import BEATS, VotedKind, WorkKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    database: Database
    pending: PendingStore
    artists: ArtistStore
    lyrics: LyricsStore
    review: ReviewStore
    verses: VerseStore
    votes: VerseVoteStore
    battles: BattleStore
    beats: BeatStore
    beat_votes: VoteStore
    checkpoints: CheckpointStore
    versions: VersionStore
    training_runs: TrainingRunStore
    guilds: GuildStore
    leases: LeaseStore
    words: WordStore
    members: MemberStore
    retention: RetentionStore
    bans: BanStore
    reports: ReportStore
    removals: RemovalStore

    @classmethod
    def over(cls, database: Database) -> Self:
        guilds = GuildStore(database)
        pending = PendingStore(database)
        return cls(
            database=database,
            pending=pending,
            artists=ArtistStore(database),
            lyrics=LyricsStore(database),
            review=ReviewStore(database),
            verses=VerseStore(database, pending),
            votes=VerseVoteStore(database),
            battles=BattleStore(database, pending),
            beats=BeatStore(database, pending),
            beat_votes=VoteStore(database, BEATS),
            checkpoints=CheckpointStore(database),
            versions=VersionStore(database),
            training_runs=TrainingRunStore(database),
            leases=LeaseStore(database),
            guilds=guilds,
            words=WordStore(database, guilds.forget),
            members=MemberStore(database),
            retention=RetentionStore(database),
            bans=BanStore(database),
            reports=ReportStore(database),
            removals=RemovalStore(database),
        )

    def works(self, kind: WorkKind) -> VerseStore | BattleStore | BeatStore:
        """Where works of this kind are kept."""
        if kind == "verse":
            return self.verses
        return self.battles if kind == "battle" else self.beats

    def votes_on(self, kind: VotedKind) -> VoteStore:
        return self.votes if kind == "verse" else self.beat_votes

    async def ping(self) -> float:
        """Seconds that the database took to answer; raises DatabaseError."""
        return await self.database.ping()


@asynccontextmanager
async def open_store(url: str, *, busy_timeout_s: float = BUSY_TIMEOUT_S) -> AsyncIterator[Store]:
    """Opens a database at the newest revision (`migrate.upgrade` brings it there), and closes it.

    Raises DatabaseError when it is missing, locked, read-only, no database of Cypher's, or of
    another revision.
    """
    async with open_database(url, busy_timeout_s=busy_timeout_s) as database:
        yield Store.over(database)
