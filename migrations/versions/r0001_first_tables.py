"""The first tables."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_artists()
    create_lyrics()
    create_verses()
    create_votes()
    create_checkpoints()
    create_training_runs()
    create_guild_settings()


def downgrade() -> None:
    for table in (
        "guild_settings",
        "training_run_lyrics",
        "training_runs",
        "checkpoints",
        "votes",
        "verses",
        "lyrics",
        "artists",
    ):
        op.drop_table(table)


def create_artists() -> None:
    op.create_table(
        "artists",
        sa.Column("id", row_id(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        moment("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_artists"),
        sa.UniqueConstraint("key", name="uq_artists_key"),
    )


def create_lyrics() -> None:
    op.create_table(
        "lyrics",
        sa.Column("id", row_id(), nullable=False),
        sa.Column("artist_id", row_id(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.String(64), nullable=False),
        sa.Column("language", sa.String(16), nullable=False),
        sa.Column("origin", sa.String(16), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        moment("consent_at", nullable=True),
        snowflake("submitter_id"),
        snowflake("guild_id"),
        sa.Column("state", sa.String(16), nullable=False),
        snowflake("reviewer_id"),
        moment("reviewed_at", nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        moment("created_at"),
        sa.PrimaryKeyConstraint("id", name="pk_lyrics"),
        belongs_to("lyrics", "artist_id", "artists"),
        one_of("lyrics", "origin", "import", "submission"),
        one_of("lyrics", "state", "pending", "approved", "refused", "withdrawn"),
        sa.CheckConstraint(
            "origin = 'import' OR (consent_at IS NOT NULL AND submitter_id IS NOT NULL)",
            name=op.f("ck_lyrics_consent"),
        ),
        sqlite_autoincrement=True,
    )
    unique_where(
        "uq_lyrics_artist_id_fingerprint",
        "lyrics",
        ["artist_id", "fingerprint"],
        "state <> 'withdrawn'",
    )
    index("lyrics", "state", "guild_id")
    index("lyrics", "submitter_id", "state")


def create_verses() -> None:
    op.create_table(
        "verses",
        sa.Column("id", row_id(), nullable=False),
        sa.Column("artist_id", row_id(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("context", sa.Text(), nullable=False),
        sa.Column("parent_id", row_id(), nullable=True),
        sa.Column("num_lines", sa.Integer(), nullable=False),
        sa.Column("temperature", sa.Double(), nullable=False),
        sa.Column("top_k", sa.Integer(), nullable=False),
        sa.Column("top_p", sa.Double(), nullable=False),
        sa.Column("repetition_penalty", sa.Double(), nullable=False),
        sa.Column("rng_seed", sa.BigInteger(), nullable=False),
        sa.Column("checkpoint", sa.String(100), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        snowflake("guild_id"),
        snowflake("channel_id"),
        snowflake("message_id"),
        snowflake("user_id", nullable=False),
        moment("created_at"),
        moment("deleted_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_verses"),
        belongs_to("verses", "artist_id", "artists"),
        belongs_to("verses", "parent_id", "verses"),
        sqlite_autoincrement=True,
    )
    index("verses", "artist_id", "created_at")
    index("verses", "guild_id", "created_at")
    for column in ("created_at", "user_id", "parent_id"):
        index("verses", column)


def create_votes() -> None:
    op.create_table(
        "votes",
        sa.Column("verse_id", row_id(), nullable=False),
        snowflake("user_id", nullable=False),
        sa.Column("value", sa.SmallInteger(), nullable=False),
        moment("created_at"),
        moment("updated_at"),
        sa.PrimaryKeyConstraint("verse_id", "user_id", name="pk_votes"),
        belongs_to("votes", "verse_id", "verses", ondelete="CASCADE"),
        sa.CheckConstraint("value IN (-1, 1)", name=op.f("ck_votes_value")),
    )
    index("votes", "user_id")


def create_checkpoints() -> None:
    op.create_table(
        "checkpoints",
        sa.Column("version", sa.String(100), nullable=False),
        sa.Column("parent", sa.String(100), nullable=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("folder", sa.String(255), nullable=False),
        sa.Column("bits_per_character", sa.Double(), nullable=True),
        sa.Column("figures", sa.JSON(), nullable=False),
        moment("created_at"),
        moment("promoted_at", nullable=True),
        sa.PrimaryKeyConstraint("version", name="pk_checkpoints"),
        one_of("checkpoints", "state", "candidate", "live", "retired", "rejected"),
    )
    unique_where("uq_checkpoints_live", "checkpoints", ["state"], "state = 'live'")


def create_training_runs() -> None:
    states = ("running", "promoted", "rejected", "failed", "cancelled", "interrupted")
    op.create_table(
        "training_runs",
        sa.Column("id", row_id(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("trigger", sa.String(16), nullable=False),
        snowflake("requested_by"),
        sa.Column("parent_checkpoint", sa.String(100), nullable=False),
        sa.Column("candidate", sa.String(100), nullable=True),
        sa.Column("num_lyrics", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(50), nullable=False),
        sa.Column("fraction", sa.Double(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        moment("started_at"),
        moment("finished_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_training_runs"),
        one_of("training_runs", "state", *states),
        one_of("training_runs", "trigger", "schedule", "command"),
        sqlite_autoincrement=True,
    )
    unique_where("uq_training_runs_running", "training_runs", ["state"], "state = 'running'")
    op.create_table(
        "training_run_lyrics",
        sa.Column("run_id", row_id(), nullable=False),
        sa.Column("lyrics_id", row_id(), nullable=False),
        sa.PrimaryKeyConstraint("run_id", "lyrics_id", name="pk_training_run_lyrics"),
        belongs_to("training_run_lyrics", "run_id", "training_runs", ondelete="CASCADE"),
        belongs_to("training_run_lyrics", "lyrics_id", "lyrics", ondelete="CASCADE"),
    )
    index("training_run_lyrics", "lyrics_id")


def create_guild_settings() -> None:
    op.create_table(
        "guild_settings",
        sa.Column("guild_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("submissions_enabled", sa.Boolean(), nullable=False),
        sa.Column("default_lines", sa.Integer(), nullable=True),
        sa.Column("allow_explicit", sa.Boolean(), nullable=False),
        moment("updated_at"),
        sa.PrimaryKeyConstraint("guild_id", name="pk_guild_settings"),
    )


def row_id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def snowflake(name: str, *, nullable: bool = True) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), nullable=nullable)


def moment(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def one_of(table: str, column: str, *values: str) -> sa.CheckConstraint:
    listed = ", ".join(f"'{value}'" for value in values)
    return sa.CheckConstraint(f"{column} IN ({listed})", name=op.f(f"ck_{table}_{column}"))


def belongs_to(
    table: str, column: str, parent: str, *, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{parent}"
    return sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=name, ondelete=ondelete)


def index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, list(columns))


def unique_where(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, unique=True, sqlite_where=where, postgresql_where=where)
