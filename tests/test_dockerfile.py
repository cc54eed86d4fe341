"""The Dockerfile is sound as far as that can be told without building it."""

import argparse
import fnmatch
import json
import shutil
import subprocess
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).parents[1]
Instruction = tuple[str, str]


def _instructions() -> list[Instruction]:
    lines = (ROOT / "Dockerfile").read_text().splitlines()
    text = "\n".join(line for line in lines if not line.lstrip().startswith("#"))
    joined = text.replace("\\\n", " ").splitlines()
    split = (line.split(maxsplit=1) for line in joined if line.strip())
    return [(name.upper(), " ".join(rest.split())) for name, rest in split]


@pytest.fixture(scope="module")
def final_stage() -> list[Instruction]:
    instructions = _instructions()
    starts = [index for index, (name, _) in enumerate(instructions) if name == "FROM"]
    return instructions[starts[-1] :]


def _one(stage: list[Instruction], wanted: str) -> str:
    (rest,) = [rest for name, rest in stage if name == wanted]
    return rest


def _argv(stage: list[Instruction], *names: str) -> list[str]:
    """The words that follow `python -m bot`."""
    words = [word for name in names for word in json.loads(_one(stage, name).rpartition("CMD ")[2])]
    assert words[:3] == ["python", "-m", "bot"]
    return words[3:]


def _copied() -> list[str]:
    """What the Dockerfile copies from the checkout."""
    copies = (rest for name, rest in _instructions() if name == "COPY")
    return [
        source.rstrip("/")
        for rest in copies
        if not rest.startswith("--from=")
        for source in rest.split()[:-1]
    ]


def _is_ignored(path: str) -> bool:
    """Docker's rule: the last line that matches the path, or a folder above it, decides."""
    steps = [path, *map(str, PurePosixPath(path).parents)][:-1]
    ignored = False
    for line in (ROOT / ".dockerignore").read_text().splitlines():
        pattern = line.removeprefix("!").removeprefix("**/")
        names = [PurePosixPath(step).name for step in steps] if "**/" in line else steps
        if line and line[0] != "#" and any(fnmatch.fnmatch(name, pattern) for name in names):
            ignored = not line.startswith("!")
    return ignored


@pytest.mark.parametrize("source", _copied())
def test_what_it_copies_exists_and_is_not_ignored(source: str) -> None:
    assert (ROOT / source).exists()
    assert not _is_ignored(source)


@pytest.mark.parametrize(
    "path", ["data/cypher.db", ".git/config", ".env", "tests/conftest.py", "bot/__pycache__/x.pyc"]
)
def test_private_and_needless_files_stay_out(path: str) -> None:
    assert _is_ignored(path)


def test_it_runs_as_a_user_without_rights(final_stage: list[Instruction]) -> None:
    user, _, group = _one(final_stage, "USER").partition(":")
    assert int(user) > 0
    assert int(group) > 0
    assert any(f"--uid {user} --gid {group}" in rest for name, rest in final_stage if name == "RUN")


def test_both_stages_stand_on_the_same_image() -> None:
    bases = [rest.split()[0] for name, rest in _instructions() if name == "FROM"]
    assert bases == ["python:3.11-slim-bookworm"] * 2


def test_it_names_no_index_of_its_own() -> None:
    assert 'TORCH_INDEX=""' in (ROOT / "Dockerfile").read_text()
    assert not any("://" in rest for _, rest in _instructions())


def test_it_stops_by_the_signal_that_the_bot_listens_to(final_stage: list[Instruction]) -> None:
    assert _one(final_stage, "STOPSIGNAL") == "SIGTERM"


@pytest.fixture(scope="module")
def parser() -> argparse.ArgumentParser:
    from bot.cli import build_parser

    return build_parser()


def test_what_it_starts_is_a_real_command_that_keeps_data_in_the_volume(
    final_stage: list[Instruction], parser: argparse.ArgumentParser
) -> None:
    options = parser.parse_args(_argv(final_stage, "ENTRYPOINT", "CMD"))
    (volume,) = _one(final_stage, "VOLUME").split()
    assert str(options.data) == volume
    assert str(options.config) == "/app/config.toml"


def test_its_health_check_is_a_real_command_on_the_same_data(
    final_stage: list[Instruction], parser: argparse.ArgumentParser
) -> None:
    options = parser.parse_args(_argv(final_stage, "HEALTHCHECK"))
    assert str(options.data) == _one(final_stage, "VOLUME")


@pytest.mark.skipif(not shutil.which("hadolint"), reason="no hadolint here")
def test_hadolint_finds_nothing() -> None:
    done = subprocess.run(["hadolint", "Dockerfile"], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout == ""
