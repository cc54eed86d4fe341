"""Beats, the votes on them, reports of them, requests that they answer, and learning from them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_MAX_MIDI_BYTES = 262144
_HAS_MIDI = (
    "(kind = 'beats' AND state <> 'withdrawn') = (midi IS NOT NULL)"
    f" AND coalesce(length(midi), 0) <= {_MAX_MIDI_BYTES}"
)
_OF_ONE = (
    "CASE WHEN verse_id IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN battle_id IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN beat_id IS NULL THEN 0 ELSE 1 END = 1"
)


def upgrade() -> None:
    create_beats()
    create_beat_votes()
    with copied("reports") as reports:
        refer_to_beats("reports", reports)
        demand_subject(reports, _OF_ONE)
    columns = ["beat_id", "reporter_id"]
    op.create_index("uq_reports_beat_id_reporter_id", "reports", columns, unique=True)
    with copied("pending_requests") as requests:
        refer_to_beats("pending_requests", requests)
    tell_kinds_apart()


def downgrade() -> None:
    """Beats are gone, with their reports, what was handed in or learned of them, and their styles;
    requests that they answer are asked for again.
    """
    forget_kinds()
    with copied("pending_requests") as requests:
        forget_beats("pending_requests", requests)
    op.execute("DELETE FROM reports WHERE beat_id IS NOT NULL")
    op.drop_index("uq_reports_beat_id_reporter_id", "reports")
    with copied("reports") as reports:
        demand_subject(reports, "(verse_id IS NULL) <> (battle_id IS NULL)")
        forget_beats("reports", reports)
    op.drop_table("beat_votes")
    op.drop_table("beats")


def create_beats() -> None:
    op.create_table(
        "beats",
        sa.Column("id", row_id(), nullable=False),
        sa.Column("style", sa.Text(), nullable=False),
        sa.Column("bars", sa.Integer(), nullable=False),
        sa.Column("tempo", sa.Double(), nullable=False),
        sa.Column("temperature", sa.Double(), nullable=False),
        sa.Column("rng_seed", sa.BigInteger(), nullable=False),
        sa.Column("checkpoint", sa.String(100), nullable=False),
        sa.Column("steps_per_beat", sa.Integer(), nullable=False),
        sa.Column("num_prime_steps", sa.Integer(), nullable=False),
        sa.Column("prime", sa.LargeBinary(), nullable=True),
        sa.Column("result", sa.LargeBinary(), nullable=False),
        sa.Column("verse_id", row_id(), nullable=True),
        snowflake("guild_id"),
        snowflake("channel_id"),
        snowflake("message_id"),
        snowflake("user_id"),
        moment("created_at"),
        moment("deleted_at", nullable=True),
        moment("hidden_at", nullable=True),
        snowflake("hidden_by"),
        sa.PrimaryKeyConstraint("id", name="pk_beats"),
        belongs_to("beats", "verse_id", "verses"),
        sa.CheckConstraint(
            f"length(result) <= {_MAX_MIDI_BYTES}"
            f" AND coalesce(length(prime), 0) <= {_MAX_MIDI_BYTES}",
            name=op.f("ck_beats_size"),
        ),
        sa.CheckConstraint(
            "bars > 0 AND steps_per_beat > 0 AND num_prime_steps >= 0",
            name=op.f("ck_beats_length"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_beats_guild_id_created_at", "beats", ["guild_id", "created_at"])
    for column in ("created_at", "user_id", "verse_id"):
        op.create_index(f"ix_beats_{column}", "beats", [column])


def create_beat_votes() -> None:
    op.create_table(
        "beat_votes",
        sa.Column("beat_id", row_id(), nullable=False),
        snowflake("user_id", nullable=False),
        sa.Column("value", sa.SmallInteger(), nullable=False),
        moment("created_at"),
        moment("updated_at"),
        sa.PrimaryKeyConstraint("beat_id", "user_id", name="pk_beat_votes"),
        belongs_to("beat_votes", "beat_id", "beats", ondelete="CASCADE"),
        sa.CheckConstraint("value IN (-1, 1)", name=op.f("ck_beat_votes_value")),
    )
    op.create_index("ix_beat_votes_user_id", "beat_votes", ["user_id"])


def refer_to_beats(table: str, batch: BatchOperations) -> None:
    batch.add_column(sa.Column("beat_id", row_id(), nullable=True))
    name = f"fk_{table}_beat_id_beats"
    batch.create_foreign_key(op.f(name), "beats", ["beat_id"], ["id"], ondelete="CASCADE")


def forget_beats(table: str, batch: BatchOperations) -> None:
    batch.drop_constraint(op.f(f"fk_{table}_beat_id_beats"), type_="foreignkey")
    batch.drop_column("beat_id")


def demand_subject(reports: BatchOperations, condition: str) -> None:
    reports.drop_constraint(op.f("ck_reports_subject"), type_="check")
    reports.create_check_constraint(op.f("ck_reports_subject"), condition)


def tell_kinds_apart() -> None:
    """Lyrics or beats: in what is handed in, runs, versions, and whose they are."""
    with copied("lyrics") as lyrics:
        add_kind("lyrics", lyrics)
        lyrics.add_column(sa.Column("midi", sa.LargeBinary(), nullable=True))
        lyrics.create_check_constraint(op.f("ck_lyrics_midi"), _HAS_MIDI)
    with copied("training_runs") as runs:
        add_kind("training_runs", runs)
    for table in ("artists", "checkpoints"):
        with op.batch_alter_table(table) as batch:
            add_kind(table, batch)
    replace_indexes("kind")


def forget_kinds() -> None:
    of_beats = "IN (SELECT id FROM lyrics WHERE kind = 'beats')"
    op.execute(f"DELETE FROM training_run_lyrics WHERE lyrics_id {of_beats}")  # noqa: S608
    for table in ("lyrics", "training_runs", "checkpoints", "artists"):
        op.execute(f"DELETE FROM {table} WHERE kind = 'beats'")  # noqa: S608
    replace_indexes(None)
    for table in ("artists", "checkpoints"):
        with op.batch_alter_table(table) as batch:
            drop_kind(table, batch)
    with copied("training_runs") as runs:
        drop_kind("training_runs", runs)
    with copied("lyrics") as lyrics:
        lyrics.drop_constraint(op.f("ck_lyrics_midi"), type_="check")
        lyrics.drop_column("midi")
        drop_kind("lyrics", lyrics)


def replace_indexes(kind: str | None) -> None:
    """Of what there may be only one: of each kind, or of all."""
    kinds = [kind] if kind else []
    for name, table, columns, condition in (
        ("uq_artists_key", "artists", [*kinds, "key"], "guild_id IS NULL"),
        (
            "uq_artists_guild_id_key",
            "artists",
            ["guild_id", *kinds, "key"],
            "guild_id IS NOT NULL",
        ),
        ("uq_checkpoints_live", "checkpoints", kinds or ["state"], "state = 'live'"),
    ):
        op.drop_index(name, table)
        where = sa.text(condition)
        op.create_index(
            name, table, columns, unique=True, sqlite_where=where, postgresql_where=where
        )


def add_kind(table: str, batch: BatchOperations) -> None:
    lyrics = sa.text("'lyrics'")
    batch.add_column(sa.Column("kind", sa.String(16), server_default=lyrics, nullable=False))
    batch.create_check_constraint(op.f(f"ck_{table}_kind"), "kind IN ('lyrics', 'beats')")


def drop_kind(table: str, batch: BatchOperations) -> None:
    batch.drop_constraint(op.f(f"ck_{table}_kind"), type_="check")
    batch.drop_column("kind")


@contextmanager
def copied(table: str) -> Iterator[BatchOperations]:
    """The table is made anew; no row number is given out again, also of rows that are gone."""
    connection = op.get_bind()
    is_sqlite = connection.dialect.name == "sqlite"
    numbers = sa.table("sqlite_sequence", sa.column("name"), sa.column("seq"))
    highest = sa.select(numbers.c.seq).where(numbers.c.name == table)
    last = connection.scalar(highest) if is_sqlite else None
    # Reflection does not see that rows are numbered by AUTOINCREMENT.
    with op.batch_alter_table(table, table_kwargs={"sqlite_autoincrement": True}) as batch:
        yield batch
    if last is not None:
        connection.execute(sa.delete(numbers).where(numbers.c.name == table))
        connection.execute(sa.insert(numbers).values(name=table, seq=last))


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
