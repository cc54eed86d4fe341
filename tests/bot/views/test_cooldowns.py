"""A member waits between two verses as long as their server says, and no other member does."""

import pytest

from bot.errors import TooSoon
from bot.views import cooldowns
from bot.views.cooldowns import Cooldowns


def test_the_same_member_waits_and_is_told_how_long() -> None:
    waiting = Cooldowns()
    assert waiting.start(1, 5, 60, now=100.0) is None
    with pytest.raises(TooSoon, match="in 50 s") as told:
        waiting.start(1, 5, 60, now=110.0)
    assert told.value.retry_after_s == 50
    assert waiting.start(1, 5, 60, now=160.0) == 100.0


def test_another_member_and_another_server_do_not() -> None:
    waiting = Cooldowns()
    for guild_id, user_id in ((1, 5), (1, 6), (2, 5)):
        assert waiting.start(guild_id, user_id, 60, now=100.0) is None


def test_long_waits_are_told_in_minutes() -> None:
    assert "in 5 min" in str(TooSoon(299.0))
    assert "in 119 s" in str(TooSoon(119.0))
    assert "in 1 s" in str(TooSoon(0.1))


def test_what_is_taken_back_was_never_asked() -> None:
    waiting = Cooldowns()
    waiting.start(1, 5, 60, now=100.0)
    waiting.take_back(1, 5, None)
    assert waiting.start(1, 5, 60, now=101.0) is None
    assert waiting.start(1, 5, 60, now=200.0) == 101.0
    waiting.take_back(1, 5, 101.0)
    with pytest.raises(TooSoon):
        waiting.start(1, 5, 60, now=110.0)


def test_no_more_members_are_kept_than_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cooldowns, "_MAX_KEPT", 2)
    waiting = Cooldowns()
    for user_id in (1, 2, 3):
        waiting.start(1, user_id, 60, now=100.0)
    assert waiting.start(1, 1, 60, now=101.0) is None
    with pytest.raises(TooSoon):
        waiting.start(1, 3, 60, now=101.0)
