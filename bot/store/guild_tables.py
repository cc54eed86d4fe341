"""The tables of what a server has settled for itself: settings, words, bans, removed artists."""

from datetime import datetime
from typing import Literal

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bot.store.tables import ArtistRow, Base
from bot.store.types import RowId, Snowflake

ContentSetting = Literal["strict", "default", "unfiltered"]


class GuildSettingsRow(Base):
    """None leaves a setting to the configuration, or to whoever reads."""

    __tablename__ = "guild_settings"

    guild_id: Mapped[int] = mapped_column(Snowflake, primary_key=True, autoincrement=False)
    submissions_enabled: Mapped[bool]
    default_lines: Mapped[int | None]
    default_artist_id: Mapped[int | None] = mapped_column(ForeignKey("artists.id"))
    content: Mapped[ContentSetting] = mapped_column(String(16))
    language: Mapped[str | None] = mapped_column(String(16))  # of public cards, like "zh-CN"
    channel_ids: Mapped[list[int]] = mapped_column(
        JSON
    )  # where verses may be made; empty: anywhere
    moderation_channel_id: Mapped[int | None] = mapped_column(Snowflake)  # that is told of reports
    cooldown_s: Mapped[int | None]  # between two verses of one member
    # Who may do so beside those who manage the server.
    review_role_id: Mapped[int | None] = mapped_column(Snowflake)
    retrain_role_id: Mapped[int | None] = mapped_column(Snowflake)
    updated_at: Mapped[datetime]
    default_artist: Mapped[ArtistRow | None] = relationship(lazy="joined")

    __table_args__ = (
        CheckConstraint("content IN ('strict', 'default', 'unfiltered')", name="content"),
    )


class BlockedWordRow(Base):
    """A word that the bot neither takes nor says in one server."""

    __tablename__ = "blocked_words"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    guild_id: Mapped[int] = mapped_column(Snowflake)
    word: Mapped[str] = mapped_column(Text)
    key: Mapped[str] = mapped_column(Text)  # types.fold_name(word)
    created_by: Mapped[int | None] = mapped_column(Snowflake)
    created_at: Mapped[datetime]

    __table_args__ = (Index("uq_blocked_words_guild_id_key", "guild_id", "key", unique=True),)


class BanRow(Base):
    """A member whom the bot does not serve in one server."""

    __tablename__ = "bans"

    guild_id: Mapped[int] = mapped_column(Snowflake, primary_key=True, autoincrement=False)
    user_id: Mapped[int] = mapped_column(Snowflake, primary_key=True, autoincrement=False)
    banned_by: Mapped[int | None] = mapped_column(Snowflake)
    reason: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]


class ArtistRemovalRow(Base):
    """An artist whom nobody may ask for: in one server, or, without a server, anywhere."""

    __tablename__ = "artist_removals"

    id: Mapped[int] = mapped_column(RowId, primary_key=True)
    artist_id: Mapped[int] = mapped_column(ForeignKey("artists.id"))
    guild_id: Mapped[int | None] = mapped_column(Snowflake)
    removed_by: Mapped[int | None] = mapped_column(Snowflake)  # None: the operator
    reason: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    artist: Mapped[ArtistRow] = relationship(lazy="joined", innerjoin=True)

    __table_args__ = (Index(None, "artist_id", "guild_id"),)
