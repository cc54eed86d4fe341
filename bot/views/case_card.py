"""A reported verse as moderators see it: the words, the reasons, and what can be done."""

import discord

from bot.locale import Translator
from bot.moderation import ContentRules, neutralise, plain
from bot.store import Case, Verse
from bot.views.buttons import ActionButton, button, view_of
from bot.views.reasons import said_of
from bot.views.verse_card import COLOUR, Card, shortened, voices_of

_MAX_DESCRIPTION = 4000
_MAX_FIELD = 1024
_MAX_TITLE = 256
_NUM_REPORTS = 8


def case_card(
    verse: Verse,
    case: Case,
    note: str,
    rules: ContentRules,
    _: Translator,
    *,
    num_waiting: int | None = None,
) -> Card:
    """`note` is what has become of it, or how many wait; `num_waiting` is for the queue alone."""
    shown = neutralise(rules.mask(verse.text))
    if len(shown) > _MAX_DESCRIPTION:
        shown = shortened(shown, "…")
    embed = discord.Embed(
        title=f"🚩 {neutralise(voices_of(verse))}"[:_MAX_TITLE],
        description=f"||{shown}||" if shown else None,
        colour=COLOUR,
    )
    name = _.ngettext("{count} open report", "{count} open reports", len(case.reports))
    reasons = _reasons(case, _)
    if reasons:
        embed.add_field(
            name=name.format(count=len(case.reports)), value=reasons[:_MAX_FIELD], inline=False
        )
    asker = f"<@{verse.user_id}>" if verse.user_id else "–"
    embed.add_field(name=_("Asked for by"), value=asker)
    if verse.seed:
        seed = neutralise(rules.mask(verse.seed))
        embed.add_field(name=_("Seed"), value=f"||{seed}||")
    if verse.guild_id and verse.channel_id and verse.message_id:
        address = f"https://discord.com/channels/{verse.guild_id}/{verse.channel_id}"
        link = f"[{_('see the card')}]({address}/{verse.message_id})"
        embed.add_field(name=_("Where"), value=link)
    embed.set_footer(text=note)
    return Card(embed, view_of(*_buttons(verse, case, _), *_next(verse, case, num_waiting, _)))


def _buttons(verse: Verse, case: Case, _: Translator) -> tuple[ActionButton, ...]:
    danger, is_open = discord.ButtonStyle.danger, bool(case.reports)
    hide = button("case", "hide", verse.id, label=_("Hide"), emoji="🙈", style=danger)
    if verse.is_hidden:
        hide = button("case", "unhide", verse.id, label=_("Show again"), emoji="👀")
    return (
        hide,
        button("case", "dismiss", verse.id, label=_("Dismiss"), is_enabled=is_open),
        button(
            "case",
            "banasker",
            verse.id,
            label=_("Hide and ban who asked"),
            style=danger,
            is_enabled=verse.user_id is not None,
        ),
        button(
            "case",
            "banreporters",
            verse.id,
            label=_("Dismiss and ban who reported"),
            is_enabled=is_open,
        ),
    )


def _next(
    verse: Verse, case: Case, num_waiting: int | None, _: Translator
) -> tuple[ActionButton, ...]:
    if num_waiting is None:
        return ()
    is_more = num_waiting > bool(case.reports)
    return (button("case", "next", verse.id, label=_("Next"), is_enabled=is_more),)


def _reasons(case: Case, _: Translator) -> str:
    lines = []
    for each in case.reports[:_NUM_REPORTS]:
        who = f"<@{each.reporter_id}>" if each.reporter_id else "–"
        lines.append(f"{who}: {neutralise(plain(said_of(each.reason, _)))[:200]}")
    if len(case.reports) > _NUM_REPORTS:
        lines.append("…")
    return "\n".join(lines)
