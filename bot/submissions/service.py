"""Handing in lyrics: who may, what is wrong with them, what is like them, and into the queue."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.config import Config
from bot.errors import AccountTooYoung, NearDuplicate, SubmissionsClosed
from bot.generation import GenerationService
from bot.store import GuildSettings, Lyrics, NewLyrics, Store, StoredText, SubmissionQuotas
from bot.submissions.findings import Findings
from bot.submissions.intake import PreparedLyrics, decode, prepare
from bot.submissions.quality import examine
from bot.submissions.similarity import Sketch, SketchIndex, lines_in_common, share_in_common, sketch
from bot.submissions.wording import check_names, check_words

_PAGE = 500
_WORTH_A_WORD = 0.05  # less in common is chance


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitter:
    user_id: int
    guild_id: int | None
    has_account_since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedIn:
    """`words` are a file's bytes, or what was typed; `source` is the file's name, or "modal"."""

    artist: str
    title: str
    words: str | bytes
    source: str


@dataclass(frozen=True, slots=True)
class Likeness:
    """`lines` are those that both have in the same words, as the later one writes them."""

    share: float
    other: Lyrics
    lines: tuple[str, ...]


class SubmissionService:
    """Takes lyrics in. Owns an index of all that were handed in before, by server.

    It reads what is new in the database each time, so what another process imports is known too.
    """

    def __init__(self, config: Config, store: Store, generation: GenerationService) -> None:
        self._config = config.submissions
        self._is_shared = config.servers.share_lyrics
        self._store = store
        self._generation = generation
        self._index = SketchIndex()
        self._last_id = 0
        self._one_at_a_time = asyncio.Lock()

    async def likeness(self, lyrics: Lyrics) -> Likeness | None:
        """To what these lyrics are alike, as far as it is still there."""
        findings = Findings.from_json(lyrics.findings)
        if findings is None or findings.similar_to is None:
            return None
        others = await self._store.review.visible([findings.similar_to], lyrics.guild_id)
        if not others:
            return None
        lines = await asyncio.to_thread(lines_in_common, lyrics.text, others[0].text)
        return Likeness(findings.similarity, others[0], tuple(lines))

    async def admit(self, submitter: Submitter) -> None:
        """Raises what would keep this member's lyrics out whatever they are."""
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
        """Puts lyrics in review, with their findings. Only with the submitter's consent, now.

        Raises what `admit` does, RemovedArtist, BadLyrics, DuplicateLyrics or NearDuplicate.
        """
        consent_at = datetime.now(UTC)
        await self.admit(submitter)
        settings = GuildSettings(guild_id=0)
        if submitter.guild_id is not None:
            settings = await self._store.guilds.get(submitter.guild_id)
        self._generation.removed.require_allowed(handed_in.artist, submitter.guild_id)
        check_names(handed_in.artist, handed_in.title, settings)
        prepared, findings = await asyncio.to_thread(self._look_at, handed_in.words, settings)
        async with self._one_at_a_time:  # else two who hand in the same would not see each other
            await self._catch_up()
            findings = await self._compared(prepared, findings, submitter)
            lyrics = await self._store.lyrics.submit(
                NewLyrics(
                    artist=handed_in.artist,
                    title=handed_in.title,
                    text=prepared.text,
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
        await self._generation.protect([lyrics.text])
        return lyrics

    async def warm_up(self) -> None:
        """Reads everything that is there: seconds for ten thousand lyrics, off the event loop."""
        async with self._one_at_a_time:
            await self._catch_up()

    async def _catch_up(self) -> None:
        found: list[Sketch] = []
        last_id = self._last_id
        while page := await self._store.review.texts(after_id=last_id, limit=_PAGE):
            found += await asyncio.to_thread(_sketches, page)
            last_id = page[-1].lyrics_id
        await asyncio.to_thread(self._index.add, found)
        self._last_id = last_id

    @property
    def _quotas(self) -> SubmissionQuotas:
        return SubmissionQuotas(
            pending_per_user=self._config.max_pending_per_user,
            per_user_and_day=self._config.max_per_user_and_day,
            per_user_and_week=self._config.max_per_user_and_week,
            pending_per_server=self._config.max_pending_per_server,
            per_server_and_week=self._config.max_per_server_and_week,
        )

    def _look_at(
        self, words: str | bytes, settings: GuildSettings
    ) -> tuple[PreparedLyrics, Findings]:
        """In a thread of its own."""
        text = decode(words) if isinstance(words, bytes) else words
        prepared = prepare(text, self._config)
        blocked = check_words(prepared.text, settings)
        flags, language, confidence = examine(prepared.text, self._generation.languages)
        return prepared, Findings(
            language=language, language_confidence=round(confidence, 2), flags=(*blocked, *flags)
        )

    async def _compared(
        self, prepared: PreparedLyrics, findings: Findings, submitter: Submitter
    ) -> Findings:
        """Raises NearDuplicate where too much is another's."""
        guild_id, text = submitter.guild_id, prepared.text
        likely = await asyncio.to_thread(self._index.nearest, text, guild_id)
        if not likely:
            return findings
        share, nearest = await asyncio.to_thread(
            _nearest, text, await self._store.review.visible(likely, guild_id)
        )
        if nearest is None or share < _WORTH_A_WORD:
            return findings
        is_same = nearest.fingerprint == prepared.fingerprint  # for the store to refuse
        if share > self._config.max_similarity and not is_same:
            raise NearDuplicate(
                nearest.artist,
                nearest.title,
                share,
                is_own=nearest.submitter_id == submitter.user_id,
            )
        return findings.model_copy(update={"similarity": round(share, 3), "similar_to": nearest.id})


def _sketches(texts: list[StoredText]) -> list[Sketch]:
    return [sketch(each.lyrics_id, each.guild_id, each.text) for each in texts]


def _nearest(text: str, others: list[Lyrics]) -> tuple[float, Lyrics | None]:
    compared = ((share_in_common(text, each.text), each) for each in others)
    return max(compared, key=lambda pair: pair[0], default=(0.0, None))
