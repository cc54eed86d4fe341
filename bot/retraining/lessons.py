"""What a run learns: newly approved lyrics, and some of those learned before to read again."""

from collections.abc import Iterable
from dataclasses import dataclass

from bot.retraining.job import Lyrics
from bot.store import Lyrics as StoredLyrics
from bot.store import Store, fold_name
from model.corpus.song import Song

_PAGE = 200
_NUM_NEWEST, _NUM_RANDOM = 60, 60


@dataclass(frozen=True, slots=True)
class Lessons:
    lyrics_ids: list[int]
    lyrics: Lyrics


async def gather(store: Store, artists: Iterable[str]) -> Lessons:
    """`artists` are those of the live checkpoint: however a name is typed, it is theirs."""
    new = await _all_new(store)
    known = await store.lyrics.learned(num_newest=_NUM_NEWEST, num_random=_NUM_RANDOM)
    spelling = {fold_name(name): name for name in artists}

    def songs(rows: Iterable[StoredLyrics]) -> list[Song]:
        return [
            Song(spelling.get(fold_name(row.artist), row.artist), row.title, row.text, row.language)
            for row in rows
        ]

    return Lessons([row.id for row in new], Lyrics(songs(new), songs(known)))


async def _all_new(store: Store) -> list[StoredLyrics]:
    """Page by page: after a large import, all at once would hold the event loop up."""
    rows: list[StoredLyrics] = []
    while page := await store.lyrics.approved_since_last_run(
        after_id=rows[-1].id if rows else 0, limit=_PAGE
    ):
        rows += page
    return rows
