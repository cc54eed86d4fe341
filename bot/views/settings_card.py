"""The settings of a server as a card: three leaves, with a menu for each setting."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import discord

from bot.locale import N_, Translator
from bot.store import ContentSetting, GuildSettings, name_of
from bot.views.buttons import button
from bot.views.card import COLOUR
from bot.views.menus import ActionMenu, menu_of_channels, menu_of_options, menu_of_roles
from bot.views.unknown_artist import key_of

Leaf = Literal["channels", "verses", "people"]

NONE = "none"  # the option that leaves a setting open
LINES = (2, 4, 6, 8, 12, 16, 20, 24, 32)

_MAX_OPTIONS = 25
_MAX_CHANNELS = 25
_MAX_LABEL = 100
_COOLDOWNS_S = (10, 30, 60, 120, 300, 600, 1800, 3600)
_MINUTE = 60
_OPEN, _OTHER = discord.ButtonStyle.primary, discord.ButtonStyle.secondary
_TITLES: dict[Leaf, str] = {
    "channels": N_("Channels"),
    "verses": N_("Verses"),
    "people": N_("People"),
}
_CONTENT: dict[ContentSetting, tuple[str, str]] = {
    "strict": (N_("Strict"), N_("No swearing, and no words of sex, drugs or violence")),
    "default": (N_("Default"), N_("No explicit words")),
    "unfiltered": (
        N_("Unfiltered"),
        N_("Explicit words, in age-restricted channels"),
    ),
}
LANGUAGES = {"en-US": "English", "zh-CN": "简体中文"}


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsCard:
    settings: GuildSettings
    artists: Sequence[str]  # names to choose from, the best-loved first
    max_lines: int

    def view(self, leaf: Leaf, _: Translator) -> discord.ui.LayoutView:
        tabs = [
            button(
                "settings",
                each,
                label=_(_TITLES[each]),
                style=_OPEN if each == leaf else _OTHER,
            )
            for each in get_args(Leaf)
        ]
        items: list[discord.ui.Item[Any]] = [
            discord.ui.TextDisplay(_("## ⚙️ Settings of this server")),
            discord.ui.ActionRow(*tabs),
            discord.ui.Separator(),
        ]
        for text, row in self._rows(leaf, _):
            items += [discord.ui.TextDisplay(text), discord.ui.ActionRow(row)]
        if leaf == "verses":
            items.append(discord.ui.ActionRow(button("usualartist", label=_("Type a name"))))
        view = discord.ui.LayoutView(timeout=None)
        view.add_item(discord.ui.Container(*items, accent_colour=COLOUR))
        return view

    def _rows(self, leaf: Leaf, _: Translator) -> Iterator[tuple[str, ActionMenu]]:
        if leaf == "channels":
            return self._channels(_)
        return self._verses(_) if leaf == "verses" else self._people(_)

    def _channels(self, _: Translator) -> Iterator[tuple[str, ActionMenu]]:
        settings = self.settings
        yield (
            _("**Channels**\nWhere members may use me. With none chosen: everywhere."),
            menu_of_channels(
                "setting",
                "channels",
                current=settings.channel_ids,
                placeholder=_("Everywhere"),
                at_most=_MAX_CHANNELS,
            ),
        )
        yield (
            _("**Pause**\nHow long a member waits from one verse to the next."),
            menu_of_options("setting", "cooldown", options=self._cooldowns(_)),
        )
        reports = settings.moderation_channel_id
        yield (
            _("**Reports**\nThe channel that I tell when somebody reports a verse or a battle."),
            menu_of_channels(
                "setting",
                "reports",
                current=() if reports is None else (reports,),
                placeholder=_("None"),
                at_most=1,
            ),
        )

    def _verses(self, _: Translator) -> Iterator[tuple[str, ActionMenu]]:
        yield (
            _(
                "**Words**\nHow far I go in my words. Explicit ones also need a channel that"
                " is age-restricted in Discord."
            ),
            menu_of_options("setting", "content", options=self._content(_)),
        )
        yield (
            _("**Language**\nThat of the cards that everybody reads."),
            menu_of_options("setting", "language", options=self._languages(_)),
        )
        yield (
            _("**Lines**\nHow many a verse has when nobody says."),
            menu_of_options("setting", "lines", options=self._lines(_)),
        )
        yield (
            _("**Usual artist**\nWhose voice `/rap` takes when no artist is named."),
            menu_of_options("setting", "artist", options=self._artists(_)),
        )

    def _people(self, _: Translator) -> Iterator[tuple[str, ActionMenu]]:
        nobody = _("Only those who manage the server")
        settings = self.settings
        yield (
            _(
                "**Reviewers**\nA role that may review submissions and reports, beside those"
                " who manage the server."
            ),
            menu_of_roles(
                "setting", "reviewers", current=settings.review_role_id, placeholder=nobody
            ),
        )
        yield (
            _(
                "**Trainers**\nA role that may start and stop training, beside those who"
                " manage the server."
            ),
            menu_of_roles(
                "setting", "trainers", current=settings.retrain_role_id, placeholder=nobody
            ),
        )
        is_open = settings.submissions_enabled
        yield (
            _("**Submissions**\nWhether members may hand in lyrics and beats."),
            menu_of_options(
                "setting",
                "submissions",
                options=[
                    _option(_("Submissions are open"), "on", is_chosen=is_open),
                    _option(_("Submissions are closed"), "off", is_chosen=not is_open),
                ],
            ),
        )

    def _cooldowns(self, _: Translator) -> list[discord.SelectOption]:
        current = self.settings.cooldown_s
        seconds = sorted({*_COOLDOWNS_S, *([current] if current else [])})
        return [
            _option(_("No pause"), NONE, is_chosen=not current),
            *(_option(_duration(s, _), str(s), is_chosen=s == current) for s in seconds),
        ]

    def _content(self, _: Translator) -> list[discord.SelectOption]:
        return [
            _option(_(name), value, _(meaning), is_chosen=value == self.settings.content)
            for value, (name, meaning) in _CONTENT.items()
        ]

    def _languages(self, _: Translator) -> list[discord.SelectOption]:
        current = self.settings.language
        return [
            _option(_("That of whoever asks"), NONE, is_chosen=current is None),
            *(
                _option(name, value, is_chosen=value == current)
                for value, name in LANGUAGES.items()
            ),
        ]

    def _lines(self, _: Translator) -> list[discord.SelectOption]:
        current = self.settings.default_lines
        numbers = sorted({*LINES, *([current] if current else [])})
        return [
            _option(_("As many as the operator has set"), NONE, is_chosen=current is None),
            *(
                _option(
                    _.ngettext("{count} line", "{count} lines", each).format(count=each),
                    str(each),
                    is_chosen=each == current,
                )
                for each in numbers
                if each <= self.max_lines
            ),
        ]

    def _artists(self, _: Translator) -> list[discord.SelectOption]:
        voice = self.settings.default_voice
        current = name_of(voice) if voice else None
        names = dict.fromkeys([*([current] if current else []), *self.artists])
        return [
            _option(_("Somebody well loved, each time another"), NONE, is_chosen=current is None),
            *(
                _option(name, key_of(name), is_chosen=name == current)
                for name in list(names)[: _MAX_OPTIONS - 1]
            ),
        ]


def _option(
    label: str, value: str, description: str | None = None, *, is_chosen: bool
) -> discord.SelectOption:
    return discord.SelectOption(
        label=label[:_MAX_LABEL], value=value, description=description, default=is_chosen
    )


def _duration(seconds: int, _: Translator) -> str:
    if seconds % _MINUTE:
        return _.ngettext("{count} second", "{count} seconds", seconds).format(count=seconds)
    minutes = seconds // _MINUTE
    return _.ngettext("{count} minute", "{count} minutes", minutes).format(count=minutes)
