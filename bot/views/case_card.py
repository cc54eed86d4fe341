"""A reported verse, battle or beat as moderators see it: the reasons, and what can be done."""

import discord

from bot.locale import Translator
from bot.moderation import ContentRules, neutralise, plain
from bot.store import Beat, Case
from bot.views.buttons import ActionButton, button, view_of
from bot.views.card import (
    COLOUR,
    MAX_TITLE,
    Card,
    arguments_of,
    link_to,
    shortened,
    show_again_button,
)
from bot.views.reasons import said_of
from bot.views.reported import (
    Reported,
    name_of_reported,
    subject_of,
    words_of,
)

_MAX_DESCRIPTION = 4000
_MAX_FIELD = 1024
_NUM_REPORTS = 8


def case_card(
    reported: Reported,
    case: Case,
    note: str,
    rules: ContentRules,
    _: Translator,
    *,
    num_waiting: int | None = None,
) -> Card:
    """`note` is what has become of it, or how many wait; `num_waiting` is for the queue alone."""
    shown = neutralise(rules.mask(words_of(reported)))
    if len(shown) > _MAX_DESCRIPTION:
        shown = shortened(shown, "…")
    embed = discord.Embed(
        title=f"🚩 {name_of_reported(reported, _)}"[:MAX_TITLE],
        description=f"||{shown}||" if shown else None,
        colour=COLOUR,
    )
    name = _.ngettext("{count} open report", "{count} open reports", len(case.reports))
    reasons = _reasons(case, _)
    if reasons:
        embed.add_field(
            name=name.format(count=len(case.reports)), value=reasons[:_MAX_FIELD], inline=False
        )
    asker = f"<@{reported.user_id}>" if reported.user_id else "–"
    embed.add_field(name=_("Asked for by"), value=asker)
    if not isinstance(reported, Beat) and reported.seed:
        seed = neutralise(rules.mask(reported.seed))
        embed.add_field(name=_("Seed"), value=f"||{seed}||")
    if link := link_to(reported, _):
        embed.add_field(name=_("Where"), value=link)
    embed.set_footer(text=note)
    return Card(
        embed, view_of(*_buttons(reported, case, _), *_next(reported, case, num_waiting, _))
    )


def _buttons(reported: Reported, case: Case, _: Translator) -> tuple[ActionButton, ...]:
    danger, is_open = discord.ButtonStyle.danger, bool(case.reports)
    which = arguments_of(subject_of(reported))
    hide = button("case", "hide", *which, label=_("Hide"), emoji="🙈", style=danger)
    if reported.is_hidden:
        hide = show_again_button(subject_of(reported), _)
    return (
        hide,
        button("case", "dismiss", *which, label=_("Dismiss"), is_enabled=is_open),
        button(
            "case",
            "banasker",
            *which,
            label=_("Hide and ban who asked"),
            style=danger,
            is_enabled=reported.user_id is not None,
        ),
        button(
            "case",
            "banreporters",
            *which,
            label=_("Dismiss and ban who reported"),
            is_enabled=is_open,
        ),
    )


def _next(
    reported: Reported, case: Case, num_waiting: int | None, _: Translator
) -> tuple[ActionButton, ...]:
    if num_waiting is None:
        return ()
    which, is_more = arguments_of(subject_of(reported)), num_waiting > bool(case.reports)
    return (button("case", "next", *which, label=_("Next"), is_enabled=is_more),)


def _reasons(case: Case, _: Translator) -> str:
    lines = []
    for each in case.reports[:_NUM_REPORTS]:
        who = f"<@{each.reporter_id}>" if each.reporter_id else "–"
        lines.append(f"{who}: {neutralise(plain(said_of(each.reason, _)))[:200]}")
    if len(case.reports) > _NUM_REPORTS:
        lines.append("…")
    return "\n".join(lines)
