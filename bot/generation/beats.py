"""Beats as the rest of the bot sees them: what can be asked for, and what they may go on from."""

import logging
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from bot.config import Config
from bot.errors import CheckpointError, NoBeats
from bot.generation.bench import Bench
from bot.generation.dispatcher import Dispatcher
from bot.generation.live_beats import LiveBeats
from bot.generation.prime import prime_of_chords, prime_of_file
from bot.generation.registry import registry_of_beats
from bot.generation.requests import BeatRequest, GeneratedBeat
from bot.generation.succession import Succession
from bot.rendering.renderer import Renderer
from model.beats.checkpoint import BeatCheckpoint
from model.midi import PianoRoll

logger = logging.getLogger(__name__)

MIN_TEMPO, MAX_TEMPO = 40.0, 240.0


class Beats:
    """The part of generation that has the live checkpoint of beats, where there is one.

    `warnings` says for the operator why there is none, or not the one that there should be.
    """

    def __init__(
        self, config: Config, keys: Iterator[int], device: str, renderer: Renderer
    ) -> None:
        self._settings = config.beats
        share = self._settings.share
        self.bench = Bench[BeatRequest, GeneratedBeat](
            "beat", num_slots=self._settings.num_slots, weight=share / (1 - share)
        )

        def alive(checkpoint: BeatCheckpoint) -> LiveBeats:
            return LiveBeats(next(keys), checkpoint, self._settings.temperature)

        self._succession = Succession(registry_of_beats(config), self.bench, alive, device)
        self._renderer = renderer
        self.warnings: tuple[str, ...] = ()

    async def begin(self, dispatcher: Dispatcher) -> None:
        """Without a checkpoint that works there are no beats, which is logged, and no error."""
        if not self._settings.enabled:
            return
        try:
            live = await self._succession.load()
            await self._succession.begin(dispatcher, live)
            self.warnings = self._succession.warnings
        except CheckpointError as error:
            self._succession.stand_by(dispatcher)
            self.warnings = (str(error),)
            logger.warning("there are no beats: %s", error)
        else:
            logger.info("beats are written by checkpoint %s", live.version)

    def end(self) -> None:
        self._succession.end()

    @property
    def version(self) -> str | None:
        """Of the live checkpoint."""
        return None if self._succession.live is None else self._succession.live.version

    @property
    def voices(self) -> tuple[str, ...]:
        """Of all styles that the live checkpoint knows."""
        live = self._succession.live
        return () if live is None else tuple(style.name for style in live.checkpoint.styles)

    @property
    def styles(self) -> tuple[str, ...]:
        """The names of those that all servers share, that of `default_style` first; none where
        there are no beats.
        """
        return self.styles_in(None)

    def styles_in(self, guild_id: int | None) -> tuple[str, ...]:
        """The same of one server, with those that its members taught."""
        if self._succession.live is None:
            return ()
        styles, usual = self._succession.live.styles_in(guild_id), self._settings.default_style
        return tuple(sorted(styles, key=lambda name: name != usual))

    def resolve_style(self, name: str, guild_id: int | None = None) -> str:
        """Its voice. Raises UnknownStyle or NoBeats."""
        return self._live.resolve_style(name, guild_id)

    def usual_tempo(self, style: str) -> float:
        """Beats per minute. Raises UnknownStyle or NoBeats."""
        return self._live.style(style).tempo

    async def prime_of(self, data: bytes) -> PianoRoll:
        """What a MIDI file has to go on from. Raises BadPrime or NoBeats."""
        steps = self._live.checkpoint.steps_per_beat
        return await prime_of_file(data, steps, self._renderer)

    def prime_of_chords(self, text: str, style: str) -> PianoRoll:
        """A bar of the style for each chord. Raises BadPrime, UnknownStyle or NoBeats."""
        steps = self._live.checkpoint.steps_per_beat
        return prime_of_chords(text, steps, self._live.style(style).beats_per_bar)

    def checked(self, request: BeatRequest) -> BeatRequest:
        """With the style as the checkpoint spells it. Raises UnknownStyle or NoBeats; ValueError
        for numbers that no command lets through.
        """
        most = self._settings.max_bars
        if not 1 <= request.bars <= most:
            raise ValueError(f"bars must lie between 1 and {most}, not {request.bars}.")
        if request.tempo is not None and not MIN_TEMPO <= request.tempo <= MAX_TEMPO:
            raise ValueError(f"tempo must lie between {MIN_TEMPO:g} and {MAX_TEMPO:g}.")
        if request.temperature is not None and not 0 < request.temperature <= 2:
            raise ValueError("temperature must lie above 0 and at most at 2.")
        return replace(request, style=self._live.require(request.style))

    async def swap(
        self, folder: Path, *, version: str | None = None, instead_of: str | None = None
    ) -> None:
        """See `GenerationService.swap`; it must lie among those of beats. Where there were none,
        there are then.
        """
        await self._succession.swap(folder, version=version, instead_of=instead_of)

    @property
    def _live(self) -> LiveBeats:
        if self._succession.live is None:
            raise NoBeats
        return self._succession.live
