"""What a run learns: newly approved lyrics, and some of those learned before to read again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.retraining.fair_share import Caps, capped
from bot.retraining.job import Lyrics
from bot.store import Lyrics as StoredLyrics
from bot.store import Store, fold_name, split_voice
from model.corpus.song import Song

_PAGE = 200
_NUM_NEWEST, _NUM_RANDOM = 60, 60


@dataclass(frozen=True, slots=True)
class Lessons:
    """`lyrics_ids` are new to the run, `replay_ids` read again."""

    lyrics_ids: list[int]
    replay_ids: list[int]
    lyrics: Lyrics


async def gather(store: Store, voices: Iterable[str], caps: Caps) -> Lessons:
    """`voices` are those of the live checkpoint: however a name is typed, it is theirs.

    The songs are those of voices, so that what one server handed in teaches no artist of another.
    """
    new = capped(await _all_new(store), caps)
    known = await store.lyrics.learned(num_newest=_NUM_NEWEST, num_random=_NUM_RANDOM)
    return _lessons(new, capped(known, caps), voices)


async def again(
    store: Store, voices: Iterable[str], lyrics_ids: Sequence[int], replay_ids: Sequence[int]
) -> Lessons:
    """The same lyrics, as far as they are still approved."""
    new = await store.lyrics.approved_among(lyrics_ids)
    return _lessons(new, await store.lyrics.approved_among(replay_ids), voices)


def _lessons(
    new: Sequence[StoredLyrics], known: Sequence[StoredLyrics], voices: Iterable[str]
) -> Lessons:
    spelling = {_identity(voice): voice for voice in voices}

    def songs(rows: Iterable[StoredLyrics]) -> list[Song]:
        return [
            Song(spelling.get(_identity(row.voice), row.voice), row.title, row.text, row.language)
            for row in rows
        ]

    return Lessons(
        [row.id for row in new], [row.id for row in known], Lyrics(songs(new), songs(known))
    )


def _identity(voice: str) -> tuple[str, int | None]:
    name, guild_id = split_voice(voice)
    return fold_name(name), guild_id


async def _all_new(store: Store) -> list[StoredLyrics]:
    """Page by page: after a large import, all at once would hold the event loop up."""
    rows: list[StoredLyrics] = []
    while page := await store.lyrics.approved_since_last_run(
        after_id=rows[-1].id if rows else 0, limit=_PAGE
    ):
        rows += page
    return rows
