"""Which songs a new artist hands in, and which text tells the truth about what was learned."""

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

from model.corpus.dataset import select_split
from model.corpus.song import Song
from model.errors import CorpusError

MAX_UNSEEN = 20_000  # characters
MAX_OTHERS = 40_000
_LEAST_UNSEEN = 5  # a fifth of an artist's songs stays unseen, whatever is asked for


@dataclass(frozen=True, slots=True)
class Lesson:
    """What is given to a fine-tune, and songs by the same artist that it never sees.

    `asked_for` is how many songs were to be given; an artist may have fewer.
    """

    artist: str
    language: str
    asked_for: int
    given: list[Song]
    unseen: list[Song]


def lessons_of(
    songs: Sequence[Song],
    known: Iterable[str],
    sizes: Sequence[int],
    num_artists: int | None,
    seed: int,
) -> list[Lesson]:
    """For each size, the first songs of each artist that is not `known`, in an order of `seed`.

    What is unseen is taken from the other end of that order, so that it is much the same for every
    size. Artists come from each language in turn; `num_artists` (None: all) is how many.
    """
    known = set(known)
    own: dict[str, list[Song]] = {}
    for song in songs:
        if song.artist not in known:
            own.setdefault(song.artist, []).append(song)
    if not own:
        raise CorpusError(
            "The checkpoint knows every artist of the new songs; give songs of artists that it was "
            "not trained on."
        )
    artists = _languages_in_turn(own)[:num_artists]
    return [_lesson(artist, own[artist], size, seed) for size in sizes for artist in artists]


def sample_others(
    songs: Sequence[Song],
    known: Sequence[str],
    seed: int,
    *,
    split: str = "test",
    num_characters: int = MAX_OTHERS,
) -> list[Song]:
    """Songs of a split with about `num_characters`, the same share for every artist in `known`.

    They come in an order of `seed`, so that the first of them are of many artists.
    """
    share = num_characters / max(1, len(known))
    held_out = select_split(songs, split)
    sample = [
        song
        for artist in known
        for song in _about(_shuffled(held_out, artist, seed), share, at_most=2 * share)
    ]
    random.Random(seed).shuffle(sample)
    if not sample:
        raise CorpusError(
            f"The others have no song in the {split} split by an artist that the checkpoint knows; "
            "give the songs that it was trained on."
        )
    return sample


def _lesson(artist: str, songs: list[Song], size: int, seed: int) -> Lesson:
    order = list({song.text: song for song in _shuffled(songs, artist, seed)}.values())
    size_given = min(size, len(order) - max(1, len(order) // _LEAST_UNSEEN))
    if size_given < 1:
        raise CorpusError(f"{artist} has one song alone, so none is left to measure by.")
    unseen = list(_about(reversed(order[size_given:]), MAX_UNSEEN, at_most=MAX_UNSEEN))
    return Lesson(artist, order[0].language, size, order[:size_given], unseen)


def _shuffled(songs: Iterable[Song], artist: str, seed: int) -> list[Song]:
    own = sorted(
        (song for song in songs if song.artist == artist), key=lambda song: (song.title, song.text)
    )
    random.Random(f"{seed} {artist}").shuffle(own)
    return own


def _about(songs: Iterable[Song], num_characters: float, at_most: float) -> Iterator[Song]:
    """Songs until there is enough text; what would be too much is passed over, never the first."""
    taken = 0
    for song in songs:
        if taken and (taken >= num_characters or taken + len(song.text) > at_most):
            continue
        taken += len(song.text)
        yield song


def _languages_in_turn(own: dict[str, list[Song]]) -> list[str]:
    by_language: dict[str, list[str]] = {}
    for artist, songs in own.items():
        by_language.setdefault(songs[0].language, []).append(artist)
    turns = chain.from_iterable(zip_longest(*by_language.values()))
    return [artist for artist in turns if artist is not None]
