"""Two versions of the model side by side: figures, votes, and verses of the same seeds."""

import io
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import discord

from bot.locale import N_, Translator
from bot.moderation import ContentRules, neutralise, plain
from bot.retraining import Version
from bot.retraining.comparing import Comparison, Pair, VersePair
from bot.retraining.opinion import interval
from bot.views.buttons import button, view_of
from bot.views.card import COLOUR, Card

_MAX_FIELD = 1024
_MEASURES: Mapping[str, str] = MappingProxyType(
    {
        "rhyme": N_("lines that rhyme as asked"),
        "density": N_("rhymes inside, vowels a word"),
        "novel": N_("new runs of four words"),
        "distinct": N_("different pairs of words"),
    }
)


def comparison_card(
    comparison: Comparison, picture: bytes | None, rules: ContentRules, _: Translator
) -> Card:
    first, second = comparison.first, comparison.second
    title = _("{first} against {second}").format(first=name_of(first), second=name_of(second))
    embed = discord.Embed(title=f"⚖️ {title}"[:256], colour=COLOUR)
    embed.add_field(name=_("Figures"), value=_figures(comparison, _), inline=False)
    if comparison.artists or comparison.num_other_artists:
        name = _("Bits per character, by artist")
        embed.add_field(name=name, value=_artists(comparison, _), inline=False)
    votes = "\n".join(f"{name_of(each)}: {_votes(each, _)}" for each in (first, second))
    embed.add_field(name=_("Votes"), value=votes, inline=False)
    for pair in comparison.verses:
        for version, text in ((first, pair.first), (second, pair.second)):
            name = f"{neutralise(plain(pair.artist))} · {name_of(version)}"
            embed.add_field(name=name[:256], value=_verse(pair, text, rules), inline=True)
        embed.add_field(name="\u200b", value="\u200b", inline=False)
    embed.set_footer(text=_footer(comparison, _))
    back = button("model", "page", 0, label=_("All versions"), emoji="📚")
    if picture is None:
        return Card(embed, view_of(back))
    embed.set_image(url="attachment://compare.png")
    return Card(embed, view_of(back), (discord.File(io.BytesIO(picture), "compare.png"),))


def for_picture(comparison: Comparison) -> dict[str, Any]:
    """What `draw_comparison` draws."""
    both = comparison.first, comparison.second
    votes = [each.votes for each in both]
    return {
        "names": [each.name for each in both],
        "measures": dict(comparison.measures),
        "votes": [
            (each.up / max(1, each.up + each.down), *interval(each.up, each.down)) for each in votes
        ],
    }


def name_of(version: Version) -> str:
    return neutralise(plain(version.name))


def _figures(comparison: Comparison, _: Translator) -> str:
    rows = {_("new songs, bits per character"): comparison.new_songs}
    rows |= {_(_MEASURES[name]): pair for name, pair in comparison.measures.items()}
    return "\n".join(f"{name}: {_shown(pair)}" for name, pair in rows.items())


def _artists(comparison: Comparison, _: Translator) -> str:
    lines = [
        f"{neutralise(plain(name))}: {_shown(pair)}" for name, pair in comparison.artists.items()
    ]
    if num := comparison.num_other_artists:
        text = _.ngettext("{count} other artist", "{count} other artists", num)
        lines.append(text.format(count=num))
    return "\n".join(lines)[:_MAX_FIELD]


def _shown(pair: Pair) -> str:
    first, second = ("–" if value is None else f"{value:.3f}" for value in pair)
    return f"{first} → **{second}**"


def _votes(version: Version, _: Translator) -> str:
    up, num_votes = version.votes.up, version.votes.up + version.votes.down
    if not num_votes:
        return _("no votes yet")
    low, high = interval(up, num_votes - up)
    text = _.ngettext(
        "👍 {share} of {count} vote; with 95 % certainty {low} to {high}",
        "👍 {share} of {count} votes; with 95 % certainty {low} to {high}",
        num_votes,
    )
    return text.format(
        share=f"{up / num_votes:.0%}", count=num_votes, low=f"{low:.0%}", high=f"{high:.0%}"
    )


def _verse(pair: VersePair, text: str, rules: ContentRules) -> str:
    words = neutralise(rules.mask(text)) or "–"
    seed = neutralise(pair.seed)
    shown = words.replace(seed, f"**{seed}**", 1) if words.startswith(seed) else words
    return shown[:_MAX_FIELD]


def _footer(comparison: Comparison, _: Translator) -> str:
    if comparison.is_same_text:
        return _("Both read the same held-out text, and wrote by the same seeds and numbers.")
    return _("Each figure is of the text of its own run: compare them with care.")
