"""What all cards have in common, and the parts below what members vote on and report."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import discord

from bot.locale import Translator
from bot.moderation import plain
from bot.store import Battle, Beat, Subject, Verse, VoteCount
from bot.views.buttons import ActionButton, button

COLOUR = discord.Colour(0x7C5CFF)

MAX_DESCRIPTION = 4096
MAX_TITLE = 256
NO_VOTES = VoteCount(up=0, down=0)

PLUS = "\N{HEAVY PLUS SIGN}"


@dataclass(frozen=True, slots=True)
class Card:
    embed: discord.Embed
    view: discord.ui.View
    files: tuple[discord.File, ...] = ()

    def as_message(self) -> dict[str, Any]:
        """The arguments of an edit that makes a message this card."""
        return {
            "content": None,
            "embed": self.embed,
            "view": self.view,
            "attachments": list(self.files),
        }

    def as_reply(self) -> dict[str, Any]:
        """The arguments of a new message that is this card."""
        return {"embed": self.embed, "view": self.view, "files": list(self.files)}


def shortened(shown: str, ending: str, limit: int = MAX_DESCRIPTION) -> str:
    """Cut at the end of a line, with `ending` on a line of its own."""
    room = limit - len(ending) - 1
    head = shown[: room + 1].rpartition("\n")[0] or shown[:room]
    return f"{head}\n{ending}"


def footer_of(
    styles: Sequence[str], facts: Sequence[str], member: str, checkpoint: str, _: Translator
) -> str:
    """In whose styles it is, what else there is to say, for whom it was made and by what."""
    parts = (
        _("machine-made in the style of {artist}").format(
            artist=_(" and ").join(plain(name) for name in styles)
        ),
        *facts,
        _("asked by {member}").format(member=plain(member)),
        checkpoint,
    )
    return " · ".join(parts)


def link_to(work: Verse | Battle | Beat, _: Translator) -> str:
    """Empty where it is not known where its card stands."""
    if not (work.guild_id and work.channel_id and work.message_id):
        return ""
    address = f"https://discord.com/channels/{work.guild_id}/{work.channel_id}/{work.message_id}"
    see = _("see the card")
    return f"[{see}]({address})"


def arguments_of(subject: Subject) -> tuple[object, ...]:
    """At the end of a custom_id. Those of verses are from when there was nothing else."""
    return (subject.id,) if subject.kind == "verse" else (subject.id, subject.kind)


def vote_buttons(subject: Subject, votes: VoteCount) -> tuple[ActionButton, ActionButton]:
    which = arguments_of(subject)
    return (
        button("vote", "up", *which, emoji="👍", label=str(votes.up)),
        button("vote", "down", *which, emoji="👎", label=str(votes.down)),
    )


def report_button(subject: Subject, *, row: int | None = None) -> ActionButton:
    return button("report", *arguments_of(subject), emoji="🚩", row=row)


def show_again_button(subject: Subject, _: Translator) -> ActionButton:
    """For moderators: below what is hidden."""
    return button("case", "unhide", *arguments_of(subject), label=_("Show again"), emoji="👀")
