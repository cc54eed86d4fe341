"""A mistake that quotes what was typed still fits into one message."""

from bot.errors import UnknownArtist, WrongChannel


def test_what_is_quoted_is_shortened_and_the_error_keeps_it_whole() -> None:
    error = UnknownArtist("a" * 6000)
    assert str(error) == (
        f"I have not learned {'a' * 99}… yet. Teach me with /submit, or see /artists."
    )
    assert error.name == "a" * 6000


def test_of_many_names_some_are_told() -> None:
    names = tuple(f"#{number}" for number in range(25))
    assert str(WrongChannel(names)).endswith("#6, #7, ….")
    assert str(WrongChannel(names[:3])).endswith("#0, #1, #2.")
