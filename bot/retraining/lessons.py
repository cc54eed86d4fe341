"""What a run learns: newly approved lyrics, and some of those learned before to read again."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.retraining.fair_share import Caps, capped
from bot.retraining.ground import Ground
from bot.retraining.job import Lyrics
from bot.retraining.judged import Judged
from bot.retraining.kin import identity
from bot.store import Lyrics as StoredLyrics
from bot.store import Store
from model.corpus.song import Song

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
        pairs = zip(self.lyrics_ids, self.lyrics.songs, strict=True)
        kept = {each: song for each, song in pairs if each in lyrics_ids}
        lyrics = replace(self.lyrics, songs=list(kept.values()))
        return replace(self, lyrics_ids=list(kept), lyrics=lyrics)

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


async def again(
    store: Store, voices: Iterable[str], lyrics_ids: Sequence[int], replay_ids: Sequence[int]
) -> Lessons:
    """The same lyrics, as far as they are still approved."""
    new = await store.lyrics.approved_among(lyrics_ids)
    return _lessons(new, await store.lyrics.approved_among(replay_ids), voices)


def _lessons(
    new: Sequence[StoredLyrics], known: Sequence[StoredLyrics], voices: Iterable[str]
) -> Lessons:
    spelling = {identity(voice): voice for voice in voices}

    def songs(rows: Iterable[StoredLyrics]) -> list[Song]:
        return [
            Song(spelling.get(identity(row.voice), row.voice), row.title, row.text, row.language)
            for row in rows
        ]

    return Lessons(
        [row.id for row in new], [row.id for row in known], Lyrics(songs(new), songs(known))
    )


async def _all_new(store: Store) -> list[StoredLyrics]:
    """Page by page: after a large import, all at once would hold the event loop up."""
    rows: list[StoredLyrics] = []
    while page := await store.lyrics.approved_since_last_run(
        after_id=rows[-1].id if rows else 0, limit=_PAGE
    ):
        rows += page
    return rows
