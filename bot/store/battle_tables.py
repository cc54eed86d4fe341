"""The tables of battles, typed."""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.store.tables import ArtistRow, Base
from bot.store.types import RowId, Snowflake

BattleState = Literal["writing", "voting", "decided", "cancelled"]
Side = Literal["a", "b"]


class BattleRow(Base):
    """A battle, with every parameter that makes it again under the same checkpoints."""

    __tablename__ = "battles"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    state: Mapped[BattleState] = mapped_column(String(16))
    artist_a_id: Mapped[int] = mapped_column(ForeignKey("artists.id"))
    artist_b_id: Mapped[int] = mapped_column(ForeignKey("artists.id"))
    seed: Mapped[str] = mapped_column(Text)
    num_rounds: Mapped[int]
    # Of both by turns, as battles.BattlePart has them; empty until all are written.
    parts: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    temperature: Mapped[float]
    top_k: Mapped[int]
    top_p: Mapped[float]
    repetition_penalty: Mapped[float]
    locale: Mapped[str] = mapped_column(String(16))  # of whoever asked; the card speaks it
    user_id: Mapped[int | None] = mapped_column(Snowflake)  # None: forgotten
    # Whose message the card is: nobody else can edit it.
    application_id: Mapped[int] = mapped_column(Snowflake)
    guild_id: Mapped[int | None] = mapped_column(Snowflake)
    channel_id: Mapped[int] = mapped_column(Snowflake)
    message_id: Mapped[int] = mapped_column(Snowflake)
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]  # the vote; None while it has not begun
    settled_at: Mapped[datetime | None]  # when the card showed the end, or was found to be gone
    hidden_at: Mapped[datetime | None]  # by a moderator; its words are kept for the others
    hidden_by: Mapped[int | None] = mapped_column(Snowflake)
    artist_a: Mapped[ArtistRow] = relationship(
        lazy="joined", innerjoin=True, foreign_keys=[artist_a_id]
    )
    artist_b: Mapped[ArtistRow] = relationship(
        lazy="joined", innerjoin=True, foreign_keys=[artist_b_id]
    )

    __table_args__ = (
        CheckConstraint("state IN ('writing', 'voting', 'decided', 'cancelled')", name="state"),
        CheckConstraint(
            "state NOT IN ('voting', 'decided') OR ends_at IS NOT NULL", name="ends_at"
        ),
        Index(None, "settled_at"),
        Index(None, "user_id"),
        {"sqlite_autoincrement": True},
    )


class BattleVoteRow(Base):
    __tablename__ = "battle_votes"

    battle_id: Mapped[int] = mapped_column(
        ForeignKey("battles.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[int] = mapped_column(Snowflake, primary_key=True)
    side: Mapped[Side] = mapped_column(String(1))
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("side IN ('a', 'b')", name="side"),
        Index(None, "user_id"),
    )
