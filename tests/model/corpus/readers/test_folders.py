"""Which files are read: order, links, hidden files and what cannot be opened."""

import os
from pathlib import Path

import pytest

from model.corpus.readers.folders import FoundFile, find_files, shown
from model.corpus.readers.records import Refusal


def found(root: Path) -> list[str]:
    return [
        str(file.path.relative_to(root)) for file in find_files(root) if isinstance(file, FoundFile)
    ]


def refusals(root: Path) -> list[Refusal]:
    return [file for file in find_files(root) if isinstance(file, Refusal)]


def write(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("la la")
    return path


def test_files_come_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("c.txt", "a.txt", "b/2.txt", "b/1.txt", "b/a/3.txt"):
        write(tmp_path / name)

    assert found(tmp_path) == ["a.txt", "b/1.txt", "b/2.txt", "b/a/3.txt", "c.txt"]


def test_a_file_knows_its_size_depth_and_folder(tmp_path: Path) -> None:
    path = write(tmp_path / "Ada Quill" / "rain.txt")

    assert list(find_files(path)) == [FoundFile(path, 5, 0)]
    (file,) = find_files(tmp_path)
    assert isinstance(file, FoundFile)
    assert (file.depth, file.folder) == (2, "Ada Quill")


def test_the_current_folder_has_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(write(tmp_path / "Ada Quill" / "rain.txt").parent)

    (file,) = find_files(Path())
    assert isinstance(file, FoundFile)
    assert file.folder == "Ada Quill"


@pytest.mark.parametrize("target", [".", "..", "../artists"])
def test_links_lead_in_no_circles(tmp_path: Path, target: str) -> None:
    write(tmp_path / "artists" / "rain.txt")
    (tmp_path / "artists" / "again").symlink_to(target)

    (refusal,) = refusals(tmp_path)
    assert found(tmp_path) == ["artists/rain.txt"]
    assert "link" in refusal.reason


def test_a_link_to_itself_and_a_link_to_nothing_are_refused(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "nothing").symlink_to("nowhere")

    assert [Path(refusal.source).name for refusal in refusals(tmp_path)] == ["loop", "nothing"]


def test_a_link_to_a_file_elsewhere_is_read(tmp_path: Path) -> None:
    write(tmp_path / "elsewhere" / "rain.txt")
    (tmp_path / "Ada").mkdir()
    (tmp_path / "Ada" / "rain.txt").symlink_to("../elsewhere/rain.txt")

    assert found(tmp_path / "Ada") == ["rain.txt"]


def test_hidden_files_and_folders_are_refused_unless_named(tmp_path: Path) -> None:
    hidden = write(tmp_path / ".rain.txt")
    write(tmp_path / ".git" / "rain.txt")

    assert found(tmp_path) == []
    assert all("hidden" in refusal.reason for refusal in refusals(tmp_path))
    assert len(refusals(tmp_path)) == 2
    assert list(find_files(hidden)) == [FoundFile(hidden, 5, 0)]


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")

    (refusal,) = refusals(tmp_path)
    assert "neither" in refusal.reason


@pytest.mark.parametrize("name", ["missing.txt", "file.txt/below.txt", "x" * 300, "nul\0.txt"])
def test_a_path_that_cannot_be_opened_is_refused(tmp_path: Path, name: str) -> None:
    write(tmp_path / "file.txt")

    (refusal,) = refusals(tmp_path / name)
    assert "cannot be read" in refusal.reason


def test_a_folder_that_cannot_be_listed_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", refuse)

    (refusal,) = refusals(tmp_path)
    assert "Permission denied" in refusal.reason


def test_a_path_is_shown_without_what_cannot_be_printed(tmp_path: Path) -> None:
    assert shown(Path("a\x1b[31m\n\udce9\u202e.txt")) == "a\ufffd[31m\ufffd\ufffd\ufffd.txt"
