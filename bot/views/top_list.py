"""The best-loved verses and beats, with the way to each."""

from collections.abc import Iterable, Sequence

import discord

from bot.locale import Translator
from bot.moderation import ContentRules, neutralise
from bot.store import Beat, RankedBeat, RankedVerse, Verse
from bot.views.beat_card import length_of, title_of_beat
from bot.views.card import COLOUR, MAX_TITLE, link_to
from bot.views.verse_card import voices_of

_NUM_LINES_SHOWN = 4
_MAX_FIELD = 1024


def top_verses(
    ranked: Iterable[RankedVerse], title: str, rules: ContentRules, _: Translator
) -> discord.Embed:
    nothing = _("No verse has more 👍 than 👎 here yet. Make one with /rap, and vote.")
    entries = [
        (each, neutralise(voices_of(each.verse)), _excerpt(each.verse, rules, _)) for each in ranked
    ]
    return _list(entries, title, nothing)


def top_beats(ranked: Iterable[RankedBeat], title: str, _: Translator) -> discord.Embed:
    nothing = _("No beat has more 👍 than 👎 here yet. Make one with /beat, and vote.")
    entries = [
        (each, title_of_beat(each.beat), length_of(each.beat, _) + _link(each.beat, _))
        for each in ranked
    ]
    return _list(entries, title, nothing)


def _list(
    entries: Sequence[tuple[RankedVerse | RankedBeat, str, str]], title: str, nothing: str
) -> discord.Embed:
    """Of what, its name, and what is shown of it."""
    embed = discord.Embed(title=title[:MAX_TITLE], colour=COLOUR)
    if not entries:
        embed.description = nothing
    for rank, (each, name, shown) in enumerate(entries, start=1):
        heading = f"{rank}. {name} · 👍 {each.up} 👎 {each.down}"
        embed.add_field(name=heading[:MAX_TITLE], value=shown, inline=False)
    return embed


def _excerpt(verse: Verse, rules: ContentRules, _: Translator) -> str:
    lines = rules.mask(verse.text).splitlines()
    shown, link = neutralise("\n".join(lines[:_NUM_LINES_SHOWN])), _link(verse, _)
    return shown[: _MAX_FIELD - len(link)] + link


def _link(work: Verse | Beat, _: Translator) -> str:
    """On a line of its own."""
    link = link_to(work, _)
    return f"\n{link}" if link else ""
