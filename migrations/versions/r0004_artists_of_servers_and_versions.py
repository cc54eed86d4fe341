"""Artists and settings of a server; what is hidden; versions pinned, pruned or tried out."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_CHECKPOINT_STATES = "state IN ('candidate', 'live', 'retired', 'rejected')"
_CHECKPOINT_STATES_NOW = "state IN ('candidate', 'shadow', 'live', 'retired', 'rejected')"


def upgrade() -> None:
    """Every artist of before is shared by all servers; what a server allowed stays allowed."""
    let_artists_belong_to_servers()
    widen_lyrics_verses_and_battles()
    widen_checkpoints_and_runs()
    widen_guild_settings()


def downgrade() -> None:
    """Artists of one server become shared; of two with one name the words go to the first."""
    narrow_guild_settings()
    narrow_checkpoints_and_runs()
    narrow_lyrics_verses_and_battles()
    share_all_artists()


def let_artists_belong_to_servers() -> None:
    with op.batch_alter_table("artists") as artists:
        artists.drop_constraint("uq_artists_key", type_="unique")
        artists.add_column(snowflake("guild_id"))
    unique_where("uq_artists_key", "artists", ["key"], "guild_id IS NULL")
    unique_where("uq_artists_guild_id_key", "artists", ["guild_id", "key"], "guild_id IS NOT NULL")


def share_all_artists() -> None:
    """What a name's other rows have goes to its oldest row; twice the same lyrics are withdrawn."""
    first = "(SELECT min(other.id) FROM artists AS other WHERE other.key = artists.key)"
    of = "(SELECT {first} FROM artists WHERE artists.id = {table}.{column})"
    op.execute(
        "UPDATE lyrics SET state = 'withdrawn', text = '' WHERE state <> 'withdrawn' AND EXISTS ("
        "SELECT 1 FROM lyrics AS twin JOIN artists AS a ON a.id = twin.artist_id"
        " JOIN artists AS b ON b.id = lyrics.artist_id"
        " WHERE a.key = b.key AND twin.fingerprint = lyrics.fingerprint"
        " AND twin.state <> 'withdrawn' AND twin.id < lyrics.id)"
    )
    for table, column in (
        ("lyrics", "artist_id"),
        ("verses", "artist_id"),
        ("verses", "mix_artist_id"),
        ("battles", "artist_a_id"),
        ("battles", "artist_b_id"),
    ):
        new = of.format(first=first, table=table, column=column)
        op.execute(f"UPDATE {table} SET {column} = {new} WHERE {column} IS NOT NULL")  # noqa: S608
    op.execute(f"DELETE FROM artists WHERE id <> {first}")  # noqa: S608
    op.drop_index("uq_artists_guild_id_key", table_name="artists")
    op.drop_index("uq_artists_key", table_name="artists")
    with op.batch_alter_table("artists") as artists:
        artists.drop_column("guild_id")
        artists.create_unique_constraint("uq_artists_key", ["key"])


def widen_lyrics_verses_and_battles() -> None:
    empty = sa.text("'{}'")
    with copied("lyrics") as lyrics:
        lyrics.add_column(sa.Column("findings", sa.JSON(), server_default=empty, nullable=False))
    op.create_index("ix_lyrics_guild_id_created_at", "lyrics", ["guild_id", "created_at"])
    for table in ("verses", "battles"):
        with copied(table) as batch:
            batch.add_column(moment("hidden_at", nullable=True))
            batch.add_column(snowflake("hidden_by"))
    op.create_index("ix_verses_checkpoint", "verses", ["checkpoint"])


def narrow_lyrics_verses_and_battles() -> None:
    op.drop_index("ix_verses_checkpoint", table_name="verses")
    for table in ("battles", "verses"):
        with copied(table) as batch:
            batch.drop_column("hidden_by")
            batch.drop_column("hidden_at")
    op.drop_index("ix_lyrics_guild_id_created_at", table_name="lyrics")
    with copied("lyrics") as lyrics:
        lyrics.drop_column("findings")


