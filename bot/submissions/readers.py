"""What is handed in, once it was read: of lyrics and of beats the same is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.store import GuildSettings
from bot.submissions.findings import Findings
from model.copyguard.runs import Hashes


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
    """Of one kind. What is not awaited blocks, and is for a thread of its own."""

    async def prepare(self, content: str | bytes, settings: GuildSettings) -> Prepared:
        """Raises a UserError with what is wrong."""

    def runs(self, piece: Piece) -> Hashes:
        """Of what was stored."""

    def lines_in_common(self, piece: Piece, other: Piece) -> Sequence[str]:
        """To be quoted, as the first writes them."""
