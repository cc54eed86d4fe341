"""Seeds come to one form, and shown text holds nothing that Discord would act on."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BadSeed
from bot.moderation import neutralise, normalise_seed, plain


@pytest.mark.parametrize(
    ("typed", "seen"),
    [
        ("slim", "slim"),
        ("  slim \t shady \n", "slim shady"),
        ("sl\u200bi\u200dm\ufeff", "slim"),
        ("\u202eslim\u202c", "slim"),
        ("cafe\u0301", "café"),
        ("e\u200b\u0301", "é"),
        ("slim\x00\x07", "slim"),
        ("🔥🔥", "🔥🔥"),
        ("👩\u200d🚀", "👩\u200d🚀"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("床前明月光", "床前明月光"),
        ("'; DROP TABLE verses; --", "'; DROP TABLE verses; --"),
        ("@everyone", "@everyone"),
        ("`rm -rf`", "`rm -rf`"),
    ],
)
def test_a_seed_is_what_a_reader_sees_of_it(typed: str, seen: str) -> None:
    assert normalise_seed(typed, 120) == seen


@pytest.mark.parametrize("typed", ["", "   ", "\u200b\u200d", "\u202e", "\u3164", "\u2800 \x00"])
def test_a_seed_with_nothing_to_see_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(BadSeed, match="seed:slim"):
        normalise_seed(typed, 120)


def test_a_seed_that_is_too_long_is_refused_with_both_numbers() -> None:
    with pytest.raises(BadSeed, match=r"2,000 characters.*up to 120"):
        normalise_seed("x" * 2000, 120)


@given(st.text())
def test_plain_text_is_stable_and_holds_no_control(text: str) -> None:
    once = plain(text)
    assert plain(once) == once
    assert not any(unicodedata.category(character) in {"Cc", "Cs"} for character in once)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("*bold* _it_ ~~no~~", r"\*bold\* \_it\_ \~\~no\~\~"),
        ("`code` ||spoiler||", r"\`code\` \|\|spoiler\|\|"),
        ("[text](https://example.org)", "\\[text\\](https:\u200b//example.org)"),
        ("# heading", r"\# heading"),
        ("a # b", "a # b"),
        ("> quote\n- list\n1. one", "\\> quote\n\\- list\n1\\. one"),
        ("<@1234> <t:0:R>", "\\<@\u200b1234> \\<t:0:R>"),
        ("back\\slash", "back\\\\slash"),
    ],
)
def test_markdown_is_shown_letter_by_letter(text: str, shown: str) -> None:
    assert neutralise(text) == shown


@pytest.mark.parametrize("mention", ["@everyone", "@here", "<@12>", "<@&12>", "discord.gg/abc"])
def test_no_mention_or_invitation_survives(mention: str) -> None:
    assert mention not in neutralise(f"say {mention} now")


@given(st.text(alphabet="aé明 ,.'!?\n"))
def test_plain_prose_is_left_alone(text: str) -> None:
    assert neutralise(text) == text
