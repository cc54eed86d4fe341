"""Why a verse reads as it does: its figures, and its words with those that rhyme marked."""

import discord

from bot.generation import FREE, Explanation, MarkedLine, WrittenVerse
from bot.moderation import ContentLevel, mask, neutralise, plain
from bot.store import Verse
from bot.views.texts import Texts
from bot.views.verse_card import COLOUR, shortened

_MAX_DESCRIPTION = 4096
_MAX_FIELD = 1024


def question_about(verse: Verse) -> WrittenVerse:
    return WrittenVerse(
        text=verse.text,
        artist=verse.artist,
        seed=verse.seed,
        checkpoint=verse.checkpoint,
        context=verse.context,
        scheme=verse.scheme,
        mix_artist=verse.mix_artist,
    )


def why_card(
    verse: Verse, explanation: Explanation, level: ContentLevel, texts: Texts
) -> discord.Embed:
    # Masking replaces letter by letter, so that places in the text stay what they are.
    words = mask(verse.text, level).split("\n")
    marked = zip(words, explanation.marks.lines, strict=True)
    shown = "\n".join(_marked(line, mark) for line, mark in marked)
    if len(shown) > _MAX_DESCRIPTION:
        shown = shortened(shown, "…")
    embed = discord.Embed(
        title=texts.why_title.format(number=verse.id), description=shown, colour=COLOUR
    )
    density = texts.rhyme_density.format(density=f"{explanation.rhyme_density:.2f}")
    for name, value in (
        (texts.why_rhymes, f"{_rhymes(verse, explanation, texts)}\n{density}"),
        (texts.why_new, _novelty(explanation, texts)),
        (texts.why_voice, _voice(verse, explanation, texts)),
    ):
        embed.add_field(name=name, value=value[:_MAX_FIELD], inline=False)
    return embed.set_footer(text=_footer(verse, texts))


def _marked(line: str, mark: MarkedLine) -> str:
    """The word that rhymes in bold, and the letter of its rhyme behind the line."""
    if not mark.letter:
        return neutralise(line)
    before, word, after = line[: mark.start], line[mark.start : mark.stop], line[mark.stop :]
    return f"{neutralise(before)}**{neutralise(word)}**{neutralise(after)} `{mark.letter}`"


def _rhymes(verse: Verse, explanation: Explanation, texts: Texts) -> str:
    marks = explanation.marks
    if verse.scheme is None:
        return texts.scheme_before
    if verse.scheme == FREE:
        return texts.scheme_free
    if not explanation.knows_rhymes:
        return texts.no_rhyme_known.format(scheme=verse.scheme)
    if not marks.num_pairs:
        return texts.scheme_too_short.format(scheme=verse.scheme)
    return texts.scheme_met.format(scheme=verse.scheme, met=marks.num_met, pairs=marks.num_pairs)


def _novelty(explanation: Explanation, texts: Texts) -> str:
    if explanation.is_copy is None:
        return texts.no_lyrics_known
    said = texts.is_copy if explanation.is_copy else texts.is_new
    return said.format(run=explanation.run)


def _voice(verse: Verse, explanation: Explanation, texts: Texts) -> str:
    likeness = explanation.likeness
    if not explanation.is_by_live:
        return texts.by_other_model.format(checkpoint=neutralise(verse.checkpoint))
    if likeness is None:
        return texts.no_other_voices
    own = "\n".join(
        texts.likeness.format(artist=neutralise(plain(name)), bits=f"{bits:.2f}")
        for name, bits in likeness.own
    )
    others = f"{likeness.others:.2f}"
    return f"{own}\n{texts.likeness_of_others.format(count=likeness.num_others, bits=others)}"


def _footer(verse: Verse, texts: Texts) -> str:
    tries = verse.num_candidates
    parts = (
        *([texts.tries.format(count=tries)] if tries else []),
        texts.temperature.format(temperature=f"{verse.temperature:g}"),
        verse.checkpoint,
    )
    return " · ".join(parts)
