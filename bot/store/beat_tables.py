"""The tables of beats, typed."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.tables import MAX_MIDI_BYTES, Base
from bot.store.work_columns import VoteColumns, WorkColumns


class BeatRow(WorkColumns, Base):
    """A beat, with every parameter that makes it again under the same checkpoint."""

    __tablename__ = "beats"

    style: Mapped[str] = mapped_column(Text)
    bars: Mapped[int]
    tempo: Mapped[float]
    steps_per_beat: Mapped[int]
    num_prime_steps: Mapped[int]
    prime: Mapped[bytes | None] = mapped_column(LargeBinary)  # MIDI, what it went on from
    result: Mapped[bytes] = mapped_column(LargeBinary)  # MIDI; empty when deleted
    verse_id: Mapped[int | None] = mapped_column(ForeignKey("verses.id"))  # that it was made for

    __table_args__ = (
        CheckConstraint(
            f"length(result) <= {MAX_MIDI_BYTES}"
            f" AND coalesce(length(prime), 0) <= {MAX_MIDI_BYTES}",
            name="size",
        ),
        CheckConstraint("bars > 0 AND steps_per_beat > 0 AND num_prime_steps >= 0", name="length"),
        Index(None, "guild_id", "created_at"),
        Index(None, "created_at"),
        Index(None, "user_id"),
        Index(None, "verse_id"),
        {"sqlite_autoincrement": True},
    )


class BeatVoteRow(VoteColumns, Base):
    __tablename__ = "beat_votes"

    beat_id: Mapped[int] = mapped_column(
        ForeignKey("beats.id", ondelete="CASCADE"), primary_key=True
    )
