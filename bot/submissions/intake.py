"""Lyrics that a member hands in: from bytes or typed text to what may be stored."""

import unicodedata
from dataclasses import dataclass

from bot.config import SubmissionConfig
from bot.errors import BadLyrics
from bot.locale import N_
from model.corpus.characters import clean_name
from model.corpus.clean import clean_lyrics, detect_language, fingerprint

_BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


@dataclass(frozen=True, slots=True)
class PreparedLyrics:
    text: str
    language: str
    fingerprint: str


def decode(content: bytes) -> str:
    """A text file's words. Raises BadLyrics for what is no text, or in another encoding.

    Nothing is guessed: the reader of a wrong guess would be the model.
    """
    encoding = _BYTE_ORDER_MARKS.get(content[:2], "utf-8-sig")
    if encoding == "utf-8-sig" and b"\0" in content:
        raise BadLyrics(N_("That file is not text. Send the words as a plain text file (.txt)."))
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise BadLyrics(
            N_("That file is not in UTF-8. Save it as UTF-8 text, and send it again.")
        ) from None


def prepare(text: str, limits: SubmissionConfig) -> PreparedLyrics:
    """The words without tags and unseen characters. Raises BadLyrics with what is wrong."""
    # Far beyond the limit the text is not even looked at; tags and choruses take away less.
    cleaned = clean_lyrics(text[: 5 * limits.max_characters])
    if not any(unicodedata.category(character).startswith("L") for character in cleaned):
        raise BadLyrics(
            N_("I see no words in these lyrics. Send the words of the song, line by line.")
        )
    if len(cleaned) < limits.min_characters:
        raise BadLyrics(
            N_(
                "These lyrics have {count} characters, and I learn from {limit} on."
                " Add the rest of the song."
            ),
            count=len(cleaned),
            limit=limits.min_characters,
        )
    if len(cleaned) > limits.max_characters:
        raise BadLyrics(
            N_("These lyrics have more than {limit:,} characters. Send one song at a time."),
            limit=limits.max_characters,
        )
    return PreparedLyrics(cleaned, detect_language(cleaned), fingerprint(cleaned))


def name_of(typed: str) -> str:
    """An artist's or a song's name as the model spells names; may be empty."""
    return clean_name(typed)
