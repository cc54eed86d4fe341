"""A verse as members see it: the card, and the buttons below it."""

import io

import discord

from bot.generation import FREE, knows_rhymes
from bot.locale import Translator
from bot.moderation import ContentRules, neutralise, plain
from bot.store import Subject, Verse, VoteCount
from bot.views.buttons import button, view_of
from bot.views.card import (
    COLOUR,
    MAX_DESCRIPTION,
    MAX_TITLE,
    NO_VOTES,
    PLUS,
    Card,
    footer_of,
    report_button,
    shortened,
    vote_buttons,
)


def verse_card(
    verse: Verse,
    member: str,
    rules: ContentRules,
    _: Translator,
    votes: VoteCount | None = None,
) -> Card:
    """`member` is the name of whoever asked. A new verse has no votes."""
    shown, files = shown_words(verse, rules, _)
    embed = discord.Embed(
        title=f"🎤 {neutralise(voices_of(verse))}"[:MAX_TITLE], description=shown, colour=COLOUR
    )
    artists = [name for name in (verse.artist, verse.mix_artist) if name]
    footer = footer_of(artists, scheme_of(verse, _), member, verse.checkpoint, _)
    embed.set_footer(text=footer)
    return Card(embed, verse_buttons(verse.id, votes or NO_VOTES, _), files)


def shown_words(
    verse: Verse, rules: ContentRules, _: Translator
) -> tuple[str, tuple[discord.File, ...]]:
    """What stands on the card, and the whole verse as a file where it is too long for that."""
    words = rules.mask(verse.text)
    shown = in_display(words, verse.seed)
    if len(shown) <= MAX_DESCRIPTION:
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


def verse_buttons(verse_id: int, votes: VoteCount, _: Translator) -> discord.ui.View:
    subject = Subject("verse", verse_id)
    return view_of(
        *vote_buttons(subject, votes),
        button("again", verse_id, emoji="🔁", label=_("Again")),
        button("continue", verse_id, emoji=PLUS, label=_("Continue")),
        button("why", verse_id, emoji="🔍", label=_("Why")),
        button("beat", verse_id, emoji="🎹", label=_("Beat")),
        report_button(subject),
    )


def scheme_of(verse: Verse, _: Translator) -> list[str]:
    """One short text, or none for a verse from before there were schemes."""
    if verse.scheme is None:
        return []
    if verse.scheme == FREE:
        return [_("free verse")]
    if knows_rhymes(verse.text):
        return [verse.scheme]
    return [_("{scheme} (no rhyme known for this language)").format(scheme=verse.scheme)]
