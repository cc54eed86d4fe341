"""The two models that learn: what is live of lyrics and of beats, and how another goes live.

Everything else about runs, versions and the way back is one and the same for both.
"""

from dataclasses import dataclass
from pathlib import Path

from bot.config import Config
from bot.errors import NoBeats
from bot.generation import GenerationService
from bot.store import LessonKind

KINDS: tuple[LessonKind, ...] = ("lyrics", "beats")


@dataclass(frozen=True, slots=True)
class Line:
    """The versions of one model, of which one is live."""

    kind: LessonKind
    config: Config
    generation: GenerationService

    @property
    def live_version(self) -> str:
        """Raises NoBeats where none is."""
        if self.kind == "lyrics":
            return self.generation.live_version
        if (version := self.generation.beats.version) is None:
            raise NoBeats
        return version

    @property
    def live_or_none(self) -> str | None:
        """The same without raising."""
        generation = self.generation
        return generation.live_version if self.kind == "lyrics" else generation.beats.version

    @property
    def folder(self) -> Path:
        """Where its versions lie, with the pointer file."""
        return checkpoints_dir_of(self.config, self.kind)

    def voices(self) -> tuple[str, ...]:
        """Of the artists, or the styles, that the live version knows."""
        return self.generation.voices() if self.kind == "lyrics" else self.generation.beats.voices

    async def swap(
        self, folder: Path, *, version: str | None = None, instead_of: str | None = None
    ) -> None:
        """See `GenerationService.swap`."""
        generation = self.generation
        swap = generation.swap if self.kind == "lyrics" else generation.beats.swap
        await swap(folder, version=version, instead_of=instead_of)


def checkpoints_dir_of(config: Config, kind: LessonKind) -> Path:
    return config.checkpoints_dir if kind == "lyrics" else config.beat_checkpoints_dir


def starter_of(config: Config, kind: LessonKind) -> Path:
    """What a fresh data folder starts with."""
    return config.starter_checkpoint if kind == "lyrics" else config.starter_beats
