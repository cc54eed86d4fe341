"""Generation as the rest of the bot sees it: ask for a verse or a beat, and await it."""

import asyncio
import itertools
import logging
import secrets
from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

from bot.config import Config
from bot.errors import EngineStopped, NotSayable
from bot.generation.beats import Beats
from bot.generation.bench import Bench
from bot.generation.dispatcher import AnyJob, Dispatcher
from bot.generation.explain import Explanation, WrittenVerse, explain
from bot.generation.hardware import choose_device, choose_num_threads
from bot.generation.live import LiveCheckpoint
from bot.generation.places import Places
from bot.generation.queue import FairQueue
from bot.generation.registry import registry_of_verses
from bot.generation.removed import RemovedArtists
from bot.generation.requests import BeatRequest, GeneratedBeat, GeneratedVerse, VerseRequest
from bot.generation.succession import Succession
from bot.generation.waiting import OnWait, Patience, made_in_time
from bot.rendering.renderer import Renderer
from bot.telemetry.metrics import Kind, Metrics
from model.checkpoint import Checkpoint
from model.copyguard import CopyOverlay, VerseGuard

logger = logging.getLogger(__name__)

_MAX_REWRITES = 3


class GenerationService:
    """Writes verses with the live checkpoint, and `beats` with theirs. An async context manager;
    enter it before the bot.

    Entering raises CheckpointError when no checkpoint loads; `warnings` says for the operator what
    was wrong with those that did not. `failure` is why no verse can be written, None when all is
    well; a swap to a checkpoint that works mends it.
    """

    def __init__(
        self, config: Config, metrics: Metrics | None = None, renderer: Renderer | None = None
    ) -> None:
        self._config = config
        self._metrics = metrics or Metrics()
        self._device = choose_device(config.generation.device)
        self._submitted = CopyOverlay()
        self.removed = RemovedArtists()
        self._explaining = asyncio.Lock()
        self._dispatcher: Dispatcher | None = None
        keys, generation = itertools.count(), config.generation
        self._bench = Bench[VerseRequest, GeneratedVerse](
            "verse", num_slots=generation.num_slots, max_candidates=generation.candidates
        )

        most, at_once = config.queue.max_waiting, self._bench.most_at_once
        self._places = Places(most + at_once, lambda: self._bench.pace.retry_after_s(most))

        def alive(checkpoint: Checkpoint) -> LiveCheckpoint:
            return LiveCheckpoint(next(keys), checkpoint, generation.precision, self._submitted)

        self._verses = Succession(
            registry_of_verses(config),
            self._bench,
            alive,
            self._device,
            on_live=lambda live: live.roster.remove(self.removed),
        )
        self.beats = Beats(config, keys, self._device, renderer or Renderer())

    async def __aenter__(self) -> Self:
        live, queue = await self._verses.load(), self._config.queue
        dispatcher = Dispatcher(
            FairQueue[AnyJob](
                max_waiting=queue.max_waiting, max_waiting_per_user=queue.max_waiting_per_user
            ),
            self._bench,
            self.beats.bench,
            num_threads=choose_num_threads(self._config.generation.threads),
            metrics=self._metrics,
        )
        try:
            await self._verses.begin(dispatcher, live)
            await self.beats.begin(dispatcher)
        except BaseException:
            await dispatcher.stop()
            raise
        self._dispatcher = dispatcher
        logger.info("verses are written by checkpoint %s on %s", live.version, self._device)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        dispatcher, self._dispatcher = self._dispatcher, None
        self._verses.end()
        self.beats.end()
        if dispatcher is not None:
            await dispatcher.stop()

    @property
    def warnings(self) -> tuple[str, ...]:
        return self._verses.warnings

    @property
    def live_version(self) -> str:
        return self._live_checkpoint.version

    @property
    def failure(self) -> str | None:
        """Why no verse can be written now, for the operator and the health check."""
        return "generation is closed" if self._dispatcher is None else self._bench.failure

    @property
    def num_waiting(self) -> int:
        """Verses and beats in the queue; those that are being written have left it."""
        return self.num_waiting_of("verse") + self.num_waiting_of("beat")

    def num_waiting_of(self, kind: Kind) -> int:
        return 0 if self._dispatcher is None else self._dispatcher.num_waiting(kind)

    def num_writing_of(self, kind: Kind) -> int:
        return 0 if self._dispatcher is None else self._dispatcher.num_writing(kind)

    @property
    def num_wanted(self) -> int:
        """What members wait for now, on its way in, in the queue or being written."""
        return self._places.num_kept

    def voices(self) -> tuple[str, ...]:
        """Of everybody whom the live checkpoint has learned, in all servers: not for members."""
        return self._live_checkpoint.roster.voices

    @property
    def languages(self) -> frozenset[str]:
        return frozenset(self._live_checkpoint.checkpoint.languages)

    def artists(self, guild_id: int | None) -> tuple[str, ...]:
        """The names that a server sees: its own artists, then those that all share."""
        return self._live_checkpoint.roster.seen_from(guild_id).names

    def resolve_artist(self, name: str, guild_id: int | None) -> str:
        """The voice of the artist of that name: a server's own, else a shared one.

        In any case, with or without accents and punctuation. Raises UnknownArtist with the nearest
        names.
        """
        return self._live_checkpoint.roster.seen_from(guild_id).resolve(name)

    def resolve_voice(self, voice: str, guild_id: int | None) -> str:
        """Exactly this voice where the server may hear it; else the artist of that name."""
        return self._live_checkpoint.roster.resolve_voice(voice, guild_id)

    def remove_artists(self, removed: RemovedArtists) -> None:
        """From now on these are hidden, whichever checkpoint is live, and no others."""
        self.removed = removed
        self._live_checkpoint.roster.remove(removed)

    def search_artists(self, text: str, limit: int, guild_id: int | None) -> list[str]:
        """What to offer to somebody who has typed `text`, the likeliest first."""
        return self._live_checkpoint.roster.seen_from(guild_id).search(text, limit)

    def place(self) -> AbstractContextManager[None]:
        """For one verse or beat until it is written. Entering it raises QueueFull when slots and
        queue are spoken for.

        To be entered before a request waits for anything else, be it Discord or the database: a
        crowd would stand there, where nothing is bounded, instead of in the queue.
        """
        return self._places.keep()

    async def generate(
        self, request: VerseRequest, on_wait: OnWait | None = None
    ) -> GeneratedVerse:
        """Write a verse; cancelling the awaiting task ends the work on it.

        `on_wait` is awaited after two seconds, then when the position has changed, at most every
        five seconds. A verse that may not stand is written again, a few times, before the deadline.
        Raises UnknownArtist, BadSeed, NotSayable, QueueFull, TooManyWaiting, DeadlineExceeded or
        EngineStopped; ValueError when `lines` is outside of 1 to the configured `max_lines`.
        """
        with self._metrics.making("verse"):
            return await self._generate(request, on_wait)

    async def compose(self, request: BeatRequest, on_wait: OnWait | None = None) -> GeneratedBeat:
        """Write a beat, as `generate` writes a verse.

        Raises NoBeats, UnknownStyle, BadPrime, QueueFull, TooManyWaiting, DeadlineExceeded or
        EngineStopped; ValueError for impossible numbers.
        """
        with self._metrics.making("beat"):
            request = self.beats.checked(request)
            rng_seed = secrets.randbits(63) if request.rng_seed is None else request.rng_seed
            return await made_in_time(
                self._dispatcher, self.beats.bench, request, rng_seed, self._patience(on_wait)
            )

    async def _generate(self, request: VerseRequest, on_wait: OnWait | None) -> GeneratedVerse:
        loop = asyncio.get_running_loop()
        started, patience = loop.time(), self._patience(on_wait)
        max_lines = self._config.generation.max_lines
        if not 1 <= request.lines <= max_lines:
            raise ValueError(f"lines must lie between 1 and {max_lines}, not {request.lines}.")
        request = self._resolved(request)
        rng_seed = secrets.randbits(63) if request.rng_seed is None else request.rng_seed
        for seed in range(rng_seed, rng_seed + 1 + _MAX_REWRITES):
            verse = await made_in_time(
                self._dispatcher, self._bench, request, seed % 2**63, patience, draw=request.draw
            )
            if request.may_stand is None or request.may_stand(verse.text):
                return replace(verse, elapsed_s=loop.time() - started)
        raise NotSayable

    def _patience(self, on_wait: OnWait | None) -> Patience:
        return Patience.from_now(self._config.queue.deadline_s, on_wait)

    async def explain(self, verse: WrittenVerse) -> Explanation:
        """What the live checkpoint can say of a verse: one at a time, so that verses go on."""
        async with self._explaining:
            return await asyncio.to_thread(explain, self._live_checkpoint, verse)

    async def protect(self, texts: Iterable[str]) -> None:
        """From now on, whichever checkpoint is live, no verse that begins may copy these lyrics."""
        await asyncio.to_thread(self._submitted.protect, texts)

    def guard(self, before: str = "") -> VerseGuard:
        """What the next line after `before` may not copy."""
        return self._live_checkpoint.guard(before)

    def _resolved(self, request: VerseRequest) -> VerseRequest:
        """With the artists' names as the checkpoint spells them; one with themself is no mix."""
        roster = self._live_checkpoint.roster
        artist, mix = roster.require(request.artist), request.mix
        if mix is not None:
            mix = replace(mix, artist=roster.require(mix.artist))
        return replace(request, artist=artist, mix=mix if mix and mix.artist != artist else None)

    async def swap(
        self, checkpoint_folder: Path, *, version: str | None = None, instead_of: str | None = None
    ) -> None:
        """Make another checkpoint live, now and after a restart; it must lie among the checkpoints.

        Verses in flight finish on the old one. Raises CheckpointError when it does not load, is not
        `version`, is to take the place `instead_of` one that is not live any more, or cannot be
        made live; then nothing has changed.
        """
        await self._verses.swap(checkpoint_folder, version=version, instead_of=instead_of)

    async def try_out(self, checkpoint_folder: Path, version: str, share: float) -> None:
        """Let another version write a share of the verses beside the live one, until `end_trial`.

        Raises CheckpointError when it does not load or is another.
        """
        await self._verses.try_out(checkpoint_folder, version, share)

    def end_trial(self) -> None:
        """Harmless without one."""
        self._verses.end_trial()

    @property
    def _live_checkpoint(self) -> LiveCheckpoint:
        if self._verses.live is None:
            raise EngineStopped
        return self._verses.live
