"""What a run learns: newly approved lyrics, and some of those learned before to read again; or
newly approved beats, beside which the model reads what it writes itself.
"""

import base64
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from bot.retraining.fair_share import Caps, capped
from bot.retraining.ground import Ground
from bot.retraining.job import BeatToLearn, Lyrics
from bot.retraining.judged import Judged
from bot.retraining.kin import identity
from bot.store import LessonKind, Store
from bot.store import Lyrics as StoredLyrics
from model.corpus.song import Song

Item = TypeVar("Item")

_PAGE = 200
_NUM_NEWEST, _NUM_RANDOM = 60, 60


@dataclass(frozen=True, slots=True)
class Lessons:
    """`lyrics_ids` are new to the run, `replay_ids` read again; `votes_until` is when the last vote
    was cast on the verses among the lyrics.
    """

    lyrics_ids: list[int]
    replay_ids: list[int]
    lyrics: Lyrics
    num_votes: int = 0
    num_voters: int = 0
    votes_until: datetime | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing of it is new: neither lyrics nor votes."""
        return not self.lyrics_ids and not self.lyrics.verses

    def only_of(self, lyrics_ids: Collection[int]) -> "Lessons":
        """Without the other new lyrics."""
        places = [place for place, each in enumerate(self.lyrics_ids) if each in lyrics_ids]

        def kept(items: list[Item]) -> list[Item]:
            return [items[place] for place in places] if items else []

        lyrics = replace(self.lyrics, songs=kept(self.lyrics.songs), beats=kept(self.lyrics.beats))
        return replace(self, lyrics_ids=kept(self.lyrics_ids), lyrics=lyrics)

    def with_verses(self, judged: Judged) -> "Lessons":
        """With verses that people have voted on."""
        return replace(
            self,
            lyrics=replace(self.lyrics, verses=judged.verses),
            num_votes=judged.num_votes,
            num_voters=judged.num_voters,
            votes_until=judged.until,
        )


async def gather(store: Store, voices: Iterable[str], caps: Caps, ground: Ground) -> Lessons:
    """`voices` are those of the live checkpoint: however a name is typed, it is theirs.

    The songs are those of voices, so that what one server handed in teaches no artist of another.
    Read again is only what the version below has learned, so that a version's lyrics are those of
    its line, and a withdrawn one can be told of.
    """
    new = capped(await _all_new(store), caps)
    missed = await store.lyrics.approved_among(ground.missed)
    known = await store.lyrics.learned(ground.line, num_newest=_NUM_NEWEST, num_random=_NUM_RANDOM)
    return _lessons([*missed, *new], capped(known, caps), voices)


async def gather_beats(store: Store, voices: Iterable[str], caps: Caps, ground: Ground) -> Lessons:
    """The same of beats. None of those that were learned before is read again."""
    new = capped(await _all_new(store, "beats"), caps)
    return _beat_lessons([*await store.lyrics.approved_among(ground.missed), *new], voices)


async def again(
    store: Store,
    voices: Iterable[str],
    lyrics_ids: Sequence[int],
    replay_ids: Sequence[int],
    kind: LessonKind = "lyrics",
) -> Lessons:
    """The same lyrics, or beats, as far as they are still approved."""
    new = await store.lyrics.approved_among(lyrics_ids)
    if kind == "beats":
        return _beat_lessons(new, voices)
    return _lessons(new, await store.lyrics.approved_among(replay_ids), voices)


def _lessons(
    new: Sequence[StoredLyrics], known: Sequence[StoredLyrics], voices: Iterable[str]
) -> Lessons:
    spelt = _spelling(voices)

    def songs(rows: Iterable[StoredLyrics]) -> list[Song]:
        return [Song(spelt(row.voice), row.title, row.text, row.language) for row in rows]

    return Lessons(
        [row.id for row in new], [row.id for row in known], Lyrics(songs(new), songs(known))
    )


def _beat_lessons(new: Sequence[StoredLyrics], voices: Iterable[str]) -> Lessons:
    spelt = _spelling(voices)
    beats = [
        BeatToLearn(spelt(row.voice), row.title, base64.b64encode(row.midi).decode())
        for row in new
        if row.midi is not None
    ]
    return Lessons([row.id for row in new], [], Lyrics([], [], beats=beats))


def _spelling(voices: Iterable[str]) -> Callable[[str], str]:
    """However a name is typed, it is theirs who are known."""
    known = {identity(voice): voice for voice in voices}
    return lambda voice: known.get(identity(voice), voice)


async def _all_new(store: Store, kind: LessonKind = "lyrics") -> list[StoredLyrics]:
    """Page by page: after a large import, all at once would hold the event loop up."""
    rows: list[StoredLyrics] = []
    while page := await store.lyrics.approved_since_last_run(
        kind, after_id=rows[-1].id if rows else 0, limit=_PAGE
    ):
        rows += page
    return rows
