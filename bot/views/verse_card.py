"""A verse as members see it: the card, and the buttons below it."""

import io
from dataclasses import dataclass
from typing import Any

import discord

from bot.generation import FREE, knows_rhymes
from bot.locale import Translator
from bot.moderation import ContentRules, neutralise, plain
from bot.store import Verse, VoteCount
from bot.views.buttons import button, view_of

COLOUR = discord.Colour(0x7C5CFF)

_PLUS = "\N{HEAVY PLUS SIGN}"
_MAX_DESCRIPTION = 4096
_MAX_TITLE = 256


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


def verse_card(verse: Verse, member: str, rules: ContentRules, _: Translator) -> Card:
    """`member` is the name of whoever asked."""
    shown, files = shown_words(verse, rules, _)
    embed = discord.Embed(
        title=f"🎤 {neutralise(voices_of(verse))}"[:_MAX_TITLE], description=shown, colour=COLOUR
    )
    embed.set_footer(text=_footer(verse, member, _))
    return Card(embed, verse_buttons(verse.id, VoteCount(up=0, down=0), _), files)


def shown_words(
    verse: Verse, rules: ContentRules, _: Translator
) -> tuple[str, tuple[discord.File, ...]]:
    """What stands on the card, and the whole verse as a file where it is too long for that."""
    words = rules.mask(verse.text)
    shown = in_display(words, verse.seed)
    if len(shown) <= _MAX_DESCRIPTION:
        return shown, ()
    whole = discord.File(io.BytesIO(words.encode()), f"verse-{verse.id}.txt")
    return shortened(shown, _("… the whole verse is attached.")), (whole,)


def voices_of(verse: Verse) -> str:
    """The artist, or both with their shares."""
    artist = plain(verse.artist)
    if verse.mix_artist is None or verse.mix_share is None:
        return artist
    other = plain(verse.mix_artist)
    return f"{100 - verse.mix_share} % {artist} · {verse.mix_share} % {other}"


def in_display(words: str, seed: str) -> str:
    """The verse in Discord's markdown, letter by letter, with the seed that opens it in bold."""
    if not seed or not words.startswith(seed):
        return neutralise(words)
    return f"**{neutralise(seed)}**{neutralise(words[len(seed) :])}"


def shortened(shown: str, ending: str, limit: int = _MAX_DESCRIPTION) -> str:
    """Cut at the end of a line, with `ending` on a line of its own."""
    room = limit - len(ending) - 1
    head = shown[: room + 1].rpartition("\n")[0] or shown[:room]
    return f"{head}\n{ending}"


def verse_buttons(verse_id: int, votes: VoteCount, _: Translator) -> discord.ui.View:
    return view_of(
        button("vote", "up", verse_id, emoji="👍", label=str(votes.up)),
        button("vote", "down", verse_id, emoji="👎", label=str(votes.down)),
        button("again", verse_id, emoji="🔁", label=_("Again")),
        button("continue", verse_id, emoji=_PLUS, label=_("Continue")),
        button("why", verse_id, emoji="🔍", label=_("Why")),
        button("report", verse_id, emoji="🚩"),
    )


def _footer(verse: Verse, member: str, _: Translator) -> str:
    artists = [plain(name) for name in (verse.artist, verse.mix_artist) if name]
    parts = (
        _("machine-made in the style of {artist}").format(artist=_(" and ").join(artists)),
        *scheme_of(verse, _),
        _("asked by {member}").format(member=plain(member)),
        verse.checkpoint,
    )
    return " · ".join(parts)


def scheme_of(verse: Verse, _: Translator) -> list[str]:
    """One short text, or none for a verse from before there were schemes."""
    if verse.scheme is None:
        return []
    if verse.scheme == FREE:
        return [_("free verse")]
    if knows_rhymes(verse.text):
        return [verse.scheme]
    return [_("{scheme} (no rhyme known for this language)").format(scheme=verse.scheme)]
