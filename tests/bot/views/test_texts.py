"""Both languages say everything, with the same gaps to fill, and within Discord's limits."""

import re
from dataclasses import asdict
from typing import Any

import discord
import pytest

from bot import errors
from bot.errors import UserError
from bot.views.texts import sentence, texts_for

ENGLISH, CHINESE = discord.Locale.british_english, discord.Locale.chinese


def flat(locale: discord.Locale) -> dict[str, str]:
    texts: dict[str, Any] = asdict(texts_for(locale))
    tables = {name: each for name, each in texts.items() if isinstance(each, dict)}
    single = {name: each for name, each in texts.items() if isinstance(each, str)}
    return single | {
        f"{name}.{key}": text for name, each in tables.items() for key, text in each.items()
    }


def test_both_languages_have_the_same_texts_with_the_same_gaps() -> None:
    english, chinese = flat(ENGLISH), flat(CHINESE)
    assert set(english) == set(chinese)
    for name, text in english.items():
        gaps = set(re.findall(r"{(\w+)}", text))
        assert gaps == set(re.findall(r"{(\w+)}", chinese[name])), name


@pytest.mark.parametrize("locale", [ENGLISH, CHINESE])
def test_no_text_is_longer_than_discord_takes(locale: discord.Locale) -> None:
    limits = {"form_title": 45, "form_song": 45, "form_lyrics": 45, "form_consent": 45}
    limits |= {f"{name}_hint": 100 for name in ("form_song", "form_lyrics", "form_consent")}
    limits |= {"again": 80, "continue_verse": 80, "why": 80, "withdraw": 80}
    texts = flat(locale)
    assert {name for name, limit in limits.items() if len(texts[name]) > limit} == set()
    assert len(texts["help"]) <= 4000
    assert len(texts["about"]) + len(texts["privacy"]) <= 4000


SAMPLES: list[UserError] = [
    errors.UnknownArtist("Eminem", ("Edward Lear",)),
    errors.UnknownArtist("Eminem"),
    errors.MoodAndTemperature(),
    errors.ShareWithoutMix(),
    errors.QueueFull(7.0),
    errors.TooManyWaiting(3),
    errors.DeadlineExceeded(60.0),
    errors.EngineStopped(),
    errors.NotAllowed("sing"),
    errors.DuplicateLyrics("A", "B", "pending"),
    errors.TooManyPending(2),
    errors.SubmissionsClosed(),
    errors.AlreadyReviewed(1, "approved"),
    errors.NoSuchLyrics(1),
    errors.NoSuchVerse(1),
    errors.SameArtist("Edward Lear"),
    errors.NoSuchBattle(1),
    errors.BattleOver(1),
    errors.TrainingBusy(),
    errors.TrainingDisabled(),
    errors.NothingToTrain(1, 5),
]


@pytest.mark.parametrize("error", SAMPLES, ids=lambda error: type(error).__name__)
def test_a_mistake_is_told_in_the_members_language(error: UserError) -> None:
    assert sentence(error, ENGLISH) == str(error)
    told = sentence(error, CHINESE)
    assert re.search("[\u4e00-\u9fff]", told)
    for word in re.findall(r"Eminem|Edward Lear|/\w+|\d+", str(error)):
        assert word in told
