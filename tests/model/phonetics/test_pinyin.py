"""Each Chinese character has one of the fourteen rhymes of modern verse."""

import os
import subprocess
import sys

import pytest

from model.phonetics.pinyin import Final, final_of


@pytest.mark.parametrize(
    ("characters", "rhyme"),
    [
        ("花家瓜", "麻"),
        ("波歌多", "波"),
        ("街月", "皆"),
        ("开怪", "开"),
        ("飞归", "微"),
        ("高条", "豪"),
        ("楼秋", "尤"),
        ("山天关园", "寒"),
        ("真心春云", "文"),
        ("光香窗", "唐"),
        ("风星东雄", "庚"),
        ("衣儿雨", "齐"),
        ("知诗日资思", "支"),
        ("湖路", "姑"),
    ],
)
def test_a_character_has_the_rhyme_of_its_final(characters: str, rhyme: str) -> None:
    assert {final.rhyme for final in map(final_of, characters) if final} == {rhyme}


def test_tone_and_loose_rhyme_are_told() -> None:
    assert final_of("人") == Final("文", "en", "2")
    assert final_of("生") == Final("庚", "en", "1")
    assert final_of("心") == Final("文", "in", "1")
    assert final_of("东") == Final("庚", "庚", "1")
    assert final_of("吗") == Final("麻", "麻", "")


@pytest.mark.parametrize("character", ["嗯", "\U0003134f", "a", "7", "🔥", ""])
def test_without_a_reading_there_is_no_rhyme(character: str) -> None:
    assert final_of(character) is None


def test_the_dictionary_of_phrases_stays_out_of_memory_and_the_environment_as_it_was() -> None:
    script = (
        "import os; before = dict(os.environ)\n"
        "from model.phonetics.pinyin import final_of; assert final_of('月')\n"
        "from pypinyin.constants import PHRASES_DICT\n"
        "print(len(PHRASES_DICT), dict(os.environ) == before)"
    )
    for setting in ({}, {"PYPINYIN_NO_PHRASES": "1"}):
        shown = subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, **setting},
            capture_output=True,
            text=True,
            check=True,
        )
        assert shown.stdout.split() == ["0", "True"]
