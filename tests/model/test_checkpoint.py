"""A checkpoint comes back as it was written, or says clearly why not."""

import hashlib
import json
import logging
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from model.checkpoint import (
    COPY_INDEX,
    CRAFT,
    load_checkpoint,
    replace_knowledge,
    save_checkpoint,
    verify_checkpoint,
)
from model.copyguard import CopyIndex
from model.corpus.tokenizer import Tokenizer
from model.craft import Craft
from model.errors import CheckpointError
from model.network.lyric_model import LyricModel
from tests.factories import songs, tiny_checkpoint


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    save_checkpoint(tiny_checkpoint(), tmp_path / "tiny")
    return tmp_path / "tiny"


def test_what_is_saved_is_loaded(folder: Path) -> None:
    written, read = tiny_checkpoint(), load_checkpoint(folder)
    assert (read.version, read.artists, read.languages) == (
        "tiny",
        written.artists,
        ("en", "en", "zh"),
    )
    assert read.tokenizer.encode("harbour 雨") == written.tokenizer.encode("harbour 雨")
    for name, value in written.model.state_dict().items():
        torch.testing.assert_close(read.model.state_dict()[name], value, rtol=1e-3, atol=1e-4)


def test_saving_again_replaces_the_whole_folder_and_leaves_nothing_beside_it(folder: Path) -> None:
    save_checkpoint(tiny_checkpoint("other", seed=5), folder)
    assert load_checkpoint(folder).version == "other"
    assert [path.name for path in folder.parent.iterdir()] == ["tiny"]


@pytest.mark.parametrize(
    "name", ["weights.safetensors", "config.json", "tokenizer.json", COPY_INDEX, CRAFT]
)
def test_a_cut_file_is_noticed(folder: Path, name: str) -> None:
    path = folder / name
    path.write_bytes(path.read_bytes()[:-7])
    with pytest.raises(CheckpointError, match="cut or altered"):
        verify_checkpoint(folder)


def test_one_altered_byte_is_noticed(folder: Path) -> None:
    path = folder / "weights.safetensors"
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))
    with pytest.raises(CheckpointError, match=r"weights\.safetensors"):
        load_checkpoint(folder)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "artists.json").unlink()
    with pytest.raises(CheckpointError, match=r"artists\.json"):
        load_checkpoint(folder)


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="nowhere"):
        load_checkpoint(tmp_path / "nowhere")


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff\xfe"])
def test_a_damaged_manifest_is_a_clear_error(folder: Path, content: bytes) -> None:
    (folder / "manifest.json").write_bytes(content)
    with pytest.raises(CheckpointError, match="damaged"):
        verify_checkpoint(folder)


