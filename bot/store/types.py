"""The column types and name folding that the tables share."""

import json
import unicodedata
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Dialect, Integer, Text
from sqlalchemy.types import TypeDecorator

from bot.locale import Sentence

# SQLite numbers rows by itself only in a column spelt INTEGER (which holds 64 bits there).
RowId = BigInteger().with_variant(Integer, "sqlite")
Snowflake = BigInteger


class UtcDateTime(TypeDecorator[datetime]):
    """Aware datetimes in, aware UTC datetimes out; SQLite keeps them without a zone, as UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"A stored datetime needs a time zone, and {value} has none.")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        stored: datetime = value
        return stored.replace(tzinfo=UTC) if stored.tzinfo is None else stored.astimezone(UTC)


class SentenceText(TypeDecorator[Sentence]):
    """A sentence as JSON, to be read in any language; text from before there were any as it is."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Sentence | None, dialect: Dialect) -> str | None:
        return None if value is None else json.dumps(value.as_data(), ensure_ascii=False)

    def process_result_value(self, value: Any, dialect: Dialect) -> Sentence | None:
        if value is None:
            return None
        try:
            return Sentence.from_data(json.loads(value))
        except (ValueError, KeyError, TypeError):
            return Sentence.verbatim(value)


def utc_now() -> datetime:
    return datetime.now(UTC)


def fold_name(name: str) -> str:
    """The key under which a name is one: no case, accents, spaces or punctuation.

    Marks that carry sound (vowel signs of Indic and Thai script, Japanese voicing) are kept. A name
    of punctuation alone ("!!!") is its own key.
    """
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    key = "".join(each for each in decomposed if each.isalnum() or _is_sounding_mark(each))
    return key or " ".join(decomposed.split())


def _is_sounding_mark(character: str) -> bool:
    if not unicodedata.category(character).startswith("M"):
        return False
    # Combining classes: 10-35 are Hebrew and Arabic points, from 200 on accents around a letter.
    combining_class = unicodedata.combining(character)
    return not (10 <= combining_class <= 35 or combining_class >= 200)
