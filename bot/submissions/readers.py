"""What is handed in, once it was read: of lyrics and of beats the same is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.config import SubmissionConfig
from bot.errors import BadLyrics
from bot.generation import GenerationService
from bot.locale import N_
from bot.store import GuildSettings
from bot.submissions.findings import Findings
from bot.submissions.intake import decode, prepare
from bot.submissions.quality import examine
from bot.submissions.similarity import lines_in_common, runs_of, words_of_text
from bot.submissions.wording import check_words
from model.copyguard.runs import Hashes

LYRICS_RUN = 4
"""Words in a run; in Chinese, characters. Shorter ones are phrases that all songs share."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Prepared:
    """What may be stored: text or MIDI. `runs` are what it is compared with others by."""

    fingerprint: str
    language: str
    findings: Findings
    runs: Hashes
    text: str = ""
    midi: bytes | None = None


class Piece(Protocol):
    """What is kept of a submission."""

    @property
    def text(self) -> str: ...

    @property
    def midi(self) -> bytes | None: ...


class Reader(Protocol):
    """Of one kind. Everything blocks, and is for a thread of its own."""

    def prepare(self, content: str | bytes, settings: GuildSettings) -> Prepared:
        """Raises a UserError with what is wrong."""

    def runs(self, piece: Piece) -> Hashes:
        """Of what was stored."""

    def lines_in_common(self, piece: Piece, other: Piece) -> Sequence[str]:
        """To be quoted, as the first writes them."""


class LyricsReader:
    def __init__(self, limits: SubmissionConfig, generation: GenerationService) -> None:
        self._limits = limits
        self._generation = generation

    def prepare(self, content: str | bytes, settings: GuildSettings) -> Prepared:
        """Raises BadLyrics."""
        if isinstance(content, bytes) and content.startswith(b"MThd"):
            raise BadLyrics(N_("That file is music, not words. /submit-beat takes MIDI files."))
        text = decode(content) if isinstance(content, bytes) else content
        prepared = prepare(text, self._limits)
        blocked = check_words(prepared.text, settings)
        flags, language, confidence = examine(prepared.text, self._generation.languages)
        return Prepared(
            fingerprint=prepared.fingerprint,
            language=prepared.language,
            findings=Findings(
                language=language,
                language_confidence=round(confidence, 2),
                flags=(*blocked, *flags),
            ),
            runs=_runs(prepared.text),
            text=prepared.text,
        )

    def runs(self, piece: Piece) -> Hashes:
        return _runs(piece.text)

    def lines_in_common(self, piece: Piece, other: Piece) -> Sequence[str]:
        return lines_in_common(piece.text, other.text)


def _runs(text: str) -> Hashes:
    return runs_of(words_of_text(text), LYRICS_RUN)
