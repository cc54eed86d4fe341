"""The redactor takes out secrets whole and leaves everything else as it is."""

import pytest

from bot.telemetry.redaction import Redactor


def test_the_longer_of_two_overlapping_secrets_goes_whole() -> None:
    assert Redactor(["abcd", "abcdef"])("x abcdef abcd y") == "x [secret] [secret] y"


def test_a_secret_is_plain_text_and_never_a_pattern() -> None:
    assert Redactor(["p.s+w"])("p.s+w pxssw") == "[secret] pxssw"


@pytest.mark.parametrize(
    "text",
    [
        "cypher.db at data/checkpoints/2026-11-21T02-31-05.safetensors.tmp",
        "GET https://discord.com/api/v10/interactions/123/callback",
        "a verse of 300 lines… 押韵",
    ],
)
def test_ordinary_text_stays(text: str) -> None:
    assert Redactor(["", "a", "hush"])(text) == text
