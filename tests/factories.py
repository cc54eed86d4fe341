"""Small songs and a small checkpoint, written and built for the tests."""

import numpy as np
import torch

from model.beats.checkpoint import BeatCheckpoint, Style
from model.checkpoint import Checkpoint
from model.config import FrameModelConfig, ModelConfig, Unit
from model.corpus.song import Song
from model.corpus.tokenizer import Tokenizer
from model.engine import FrameLimits
from model.midi import NUM_KEYS, PianoRoll
from model.network.frame_model import FrameModel
from model.network.lyric_model import LyricModel

_HARBOUR = """The harbour lights are low tonight
And every gull is grey
I count the masts by candle light
And sail them all away

The rope is wet, the plank is worn
The tide is on the turn
I was not here when I was born
I will not here return"""

_ROOFTOP = """Up on the rooftop, feet on the ledge
Words like a razor, rhyme on the edge
City below me humming in blue
Nothing to lose and a verse to get through

Stairwell and steel door, echo and beat
Everyone sleeping, thunder and heat
Hand me a pencil, hand me a crown
I will be writing till morning comes down"""

_RAIN = """雨落在旧城的屋檐
我在灯下写你的名
风把昨天吹得很远
只剩一句没有说清

街角的猫听我唱歌
唱到月亮也不睡
若你问我为了什么
为了明天还能醉"""


def songs(num_each: int = 6) -> list[Song]:
    """Songs of three artists, all different, enough to train on for a moment."""
    made = []
    for index in range(num_each):
        shift = index % 4
        made += [
            Song("Mara Quill", f"Harbour {index}", _rotate(_HARBOUR, shift), "en"),
            Song("Roof Fox", f"Rooftop {index}", _rotate(_ROOFTOP, shift), "en"),
            Song("夜雨", f"雨 {index}", _rotate(_RAIN, shift), "zh"),
        ]
    return made


def tiny_checkpoint(
    version: str = "tiny", hidden_size: int = 32, seed: int = 0, unit: Unit = "bpe"
) -> Checkpoint:
    """A checkpoint that knows three artists and, untrained, nothing else; built in milliseconds."""
    torch.manual_seed(seed)
    known = songs()
    tokenizer = Tokenizer.train((song.text for song in known), 400, unit)
    config = ModelConfig(
        vocab_size=tokenizer.vocab_size,
        num_artists=3,
        embedding_size=24,
        artist_size=8,
        hidden_size=hidden_size,
    )
    artists = tuple(dict.fromkeys(song.artist for song in known))
    return Checkpoint(version, LyricModel(config).eval(), tokenizer, artists, ("en", "en", "zh"))


def short_lined_checkpoint(version: str, seed: int = 0, unit: Unit = "bpe") -> Checkpoint:
    """The same, but its lines end after a few words, so that it writes verses as a bot's does.

    Its tokens are far from equally likely, and half a character hardly ever comes.
    """
    checkpoint = tiny_checkpoint(version, seed=seed, unit=unit)
    tokenizer = checkpoint.tokenizer
    halves = [i for i in range(tokenizer.vocab_size) if "\ufffd" in tokenizer.decode([i])]
    with torch.no_grad():
        checkpoint.model.token_embedding.weight.mul_(6)
        checkpoint.model.output_bias[tokenizer.newline_id] += 4
        checkpoint.model.output_bias[halves] -= 30
    return checkpoint


def tiny_beat_checkpoint(version: str = "tiny-beats", seed: int = 0) -> BeatCheckpoint:
    """An untrained model of beats with two styles; a few keys sound at once."""
    torch.manual_seed(seed)
    sizes = {"hidden_size": 16, "embedding_size": 8, "artist_size": 4, "nade_size": 6}
    model = FrameModel(FrameModelConfig.from_dict({"num_artists": 2, "grid_steps": 16, **sizes}))
    with torch.no_grad():
        model.output_bias[:88] = -3.0
    limits = FrameLimits(lowest_key=15, highest_key=63, max_keys=5, max_held=16)
    styles = (Style("march", 100.0, 4, limits), Style("waltz", 140.0, 3, limits))
    return BeatCheckpoint(version, model.eval(), styles, steps_per_beat=4)


def march(number: int = 0, num_bars: int = 4) -> PianoRoll:
    """A bass on each beat and a chord that changes with the bar; no two numbers are alike."""
    frames = np.zeros((16 * num_bars, NUM_KEYS), dtype=np.bool_)
    for bar in range(num_bars):
        root = 20 + (number + 5 * bar * (1 + number // 12)) % 12
        for beat in range(4):
            start = 16 * bar + 4 * beat
            frames[start : start + 3, root + 7 * (beat % 2)] = True
        frames[16 * bar + 2 : 16 * bar + 14, [root + 24, root + 28 - number % 2, root + 31]] = True
    return PianoRoll(frames, tempo=110.0)


def _rotate(text: str, shift: int) -> str:
    lines = [line for line in text.split("\n") if line]
    turned = lines[shift:] + lines[:shift]
    return "\n".join([*turned[:4], "", *turned[4:]])
