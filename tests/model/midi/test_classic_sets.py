"""The classic polyphonic sets: their layout, their sizes, and files that are something else."""

from pathlib import Path

import numpy as np
import pytest
from scipy.io import savemat

from model.errors import CorpusError
from model.midi.classic_sets import read_classic_set

# Beside the checkout, not in it.
BENCHMARKS = Path(__file__).parents[4] / "shared" / "benchmarks"


def cells(*pieces: np.ndarray) -> np.ndarray:
    row = np.empty((1, len(pieces)), dtype=object)
    for index, piece in enumerate(pieces):
        row[0, index] = piece
    return row


def piece(length: int, seed: int = 0) -> np.ndarray:
    return (np.random.default_rng(seed).random((length, 88)) < 0.05).astype(np.uint8)


@pytest.fixture
def layout() -> dict[str, np.ndarray]:
    return {
        "traindata": cells(piece(5), piece(3, 1)),
        "validdata": cells(piece(4, 2)),
        "testdata": cells(piece(1, 3), piece(2, 4).astype(float)),
    }


def saved(folder: Path, variables: dict[str, np.ndarray]) -> Path:
    path = folder / "set.mat"
    savemat(path, variables, do_compression=True)
    return path


def test_each_part_has_its_pieces_in_order(tmp_path: Path, layout: dict[str, np.ndarray]) -> None:
    read = read_classic_set(saved(tmp_path, layout))
    for part, name in zip(
        (read.training, read.validation, read.test), ("traindata", "validdata", "testdata"),
        strict=True,
    ):  # fmt: skip
        assert [frames.dtype for frames in part] == [np.bool_] * len(part)
        for frames, expected in zip(part, layout[name][0], strict=True):
            assert np.array_equal(frames, expected)


@pytest.mark.parametrize(
    "changed",
    [
        {"testdata": np.zeros((3, 88))},
        {"testdata": cells()},
        {"testdata": cells(np.zeros((3, 12)))},
        {"testdata": cells(np.full((3, 88), 7))},
        {"testdata": cells(np.array("words"))},
    ],
)
def test_other_layouts_are_refused_by_the_name_of_the_part(
    tmp_path: Path, layout: dict[str, np.ndarray], changed: dict[str, np.ndarray]
) -> None:
    path = saved(tmp_path, layout | changed)
    with pytest.raises(CorpusError, match="testdata"):
        read_classic_set(path)


def test_a_file_without_a_part_is_refused(tmp_path: Path, layout: dict[str, np.ndarray]) -> None:
    del layout["validdata"]
    with pytest.raises(CorpusError, match="validdata"):
        read_classic_set(saved(tmp_path, layout))


def test_damaged_files_get_one_sentence(tmp_path: Path, layout: dict[str, np.ndarray]) -> None:
    path = saved(tmp_path, layout)
    whole = path.read_bytes()
    random = np.random.default_rng(1)
    for content in (b"", b"words", whole[:200], whole[:-40], random.bytes(4000)):
        path.write_bytes(content)
        with pytest.raises(CorpusError, match=r"set\.mat"):
            read_classic_set(path)
    sentences = []
    for position in random.integers(128, len(whole), 60).tolist():
        damaged = bytearray(whole)
        damaged[position] ^= 0xFF
        path.write_bytes(damaged)
        try:
            read_classic_set(path)
        except CorpusError as error:
            sentences.append(str(error))
    assert sentences
    assert all("set.mat" in each for each in sentences)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"none\.mat cannot be read: No such file"):
        read_classic_set(tmp_path / "none.mat")


@pytest.mark.parametrize(
    ("name", "sizes"),
    [("JSB_Chorales", (229, 76, 77)), ("Nottingham", (694, 173, 170))],
)
def test_the_published_sets_have_their_published_sizes(
    name: str, sizes: tuple[int, int, int]
) -> None:
    path = BENCHMARKS / f"{name}.mat"
    if not path.exists():
        pytest.skip("the published sets are not there, so their sizes are not checked")
    read = read_classic_set(path)
    assert (len(read.training), len(read.validation), len(read.test)) == sizes
