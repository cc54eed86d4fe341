"""Texts for members, in the language of whoever reads them."""

import tomllib
from functools import cache
from pathlib import Path

import discord

from bot.errors import UserError
from bot.views.texts.catalogue import Texts
from bot.views.texts.errors import CHINESE_ERRORS

__all__ = ["Texts", "sentence", "texts_for"]

_FOLDER = Path(__file__).parent
_CHINESE_LOCALES = frozenset({discord.Locale.chinese, discord.Locale.taiwan_chinese})


def texts_for(locale: discord.Locale) -> Texts:
    return _read("chinese" if locale in _CHINESE_LOCALES else "english")


def sentence(error: UserError, locale: discord.Locale) -> str:
    """What an error says, in Chinese where it has a Chinese sentence, else in English."""
    if locale in _CHINESE_LOCALES and (translated := CHINESE_ERRORS.get(type(error))):
        return translated(error)
    return str(error)


@cache
def _read(language: str) -> Texts:
    return Texts(**tomllib.loads((_FOLDER / f"{language}.toml").read_text(encoding="utf-8")))
