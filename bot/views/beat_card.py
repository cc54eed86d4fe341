"""A beat as members see and hear it: picture, player, file to keep, and the buttons below."""

import io
from collections.abc import Iterator
from typing import Any

import discord

from bot.locale import Translator
from bot.moderation import neutralise, plain
from bot.rendering.beat_files import BeatFiles
from bot.store import Beat, Subject, VoteCount
from bot.views.buttons import button, view_of
from bot.views.card import (
    COLOUR,
    MAX_TITLE,
    NO_VOTES,
    PLUS,
    Card,
    footer_of,
    report_button,
    vote_buttons,
)

_MAX_ALT = 1024


def beat_card(
    beat: Beat, files: BeatFiles, member: str, _: Translator, votes: VoteCount | None = None
) -> Card:
    """`member` is the name of whoever asked. A new beat has no votes."""
    embed = discord.Embed(title=title_of_beat(beat)[:MAX_TITLE], colour=COLOUR)
    embed.set_footer(text=footer_of([beat.style], (), member, beat.checkpoint, _))
    embed, attached = with_music(embed, beat, files, _)
    return Card(embed, beat_buttons(beat.id, votes or NO_VOTES, _), attached)


def with_music(
    embed: discord.Embed, beat: Beat, files: BeatFiles, _: Translator
) -> tuple[discord.Embed, tuple[discord.File, ...]]:
    """The embed with it, and the files to attach. Discord plays the sound in the message."""
    attached = tuple(_attached(beat, files, _))
    shown: dict[str, Any] = {**embed.to_dict(), "description": "\n".join(_facts(beat, files, _))}
    if files.picture is not None:
        picture = attached[0]
        # With words for those who do not see it, for which discord.py has no argument yet.
        url = f"attachment://{picture.filename}"
        shown["image"] = {"url": url, "description": picture.description}
    return discord.Embed.from_dict(shown), attached


def title_of_beat(beat: Beat) -> str:
    """In Discord's markdown."""
    return f"🎹 {neutralise(plain(beat.style))}"


def length_of(beat: Beat, _: Translator) -> str:
    said = _.ngettext(
        "{bars} bar · {tempo} beats per minute",
        "{bars} bars · {tempo} beats per minute",
        beat.bars,
    )
    return said.format(bars=beat.bars, tempo=f"{beat.tempo:g}")


def beat_buttons(beat_id: int, votes: VoteCount, _: Translator) -> discord.ui.View:
    subject = Subject("beat", beat_id)
    return view_of(
        *vote_buttons(subject, votes),
        button("beatagain", beat_id, emoji="🔁", label=_("Again")),
        button("beatmore", beat_id, emoji=PLUS, label=_("Continue")),
        report_button(subject),
    )


def _facts(beat: Beat, files: BeatFiles, _: Translator) -> Iterator[str]:
    yield length_of(beat, _)
    if beat.num_prime_steps:
        yield _("It goes on from what is pale in the picture.")
    if files.picture is None:
        yield _("I could not draw it this time.")
    if files.silence is not None:
        yield f"🔇 {_.say(files.silence)}"


def _attached(beat: Beat, files: BeatFiles, _: Translator) -> Iterator[discord.File]:
    """The picture first, then the player, then what to keep."""
    alt = _.say(files.description)[:_MAX_ALT] if files.description else None
    if files.picture is not None:
        yield discord.File(io.BytesIO(files.picture), f"beat-{beat.id}.png", description=alt)
    if files.audio is not None:
        yield discord.File(io.BytesIO(files.audio), f"beat-{beat.id}.mp3")
    yield discord.File(io.BytesIO(files.midi), f"beat-{beat.id}.mid")
