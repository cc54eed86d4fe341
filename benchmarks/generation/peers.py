"""What is measured beside Cypher where the extra `peers` is installed, and how to install it."""

import importlib.util
from collections.abc import Iterable


def missing(modules: Iterable[str]) -> list[str]:
    """Those of `modules` that cannot be imported here."""
    return [module for module in modules if importlib.util.find_spec(module) is None]


def how_to_install(subject: str, modules: Iterable[str]) -> str:
    """One line on why `subject` was left out, and what brings it."""
    return (
        f"{subject} was not measured, for want of {' and '.join(modules)}:"
        ' .venv/bin/pip install -c constraints.txt ".[peers]"'
    )
