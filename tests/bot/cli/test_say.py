"""say: one command through the whole bot, printed as a person would see it, or as JSON."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
import symusic

from tests.bot.cli.conftest import Run

RAP = '/rap seed:slim artist:"Mara Quill"'


@pytest.fixture
def say(run: Run, capsys: pytest.CaptureFixture[str]) -> Any:
    """The exit code, and what was printed, taken apart where it is JSON."""

    def call(line: str, *arguments: str) -> tuple[int, Any]:
        capsys.readouterr()
        code = run("say", line, *arguments)
        printed = capsys.readouterr().out
        return code, json.loads(printed) if "--json" in arguments else printed

    return call


def test_a_verse_comes_as_json_with_all_its_parts(say: Any) -> None:
    code, said = say(RAP, "--json")
    assert code == 0
    assert said["error"] is None
    assert said["elapsed_s"] > 0
    assert not said["reply"]["ephemeral"]
    assert said["reply"]["embeds"][0]["description"].startswith("**slim**")
    verse = said["verse"]
    assert verse["text"].startswith("slim")
    assert verse["lines"] == 8
    assert len([line for line in verse["text"].splitlines() if line]) == 8
    assert (verse["artist"], verse["seed"], verse["checkpoint"]) == (
        "Mara Quill",
        "slim",
        "starter-1",
    )


def test_the_same_random_seed_makes_the_same_verse(say: Any) -> None:
    verses = [say(RAP, "--json", "--rng-seed", "7")[1]["verse"] for _ in range(2)]
    assert verses[0]["text"] == verses[1]["text"]
    assert [verse["rng_seed"] for verse in verses] == [7, 7]
    assert [verse["id"] for verse in verses] == [1, 2]


def test_rhyme_and_mix_are_typed_like_all_else(say: Any) -> None:
    line = f"{RAP} rhyme:ABBA mix:Roof Fox share:30 lines:4 mood:calm"
    code, said = say(line, "--json")
    assert code == 0
    verse = said["verse"]
    assert (verse["scheme"], verse["mix"]) == ("ABBA", {"artist": "Roof Fox", "share": 30})
    assert verse["num_candidates"] > 1
    code, printed = say(line)
    assert "70 % Mara Quill · 30 % Roof Fox" in printed
    assert "[🔍 Why]" in printed


def test_a_person_sees_words_and_no_markdown(say: Any) -> None:
    code, printed = say("/rap seed:*slim* artist:Mara Quill lines:2")
    assert code == 0
    assert "🎤 Mara Quill" in printed
    assert "\n*slim*" in printed
    assert "machine-made in the style of Mara Quill" in printed
    assert "[👍 0]" in printed


def test_a_battle_is_read_part_by_part_with_the_end_of_its_vote(say: Any) -> None:
    code, printed = say('/battle artist_a:"Mara Quill" artist_b:"Roof Fox" seed:slim rounds:2')
    assert code == 0
    assert "⚔️ Mara Quill against Roof Fox" in printed
    assert re.search(r"ends \d\d:\d\d UTC", printed)
    assert "🅱️ Roof Fox · round 2" in printed
    assert "[🅰️ 0] [🅱️ 0]" in printed


def test_a_mistake_is_told_and_exits_with_1(say: Any) -> None:
    code, said = say('/rap seed:slim artist:"Eminem"', "--json")
    assert code == 1
    assert "have not learned Eminem" in said["error"]
    assert said["reply"]["ephemeral"]
    assert said["verse"] is None
    code, printed = say('/rap seed:"" artist:"Mara Quill"')
    assert code == 1
    assert "only you can see this" in printed


def test_who_speaks_can_be_chosen(say: Any) -> None:
    assert say("/submissions")[0] == 1
    code, printed = say("/submissions", "--as", "admin")
    assert code == 0
    assert "Nothing is in review" in printed


def test_a_form_is_described(say: Any) -> None:
    code, printed = say("/submit artist:Nova Brine")
    assert code == 0
    assert "Hand in lyrics" in printed


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("/sing", "There is no command /sing"),
        ("/rap seed:slim artist:x loudness:9", "loudness"),
        ("/rap hello", "is not an option of /rap"),
        ("/rap seed:slim artist:x lines:many", "is no number"),
    ],
)
def test_a_malformed_line_stops_with_what_is_right(
    run: Run, capsys: pytest.CaptureFixture[str], line: str, told: str
) -> None:
    code = run("say", line)
    printed = capsys.readouterr()
    assert code in {1, 2}
    assert told in printed.err + printed.out


def test_a_beat_leaves_picture_sound_and_midi_in_a_folder(
    settings: Path, starter_beats: Path, tmp_path: Path, say: Any
) -> None:
    """By the processes that draw and play, and read by other libraries than wrote them."""
    lines = settings.read_text().replace("enabled = false", f'checkpoint = "{starter_beats}"', 1)
    settings.write_text(lines)
    code, said = say("/beat style:waltz bars:2 chord:C", "--json", "--save", str(tmp_path / "it"))
    assert code == 0
    assert (said["beat"]["style"], said["beat"]["bars"], said["verse"]) == ("waltz", 2, None)
    picture, audio, midi = map(Path, said["files"])
    assert {each.parent for each in (picture, audio, midi)} == {tmp_path / "it"}
    assert picture.read_bytes().startswith(b"\x89PNG")
    samples, rate = soundfile.read(audio)
    assert len(samples) > 3 * rate
    assert np.abs(samples).max() > 0.01
    music: Any = symusic.Score.from_file(str(midi))
    assert music.note_num() > 3
