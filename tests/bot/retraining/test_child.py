"""A training child has no secrets, hears no Ctrl-C, and ends with the bot whatever happens."""

import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.locale import Sentence
from bot.retraining.child import Child, child_command, explain_end
from tests.bot.retraining.waiting import is_gone, wait_until


def python(code: str) -> Any:
    def command(_: Path) -> Sequence[str]:
        return (sys.executable, "-c", code)

    return command


async def all_of(child: Child) -> list[dict[str, Any]]:
    return [message async for message in child.messages()]


async def test_it_is_told_no_secret_and_its_number_of_threads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "a-token")
    monkeypatch.setenv("CYPHER_DATABASE_URL", "postgresql://u:password@h/d")
    code = "import json, os; print(json.dumps(dict(os.environ)))"
    child = await Child.start(tmp_path, python(code), 3)
    (environment,) = await all_of(child)
    assert await child.wait() == 0
    assert environment["OMP_NUM_THREADS"] == "3"
    assert environment["PATH"] == os.environ["PATH"]
    assert not [name for name in environment if name.startswith(("DISCORD", "CYPHER"))]


async def test_it_has_a_session_of_its_own_and_cyphers_folder(tmp_path: Path) -> None:
    code = "import json, os; print(json.dumps({'session': os.getsid(0), 'folder': os.getcwd()}))"
    child = await Child.start(tmp_path, python(code), 1)
    (said,) = await all_of(child)
    await child.wait()
    assert said["session"] != os.getsid(0)
    assert (Path(said["folder"]) / "bot" / "retraining").is_dir()


async def test_what_is_no_message_is_passed_over_and_errors_go_to_the_log(tmp_path: Path) -> None:
    code = "import sys; print('hm'); print('[1]'); print('{\"a\": 1}'); sys.exit('it broke')"
    child = await Child.start(tmp_path, python(code), 1)
    assert await all_of(child) == [{"a": 1}]
    assert await child.wait() == 1
    assert (tmp_path / "child.log").read_text() == "it broke\n"


async def test_stopping_reaches_its_own_children(tmp_path: Path) -> None:
    code = (
        "import json, subprocess, sys, time\n"
        "other = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "print(json.dumps({'pid': other.pid}), flush=True)\n"
        "time.sleep(600)"
    )
    child = await Child.start(tmp_path, python(code), 1)
    said = await anext(aiter(child.messages()))
    await child.stop()
    assert await child.wait() == -signal.SIGTERM
    wait_until(lambda: is_gone(said["pid"]))
    await child.stop()


def test_the_command_names_this_python_and_the_job(tmp_path: Path) -> None:
    command = child_command(tmp_path)
    assert command[0] == sys.executable
    assert command[-1] == str(tmp_path)
    assert json.dumps(command)


@pytest.mark.parametrize(
    ("status", "error", "words"),
    [
        (1, "The disk is full.", "The disk is full."),
        (-9, None, "want of memory"),
        (-15, None, "signal 15"),
        (2, None, "status 2"),
    ],
)
def test_every_end_has_a_sentence(status: int, error: str | None, words: str) -> None:
    said = None if error is None else Sentence.verbatim(error)
    explained = str(explain_end(status, said))
    assert words in explained
    assert explained.endswith("The live checkpoint stays.")
