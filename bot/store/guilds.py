"""The settings of each server; defaults for one that never changed any."""

from dataclasses import dataclass
from typing import TypedDict, Unpack

from bot.store.database import Database
from bot.store.guild_tables import ContentSetting, GuildSettingsRow
from bot.store.types import utc_now
from bot.store.voices import voice_of
from bot.store.words import words_of

MAX_KEPT = 10_000  # servers; two or three MB


@dataclass(frozen=True, slots=True, kw_only=True)
class GuildSettings:
    guild_id: int
    submissions_enabled: bool = True
    default_lines: int | None = None  # None: what the configuration says
    content: ContentSetting = "default"
    language: str | None = None  # of public cards; None: that of whoever asks
    blocked_words: tuple[str, ...] = ()  # changed by WordStore
    channel_ids: tuple[int, ...] = ()  # where the bot may be used; none: anywhere
    cooldown_s: int | None = None  # between two verses of a member
    default_artist_id: int | None = None
    default_voice: str | None = None  # of default_artist_id
    moderation_channel_id: int | None = None  # that is told of reports
    # Who may do so beside those who manage the server.
    review_role_id: int | None = None
    retrain_role_id: int | None = None


class GuildChanges(TypedDict, total=False):
    submissions_enabled: bool
    default_lines: int | None
    content: ContentSetting
    language: str | None
    channel_ids: list[int]
    cooldown_s: int | None
    default_artist_id: int | None
    moderation_channel_id: int | None
    review_role_id: int | None
    retrain_role_id: int | None


class GuildStore:
    """Every verse asks for the settings of its server, so those of many are kept in memory.

    They are changed here alone. Who changes the database by hand restarts the bot.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._kept: dict[int, GuildSettings] = {}  # the oldest first
        self._num_changes = 0

    @property
    def num_kept(self) -> int:
        return len(self._kept)

    async def get(self, guild_id: int) -> GuildSettings:
        if kept := self._kept.get(guild_id):
            return kept
        num_changes = self._num_changes
        async with self._database.reader() as session:
            row = await session.get(GuildSettingsRow, guild_id)
            words = await words_of(session, guild_id)
        settings = _settings(row, words) if row else _defaults(guild_id, words)
        if num_changes == self._num_changes:  # else what was read may be old by now
            self._keep(settings)
        return settings

    async def set(self, guild_id: int, **changes: Unpack[GuildChanges]) -> GuildSettings:
        """Changes the named settings and leaves the others as they are."""
        try:
            return await self._write(guild_id, changes)
        finally:  # after a failure too: what is in the database is not known
            self.forget(guild_id)

    def forget(self, guild_id: int) -> None:
        """What is kept of this server is old."""
        self._num_changes += 1
        self._kept.pop(guild_id, None)

    async def _write(self, guild_id: int, changes: GuildChanges) -> GuildSettings:
        async with self._database.writer() as session:
            row = await session.get(GuildSettingsRow, guild_id)
            if row is None:
                row = GuildSettingsRow(
                    guild_id=guild_id,
                    submissions_enabled=True,
                    default_lines=None,
                    content="default",
                    channel_ids=[],
                )
                session.add(row)
            for name, value in changes.items():
                setattr(row, name, value)
            row.updated_at = utc_now()
            await session.flush()
            await session.refresh(row, ["default_artist"])
            return _settings(row, await words_of(session, guild_id))

    def _keep(self, settings: GuildSettings) -> None:
        if len(self._kept) >= MAX_KEPT:
            del self._kept[next(iter(self._kept))]
        self._kept[settings.guild_id] = settings


def _defaults(guild_id: int, words: tuple[str, ...]) -> GuildSettings:
    return GuildSettings(guild_id=guild_id, blocked_words=words)


def _settings(row: GuildSettingsRow, words: tuple[str, ...]) -> GuildSettings:
    artist = row.default_artist
    return GuildSettings(
        guild_id=row.guild_id,
        submissions_enabled=row.submissions_enabled,
        default_lines=row.default_lines,
        content=row.content,
        language=row.language,
        blocked_words=words,
        channel_ids=tuple(row.channel_ids),
        cooldown_s=row.cooldown_s,
        default_artist_id=row.default_artist_id,
        default_voice=voice_of(artist.name, artist.guild_id) if artist else None,
        moderation_channel_id=row.moderation_channel_id,
        review_role_id=row.review_role_id,
        retrain_role_id=row.retrain_role_id,
    )
