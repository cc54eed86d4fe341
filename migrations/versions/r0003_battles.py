"""Battles between two artists, and the votes on them."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    create_battles()
    create_battle_votes()


def downgrade() -> None:
    op.drop_table("battle_votes")
    op.drop_table("battles")


def create_battles() -> None:
    op.create_table(
        "battles",
        sa.Column("id", row_id(), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("artist_a_id", row_id(), nullable=False),
        sa.Column("artist_b_id", row_id(), nullable=False),
        sa.Column("seed", sa.Text(), nullable=False),
        sa.Column("num_rounds", sa.Integer(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("temperature", sa.Double(), nullable=False),
        sa.Column("top_k", sa.Integer(), nullable=False),
        sa.Column("top_p", sa.Double(), nullable=False),
        sa.Column("repetition_penalty", sa.Double(), nullable=False),
        sa.Column("locale", sa.String(16), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("application_id", sa.BigInteger(), nullable=False),
        sa.Column("guild_id", sa.BigInteger(), nullable=True),
        sa.Column("channel_id", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=False),
        moment("created_at"),
        moment("ends_at", nullable=True),
        moment("settled_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_battles"),
        belongs_to("battles", "artist_a_id", "artists"),
        belongs_to("battles", "artist_b_id", "artists"),
        sa.CheckConstraint(
            "state IN ('writing', 'voting', 'decided', 'cancelled')", name=op.f("ck_battles_state")
        ),
        sa.CheckConstraint(
            "state NOT IN ('voting', 'decided') OR ends_at IS NOT NULL",
            name=op.f("ck_battles_ends_at"),
        ),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_battles_settled_at", "battles", ["settled_at"])
    op.create_index("ix_battles_user_id", "battles", ["user_id"])


def create_battle_votes() -> None:
    op.create_table(
        "battle_votes",
        sa.Column("battle_id", row_id(), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=False),
        sa.Column("side", sa.String(1), nullable=False),
        moment("created_at"),
        moment("updated_at"),
        sa.PrimaryKeyConstraint("battle_id", "user_id", name="pk_battle_votes"),
        belongs_to("battle_votes", "battle_id", "battles", ondelete="CASCADE"),
        sa.CheckConstraint("side IN ('a', 'b')", name=op.f("ck_battle_votes_side")),
    )
    op.create_index("ix_battle_votes_user_id", "battle_votes", ["user_id"])


def row_id() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def moment(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def belongs_to(
    table: str, column: str, parent: str, *, ondelete: str | None = None
) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{parent}"
    return sa.ForeignKeyConstraint([column], [f"{parent}.id"], name=name, ondelete=ondelete)
