"""The table of reports: what somebody found to be wrong, and what became of that."""

from datetime import datetime
from typing import Literal

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.tables import Base
from bot.store.types import RowId, Snowflake

ReportState = Literal["open", "dismissed", "upheld"]


class ReportRow(Base):
    __tablename__ = "reports"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    # Of a verse, a battle or a beat.
    verse_id: Mapped[int | None] = mapped_column(ForeignKey("verses.id", ondelete="CASCADE"))
    battle_id: Mapped[int | None] = mapped_column(ForeignKey("battles.id", ondelete="CASCADE"))
    beat_id: Mapped[int | None] = mapped_column(ForeignKey("beats.id", ondelete="CASCADE"))
    guild_id: Mapped[int] = mapped_column(Snowflake)
    reporter_id: Mapped[int | None] = mapped_column(Snowflake)  # None: has left with all their data
    reason: Mapped[str | None] = mapped_column(Text)
    state: Mapped[ReportState] = mapped_column(String(16))
    notice_message_id: Mapped[int | None] = mapped_column(Snowflake)  # where moderators are told
    resolver_id: Mapped[int | None] = mapped_column(Snowflake)
    resolved_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("state IN ('open', 'dismissed', 'upheld')", name="state"),
        CheckConstraint(
            "CASE WHEN verse_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN battle_id IS NULL THEN 0 ELSE 1 END"
            " + CASE WHEN beat_id IS NULL THEN 0 ELSE 1 END = 1",
            name="subject",
        ),
        Index("uq_reports_verse_id_reporter_id", "verse_id", "reporter_id", unique=True),
        Index("uq_reports_battle_id_reporter_id", "battle_id", "reporter_id", unique=True),
        Index("uq_reports_beat_id_reporter_id", "beat_id", "reporter_id", unique=True),
        Index(None, "guild_id", "state"),
        Index(None, "reporter_id"),
        {"sqlite_autoincrement": True},
    )
