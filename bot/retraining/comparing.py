"""Two versions of the model side by side, from what was kept of both."""

import statistics
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from bot.retraining.model_versions import Version
from bot.store import split_voice

MEASURES = ("rhyme", "density", "novel", "distinct")
_NUM_VERSES = 2
_MAX_ARTISTS = 8


class Pair(NamedTuple):
    """None where nothing was kept."""

    first: float | None
    second: float | None


class VersePair(NamedTuple):
    """The same seed by the same artist with the same random numbers."""

    artist: str
    seed: str
    first: str
    second: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """`is_same_text`: the second was made from the first, so both read and wrote the same. Else
    each figure is of the text of its own run. Artists of other servers are a number.
    """

    first: Version
    second: Version
    is_same_text: bool
    new_songs: Pair
    measures: Mapping[str, Pair]  # of canary verses, by names of MEASURES
    artists: Mapping[str, Pair]  # bits per character, by name
    num_other_artists: int
    verses: Sequence[VersePair]


def compare(first: Version, second: Version, guild_id: int | None) -> Comparison:
    """As the server may see it."""
    if first.record.parent == second.name:
        first, second = second, first
    is_same_text = second.record.parent == first.name
    sides = (
        [(second, "live"), (second, "candidate")]
        if is_same_text
        else [(first, "candidate"), (second, "candidate")]
    )
    artists = _artists(sides)
    visible = {voice: pair for voice, pair in artists.items() if _is_visible(voice, guild_id)}
    shown = dict(list(visible.items())[:_MAX_ARTISTS])
    return Comparison(
        first=first,
        second=second,
        is_same_text=is_same_text,
        new_songs=Pair(*(_value(version, "new_songs", side) for version, side in sides)),
        measures={
            name: Pair(*(_mean(version, side, name) for version, side in sides))
            for name in MEASURES
        },
        artists={split_voice(voice)[0]: pair for voice, pair in shown.items()},
        num_other_artists=len(artists) - len(shown),
        verses=list(_verses(sides, guild_id))[:_NUM_VERSES],
    )


Sides = Sequence[tuple[Version, str]]


def _artists(sides: Sides) -> dict[str, Pair]:
    """Whose songs one of the two learned."""
    voices = {voice: None for version, _ in sides for voice in _mapping(version, "touched")}

    def bits(version: Version, side: str, voice: str) -> float | None:
        for name in ("touched", "untouched"):
            figures = _mapping(version, name).get(voice)
            if isinstance(figures, Mapping):
                return _number(figures.get(side))
        return None

    return {
        voice: Pair(*(bits(version, side, voice) for version, side in sides)) for voice in voices
    }


def _verses(sides: Sides, guild_id: int | None) -> Iterator[VersePair]:
    kept = [
        {(each["artist"], each["seed"]): each[side]["text"] for each in _canaries(version)}
        for version, side in sides
    ]
    for (voice, seed), text in kept[0].items():
        other = kept[1].get((voice, seed))
        if other is not None and _is_visible(voice, guild_id):
            yield VersePair(split_voice(voice)[0], seed, text, other)


def _mean(version: Version, side: str, name: str) -> float | None:
    values = [each[side][name] for each in _canaries(version)]
    return statistics.fmean(values) if values else None


def _canaries(version: Version) -> list[dict[str, Any]]:
    kept = version.record.figures.get("canaries")
    return kept if isinstance(kept, list) else []


def _value(version: Version, name: str, side: str) -> float | None:
    return _number(_mapping(version, name).get(side))


def _mapping(version: Version, name: str) -> Mapping[str, Any]:
    values = version.record.figures.get(name)
    return values if isinstance(values, Mapping) else {}


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, float | int) else None


def _is_visible(voice: str, guild_id: int | None) -> bool:
    return split_voice(voice)[1] in (None, guild_id)
