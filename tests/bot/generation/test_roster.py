"""A server sees its own artists and the shared ones, and can name no other."""

import pytest

from bot.errors import RemovedArtist, UnknownArtist
from bot.generation import RemovedArtists, roster
from bot.generation.roster import Roster

ROSTER = Roster(("Slim", "Mara Quill", "server:1/slim!", "server:1/Nova", "server:2/Nova Brine"))


def test_a_server_sees_its_own_artists_first_and_then_the_shared_ones() -> None:
    assert ROSTER.seen_from(None).names == ("Slim", "Mara Quill")
    assert ROSTER.seen_from(3).names == ("Slim", "Mara Quill")
    assert ROSTER.seen_from(2).names == ("Nova Brine", "Slim", "Mara Quill")


def test_an_own_artist_stands_in_the_place_of_a_shared_one_of_that_name() -> None:
    assert ROSTER.seen_from(1).names == ("slim!", "Nova", "Mara Quill")
    assert ROSTER.seen_from(1).resolve("SLIM") == "server:1/slim!"
    assert ROSTER.seen_from(2).resolve("SLIM") == "Slim"


@pytest.mark.parametrize(
    "typed", ["Nova Brine", "server:2/Nova Brine", "server2novabrine", "SERVER:2/nova brine"]
)
def test_nobody_types_their_way_to_another_servers_artist(typed: str) -> None:
    for guild_id in (None, 1, 3):
        with pytest.raises(UnknownArtist) as told:
            ROSTER.seen_from(guild_id).resolve(typed)
        assert "Nova Brine" not in told.value.nearest
        assert "Nova Brine" not in ROSTER.seen_from(guild_id).search(typed, 25)


def test_a_voice_is_found_however_its_name_is_spelt() -> None:
    assert ROSTER.find("server:2/NOVA-BRINE") == "server:2/Nova Brine"
    assert ROSTER.find("server:1/Nova Brine") is None
    assert ROSTER.require("mara quill") == "Mara Quill"
    with pytest.raises(UnknownArtist, match="not learned Somebody yet"):
        ROSTER.require("server:9/Somebody")


def test_a_voice_is_heard_in_its_own_server_and_a_shared_one_anywhere() -> None:
    heard = [
        ROSTER.is_visible(voice, server)
        for voice in ("Slim", "server:1/Nova")
        for server in (1, 2, None)
    ]
    assert heard == [True, True, True, True, False, False]


def test_no_more_servers_are_kept_at_hand_than_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(roster, "_MAX_KEPT", 1)
    many = Roster(("server:1/A", "server:2/B"))
    for guild_id, name in ((1, "A"), (2, "B"), (1, "A")):
        assert many.seen_from(guild_id).names == (name,)


def test_who_was_removed_is_in_no_list_and_is_refused_under_any_spelling_of_the_name() -> None:
    mine = Roster(ROSTER.voices)
    removed = RemovedArtists.of([("SLIM", 1), ("Mara Quill", None), ("Nobody Yet", None)])
    mine.remove(removed)
    assert mine.seen_from(None).names == ("Slim",)
    assert mine.seen_from(1).names == ("Nova",)
    assert mine.seen_from(2).names == ("Nova Brine", "Slim")
    for name, guild_id in (("slim!", 1), ("MARA QUILL", 2), ("mara-quill", 3), ("nobody yet", 1)):
        with pytest.raises(RemovedArtist):
            mine.seen_from(guild_id).resolve(name)
        with pytest.raises(RemovedArtist):
            removed.require_allowed(name, guild_id)
    mine.remove(RemovedArtists())
    assert mine.seen_from(1).names == ROSTER.seen_from(1).names
