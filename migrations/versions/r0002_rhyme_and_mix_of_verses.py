"""What a verse was searched for with: scheme, tries at each line, and a second artist."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Verses of before keep no scheme and no number of tries: they were not searched for."""
    with copied_verses() as verses:
        verses.add_column(sa.Column("scheme", sa.String(64), nullable=True))
        verses.add_column(sa.Column("num_candidates", sa.Integer(), nullable=True))
        verses.add_column(sa.Column("mix_artist_id", row_id(), nullable=True))
        verses.add_column(sa.Column("mix_share", sa.SmallInteger(), nullable=True))
        verses.create_foreign_key(
            "fk_verses_mix_artist_id_artists", "artists", ["mix_artist_id"], ["id"]
        )
        verses.create_check_constraint(
            op.f("ck_verses_mix"),
            "(mix_artist_id IS NULL) = (mix_share IS NULL) AND mix_share BETWEEN 1 AND 99",
        )


def downgrade() -> None:
    with copied_verses() as verses:
        verses.drop_constraint(op.f("ck_verses_mix"), type_="check")
        verses.drop_constraint("fk_verses_mix_artist_id_artists", type_="foreignkey")
        for column in ("mix_share", "mix_artist_id", "num_candidates", "scheme"):
            verses.drop_column(column)


@contextmanager
def copied_verses() -> Iterator[BatchOperations]:
    """The table is made anew; no row number is given out again, also of rows that are gone."""
    connection = op.get_bind()
    is_sqlite = connection.dialect.name == "sqlite"
    numbers = sa.table("sqlite_sequence", sa.column("name"), sa.column("seq"))
    highest = sa.select(numbers.c.seq).where(numbers.c.name == "verses")
    last = connection.scalar(highest) if is_sqlite else None
    # Reflection does not see that rows are numbered by AUTOINCREMENT.
    with op.batch_alter_table("verses", table_kwargs={"sqlite_autoincrement": True}) as verses:
        yield verses
    if last is not None:
        connection.execute(sa.delete(numbers).where(numbers.c.name == "verses"))
        connection.execute(sa.insert(numbers).values(name="verses", seq=last))


def row_id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")
