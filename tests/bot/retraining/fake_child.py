"""A training child without torch, which does what the plan beside its job says. Run as a script."""

import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def main(folder: Path, plan: Path) -> None:
    job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    acts: dict[str, Callable[[Any], object]] = {
        "say": say,
        "wait": lambda name: wait_for(folder / name),
        "ignore": lambda _: signal.signal(signal.SIGTERM, signal.SIG_IGN),
        "candidate": lambda _: save_candidate(job),
        "half": lambda _: half_of(job).mkdir(parents=True),
        "result": lambda figures: (folder / "result.json").write_text(json.dumps(figures)),
        "curve": lambda _: (folder / "curve.png").write_bytes(b"a picture"),
        "exit": sys.exit,
        "kill": lambda number: os.kill(os.getpid(), number),
    }
    for step, value in json.loads(plan.read_text(encoding="utf-8")):
        acts[step](value)


def say(what: Any) -> None:
    sys.stdout.write((what if isinstance(what, str) else json.dumps(what)) + "\n")
    sys.stdout.flush()


def half_of(job: dict[str, str]) -> Path:
    return Path(job["candidate_folder"]).with_name(f".{job['candidate']}-half")


def wait_for(path: Path) -> None:
    while not path.exists():
        time.sleep(0.01)


def save_candidate(job: dict[str, str]) -> None:
    """The live checkpoint under another name."""
    folder = Path(job["candidate_folder"])
    shutil.copytree(job["live_folder"], folder)
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    manifest |= {"version": job["candidate"], "parent": job["live_version"]}
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
