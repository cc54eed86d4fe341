"""Why a verse reads as it does: its figures, and its words with those that rhyme marked."""

import discord

from bot.generation import FREE, Explanation, MarkedLine, WrittenVerse
from bot.locale import Translator
from bot.moderation import ContentRules, neutralise, plain
from bot.store import Verse
from bot.views.card import COLOUR, shortened

_MAX_DESCRIPTION = 4096
_MAX_FIELD = 1024


def question_about(verse: Verse) -> WrittenVerse:
    return WrittenVerse(
        text=verse.text,
        artist=verse.voice,
        seed=verse.seed,
        checkpoint=verse.checkpoint,
        context=verse.context,
        scheme=verse.scheme,
        mix_artist=verse.mix_voice,
        guild_id=verse.guild_id,
    )


def why_card(
    verse: Verse, explanation: Explanation, rules: ContentRules, _: Translator
) -> discord.Embed:
    # Masking replaces letter by letter, so that places in the text stay what they are.
    words = rules.mask(verse.text).split("\n")
    marked = zip(words, explanation.marks.lines, strict=True)
    shown = "\n".join(_marked(line, mark) for line, mark in marked)
    if len(shown) > _MAX_DESCRIPTION:
        shown = shortened(shown, "…")
    embed = discord.Embed(
        title=_("🔍 Why verse {number} reads as it does").format(number=verse.id),
        description=shown,
        colour=COLOUR,
    )
    density = _("Rhyme density, anywhere in the lines: {density} rhyming vowels a word.").format(
        density=f"{explanation.rhyme_density:.2f}"
    )
    for name, value in (
        (_("Rhyme"), f"{_rhymes(verse, explanation, _)}\n{density}"),
        (_("New words"), _novelty(explanation, _)),
        (_("Voice"), _voice(verse, explanation, _)),
    ):
        embed.add_field(name=name, value=value[:_MAX_FIELD], inline=False)
    return embed.set_footer(text=_footer(verse, _))


def _marked(line: str, mark: MarkedLine) -> str:
    """The word that rhymes in bold, and the letter of its rhyme behind the line."""
    if not mark.letter:
        return neutralise(line)
    before, word, after = line[: mark.start], line[mark.start : mark.stop], line[mark.stop :]
    return f"{neutralise(before)}**{neutralise(word)}**{neutralise(after)} `{mark.letter}`"


def _rhymes(verse: Verse, explanation: Explanation, _: Translator) -> str:
    marks = explanation.marks
    if verse.scheme is None:
        return _("It is from before I looked for rhymes.")
    if verse.scheme == FREE:
        return _("Free verse: no rhyme was looked for.")
    if not explanation.knows_rhymes:
        return _("{scheme} (no rhyme known for this language)").format(scheme=verse.scheme)
    if not marks.num_pairs:
        return _("{scheme}: too few lines for two that rhyme.").format(scheme=verse.scheme)
    said = _.ngettext(
        "{scheme}: {met} of {pairs} pair of lines rhymes.",
        "{scheme}: {met} of {pairs} pairs of lines rhyme.",
        marks.num_pairs,
    )
    return said.format(scheme=verse.scheme, met=marks.num_met, pairs=marks.num_pairs)


def _novelty(explanation: Explanation, _: Translator) -> str:
    if explanation.is_copy is None:
        return _("I know no lyrics to compare it with.")
    said = _("No {run} words in a row (in Chinese: characters) are those of a lyric that I know.")
    if explanation.is_copy:
        said = _(
            "Somewhere {run} words in a row (in Chinese: characters) are those of a lyric"
            " that I know."
        )
    return said.format(run=explanation.run)


def _voice(verse: Verse, explanation: Explanation, _: Translator) -> str:
    likeness = explanation.likeness
    if not explanation.is_by_live:
        return _(
            "{checkpoint} wrote it, which I no longer use: it alone could compare the voices."
        ).format(checkpoint=neutralise(verse.checkpoint))
    if likeness is None:
        return _("I know no other voice in this language to compare with.")
    own = "\n".join(
        _("As {artist}: {bits} bits per character.").format(
            artist=neutralise(plain(name)), bits=f"{bits:.2f}"
        )
        for name, bits in likeness.own
    )
    others = f"{likeness.others:.2f}"
    rest = _(
        "As {count} others in the same language, on average: {bits}. The fewer, the likelier."
    ).format(count=likeness.num_others, bits=others)
    return f"{own}\n{rest}"


def _footer(verse: Verse, _: Translator) -> str:
    tries = verse.num_candidates
    parts = (
        *(
            [
                _.ngettext("{count} try at each line", "{count} tries at each line", tries).format(
                    count=tries
                )
            ]
            if tries
            else []
        ),
        _("temperature {temperature}").format(temperature=f"{verse.temperature:g}"),
        verse.checkpoint,
    )
    return " · ".join(parts)
