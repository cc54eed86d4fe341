"""Compiles the step for the processor at hand, once, with the C compiler that the system has."""

import hashlib
import logging
import os
import platform
import shutil
import subprocess
import tempfile
from pathlib import Path

from model.engine.paths import MAX_EDGES
from model.engine.token_runner import REPETITION_WINDOW
from model.engine.token_slots import MAX_NEWLINES_RUNNING
from model.sampling import NUM_CANDIDATES

logger = logging.getLogger(__name__)

_SOURCE = Path(__file__).parent / "source"
_MAIN = _SOURCE / "step.c"
_FLAGS = (
    *("-std=c11", "-O3", "-march=native", "-shared", "-fPIC"),
    # No infinities are computed with, and what is no reduction must not become one in another
    # order: a value is the same in a vector and alone.
    *("-ffinite-math-only", "-fno-signed-zeros", "-fno-math-errno", "-fno-trapping-math"),
    "-ffp-contract=off",
    # Room is used for one kind of value after another.
    "-fno-strict-aliasing",
)
# What the step has in common with the torch runner, told to the compiler so that it stands once.
_CONSTANTS = {
    "NUM_CANDIDATES": NUM_CANDIDATES,
    "REPETITION_WINDOW": REPETITION_WINDOW,
    "MAX_NEWLINES_RUNNING": MAX_NEWLINES_RUNNING,
    "MAX_EDGES": MAX_EDGES,
}
_DEFINITIONS = tuple(f"-D{name}={value}" for name, value in _CONSTANTS.items())
_TIMEOUT_S = 120


class Int8Unavailable(Exception):
    """Why the int8 step cannot be used here, in a few words."""


def compiled_step() -> Path:
    """The shared library; made now, or found where it was made before. Raises Int8Unavailable."""
    compiler = _compiler()
    library = _folder() / f"step-{_digest(compiler)}.so"
    if not library.exists():
        logger.info("compiling the int8 step with %s (some seconds, once)", compiler)
        _compile(compiler, library)
    return library


def _compiler() -> str:
    named = os.environ.get("CC")
    for name in (named,) if named else ("cc", "gcc", "clang"):
        if found := shutil.which(name):
            return found
    raise Int8Unavailable("there is no C compiler (on Debian: apt install gcc)")


def _digest(compiler: str) -> str:
    """Of everything that the library follows from, the processor among it."""
    digest = hashlib.sha256()
    for path in sorted(_SOURCE.iterdir()):
        digest.update(path.read_bytes())
    version = subprocess.run(  # noqa: S603 - the compiler that the operator has
        [compiler, "--version"], capture_output=True, check=False, timeout=_TIMEOUT_S
    ).stdout
    for part in (version, repr((_FLAGS, _DEFINITIONS)).encode(), _processor()):
        digest.update(part)
    return digest.hexdigest()[:16]


def _processor() -> bytes:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    told = {line for line in lines if line.startswith(("flags", "Features", "model name"))}
    return repr((platform.machine(), platform.processor(), sorted(told))).encode()


def _folder() -> Path:
    """Beside the source where that may be written, else among the user's cached files."""
    beside = Path(__file__).parent / "build"
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "cypher"
    for folder in (beside, cache):
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return folder
    raise Int8Unavailable(f"neither {beside} nor {cache} can be written")


def _compile(compiler: str, library: Path) -> None:
    """With OpenMP where the compiler has it, else for one thread; replaced atomically."""
    with tempfile.TemporaryDirectory(dir=library.parent) as folder:
        made = Path(folder) / library.name
        error = _run(compiler, "-fopenmp", made) and _run(compiler, "-Wno-unknown-pragmas", made)
        if error:
            raise Int8Unavailable(f"{compiler} could not compile the step ({error})")
        made.replace(library)


def _run(compiler: str, flag: str, made: Path) -> str:
    """What the compiler complained of first; empty when all went well."""
    command = [compiler, *_FLAGS, *_DEFINITIONS, flag, str(_MAIN), "-o", str(made), "-lm"]
    result = subprocess.run(  # noqa: S603 - our own source, the operator's compiler
        command, capture_output=True, text=True, check=False, timeout=_TIMEOUT_S
    )
    if result.returncode == 0:
        return ""
    complaints = [line for line in result.stderr.splitlines() if "error" in line]
    return (complaints or result.stderr.splitlines() or ["it said nothing"])[0]
