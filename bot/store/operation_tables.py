"""The tables that carry work over a crash: requests not answered yet, and who may do what alone."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from bot.store.tables import Base
from bot.store.types import RowId, Snowflake


class PendingRequestRow(Base):
    """A request that Discord was told of and that has no answer yet; gone with the answer.

    The token lets whoever has it answer in the bot's name until `expires_at`, and no longer. With a
    verse or a beat, that is the answer, and perhaps not shown yet.
    """

    __tablename__ = "pending_requests"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    interaction_id: Mapped[int] = mapped_column(Snowflake, unique=True)
    application_id: Mapped[int] = mapped_column(Snowflake)
    token: Mapped[str] = mapped_column(Text)
    guild_id: Mapped[int | None] = mapped_column(Snowflake)
    channel_id: Mapped[int | None] = mapped_column(Snowflake)
    user_id: Mapped[int] = mapped_column(Snowflake)
    locale: Mapped[str] = mapped_column(String(16))
    request: Mapped[dict[str, Any]] = mapped_column(JSON)  # what was asked for
    verse_id: Mapped[int | None] = mapped_column(ForeignKey("verses.id", ondelete="CASCADE"))
    beat_id: Mapped[int | None] = mapped_column(ForeignKey("beats.id", ondelete="CASCADE"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]

    __table_args__ = (
        Index(None, "expires_at"),
        Index(None, "user_id"),
        {"sqlite_autoincrement": True},
    )


class LeaseRow(Base):
    """The right of one process to do something alone, until it lapses or is given back."""

    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(String(50), primary_key=True)
    owner: Mapped[str] = mapped_column(String(100))
    expires_at: Mapped[datetime]
