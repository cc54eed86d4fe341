"""Lyrics that a member hands in: from a file, or what was typed, to the text that may be stored."""

import asyncio
from collections.abc import Sequence

from bot.config import SubmissionConfig
from bot.errors import BadLyrics
from bot.generation import GenerationService
from bot.locale import N_
from bot.store import GuildSettings
from bot.submissions.findings import Findings
from bot.submissions.intake import decode, prepare
from bot.submissions.quality import examine
from bot.submissions.readers import Piece, Prepared
from bot.submissions.similarity import lines_in_common, runs_of, words_of_text
from bot.submissions.wording import check_words
from model.copyguard.runs import Hashes

RUN = 4
"""Words in a run; in Chinese, characters. Shorter ones are phrases that all songs share."""


class LyricsReader:
    def __init__(self, limits: SubmissionConfig, generation: GenerationService) -> None:
        self._limits = limits
        self._generation = generation

    async def prepare(self, content: str | bytes, settings: GuildSettings) -> Prepared:
        """Raises BadLyrics."""
        return await asyncio.to_thread(self._prepared, content, settings)

    def runs(self, piece: Piece) -> Hashes:
        return _runs(piece.text)

    def lines_in_common(self, piece: Piece, other: Piece) -> Sequence[str]:
        return lines_in_common(piece.text, other.text)

    def _prepared(self, content: str | bytes, settings: GuildSettings) -> Prepared:
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


def _runs(text: str) -> Hashes:
    return runs_of(words_of_text(text), RUN)
