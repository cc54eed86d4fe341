"""A voice stands for one name in one server, and for no other, whatever a name looks like."""

from hypothesis import given
from hypothesis import strategies as st

from bot.store import name_of, split_voice, voice_of

SERVERS = st.none() | st.integers(1, 2**64 - 1)
NAMES = st.text(min_size=1) | st.from_regex(r"\A(server:)?[0-9]{0,3}/?[a-z/:]{1,4}\Z")


@given(NAMES, SERVERS)
def test_name_and_server_come_back_from_a_voice(name: str, guild_id: int | None) -> None:
    voice = voice_of(name, guild_id)
    assert split_voice(voice) == (name, guild_id)
    assert name_of(voice) == name


@given(NAMES, SERVERS, NAMES, SERVERS)
def test_two_artists_never_have_one_voice(
    name: str, guild_id: int | None, other: str, other_id: int | None
) -> None:
    is_same = (name, guild_id) == (other, other_id)
    assert (voice_of(name, guild_id) == voice_of(other, other_id)) is is_same


def test_a_shared_artist_goes_by_the_plain_name() -> None:
    assert voice_of("Slim", None) == "Slim"
    assert voice_of("Slim", 42) == "server:42/Slim"


def test_a_name_that_looks_like_a_voice_is_no_way_into_another_server() -> None:
    typed = voice_of("Slim", 42)
    for guild_id in (None, 43):
        assert voice_of(typed, guild_id) != typed
        assert split_voice(voice_of(typed, guild_id)) == (typed, guild_id)
