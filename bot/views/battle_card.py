"""A battle as members see it: being written, voted on, decided, hidden."""

from collections.abc import Sequence

import discord

from bot.locale import Translator
from bot.moderation import ContentRules, neutralise, plain
from bot.store import Battle, BattleCount, BattlePart, NewBattle, Side, Subject
from bot.views.buttons import button, view_of
from bot.views.card import COLOUR, MAX_TITLE, Card, report_button, show_again_button
from bot.views.verse_card import in_display

SIDES: tuple[Side, Side] = ("a", "b")

EMOJI = {"a": "🅰️", "b": "🅱️"}
_WON = discord.Colour(0xF1C40F)
_NOT_WON = discord.Colour(0x95A5A6)
# An embed may have 6,000 characters in all: these are eight parts with their names, and the rest.
_MAX_NAME = 60
_MAX_PART = 500


def writing_card(
    battle: NewBattle, parts: Sequence[BattlePart], note: str, rules: ContentRules, _: Translator
) -> Card:
    """`note` says whose turn it is."""
    return Card(_embed(battle, parts, note, rules, _), view_of())


def vote_card(battle: Battle, count: BattleCount, rules: ContentRules, _: Translator) -> Card:
    """For one whose vote has begun."""
    when = f"<t:{battle.ends_at.timestamp():.0f}:R>" if battle.ends_at else ""
    note = _(
        "Who wins? Vote with 🅰️ or 🅱️; the same button again takes it back. The vote ends {when}."
    ).format(when=when)
    return Card(_embed(battle, battle.parts, note, rules, _), vote_buttons(battle.id, count))


def result_card(battle: Battle, count: BattleCount, rules: ContentRules, _: Translator) -> Card:
    """For one that is decided; the counts stay, and no vote can be pressed."""
    has_winner = count.a != count.b
    embed = _embed(battle, battle.parts, result_of(battle, count, _), rules, _)
    embed.colour = _WON if has_winner else _NOT_WON
    return Card(embed, vote_buttons(battle.id, count, is_open=False))


def broken_off_card(battle: NewBattle, rules: ContentRules, _: Translator) -> Card:
    note = _(
        "⏹️ This battle broke off before it was written, and there is no vote. Start"
        " another with /battle."
    )
    embed = _embed(battle, (), note, rules, _)
    embed.colour = _NOT_WON
    return Card(embed, view_of())


def hidden_card(battle: Battle, rules: ContentRules, _: Translator) -> Card:
    """Title and footer stay: in whose styles it was. The button is for moderators."""
    embed = _embed(battle, battle.parts, "", rules, _)
    embed.clear_fields()
    embed.description, embed.colour = _("*Hidden by a moderator.*"), _NOT_WON
    return Card(embed, view_of(show_again_button(Subject("battle", battle.id), _)))


def vote_buttons(battle_id: int, count: BattleCount, *, is_open: bool = True) -> discord.ui.View:
    """And 🚩 below them, which the end of the vote does not close."""
    counts = {"a": count.a, "b": count.b}
    return view_of(
        *(
            button(
                "battle",
                side,
                battle_id,
                emoji=EMOJI[side],
                label=str(counts[side]),
                is_enabled=is_open,
                row=0,
            )
            for side in SIDES
        ),
        report_button(Subject("battle", battle_id), row=1),
    )


def result_of(battle: NewBattle, count: BattleCount, _: Translator) -> str:
    if count.a == count.b:
        if not count.a:
            return _("🤷 Nobody voted, so nobody wins.")
        return _("🤝 A draw, {votes} to {votes}.").format(votes=count.a)
    winner = artist_of(battle, "a" if count.a > count.b else "b")
    votes, others = max(count.a, count.b), min(count.a, count.b)
    return _("🏆 **{artist}** wins, {votes} to {others}.").format(
        artist=_name(winner), votes=votes, others=others
    )


def title_of(battle: NewBattle, _: Translator) -> str:
    names = {"a": _name(battle.artist_a), "b": _name(battle.artist_b)}
    return _("⚔️ {a} against {b}").format(**names)


def artist_of(battle: NewBattle, side: Side) -> str:
    return battle.artist_a if side == "a" else battle.artist_b


def side_of(position: int) -> Side:
    """Whose the part is that stands at `position`, counted from 0."""
    return SIDES[position % 2]


def _embed(
    battle: NewBattle, parts: Sequence[BattlePart], note: str, rules: ContentRules, _: Translator
) -> discord.Embed:
    names = {"a": _name(battle.artist_a), "b": _name(battle.artist_b)}
    title = title_of(battle, _)[:MAX_TITLE]
    theme = _("The theme: **{seed}**").format(seed=neutralise(rules.mask(battle.seed)))
    embed = discord.Embed(title=title, description=f"{theme}\n{note}", colour=COLOUR)
    for position, part in enumerate(parts):
        side = side_of(position)
        name = _("{side} {artist} · round {round}").format(
            side=EMOJI[side], artist=names[side], round=position // 2 + 1
        )
        embed.add_field(name=name, value=_shown(part, battle.seed, rules), inline=False)
    embed.set_footer(text=_footer(battle, parts, _))
    return embed


def _shown(part: BattlePart, seed: str, rules: ContentRules) -> str:
    return in_display(rules.mask(part.text), seed)[:_MAX_PART]


def _footer(battle: NewBattle, parts: Sequence[BattlePart], _: Translator) -> str:
    style = _("machine-made in the styles of {a} and {b}").format(
        a=plain(battle.artist_a), b=plain(battle.artist_b)
    )
    return " · ".join((style, *dict.fromkeys(part.checkpoint for part in parts)))


def _name(artist: str) -> str:
    return neutralise(plain(artist)[:_MAX_NAME])
