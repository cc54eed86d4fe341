"""Training a checkpoint from nothing in a folder of its own, and going on after an interruption.

The folder holds `best/` (the checkpoint of the best validation; `best-2/` is the best before it, as
far back as is wanted), `settings.json`, `tokenizer.json`,
`log.jsonl` (one line a validation) and what `run_folder` keeps.
"""

import json
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch

from model.checkpoint import Checkpoint, save_checkpoint
from model.config import ModelConfig, TrainingConfig
from model.corpus.dataset import encode_songs
from model.corpus.song import Song
from model.corpus.split import Splits
from model.corpus.tokenizer import Tokenizer
from model.errors import CorpusError, TrainingError
from model.network.lyric_model import LyricModel
from model.training.progress import CurvePoint, RunState
from model.training.run_folder import has_run, load_run_state, restore_run, save_run
from model.training.trainer import Trainer, TrainingHooks, stream_of

# These may change when a run goes on: they say how long, not what.
_MAY_CHANGE = (
    "max_epochs",
    "max_minutes",
    "max_updates",
    "patience",
    "validations_per_epoch",
    "keep_checkpoints",
)


@dataclass(frozen=True, slots=True, eq=False)
class _Setting:
    """What stays the same over the whole run."""

    tokenizer: Tokenizer
    artists: tuple[str, ...]
    languages: tuple[str, ...]
    config: ModelConfig


def artists_of(songs: Sequence[Song]) -> dict[str, str]:
    """Every artist with the language of most of their songs, in alphabetical order."""
    languages: dict[str, list[str]] = {}
    for song in songs:
        languages.setdefault(song.artist, []).append(song.language)
    return {
        artist: max(sorted(set(own)), key=own.count) for artist, own in sorted(languages.items())
    }


def pretrain(
    splits: Splits,
    folder: Path,
    network: ModelConfig,
    training: TrainingConfig,
    *,
    version: str = "pretrained",
    device: str | torch.device = "cpu",
    hooks: TrainingHooks | None = None,
) -> RunState:
    """Train on the training split, or go on with the run in `folder`; returns its end.

    `network.vocab_size` is what to aim at; a small corpus gives fewer tokens. Before any time is
    spent, raises CorpusError when a split is empty or too small, and TrainingError when `folder`
    holds a run with other settings.
    """
    hooks = hooks or TrainingHooks()
    setting = _prepare(splits.require(), folder, network, training)
    train, validation = (
        encode_songs(songs, setting.artists, setting.tokenizer)
        for songs in (splits.train, splits.validation)
    )
    torch.manual_seed(training.seed)
    model = LyricModel(setting.config).to(device)
    stream = stream_of(train, setting.config, training)
    state = load_run_state(folder) if has_run(folder) else None

    kept = _keeping(folder, version, setting, training.keep_checkpoints, hooks)
    trainer = Trainer(model, stream, validation, training, kept, state)
    if state is not None:
        restore_run(trainer, folder)
    return trainer.fit()


def _keeping(
    folder: Path, version: str, setting: _Setting, keep: int, hooks: TrainingHooks
) -> TrainingHooks:
    """`hooks`, each called after what it tells of lies on disk."""

    def keep_best(model: LyricModel, state: RunState) -> None:
        figures = {"validation_bits_per_character": state.best_bits_per_character}
        best = Checkpoint(
            version=version,
            model=model,
            tokenizer=setting.tokenizer,
            artists=setting.artists,
            languages=setting.languages,
            figures=figures,
        )
        _make_room(folder, keep)
        save_checkpoint(best, folder / "best")
        hooks.on_best(model, state)

    def keep_log(point: CurvePoint) -> None:
        with (folder / "log.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(asdict(point)) + "\n")
        hooks.on_validation(point)

    def keep_run(trainer: Trainer) -> None:
        save_run(trainer, folder)
        hooks.on_saving_point(trainer)

    return TrainingHooks(hooks.on_progress, keep_log, keep_best, keep_run)


def _make_room(folder: Path, keep: int) -> None:
    """Number the checkpoints that were best before: `best-2` is the one before `best`."""
    names = ["best", *(f"best-{number}" for number in range(2, keep + 1))]
    for older, newer in zip(names[:0:-1], names[-2::-1], strict=True):
        if (folder / newer).exists():
            if (folder / older).exists():
                shutil.rmtree(folder / older)
            (folder / newer).replace(folder / older)


def _prepare(
    splits: Splits, folder: Path, network: ModelConfig, training: TrainingConfig
) -> _Setting:
    artists = artists_of([song for songs in splits for song in songs])
    _check_artists(artists, splits.train)
    settings = {"network": asdict(network), "training": asdict(training), "artists": artists}
    tokenizer_path = folder / "tokenizer.json"
    if has_run(folder):
        _check_same(json.loads((folder / "settings.json").read_text(encoding="utf-8")), settings)
        tokenizer = Tokenizer.from_json(tokenizer_path.read_text(encoding="utf-8"))
    else:
        folder.mkdir(parents=True, exist_ok=True)
        tokenizer = Tokenizer.train(
            (song.text for song in splits.train), network.vocab_size, network.unit
        )
        tokenizer_path.write_text(tokenizer.to_json(), encoding="utf-8")
        text = json.dumps(settings, ensure_ascii=False, indent=1)
        (folder / "settings.json").write_text(text, encoding="utf-8")
    config = replace(network, vocab_size=tokenizer.vocab_size, num_artists=len(artists))
    return _Setting(tokenizer, tuple(artists), tuple(artists.values()), config)


def _check_artists(artists: Iterable[str], train: Iterable[Song]) -> None:
    if any(not artist.strip() for artist in artists):
        raise CorpusError("A song has an artist without a name; name the artist of every song.")
    taught = {song.artist for song in train}
    if untaught := [artist for artist in artists if artist not in taught]:
        raise CorpusError(
            f"There is no song to learn {', '.join(untaught[:5])} from: all of theirs are held "
            "out, as one song in ten is by its title. Add songs, or leave them out."
        )


def _check_same(before: dict[str, Any], now: dict[str, Any]) -> None:
    def flat(settings: dict[str, Any]) -> dict[str, Any]:
        return {**settings["network"], **settings["training"]}

    for name, value in flat(now).items():
        begun = flat(before).get(name)
        if name not in _MAY_CHANGE and begun != value:
            raise TrainingError(
                f"The run in this folder was begun with {name} = {begun}, not {value}; "
                "use the same settings, or another folder."
            )
    if before["artists"] != now["artists"]:
        raise TrainingError(
            "The run in this folder was begun with other songs; use another folder."
        )
