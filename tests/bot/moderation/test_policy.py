"""How far a channel goes: by the server's setting, and only as far as Discord keeps minors out."""

import pytest

from bot.moderation import ContentLevel, content_level


@pytest.mark.parametrize(
    ("setting", "is_age_restricted", "level"),
    [
        ("strict", False, ContentLevel.STRICT),
        ("strict", True, ContentLevel.STRICT),
        ("default", False, ContentLevel.CLEAN),
        ("default", True, ContentLevel.CLEAN),
        ("unfiltered", False, ContentLevel.CLEAN),
        ("unfiltered", True, ContentLevel.EXPLICIT),
    ],
)
def test_explicit_words_need_the_server_and_the_channel(
    setting: str, is_age_restricted: bool, level: ContentLevel
) -> None:
    assert content_level(setting, is_age_restricted=is_age_restricted) == level
