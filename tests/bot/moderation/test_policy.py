"""Slurs are shown nowhere, explicit words only where they are allowed, old verse as it is."""

import pytest

from bot.errors import BadSeed
from bot.moderation import ContentLevel, check_seed, content_level, mask


@pytest.mark.parametrize(
    ("allow_explicit", "is_age_restricted", "level"),
    [
        (False, False, ContentLevel.CLEAN),
        (True, False, ContentLevel.CLEAN),
        (False, True, ContentLevel.CLEAN),
        (True, True, ContentLevel.EXPLICIT),
    ],
)
def test_explicit_words_need_the_server_and_the_channel(
    allow_explicit: bool, is_age_restricted: bool, level: ContentLevel
) -> None:
    assert (
        content_level(allow_explicit=allow_explicit, is_age_restricted=is_age_restricted) == level
    )


def test_a_forbidden_word_is_cut_to_its_first_letter() -> None:
    assert mask("what the Fuck, man", ContentLevel.CLEAN) == "what the F•••, man"


def test_an_explicit_channel_keeps_explicit_words_and_masks_slurs() -> None:
    line = "fuck that faggot"
    assert mask(line, ContentLevel.EXPLICIT) == "fuck that f•••••"


@pytest.mark.parametrize(
    "line",
    [
        "The owl and the pussy sat still",
        "a chink in the wall, a cock on the roof",
        "from Niger to Scunthorpe the great tits sing",
        "春风又绿江南岸",
    ],
)
def test_innocent_words_stay(line: str) -> None:
    assert mask(line, ContentLevel.CLEAN) == line


def test_a_forbidden_seed_is_refused_and_a_plain_one_is_not() -> None:
    check_seed("slim", ContentLevel.CLEAN)
    with pytest.raises(BadSeed, match="other words"):
        check_seed("Fuck it", ContentLevel.CLEAN)
    check_seed("Fuck it", ContentLevel.EXPLICIT)
