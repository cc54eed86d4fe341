"""config.toml as a file: its encoding, its syntax, and where each setting stands."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.config import load_config
from bot.config.lines import key_lines
from bot.errors import ConfigError
from tests.bot.config.conftest import ProblemsOf


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("[queue]\nmax_waiting = \n", "2: is not TOML"),
        ("[queue]\nmax_waiting = 3\nmax_waiting = 4\n", "3: is not TOML"),
        ("[queue\n", "1: is not TOML"),
        ('[database]\nurl = """sqlite', "2: is not TOML"),
        (b"[queue]\n# caf\xe9\n", "2: is not UTF-8 text"),
    ],
)
def test_a_file_that_cannot_be_parsed_names_the_line(
    problems_of: ProblemsOf, text: str | bytes, start: str
) -> None:
    (problem,) = problems_of(text)
    assert problem.startswith(start)


def test_a_missing_file_is_a_fault_that_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml: cannot be read: no such file"):
        load_config(tmp_path / "none.toml", tmp_path, {})


def test_a_byte_order_mark_and_windows_line_ends_are_read(config_file: Path) -> None:
    config_file.write_bytes(b"\xef\xbb\xbf[queue]\r\nmax_waiting = 7\r\n")
    assert load_config(config_file, config_file.parent, {}).queue.max_waiting == 7


def test_a_broken_file_does_not_hide_what_is_wrong_with_the_environment(
    problems_of: ProblemsOf,
) -> None:
    found = problems_of("[", {"DISCORD_TOKEN_FILE": "/no/such/file"})
    assert len(found) == 2


_TABLE = st.dictionaries(
    st.text("abcxyz_-", min_size=1, max_size=6),
    st.sampled_from(["1", "[1,\n 2]", '"""a\nb = 1\n[c]"""', "{ q = 1 }", "'# no'  # yes"]),
    min_size=1,
    max_size=5,
)


@given(st.dictionaries(st.sampled_from(["one", "two", "thr.ee"]), _TABLE), st.data())
def test_the_line_of_every_key_is_found_whatever_stands_between(
    tables: dict[str, dict[str, str]], data: st.DataObject
) -> None:
    text, expected = "", {}
    for title, table in tables.items():
        text += data.draw(st.sampled_from(["", "\n", "# [x]\n# y = 1\n"])) + f"[{title}]\n"
        for key, value in table.items():
            expected[*title.split("."), key] = text.count("\n") + 1
            text += f"{key} = {value}\n"
    found = key_lines(text)
    assert {keys: found[keys] for keys in expected} == expected
