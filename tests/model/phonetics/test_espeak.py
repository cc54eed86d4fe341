"""eSpeak gives the same phonemes whoever asks, and an error instead of the end of the process."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from model.errors import ModelError
from model.phonetics.espeak import PhoneticsError, transcribe

_ELSEWHERE = """
import pathlib, sys
import espeakng_loader
data = espeakng_loader.get_data_path()
folder = pathlib.Path(sys.argv[1])
if sys.argv[2] == "long":
    folder.symlink_to(data)
espeakng_loader.get_data_path = lambda: str(folder)
from model.phonetics.espeak import PhoneticsError, transcribe
for _ in range(2):
    try:
        print(transcribe("hello", "en-us"))
    except PhoneticsError as error:
        print(error)
"""


def _with_data_in(folder: Path, kind: str) -> list[str]:
    command = [sys.executable, "-c", _ELSEWHERE, str(folder), kind]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return shown.stdout.splitlines()


@pytest.mark.parametrize(
    ("word", "voice", "phonemes"),
    [
        ("hello", "en-us", "h_ə_l_ˈoʊ"),
        ("fire", "en-us", "f_ˈaɪɚ"),
        ("Zeit", "de", "ts_ˈaɪ_t"),
    ],
)
def test_a_word_has_its_phonemes(word: str, voice: str, phonemes: str) -> None:
    assert transcribe(word, voice) == phonemes


@pytest.mark.parametrize("voice", ["", "xx-nowhere", "en us", "夜"])
def test_an_unknown_voice_is_refused_and_the_next_call_is_well(voice: str) -> None:
    with pytest.raises(PhoneticsError, match="has no voice"):
        transcribe("hello", voice)
    assert transcribe("hello", "en-us") == "h_ə_l_ˈoʊ"
    assert issubclass(PhoneticsError, ModelError)


def test_threads_with_different_voices_do_not_disturb_one_another() -> None:
    asked = [(word, voice) for word in ("table", "mine", "rose") for voice in ("en-us", "de", "fr")]
    expected = {each: transcribe(*each) for each in asked}
    with ThreadPoolExecutor(8) as pool:
        heard = list(pool.map(lambda each: transcribe(*each), asked * 50))
    assert heard == [expected[each] for each in asked * 50]


@pytest.mark.parametrize("word", ["w" * 3000, "ab" * 500, "a\0b", "", " ", "\n\n", "🔥", "[[x]]"])
def test_no_text_brings_it_down(word: str) -> None:
    assert isinstance(transcribe(word, "en-us"), str)


def test_without_its_data_it_says_so_instead_of_ending_the_process(tmp_path: Path) -> None:
    shown = _with_data_in(tmp_path / "nothing", "missing")
    assert len(shown) == 2
    assert all("does not find its data" in line for line in shown)


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="only Linux has short names")
def test_data_in_a_very_long_path_is_found(tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 100) / ("y" * 100)
    deep.mkdir(parents=True)
    assert _with_data_in(deep / "espeak-ng-data", "long") == ["h_ə_l_ˈoʊ"] * 2
