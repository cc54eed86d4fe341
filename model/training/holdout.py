"""What to keep back from a handful of new songs, or pieces, to tell learning them from copying."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from model.corpus.song import Song
from model.corpus.split import split_of
from model.errors import CorpusError

_MIN_SONGS_TO_KEEP_ONE = 4
_TAIL = 4

Item = TypeVar("Item")


def hold_out(songs: Sequence[Song]) -> tuple[list[Song], list[Song]]:
    """Split into (to learn, held out), for each artist on their own.

    An artist's songs of the validation and test splits are held out. Where there are none, one song
    of four or more is; of fewer, the last quarter of each song's lines, which is a weaker test, as
    they share their song's words. An artist of nothing but one-line songs is learned and not
    measured. Raises CorpusError when nothing at all could be measured.
    """
    learn: list[Song] = []
    held_out: list[Song] = []
    for artist in dict.fromkeys(song.artist for song in songs):
        own = [song for song in songs if song.artist == artist]
        kept, back = hold_back(own, lambda song: (song.artist, song.title), _split_song)
        learn += kept
        held_out += back
    if not held_out:
        raise CorpusError(
            "The new songs have one line each, so no line is left to test what was learned; "
            "add songs of several lines."
        )
    return learn, held_out


def hold_back(
    items: Sequence[Item],
    name_of: Callable[[Item], tuple[str, str]],
    cut: Callable[[Item], tuple[Item, Item | None]],
) -> tuple[list[Item], list[Item]]:
    """The same of one artist's songs, or one style's pieces: named by artist and title, and `cut`
    into head and tail, where there is one.
    """
    back = [item for item in items if split_of(*name_of(item)) != "train"]
    if not back and len(items) >= _MIN_SONGS_TO_KEEP_ONE:
        back = [min(items, key=lambda item: hashlib.sha256(name_of(item)[1].encode()).digest())]
    if back and len(back) < len(items):
        return [item for item in items if item not in back], back
    pairs = [cut(item) for item in items]
    return [head for head, _ in pairs], [tail for _, tail in pairs if tail is not None]


def tail_of(num_parts: int) -> int:
    """How many of the last parts are held out of one that cannot be held out whole."""
    return max(num_parts // _TAIL, 1) if num_parts > 1 else 0


def _split_song(song: Song) -> tuple[Song, Song | None]:
    """Its head and its tail; a single line has none."""
    lines = song.text.strip("\n").split("\n")
    cut = len(lines) - tail_of(len(lines))
    head, tail = ("\n".join(part).strip("\n") for part in (lines[:cut], lines[cut:]))
    return replace(song, text=head), replace(song, text=tail) if tail else None
