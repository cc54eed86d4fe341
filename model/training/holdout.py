"""What to keep back from a handful of new songs, to tell learning them from copying them."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from model.corpus.song import Song
from model.corpus.split import split_of
from model.errors import CorpusError

_MIN_SONGS_TO_KEEP_ONE = 4
_TAIL = 4


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
        kept, back = _split_artist([song for song in songs if song.artist == artist])
        learn += kept
        held_out += back
    if not held_out:
        raise CorpusError(
            "The new songs have one line each, so no line is left to test what was learned; "
            "add songs of several lines."
        )
    return learn, held_out


def _split_artist(songs: list[Song]) -> tuple[list[Song], list[Song]]:
    back = [song for song in songs if split_of(song.artist, song.title) != "train"]
    if not back and len(songs) >= _MIN_SONGS_TO_KEEP_ONE:
        back = [min(songs, key=lambda song: hashlib.sha256(song.title.encode()).digest())]
    if back and len(back) < len(songs):
        return [song for song in songs if song not in back], back
    pairs = [_split_song(song) for song in songs]
    return [head for head, _ in pairs], [tail for _, tail in pairs if tail.text]


def _split_song(song: Song) -> tuple[Song, Song]:
    """Its head and its tail, which is empty for a single line."""
    lines = song.text.strip("\n").split("\n")
    num_held_out = max(len(lines) // _TAIL, 1) if len(lines) > 1 else 0
    cut = len(lines) - num_held_out
    head, tail = ("\n".join(part).strip("\n") for part in (lines[:cut], lines[cut:]))
    return replace(song, text=head), replace(song, text=tail)
