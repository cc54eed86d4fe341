"""Handing in lyrics and beats: who may, what is wrong with them, what is like them, and into the
queue.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.config import Config
from bot.errors import AccountTooYoung, SubmissionsClosed
from bot.generation import GenerationService
from bot.rendering.renderer import Renderer
from bot.store import (
    GuildSettings,
    LessonKind,
    Lyrics,
    NewLyrics,
    Store,
    SubmissionQuotas,
)
from bot.submissions.findings import Findings
from bot.submissions.lyrics_reader import LyricsReader
from bot.submissions.music_reader import MusicReader
from bot.submissions.shelf import Shelf
from bot.submissions.wording import check_names


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitter:
    user_id: int
    guild_id: int | None
    has_account_since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """`content` is a file's bytes, or what was typed; `source` is the file's name, or "modal".

    What an artist is to lyrics, a style is to beats.
    """

    artist: str
    title: str
    content: str | bytes
    source: str
    kind: LessonKind = "lyrics"


@dataclass(frozen=True, slots=True)
class Likeness:
    """`lines` are those that both have in the same words, as the later one writes them."""

    share: float
    other: Lyrics
    lines: tuple[str, ...]


class SubmissionService:
    """Takes lyrics and beats in. Owns an index of all that were handed in before, by server."""

    def __init__(
        self, config: Config, store: Store, generation: GenerationService, renderer: Renderer
    ) -> None:
        self._config = config.submissions
        self._is_shared = config.servers.share_lyrics
        self._store = store
        self._generation = generation
        self._shelves: Mapping[LessonKind, Shelf] = {
            "lyrics": Shelf("lyrics", LyricsReader(config.submissions, generation), store),
            "beats": Shelf("beats", MusicReader(config.submissions, renderer), store),
        }
        self._one_at_a_time = asyncio.Lock()

    async def likeness(self, lyrics: Lyrics) -> Likeness | None:
        """To what these lyrics are alike, as far as it is still there."""
        findings = Findings.from_json(lyrics.findings)
        if findings is None or findings.similar_to is None:
            return None
        others = await self._store.review.visible([findings.similar_to], lyrics.guild_id)
        if not others:
            return None
        reader = self._shelves[lyrics.kind].reader
        lines = await asyncio.to_thread(reader.lines_in_common, lyrics, others[0])
        return Likeness(findings.similarity, others[0], tuple(lines))

    async def admit(self, submitter: Submitter) -> None:
        """Raises what would keep out whatever this member hands in."""
        settings = submitter.guild_id and await self._store.guilds.get(submitter.guild_id)
        if not self._config.enabled or (settings and not settings.submissions_enabled):
            raise SubmissionsClosed
        floor = timedelta(days=self._config.min_account_age_days)
        wait = submitter.has_account_since + floor - datetime.now(UTC)
        if wait > timedelta(0):
            raise AccountTooYoung(self._config.min_account_age_days, wait.total_seconds())
        await self._store.review.check_quotas(
            self._quotas, submitter_id=submitter.user_id, guild_id=submitter.guild_id
        )

    async def take(self, handed_in: HandedIn, submitter: Submitter) -> Lyrics:
        """Puts a piece in review, with its findings. Only with the submitter's consent, now.

        Raises what `admit` does, RemovedArtist, BadLyrics or BadMusic, DuplicateLyrics or
        NearDuplicate.
        """
        consent_at = datetime.now(UTC)
        await self.admit(submitter)
        settings = await self._settings(submitter.guild_id)
        self._generation.removed.require_allowed(handed_in.artist, submitter.guild_id)
        check_names(handed_in.artist, handed_in.title, settings)
        shelf = self._shelves[handed_in.kind]
        prepared = await shelf.reader.prepare(handed_in.content, settings)
        async with self._one_at_a_time:  # else two who hand in the same would not see each other
            await shelf.catch_up()
            findings = await shelf.compared(
                prepared, self._config.max_similarity, submitter.user_id, submitter.guild_id
            )
            lyrics = await self._store.lyrics.submit(
                NewLyrics(
                    kind=handed_in.kind,
                    artist=handed_in.artist,
                    title=handed_in.title,
                    text=prepared.text,
                    midi=prepared.midi,
                    fingerprint=prepared.fingerprint,
                    language=prepared.language,
                    submitter_id=submitter.user_id,
                    guild_id=submitter.guild_id,
                    consent_at=consent_at,
                    source=handed_in.source,
                    is_shared=self._is_shared,
                    findings=findings.to_json(),
                ),
                self._quotas,
            )
        if lyrics.text:
            await self._generation.protect([lyrics.text])
        return lyrics

    async def _settings(self, guild_id: int | None) -> GuildSettings:
        return (
            GuildSettings(guild_id=0)
            if guild_id is None
            else await self._store.guilds.get(guild_id)
        )

    async def warm_up(self) -> None:
        """Reads everything that is there: seconds for ten thousand lyrics, off the event loop."""
        async with self._one_at_a_time:
            for shelf in self._shelves.values():
                await shelf.catch_up()

    @property
    def _quotas(self) -> SubmissionQuotas:
        return SubmissionQuotas(
            pending_per_user=self._config.max_pending_per_user,
            per_user_and_day=self._config.max_per_user_and_day,
            per_user_and_week=self._config.max_per_user_and_week,
            pending_per_server=self._config.max_pending_per_server,
            per_server_and_week=self._config.max_per_server_and_week,
        )