def test_a_later_format_is_refused(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    (folder / "manifest.json").write_text(json.dumps({**manifest, "format": 99}))
    with pytest.raises(CheckpointError, match="format 99"):
        verify_checkpoint(folder)


def test_a_checkpoint_from_before_a_setting_existed_means_what_it_meant(tmp_path: Path) -> None:
    checkpoint = tiny_checkpoint()
    plain = replace(checkpoint.model.config, layer_norm=False, residual=False)
    save_checkpoint(replace(checkpoint, model=LyricModel(plain)), tmp_path / "old")
    old_names = (
        *("vocab_size", "num_artists", "embedding_size", "artist_size", "hidden_size"),
        *("num_layers", "input_dropout", "hidden_dropout", "output_dropout", "weight_dropout"),
    )
    path = tmp_path / "old" / "config.json"
    settings = json.loads(path.read_text())
    path.write_text(json.dumps({name: settings[name] for name in old_names}))
    manifest = json.loads((tmp_path / "old" / "manifest.json").read_text())
    manifest["sha256"]["config.json"] = hashlib.sha256(path.read_bytes()).hexdigest()
    (tmp_path / "old" / "manifest.json").write_text(json.dumps(manifest))
    assert load_checkpoint(tmp_path / "old").model.config == plain


def test_parts_that_do_not_belong_together_are_refused() -> None:
    checkpoint = tiny_checkpoint()
    other = Tokenizer.train((song.text for song in songs()), 300)
    with pytest.raises(CheckpointError, match=r"knows \d+ tokens and the tokenizer 300"):
        replace(checkpoint, tokenizer=other)
    with pytest.raises(CheckpointError, match="knows 3 artists, and 2 names"):
        replace(checkpoint, artists=("Mara Quill", "Roof Fox"))


# The copy index


@pytest.fixture
def index() -> CopyIndex:
    return CopyIndex.build(song.text for song in songs())


def test_the_copy_index_is_saved_and_loaded(tmp_path: Path, index: CopyIndex) -> None:
    save_checkpoint(replace(tiny_checkpoint(), copy_index=index), tmp_path / "tiny")
    assert load_checkpoint(tmp_path / "tiny").copy_index.to_bytes() == index.to_bytes()


def test_a_checkpoint_from_before_the_index_loads_copies_nothing_and_says_so(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (folder / COPY_INDEX).unlink()
    manifest = json.loads((folder / "manifest.json").read_text())
    del manifest["sha256"][COPY_INDEX]
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with caplog.at_level(logging.WARNING):
        assert load_checkpoint(folder).copy_index.num_runs == 0
    assert "has no copy index" in caplog.text


def test_a_checkpoint_with_an_index_has_nothing_to_say(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        load_checkpoint(folder)
    assert caplog.text == ""


def test_an_index_that_is_gone_is_missed(folder: Path) -> None:
    (folder / COPY_INDEX).unlink()
    with pytest.raises(CheckpointError, match=r"no readable copy_index\.safetensors"):
        load_checkpoint(folder)


@pytest.mark.parametrize("content", [b"", b"no tensors", "weights"])
def test_an_index_that_is_none_is_a_clear_error(folder: Path, content: bytes | str) -> None:
    if content == "weights":
        content = (folder / "weights.safetensors").read_bytes()
    assert isinstance(content, bytes)
    (folder / COPY_INDEX).write_bytes(content)
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["sha256"][COPY_INDEX] = hashlib.sha256(content).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(CheckpointError, match="does not fit this program"):
        load_checkpoint(folder)


def test_another_index_leaves_every_other_file_as_it_was(folder: Path, index: CopyIndex) -> None:
    (folder / "README.md").write_text("a card")
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    replace_knowledge(folder, index, Craft())
    after = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert {name for name in after if after[name] != before[name]} == {"manifest.json", COPY_INDEX}
    assert load_checkpoint(folder).copy_index.num_runs == index.num_runs > 0
    manifests = [json.loads(each["manifest.json"]) for each in (before, after)]
    for manifest in manifests:
        del manifest["sha256"][COPY_INDEX]
    assert manifests[0] == manifests[1]


def test_an_altered_checkpoint_gets_no_index(folder: Path, index: CopyIndex) -> None:
    (folder / "config.json").write_text("{}")
    with pytest.raises(CheckpointError, match="altered"):
        replace_knowledge(folder, index, Craft())


# The craft


def _rewrite_craft(folder: Path, content: bytes | None) -> None:
    """As if the checkpoint had been written so; None leaves it out."""
    manifest = json.loads((folder / "manifest.json").read_text())
    if content is None:
        (folder / CRAFT).unlink()
        del manifest["sha256"][CRAFT]
    else:
        (folder / CRAFT).write_bytes(content)
        manifest["sha256"][CRAFT] = hashlib.sha256(content).hexdigest()
    (folder / "manifest.json").write_text(json.dumps(manifest))


def test_the_craft_is_saved_and_loaded(tmp_path: Path) -> None:
    craft = Craft().with_songs(songs())
    save_checkpoint(replace(tiny_checkpoint(), craft=craft), tmp_path / "tiny")
    assert load_checkpoint(tmp_path / "tiny").craft == craft
    assert craft.line_ends


def test_a_checkpoint_from_before_the_craft_loads_without_and_says_so(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    _rewrite_craft(folder, None)
    with caplog.at_level(logging.WARNING):
        assert load_checkpoint(folder).craft == Craft()
    assert "has no words to rhyme with" in caplog.text
    assert "copy index" not in caplog.text


def test_a_craft_that_is_gone_is_missed(folder: Path) -> None:
    (folder / CRAFT).unlink()
    with pytest.raises(CheckpointError, match=r"no readable craft\.json"):
        load_checkpoint(folder)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"{}",
        b'{"line_ends": [], "habits": {}, "shares": {}}',
        b'{"line_ends": "", "habits": [1], "shares": {}}',
        b'{"line_ends": "", "habits": {"Mara Quill": {"spread": 0}}, "shares": {}}',
    ],
)
def test_a_craft_that_is_none_is_a_clear_error(folder: Path, content: bytes) -> None:
    _rewrite_craft(folder, content)
    with pytest.raises(CheckpointError, match="does not fit this program"):
        load_checkpoint(folder)


def test_another_craft_leaves_every_other_file_as_it_was(folder: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    craft = Craft().with_songs(songs())
    replace_knowledge(folder, CopyIndex.empty(), craft)
    after = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert {name for name in after if after[name] != before[name]} == {"manifest.json", CRAFT}
    assert load_checkpoint(folder).craft == craft


# The starter


STARTER = Path(__file__).parents[2] / "checkpoints" / "starter"


def test_the_starter_knows_how_its_poets_make_lines() -> None:
    starter = load_checkpoint(STARTER)
    assert {*starter.craft.habits} == {*starter.artists}
    assert len(starter.craft.line_ends) > 2_000
    assert starter.craft.habits_of("Lewis Carroll").scheme in {"ABAB", "AABB", "ABCB"}


def test_the_starter_knows_its_poets() -> None:
    index = load_checkpoint(STARTER).copy_index
    assert index.num_runs > 1_900_000
    assert index.first_copy("SHALL I compare thee,\nto a Summer’s day") == 0
    assert index.first_copy("明月几时有？\n把酒问青天。") == 0
    assert index.first_copy("Shall I compare thee to a modem") is None