def widen_checkpoints_and_runs() -> None:
    with op.batch_alter_table("checkpoints") as checkpoints:
        checkpoints.drop_constraint(op.f("ck_checkpoints_state"), type_="check")
        checkpoints.create_check_constraint(op.f("ck_checkpoints_state"), _CHECKPOINT_STATES_NOW)
        checkpoints.add_column(snowflake("promoted_by"))
        checkpoints.add_column(moment("shadow_since", nullable=True))
        checkpoints.add_column(moment("pinned_at", nullable=True))
        checkpoints.add_column(snowflake("pinned_by"))
        checkpoints.add_column(moment("pruned_at", nullable=True))
    unique_where("uq_checkpoints_shadow", "checkpoints", ["state"], "state = 'shadow'")
    with copied("training_runs") as runs:
        for column in ("guild_id", "channel_id", "message_id"):
            runs.add_column(snowflake(column))
        runs.add_column(sa.Column("locale", sa.String(16), nullable=True))
        runs.add_column(
            sa.Column("num_resumed", sa.Integer(), server_default=sa.text("0"), nullable=False)
        )
        runs.add_column(moment("votes_until", nullable=True))


def narrow_checkpoints_and_runs() -> None:
    with copied("training_runs") as runs:
        for column in (
            "votes_until",
            "num_resumed",
            "locale",
            "message_id",
            "channel_id",
            "guild_id",
        ):
            runs.drop_column(column)
    op.drop_index("uq_checkpoints_shadow", table_name="checkpoints")
    op.execute("UPDATE checkpoints SET state = 'candidate' WHERE state = 'shadow'")
    with op.batch_alter_table("checkpoints") as checkpoints:
        for column in ("pruned_at", "pinned_by", "pinned_at", "shadow_since", "promoted_by"):
            checkpoints.drop_column(column)
        checkpoints.drop_constraint(op.f("ck_checkpoints_state"), type_="check")
        checkpoints.create_check_constraint(op.f("ck_checkpoints_state"), _CHECKPOINT_STATES)


def widen_guild_settings() -> None:
    with op.batch_alter_table("guild_settings") as settings:
        settings.add_column(sa.Column("content", sa.String(16), nullable=True))
        settings.add_column(sa.Column("channel_ids", sa.JSON(), nullable=True))
    op.execute("UPDATE guild_settings SET channel_ids = '[]', content = 'default'")
    op.execute("UPDATE guild_settings SET content = 'unfiltered' WHERE allow_explicit")
    with op.batch_alter_table("guild_settings") as settings:
        settings.alter_column("content", existing_type=sa.String(16), nullable=False)
        settings.alter_column("channel_ids", existing_type=sa.JSON(), nullable=False)
        settings.drop_column("allow_explicit")
        settings.add_column(sa.Column("default_artist_id", row_id(), nullable=True))
        settings.add_column(sa.Column("language", sa.String(16), nullable=True))
        settings.add_column(snowflake("moderation_channel_id"))
        settings.add_column(sa.Column("cooldown_s", sa.Integer(), nullable=True))
        settings.add_column(snowflake("review_role_id"))
        settings.add_column(snowflake("retrain_role_id"))
        settings.create_check_constraint(
            op.f("ck_guild_settings_content"), "content IN ('strict', 'default', 'unfiltered')"
        )
        settings.create_foreign_key(
            "fk_guild_settings_default_artist_id_artists", "artists", ["default_artist_id"], ["id"]
        )


def narrow_guild_settings() -> None:
    with op.batch_alter_table("guild_settings") as settings:
        settings.add_column(sa.Column("allow_explicit", sa.Boolean(), nullable=True))
    op.execute("UPDATE guild_settings SET allow_explicit = (content = 'unfiltered')")
    with op.batch_alter_table("guild_settings") as settings:
        settings.alter_column("allow_explicit", existing_type=sa.Boolean(), nullable=False)
        settings.drop_constraint("fk_guild_settings_default_artist_id_artists", type_="foreignkey")
        settings.drop_constraint(op.f("ck_guild_settings_content"), type_="check")
        for column in (
            "retrain_role_id",
            "review_role_id",
            "cooldown_s",
            "moderation_channel_id",
            "channel_ids",
            "language",
            "content",
            "default_artist_id",
        ):
            settings.drop_column(column)


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


def unique_where(name: str, table: str, columns: list[str], condition: str) -> None:
    where = sa.text(condition)
    op.create_index(name, table, columns, unique=True, sqlite_where=where, postgresql_where=where)
