"""Buttons and menus that the bot never made, or made long ago."""

import inspect
from collections.abc import Callable, Iterator
from typing import Any, Literal, get_args, get_origin

import discord
from hypothesis import strategies as st

from bot.views.actions import ACTIONS
from bot.views.buttons import FORMAT
from bot.views.unknown_artist import key_of
from tests.bot.conftest import ARTIST

_MENUS = ("cypherselect", "choose")
_ON_THE_SETTINGS_CARD = ("settings", "setting", "usualartist")
_ODD = ("", "x", "²", "1.5", "1_0", " 1", "-1", "0", "1", "2", "9" * 40, "2026-11-25-1", "free")
# What actions take as any text, for no annotation says it.
_ORDERS = (
    "approve", "refuse", "back", "next", "other", "approve-all", "refuse-all", "@1", "rollback",
    "compare", "page", "pin", "unpin", "take", "drop", "starter-1", key_of(ARTIST),
)  # fmt: skip


def view_with(
    item: discord.ui.Button[Any] | discord.ui.Select[Any],
) -> discord.ui.View | discord.ui.LayoutView:
    """A message is of one kind for ever, and an action that edits it counts on that."""
    assert item.custom_id is not None
    if item.custom_id.split(":")[2] in _ON_THE_SETTINGS_CARD:
        return discord.ui.LayoutView(timeout=None).add_item(discord.ui.ActionRow(item))
    return discord.ui.View(timeout=None).add_item(item)


def forged() -> st.SearchStrategy[discord.ui.Button[Any] | discord.ui.Select[Any]]:
    actions = st.sampled_from(sorted(ACTIONS)).flatmap(_fitting)
    others = st.tuples(
        st.sampled_from((*sorted(ACTIONS), "gone")), st.lists(_arguments(), max_size=6)
    )
    return st.builds(
        _item,
        st.sampled_from(("cypher", "cypher", *_MENUS)),
        st.sampled_from((FORMAT, FORMAT, FORMAT, 0)),
        actions | others,
        st.lists(_arguments().filter(bool), min_size=1, max_size=3, unique=True),
    )


def _item(
    prefix: str, button_format: int, action: tuple[str, list[str]], values: list[str]
) -> discord.ui.Button[Any] | discord.ui.Select[Any]:
    name, arguments = action
    custom_id = ":".join([prefix, str(button_format), name, *arguments])[:100]
    if prefix not in _MENUS:
        return discord.ui.Button(label="old", custom_id=custom_id)
    options = [discord.SelectOption(label="old", value=each) for each in values]
    return discord.ui.Select(custom_id=custom_id, options=options, max_values=len(options))


def _fitting(name: str) -> st.SearchStrategy[tuple[str, list[str]]]:
    """With as many arguments as the action takes, each one mostly of its kind."""
    kinds = _kinds(ACTIONS[name])
    return st.tuples(st.just(name), st.tuples(*map(_like, kinds)).map(list))


def _kinds(act: Callable[..., Any]) -> list[Any]:
    _, *parameters = inspect.signature(act, eval_str=True).parameters.values()
    return [each.annotation for each in parameters]


def _like(annotation: Any) -> st.SearchStrategy[str]:
    words = tuple(_words(annotation))
    return st.sampled_from(words) | _arguments() if words else _arguments()


def _words(annotation: Any) -> Iterator[str]:
    if get_origin(annotation) is Literal:
        yield from map(str, get_args(annotation))
    else:
        for part in get_args(annotation):
            yield from _words(part)


def _arguments() -> st.SearchStrategy[str]:
    return st.sampled_from(("1", "2", "3")) | st.sampled_from(_ORDERS) | st.sampled_from(_ODD)
