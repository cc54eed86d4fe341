"""What a member asks for when they ask for a beat."""

import hashlib
from dataclasses import dataclass

import discord

from bot.store import Beat, Verse

_MIN_BARS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class BeatOrder:
    """None leaves a number to the configuration's default, or to what is usual in the style.

    It goes on from at most one of `file`, `chords` and `midi`, which is one of the bot's own files.
    """

    style: str | None = None  # None: the configuration's
    num_bars: int | None = None
    tempo: float | None = None
    temperature: float | None = None
    file: discord.Attachment | None = None
    chords: str | None = None
    midi: bytes | None = None
    rng_seed: int | None = None
    verse_id: int | None = None  # the verse that it is made for


def same_again(beat: Beat) -> BeatOrder:
    """Another one, of all that was asked for."""
    return BeatOrder(
        style=beat.style,
        num_bars=beat.bars,
        tempo=beat.tempo,
        temperature=beat.temperature,
        midi=beat.prime,
        verse_id=beat.verse_id,
    )


def continuation(beat: Beat) -> BeatOrder:
    """As many bars more; how much of the beat is heard again before them, generation knows."""
    return BeatOrder(
        style=beat.style,
        num_bars=beat.bars,
        tempo=beat.tempo,
        temperature=beat.temperature,
        midi=beat.result,
    )


def beat_for(verse: Verse) -> BeatOrder:
    """A bar for each line, and for the same verse always the same beat."""
    digest = hashlib.sha256(f"beat:{verse.id}:{verse.rng_seed}".encode()).digest()
    return BeatOrder(
        num_bars=max(_MIN_BARS, verse.num_lines),
        rng_seed=int.from_bytes(digest[:8], "big") >> 1,
        verse_id=verse.id,
    )
