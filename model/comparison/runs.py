"""The runs of a comparison, one after another, each kept in a folder that says what it was."""

import hashlib
import json
import multiprocessing
from collections.abc import Callable
from dataclasses import asdict, dataclass
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import Any, cast

from model.comparison.child import Job, Message, run_job
from model.comparison.grid import Choice
from model.comparison.material import Material
from model.comparison.outcome import (
    Failed,
    Measured,
    Outcome,
    outcome_from_dict,
    outcome_to_dict,
)
from model.training.run_folder import replace_file

_RESULT = "result.json"
_KILLED = -9


@dataclass(frozen=True, slots=True)
class Setup:
    """What all runs share beside their settings."""

    out: Path
    material: Material
    seed_text: str
    rng_seed: int
    device: str
    threads: int


@dataclass(frozen=True, slots=True)
class Run:
    """One choice and where it is kept."""

    choice: Choice
    folder: Path


def plan_runs(choices: list[Choice], setup: Setup) -> list[Run]:
    """Each choice with its folder, which follows from all that decides the figures.

    So an interrupted comparison finds what it has done, and so does a larger grid.
    """
    shared = [setup.material.fingerprint, setup.device, setup.threads]

    def folder(choice: Choice) -> Path:
        network, training = asdict(choice.network), asdict(choice.training)
        decisive = json.dumps([network, training, *shared], sort_keys=True)
        digest = hashlib.sha256(decisive.encode()).hexdigest()[:10]
        name = "-".join(str(network[name]) for name in ("cell", "features", "unit"))
        return setup.out / "runs" / f"{name}-{digest}"

    return [Run(choice, folder(choice)) for choice in choices]


def known_outcome(run: Run, setup: Setup) -> Outcome | None:
    """How the run ended, if it has, and if its sample goes on from the same seed."""
    result = _result(run)
    if result is None:
        return None
    seeds = (result.pop("seed_text"), result.pop("rng_seed"))
    outcome = outcome_from_dict(result)
    is_same = isinstance(outcome, Failed) or seeds == (setup.seed_text, setup.rng_seed)
    return outcome if is_same else None


def finish_run(run: Run, setup: Setup, on_message: Callable[[Message], None]) -> Outcome:
    """Train in a process of its own, or go on where that was interrupted, and keep the outcome."""
    outcome = _in_child(_job(run, setup), on_message)
    if isinstance(outcome, Measured) or outcome.is_final:
        seeds = {"seed_text": setup.seed_text, "rng_seed": setup.rng_seed}
        result = {**seeds, **outcome_to_dict(outcome)}
        text = json.dumps(result, ensure_ascii=False, indent=1)
        replace_file(run.folder / _RESULT, lambda path: path.write_text(text, encoding="utf-8"))
    return outcome


def _result(run: Run) -> dict[str, Any] | None:
    path = run.folder / _RESULT
    if not path.exists():
        return None
    result: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return result


def _job(run: Run, setup: Setup) -> Job:
    return Job(
        run.folder,
        run.choice.network,
        run.choice.training,
        setup.material,
        setup.seed_text,
        setup.rng_seed,
        setup.device,
        setup.threads,
        known_peak_mb=(_result(run) or {}).get("peak_memory_mb"),
    )


def _in_child(job: Job, on_message: Callable[[Message], None]) -> Outcome:
    context = _context()
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=run_job, args=(job, sender), daemon=True)  # type: ignore[attr-defined]
    process.start()
    sender.close()
    try:
        while True:
            message = receiver.recv()
            if isinstance(message, (Measured, Failed)):
                return message
            on_message(message)
    except EOFError:
        process.join()
        return Failed(_how_it_ended(process.exitcode), is_final=False)
    finally:
        process.terminate()
        process.join()
        receiver.close()


def _context() -> BaseContext:
    """Processes that come from a server with torch loaded, where the system has such: they start
    at once, and yet with memory of their own.
    """
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    # The first optimizer of a process imports the second, which takes longer than all of the rest.
    context.set_forkserver_preload([run_job.__module__, "torch._dynamo"])
    return cast("BaseContext", context)


def _how_it_ended(exit_code: int | None) -> str:
    why = "killed, perhaps for want of memory" if exit_code == _KILLED else "see its error above"
    return f"The process ended by itself with exit code {exit_code}: {why}."
