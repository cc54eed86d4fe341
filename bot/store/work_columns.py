"""What the tables of works that members vote on have in common, and those of the votes on them."""

from datetime import datetime
from typing import Literal

from sqlalchemy import BigInteger, CheckConstraint, Constraint, Index, SmallInteger, String
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from bot.store.types import RowId, Snowflake


class WorkColumns:
    """A verse or a beat: by which checkpoint and which dice it was made, where, and for whom."""

    id: Mapped[int] = mapped_column(RowId, primary_key=True, sort_order=-1)
    temperature: Mapped[float]
    rng_seed: Mapped[int] = mapped_column(BigInteger)
    # No foreign key: a work remembers its checkpoint longer than the disk does.
    checkpoint: Mapped[str] = mapped_column(String(100))
    guild_id: Mapped[int | None] = mapped_column(Snowflake)
    channel_id: Mapped[int | None] = mapped_column(Snowflake)
    message_id: Mapped[int | None] = mapped_column(Snowflake)
    user_id: Mapped[int | None] = mapped_column(Snowflake)  # None: forgotten
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]  # its words or notes are gone
    hidden_at: Mapped[datetime | None]  # by a moderator; what it says is kept for the others
    hidden_by: Mapped[int | None] = mapped_column(Snowflake)


class VoteColumns:
    """The vote of one member; the first column of the key, which is the work's, comes before."""

    user_id: Mapped[int] = mapped_column(Snowflake, primary_key=True, sort_order=1)
    value: Mapped[Literal[1, -1]] = mapped_column(SmallInteger, sort_order=2)
    created_at: Mapped[datetime] = mapped_column(sort_order=3)
    updated_at: Mapped[datetime] = mapped_column(sort_order=4)

    @declared_attr.directive
    def __table_args__(cls) -> tuple[Constraint | Index, ...]:  # noqa: N805 - of the class
        return (CheckConstraint("value IN (-1, 1)", name="value"), Index(None, "user_id"))
