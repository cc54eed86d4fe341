"""The project's own files agree with one another: dependencies, pins, sizes, versions."""

import ast
import itertools
import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
BY_DATE = {"packaging", "tzdata"}  # their versions are dates, which promise nothing
BY_HAND = "peers"  # the extra that `make` does not install
SOURCES = sorted(
    path
    for folder in ("bot", "model", "benchmarks", "migrations")
    for path in (ROOT / folder).rglob("*.py")
)


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    tables: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return tables


@pytest.fixture(scope="module")
def direct(project: dict[str, Any]) -> list[Requirement]:
    groups = [project["dependencies"], *project["optional-dependencies"].values()]
    return [Requirement(each) for group in groups for each in group]


@pytest.fixture(scope="module")
def made(project: dict[str, Any]) -> list[Requirement]:
    """What `make` installs."""
    extras = project["optional-dependencies"]
    groups = [each for name, each in extras.items() if name != BY_HAND]
    return [Requirement(each) for each in itertools.chain(project["dependencies"], *groups)]


@pytest.fixture(scope="module")
def by_hand(project: dict[str, Any]) -> list[Requirement]:
    requirements = [Requirement(each) for each in project["optional-dependencies"][BY_HAND]]
    for requirement in requirements:
        try:
            distribution(requirement.name)
        except PackageNotFoundError:
            pytest.skip(f"the extra {BY_HAND} is not installed: {requirement.name} is missing")
    return requirements


@pytest.fixture(scope="module")
def pins() -> dict[str, Requirement]:
    return {**_pins_of_make(), **_pins_by_hand()}


def _pins_of_make() -> dict[str, Requirement]:
    return _parsed(_sections()[0])


def _pins_by_hand() -> dict[str, Requirement]:
    return _parsed(_sections()[1])


def _sections() -> tuple[str, str]:
    """constraints.txt before and after the heading of the extra."""
    heading = f"# Added by the extra `{BY_HAND}`\n"
    first, found, second = (ROOT / "constraints.txt").read_text().partition(heading)
    assert found
    return first, second


def _parsed(text: str) -> dict[str, Requirement]:
    parsed = (Requirement(line) for line in text.splitlines() if not line.startswith("#"))
    return {canonicalize_name(each.name): each for each in parsed}


def _here(pins: dict[str, Requirement]) -> set[str]:
    return {name for name, pin in pins.items() if not pin.marker or pin.marker.evaluate()}


def _version(pin: Requirement) -> str:
    (specifier,) = pin.specifier
    assert specifier.operator == "==", f"{pin} is not an exact version"
    return specifier.version


def _with_transitive(requirements: list[Requirement]) -> Iterator[str]:
    waiting, seen = list(requirements), set()
    while waiting:
        requirement = waiting.pop()
        for extra in requirement.extras or {""}:
            key = (canonicalize_name(requirement.name), extra)
            if key in seen:
                continue
            seen.add(key)
            yield key[0]
            needs = (Requirement(each) for each in distribution(requirement.name).requires or [])
            waiting += [
                each for each in needs if not each.marker or each.marker.evaluate({"extra": extra})
            ]
            if extra:
                waiting.append(Requirement(requirement.name))


# Dependencies


def test_every_dependency_is_pinned_within_its_bounds(
    direct: list[Requirement], pins: dict[str, Requirement]
) -> None:
    for requirement in direct:
        pin = pins[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(_version(pin)), f"{pin} is not in {requirement}"


def test_every_dependency_has_a_lower_and_an_upper_bound(direct: list[Requirement]) -> None:
    for requirement in direct:
        operators = {each.operator for each in requirement.specifier}
        bounded = operators >= {">=", "<"} or operators == {"=="} or requirement.name in BY_DATE
        assert bounded, f"{requirement} is open to one side"


def test_what_make_installs_is_pinned_and_nothing_else(made: list[Requirement]) -> None:
    assert _here(_pins_of_make()) == set(_with_transitive(made))


def test_what_is_installed_by_hand_is_pinned_and_nothing_else(
    made: list[Requirement], by_hand: list[Requirement]
) -> None:
    added = set(_with_transitive(by_hand)) - set(_with_transitive(made))
    assert _here(_pins_by_hand()) == added


def test_make_installs_every_extra_but_the_one_for_comparisons(project: dict[str, Any]) -> None:
    (extras,) = re.findall(r'"\.\[(.*)\]"', (ROOT / "Makefile").read_text())
    assert {*extras.split(","), BY_HAND} == set(project["optional-dependencies"])
    assert BY_HAND not in extras.split(",")


def test_the_tests_run_with_the_pinned_versions(pins: dict[str, Requirement]) -> None:
    other = {}
    for name, pin in pins.items():
        try:
            installed = distribution(name).version.partition("+")[0]
        except PackageNotFoundError:
            continue
        if installed != _version(pin):
            other[name] = installed
    assert other == {}


def test_torch_is_exactly_the_version_that_has_a_build_for_processors(
    direct: list[Requirement],
) -> None:
    assert [str(each) for each in direct if each.name == "torch"] == ["torch==2.13.0"]


def test_the_pins_name_no_index_no_hash_and_no_local_file() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    assert [line for line in lines if line[0] != "#" and re.search(r"/|--|@|\+", line)] == []


def test_the_build_tool_is_the_pinned_one(pins: dict[str, Requirement]) -> None:
    build = tomllib.loads((ROOT / "pyproject.toml").read_text())["build-system"]
    assert build["requires"] == [str(pins["setuptools"])]


# Sources


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_source_file_fits_into_one_reading(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) <= 300
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            assert length <= 40, f"{node.name} has {length} lines"


@pytest.mark.parametrize("package", ["bot", "model"])
def test_every_folder_of_sources_is_a_package_that_import_linter_sees(package: str) -> None:
    folders = {path.parent for path in SOURCES if path.is_relative_to(ROOT / package)}
    assert [str(each) for each in folders if not (each / "__init__.py").exists()] == []


# Set-up


def test_the_changelog_knows_the_version(project: dict[str, Any]) -> None:
    newest = re.search(r"^## (\S+?),? ", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert newest is not None
    assert newest[1] == project["version"]


@pytest.mark.parametrize("target", ["help", "run", "test", "lint", "format", "messages", "clean"])
def test_make_help_lists_each_target(target: str) -> None:
    shown = subprocess.run(
        ["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert f"make {target} " in shown


def test_a_second_make_installs_nothing() -> None:
    (stamp,) = re.findall(r"^INSTALLED := \$?(.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
    if not (ROOT / stamp).exists():
        pytest.skip("this environment was not made by make")
    newest = max((ROOT / each).stat().st_mtime for each in ("pyproject.toml", "constraints.txt"))
    if newest > (ROOT / stamp).stat().st_mtime:
        pytest.skip("the environment is older than pyproject.toml; run make")
    plan = ["make", "--dry-run", "run"]
    shown = subprocess.run(plan, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "pip install" not in shown
    assert "-m bot run" in shown


def test_continuous_integration_runs_make_test() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert re.search(r"^make .*\btest$", script.read_text(), re.MULTILINE)
    subprocess.run(["bash", "-n", str(script)], check=True)
