"""The tables, typed. Migrations in `migrations/` bring a database to exactly this shape."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Double,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Text,
)
from sqlalchemy import (
    text as sql,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from bot.locale import Sentence
from bot.store.types import RowId, SentenceText, Snowflake, UtcDateTime
from bot.store.work_columns import VoteColumns, WorkColumns

LessonKind = Literal["lyrics", "beats"]  # what is handed in, learned, and written
LyricsOrigin = Literal["import", "submission"]
LyricsState = Literal["pending", "approved", "refused", "withdrawn"]
CheckpointState = Literal["candidate", "shadow", "live", "retired", "rejected"]
RunState = Literal["running", "promoted", "rejected", "failed", "cancelled", "interrupted"]
RunTrigger = Literal["schedule", "command"]


MAX_MIDI_BYTES = 256 * 1024  # a beat has some kB; 88 keys struck at every second step fill this


class Base(DeclarativeBase):
    # Named constraints are what lets a later migration alter them, on SQLite too.
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime, dict[str, Any]: JSON, float: Double}  # noqa: RUF012


class ArtistRow(Base):
    """An artist of one server, or, without a server, one that all of them share. What an artist is
    to lyrics, a style is to beats.
    """

    __tablename__ = "artists"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text)  # types.fold_name(name)
    guild_id: Mapped[int | None] = mapped_column(Snowflake)
    kind: Mapped[LessonKind] = mapped_column(String(16), server_default=sql("'lyrics'"))
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("kind IN ('lyrics', 'beats')", name="kind"),
        Index(
            "uq_artists_key",
            "kind",
            "key",
            unique=True,
            sqlite_where=sql("guild_id IS NULL"),
            postgresql_where=sql("guild_id IS NULL"),
        ),
        Index(
            "uq_artists_guild_id_key",
            "guild_id",
            "kind",
            "key",
            unique=True,
            sqlite_where=sql("guild_id IS NOT NULL"),
            postgresql_where=sql("guild_id IS NOT NULL"),
        ),
    )


class LyricsRow(Base):
    """What was handed in or imported, of either kind: lyrics, or a beat, which has no words."""

    __tablename__ = "lyrics"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    kind: Mapped[LessonKind] = mapped_column(String(16), server_default=sql("'lyrics'"))
    artist_id: Mapped[int] = mapped_column(ForeignKey("artists.id"))  # of a beat, the style
    title: Mapped[str] = mapped_column(Text)
    text: Mapped[str] = mapped_column(Text)  # emptied when withdrawn
    midi: Mapped[bytes | None] = mapped_column(LargeBinary)  # of a beat; goes when withdrawn
    fingerprint: Mapped[str] = mapped_column(String(64))
    language: Mapped[str] = mapped_column(String(16))
    origin: Mapped[LyricsOrigin] = mapped_column(String(16))
    source: Mapped[str] = mapped_column(Text, default="")
    consent_at: Mapped[datetime | None]
    submitter_id: Mapped[int | None] = mapped_column(Snowflake)
    guild_id: Mapped[int | None] = mapped_column(Snowflake)
    state: Mapped[LyricsState] = mapped_column(String(16))
    reviewer_id: Mapped[int | None] = mapped_column(Snowflake)
    reviewed_at: Mapped[datetime | None]
    reason: Mapped[str | None] = mapped_column(Text)
    # What a reviewer should know, as found when the lyrics came in; of an import nothing.
    findings: Mapped[dict[str, Any]] = mapped_column(JSON, server_default=sql("'{}'"))
    created_at: Mapped[datetime]
    artist: Mapped[ArtistRow] = relationship(lazy="joined", innerjoin=True)

    __table_args__ = (
        CheckConstraint("kind IN ('lyrics', 'beats')", name="kind"),
        CheckConstraint("origin IN ('import', 'submission')", name="origin"),
        CheckConstraint("state IN ('pending', 'approved', 'refused', 'withdrawn')", name="state"),
        # What a member submits trains the model, so no submission exists without consent. Withdrawn
        # ones have no words any more, and may have forgotten whose they were.
        CheckConstraint(
            "origin = 'import' OR state = 'withdrawn'"
            " OR (consent_at IS NOT NULL AND submitter_id IS NOT NULL)",
            name="consent",
        ),
        CheckConstraint(
            "(kind = 'beats' AND state <> 'withdrawn') = (midi IS NOT NULL)"
            f" AND coalesce(length(midi), 0) <= {MAX_MIDI_BYTES}",
            name="midi",
        ),
        # Withdrawn words may come back, with a new consent.
        Index(
            "uq_lyrics_artist_id_fingerprint",
            "artist_id",
            "fingerprint",
            unique=True,
            sqlite_where=sql("state <> 'withdrawn'"),
            postgresql_where=sql("state <> 'withdrawn'"),
        ),
        Index(None, "state", "guild_id"),
        Index(None, "submitter_id", "state"),
        Index(None, "guild_id", "created_at"),
        # Row numbers live on in buttons, so they are never given out twice.
        {"sqlite_autoincrement": True},
    )


class VerseRow(WorkColumns, Base):
    """A verse, with every parameter that makes it again under the same checkpoint."""

    __tablename__ = "verses"

    artist_id: Mapped[int] = mapped_column(ForeignKey("artists.id"))
    seed: Mapped[str] = mapped_column(Text)
    context: Mapped[str] = mapped_column(Text)  # what stood before the seed, when continued
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("verses.id"))
    num_lines: Mapped[int]
    top_k: Mapped[int]
    top_p: Mapped[float]
    repetition_penalty: Mapped[float]
    # The letters of the lines that rhyme, or "free". None here and in num_candidates: the verse was
    # written token by token, before there was a search for rhymes.
    scheme: Mapped[str | None] = mapped_column(String(64))
    num_candidates: Mapped[int | None]  # tries at each line
    mix_artist_id: Mapped[int | None] = mapped_column(ForeignKey("artists.id"))
    mix_share: Mapped[int | None] = mapped_column(SmallInteger)  # per cent, of mix_artist
    text: Mapped[str] = mapped_column(Text)
    artist: Mapped[ArtistRow] = relationship(
        lazy="joined", innerjoin=True, foreign_keys=[artist_id]
    )
    mix: Mapped[ArtistRow | None] = relationship(lazy="joined", foreign_keys=[mix_artist_id])

    __table_args__ = (
        CheckConstraint(
            "(mix_artist_id IS NULL) = (mix_share IS NULL) AND mix_share BETWEEN 1 AND 99",
            name="mix",
        ),
        Index(None, "artist_id", "created_at"),
        Index(None, "guild_id", "created_at"),
        Index(None, "created_at"),
        Index(None, "user_id"),
        Index(None, "parent_id"),
        Index(None, "checkpoint"),
        {"sqlite_autoincrement": True},
    )


class VoteRow(VoteColumns, Base):
    __tablename__ = "votes"

    verse_id: Mapped[int] = mapped_column(
        ForeignKey("verses.id", ondelete="CASCADE"), primary_key=True
    )


class CheckpointRow(Base):
    __tablename__ = "checkpoints"

    version: Mapped[str] = mapped_column(String(100), primary_key=True)
    kind: Mapped[LessonKind] = mapped_column(String(16), server_default=sql("'lyrics'"))
    parent: Mapped[str | None] = mapped_column(String(100))
    state: Mapped[CheckpointState] = mapped_column(String(16))
    folder: Mapped[str] = mapped_column(String(255))  # a name, or a path below the data folder
    bits_per_character: Mapped[float | None]
    figures: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    promoted_at: Mapped[datetime | None]
    promoted_by: Mapped[int | None] = mapped_column(Snowflake)  # who rolled back to it; else None
    shadow_since: Mapped[datetime | None]  # from when on it has written a share of the verses
    pinned_at: Mapped[datetime | None]  # pruning leaves it alone
    pinned_by: Mapped[int | None] = mapped_column(Snowflake)
    pruned_at: Mapped[datetime | None]  # its folder is gone

    __table_args__ = (
        CheckConstraint(
            "state IN ('candidate', 'shadow', 'live', 'retired', 'rejected')", name="state"
        ),
        CheckConstraint("kind IN ('lyrics', 'beats')", name="kind"),
        Index(
            "uq_checkpoints_live",
            "kind",
            unique=True,
            sqlite_where=sql("state = 'live'"),
            postgresql_where=sql("state = 'live'"),
        ),
        Index(
            "uq_checkpoints_shadow",
            "state",
            unique=True,
            sqlite_where=sql("state = 'shadow'"),
            postgresql_where=sql("state = 'shadow'"),
        ),
    )


class TrainingRunRow(Base):
    __tablename__ = "training_runs"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    kind: Mapped[LessonKind] = mapped_column(String(16), server_default=sql("'lyrics'"))
    state: Mapped[RunState] = mapped_column(String(16))
    trigger: Mapped[RunTrigger] = mapped_column(String(16))
    requested_by: Mapped[int | None] = mapped_column(Snowflake)
    parent_checkpoint: Mapped[str] = mapped_column(String(100))
    candidate: Mapped[str | None] = mapped_column(String(100))
    # Where it was asked for, and where it is told how it goes.
    guild_id: Mapped[int | None] = mapped_column(Snowflake)
    channel_id: Mapped[int | None] = mapped_column(Snowflake)
    message_id: Mapped[int | None] = mapped_column(Snowflake)
    locale: Mapped[str | None] = mapped_column(String(16))
    num_lyrics: Mapped[int]
    num_resumed: Mapped[int] = mapped_column(server_default=sql("0"))  # how often, after a crash
    votes_until: Mapped[datetime | None]  # when the last of the votes it learns from was cast
    stage: Mapped[str] = mapped_column(String(50))
    fraction: Mapped[float]
    figures: Mapped[dict[str, Any]]
    reason: Mapped[Sentence | None] = mapped_column(SentenceText)
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint(
            "state IN ('running', 'promoted', 'rejected', 'failed', 'cancelled', 'interrupted')",
            name="state",
        ),
        CheckConstraint("trigger IN ('schedule', 'command')", name="trigger"),
        CheckConstraint("kind IN ('lyrics', 'beats')", name="kind"),
        Index(
            "uq_training_runs_running",
            "state",
            unique=True,
            sqlite_where=sql("state = 'running'"),
            postgresql_where=sql("state = 'running'"),
        ),
        {"sqlite_autoincrement": True},
    )


class TrainingRunLyricsRow(Base):
    __tablename__ = "training_run_lyrics"

    run_id: Mapped[int] = mapped_column(
        ForeignKey("training_runs.id", ondelete="CASCADE"), primary_key=True
    )
    lyrics_id: Mapped[int] = mapped_column(
        ForeignKey("lyrics.id", ondelete="CASCADE"), primary_key=True
    )

    __table_args__ = (Index(None, "lyrics_id"),)
