"""A beat as members see and hear it: picture, player, file to keep, and the buttons below."""

from collections.abc import Iterator

import discord

from bot.locale import Translator
from bot.moderation import neutralise, plain
from bot.rendering.beat_files import BeatFiles
from bot.store import Beat, Subject, VoteCount, name_of
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
from bot.views.music import attach_music


def beat_card(
    beat: Beat, files: BeatFiles, member: str, _: Translator, votes: VoteCount | None = None
) -> Card:
    """`member` is the name of whoever asked. A new beat has no votes."""
    embed = discord.Embed(title=title_of_beat(beat)[:MAX_TITLE], colour=COLOUR)
    embed.set_footer(text=footer_of([name_of(beat.style)], (), member, beat.checkpoint, _))
    embed, attached = with_music(embed, beat, files, _)
    return Card(embed, beat_buttons(beat.id, votes or NO_VOTES, _), attached)


def with_music(
    embed: discord.Embed, beat: Beat, files: BeatFiles, _: Translator
) -> tuple[discord.Embed, tuple[discord.File, ...]]:
    """The embed with it, and the files to attach."""
    embed.description = "\n".join(_facts(beat, files, _))
    return attach_music(embed, f"beat-{beat.id}", files, _)


def title_of_beat(beat: Beat) -> str:
    """In Discord's markdown."""
    return f"🎹 {neutralise(plain(name_of(beat.style)))}"


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
