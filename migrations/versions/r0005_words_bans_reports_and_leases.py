"""Words, bans and removals of a server; reports; requests that outlive a crash; leases."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_guild_tables()
    create_reports()
    create_operation_tables()


def downgrade() -> None:
    for table in (
        "leases",
        "pending_requests",
        "reports",
        "artist_removals",
        "bans",
        "blocked_words",
    ):
        op.drop_table(table)


def create_guild_tables() -> None:
    op.create_table(
        "blocked_words",
        sa.Column("id", row_id(), nullable=False),
        snowflake("guild_id", nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        snowflake("created_by"),
        moment("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_blocked_words"),
    )
    op.create_index(
        "uq_blocked_words_guild_id_key", "blocked_words", ["guild_id", "key"], unique=True
    )
    op.create_table(
        "bans",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.BigInteger(), autoincrement=False, nullable=False),
        snowflake("banned_by"),
        sa.Column("reason", sa.Text(), nullable=True),
        moment("created_at"),
        sa.PrimaryKeyConstraint("guild_id", "user_id", name="pk_bans"),
    )
    op.create_table(
        "artist_removals",
        sa.Column("id", row_id(), nullable=False),
        sa.Column("artist_id", row_id(), nullable=False),
        snowflake("guild_id"),
        snowflake("removed_by"),
        sa.Column("reason", sa.Text(), nullable=True),
        moment("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_artist_removals"),
        belongs_to("artist_removals", "artist_id", "artists"),
    )
    op.create_index(
        "ix_artist_removals_artist_id_guild_id", "artist_removals", ["artist_id", "guild_id"]
    )


def create_reports() -> None:
    op.create_table(
        "reports",
        sa.Column("id", row_id(), nullable=False),
        sa.Column("verse_id", row_id(), nullable=True),
        sa.Column("battle_id", row_id(), nullable=True),
        snowflake("guild_id", nullable=False),
        snowflake("reporter_id"),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("state", sa.String(16), nullable=False),
        snowflake("notice_message_id"),
        snowflake("resolver_id"),
        moment("resolved_at", nullable=True),
        moment("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_reports"),
        belongs_to("reports", "verse_id", "verses", ondelete="CASCADE"),
        belongs_to("reports", "battle_id", "battles", ondelete="CASCADE"),
        sa.CheckConstraint(
            "state IN ('open', 'dismissed', 'upheld')", name=op.f("ck_reports_state")
        ),
        sa.CheckConstraint(
            "(verse_id IS NULL) <> (battle_id IS NULL)", name=op.f("ck_reports_subject")
        ),
        sqlite_autoincrement=True,
    )
    for subject in ("verse_id", "battle_id"):
        columns = [subject, "reporter_id"]
        op.create_index(f"uq_reports_{subject}_reporter_id", "reports", columns, unique=True)
    op.create_index("ix_reports_guild_id_state", "reports", ["guild_id", "state"])
    op.create_index("ix_reports_reporter_id", "reports", ["reporter_id"])


def create_operation_tables() -> None:
    op.create_table(
        "pending_requests",
        sa.Column("id", row_id(), nullable=False),
        snowflake("interaction_id", nullable=False),
        snowflake("application_id", nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        snowflake("guild_id"),
        snowflake("channel_id"),
        snowflake("user_id", nullable=False),
        sa.Column("locale", sa.String(16), nullable=False),
        sa.Column("request", sa.JSON(), nullable=False),
        sa.Column("verse_id", row_id()),
        moment("created_at"),
        moment("expires_at"),
        belongs_to("pending_requests", "verse_id", "verses", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_pending_requests"),
        sa.UniqueConstraint("interaction_id", name="uq_pending_requests_interaction_id"),
        sqlite_autoincrement=True,
    )
    for column in ("expires_at", "user_id"):
        op.create_index(f"ix_pending_requests_{column}", "pending_requests", [column])
    op.create_table(
        "leases",
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column("owner", sa.String(100), nullable=False),
        moment("expires_at"),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )


def row_id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def snowflake(name: str, *, nullable: bool = True) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def moment(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def belongs_to(
    table: str, column: str, parent: str, *, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{parent}"
    return sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=name, ondelete=ondelete)
