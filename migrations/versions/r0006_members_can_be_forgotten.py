"""Verses, battles and withdrawn lyrics may forget who asked for them or handed them in."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_CONSENT = "consent_at IS NOT NULL AND submitter_id IS NOT NULL"


def upgrade() -> None:
    demand_consent(f"origin = 'import' OR state = 'withdrawn' OR ({_CONSENT})")
    for table in ("verses", "battles"):
        with copied(table) as batch:
            batch.alter_column("user_id", existing_type=sa.BigInteger(), nullable=True)


def downgrade() -> None:
    """Who was forgotten becomes the member number 0, which nobody has."""
    op.execute(
        "UPDATE lyrics SET submitter_id = 0 WHERE state = 'withdrawn' AND submitter_id IS NULL"
    )
    for table in ("verses", "battles"):
        op.execute(f"UPDATE {table} SET user_id = 0 WHERE user_id IS NULL")  # noqa: S608
        with copied(table) as batch:
            batch.alter_column("user_id", existing_type=sa.BigInteger(), nullable=False)
    demand_consent(f"origin = 'import' OR ({_CONSENT})")


def demand_consent(condition: str) -> None:
    with copied("lyrics") as lyrics:
        lyrics.drop_constraint(op.f("ck_lyrics_consent"), type_="check")
        lyrics.create_check_constraint(op.f("ck_lyrics_consent"), condition)


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
