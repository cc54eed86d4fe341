"""The words that a server has blocked for itself."""

from collections.abc import Callable

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.errors import TooManyWords
from bot.store.database import Database
from bot.store.guild_tables import BlockedWordRow
from bot.store.types import fold_name, utc_now

MAX_WORDS = 200  # of one server


class WordStore:
    """Changes of them; read they are with the other settings of a server, which are kept in memory:
    `forget` is told whose are old.
    """

    def __init__(self, database: Database, forget: Callable[[int], None]) -> None:
        self._database = database
        self._forget = forget

    async def add(self, guild_id: int, word: str, created_by: int) -> bool:
        """Whether it is new there. Raises TooManyWords."""
        try:
            async with self._database.writer() as session:
                known = await words_of(session, guild_id)
                if fold_name(word) in map(fold_name, known):
                    return False
                if len(known) >= MAX_WORDS:
                    raise TooManyWords(MAX_WORDS)
                row = BlockedWordRow(
                    guild_id=guild_id,
                    word=word,
                    key=fold_name(word),
                    created_by=created_by,
                    created_at=utc_now(),
                )
                session.add(row)
                return True
        finally:
            self._forget(guild_id)

    async def remove(self, guild_id: int, word: str) -> bool:
        """Whether it was there."""
        try:
            async with self._database.writer() as session:
                row, key = BlockedWordRow, fold_name(word)
                gone = await session.execute(
                    delete(row).where(row.guild_id == guild_id, row.key == key).returning(row.id)
                )
                return gone.first() is not None
        finally:
            self._forget(guild_id)


async def words_of(session: AsyncSession, guild_id: int) -> tuple[str, ...]:
    """In the order of the alphabet."""
    words = await session.scalars(
        select(BlockedWordRow.word)
        .where(BlockedWordRow.guild_id == guild_id)
        .order_by(BlockedWordRow.key)
    )
    return tuple(words)
