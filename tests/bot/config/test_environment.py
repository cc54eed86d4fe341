"""Secrets come from the environment, never from the file, and never out again."""

from pathlib import Path

import pytest

from bot.config import load_config
from bot.errors import ConfigError
from tests.bot.config.conftest import ProblemsOf


def test_the_token_comes_from_the_environment_and_is_not_printed(tmp_path: Path) -> None:
    config = load_config(None, tmp_path, {"DISCORD_TOKEN": " abc.def.ghi\n"})
    assert config.discord.token is not None
    assert config.discord.token.get_secret_value() == "abc.def.ghi"
    assert "abc.def.ghi" in config.secrets
    assert "abc.def.ghi" not in f"{config!r} {config} {config.model_dump()}"


def test_the_token_can_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("abc.def.ghi\n")
    config = load_config(None, tmp_path, {"DISCORD_TOKEN_FILE": str(tmp_path / "token")})
    assert config.secrets == ("abc.def.ghi",)


def test_an_empty_variable_counts_as_unset(tmp_path: Path) -> None:
    empty = dict.fromkeys(
        ("DISCORD_TOKEN", "DISCORD_TOKEN_FILE", "DISCORD_PROXY", "CYPHER_DATABASE_URL"), ""
    )
    assert load_config(None, tmp_path, empty) == load_config(None, tmp_path, {})


@pytest.mark.parametrize(
    ("environ", "reason"),
    [
        ({"DISCORD_TOKEN_FILE": "{tmp}/none"}, "cannot be read"),
        ({"DISCORD_TOKEN_FILE": "{tmp}"}, "cannot be read"),
        ({"DISCORD_TOKEN_FILE": "{tmp}/empty"}, "names an empty file"),
        ({"DISCORD_TOKEN": "Bot abc.def.ghi"}, "does not give a bot token"),
        ({"DISCORD_TOKEN": "abc", "DISCORD_TOKEN_FILE": "{tmp}/empty"}, "are both set"),
        ({"CYPHER_DATABASE_URL": "nowhere"}, "CYPHER_DATABASE_URL must be a database URL"),
    ],
)
def test_an_unusable_variable_is_a_fault_that_never_shows_the_secret(
    tmp_path: Path, environ: dict[str, str], reason: str
) -> None:
    (tmp_path / "empty").write_text("\n")
    given_environ = {key: value.format(tmp=tmp_path) for key, value in environ.items()}
    with pytest.raises(ConfigError, match=reason) as caught:
        load_config(None, tmp_path, given_environ)
    assert "abc" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "variable"),
    [
        ("[discord]\ntoken = 'hush'", "DISCORD_TOKEN"),
        ("[discord]\nproxy = 'http://me:hush@proxy:3128'", "DISCORD_PROXY"),
        ("[database]\nurl = 'postgresql+asyncpg://me:hush@db/x'", "CYPHER_DATABASE_URL"),
        ("[discord.deep]\nBot_Token = 'hush'", "DISCORD_TOKEN"),
    ],
)
def test_a_secret_in_the_file_is_refused_and_not_repeated(
    problems_of: ProblemsOf, text: str, variable: str
) -> None:
    found = problems_of(text)
    assert found[0].startswith(("2: ", "1: "))
    assert f"set {variable} in the environment" in "\n".join(found)
    assert "hush" not in "\n".join(found)


def test_the_environment_goes_before_the_file(config_file: Path) -> None:
    config_file.write_text("[discord]\nproxy = 'http://file:1'\n")
    environ = {"DISCORD_PROXY": "http://me:p%40ss@environment:2"}
    config = load_config(config_file, config_file.parent, environ)
    assert config.discord.proxy == "http://me:p%40ss@environment:2"
    assert "p%40ss" not in repr(config)


def test_a_database_password_counts_as_a_secret_in_both_spellings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: name)
    url = "postgresql+asyncpg://me:p%40ss@host/cypher"
    config = load_config(None, tmp_path, {"CYPHER_DATABASE_URL": url})
    assert set(config.secrets) == {"p@ss", "p%40ss"}
    assert config.database_path is None
    assert "p%40ss" not in repr(config)
