"""What int8 costs: bits per character on held-out songs, in fp32 and through the int8 step."""

from collections.abc import Sequence
from pathlib import Path

import torch

from model.checkpoint import Checkpoint, load_checkpoint
from model.corpus.dataset import EncodedSong, encode_songs
from model.corpus.readers import read_corpus
from model.corpus.song import Song
from model.corpus.split import split_songs
from model.engine.int8 import Int8Runner
from model.engine.token_runner import Marks
from model.evaluation.perplexity import NO_SCORE, Score, total_score


def quality(folder: Path, corpus: Path) -> dict[str, float]:
    """Of the test split of `corpus`. Raises ModelError and Int8Unavailable."""
    checkpoint = load_checkpoint(folder)
    songs = [each for each in read_corpus([corpus]) if isinstance(each, Song)]
    held_out = [song for song in split_songs(songs).test if song.artist in checkpoint.artists]
    encoded = encode_songs(held_out, checkpoint.artists, checkpoint.tokenizer)
    return {
        "bits_per_character_fp32": total_score(checkpoint.model, encoded).bits_per_character,
        "bits_per_character_fast": _int8_score(checkpoint, encoded).bits_per_character,
        "num_songs": len(encoded),
    }


@torch.inference_mode()
def _int8_score(checkpoint: Checkpoint, songs: Sequence[EncodedSong]) -> Score:
    model = checkpoint.model
    runner = Int8Runner(model, Marks(checkpoint.tokenizer.newline_id), 1, 8)
    scores = []
    for song in songs:
        artist = model.artist_vectors(torch.tensor(song.artist))
        logits = runner.logits(song.tokens[:-1], artist)
        nats = torch.nn.functional.cross_entropy(logits, song.tokens[1:], reduction="sum")
        num_tokens = song.tokens.numel() - 1
        scores.append(Score(float(nats), song.num_characters, num_tokens, song.spelling_nats))
    return sum(scores, NO_SCORE)
