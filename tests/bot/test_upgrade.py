"""A data folder of the first released form goes on: its database, its checkpoint, its old cards."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from bot.config import Config
from bot.generation.registry import registry_of_verses
from bot.store import migrate
from model.checkpoint import Checkpoint, save_checkpoint
from model.network.lyric_model import LyricModel
from tests.bot.conftest import ARTIST, on_stage
from tests.bot.store.examples import query
from tests.factories import short_lined_checkpoint

VERSION = "2026-03-01-1"
DAY = "2026-05-01 12:00:00"
WORDS = "slim as the rain on the window pane\nI whistle it once and again"

# What the first form knew of a network.
SETTINGS = (
    *("vocab_size", "num_artists", "embedding_size", "artist_size", "hidden_size", "num_layers"),
    *("input_dropout", "hidden_dropout", "output_dropout", "weight_dropout"),
)


def first_checkpoint(folder: Path) -> None:
    """Without layer norm and residuals, copy index and craft, of which it had not heard."""
    known = short_lined_checkpoint(VERSION)
    torch.manual_seed(0)
    config = replace(known.model.config, layer_norm=False, residual=False)
    model = LyricModel(config).eval()
    with torch.no_grad():
        model.output_bias.copy_(known.model.output_bias)
    save_checkpoint(
        Checkpoint(VERSION, model, known.tokenizer, known.artists, known.languages), folder
    )
    for name in ("copy_index.safetensors", "craft.json"):
        (folder / name).unlink()
    settings = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({name: settings[name] for name in SETTINGS}))
    names = ("weights.safetensors", "config.json", "tokenizer.json", "artists.json")
    manifest = json.loads((folder / "manifest.json").read_text())
    manifest["sha256"] = {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))


def first_rows(path: Path) -> None:
    """Somebody was taught, a run has made a checkpoint live, and there are verses and votes."""
    query(path, f"INSERT INTO artists VALUES (5, '{ARTIST}', 'maraquill', '{DAY}')")
    query(
        path,
        "INSERT INTO lyrics (id, artist_id, title, text, fingerprint, language, origin, source,"
        " consent_at, submitter_id, guild_id, state, created_at) VALUES (3, 5, 'Noon Bus', ?, 'f',"
        f" 'en', 'submission', 'modal', '{DAY}', 7, 8, 'approved', '{DAY}')",
        WORDS,
    )
    columns = "artist_id, seed, context, num_lines, temperature, top_k, top_p, repetition_penalty"
    query(
        path,
        f"INSERT INTO verses (id, {columns}, rng_seed, checkpoint, text, user_id, created_at)"
        f" VALUES (9, 5, 'slim', '', 4, 0.8, 0, 0.9, 1.2, 7, ?, ?, 3, '{DAY}')",
        VERSION,
        WORDS,
    )
    query(path, f"INSERT INTO votes VALUES (9, 3, 1, '{DAY}', '{DAY}')")
    query(path, f"INSERT INTO guild_settings VALUES (8, 1, 4, 0, '{DAY}')")
    query(
        path,
        "INSERT INTO checkpoints (version, folder, parent, state, bits_per_character, figures,"
        f" created_at, promoted_at) VALUES (?, ?, 'starter-1', 'live', 1.8, '{{}}', '{DAY}',"
        f" '{DAY}')",
        VERSION,
        VERSION,
    )


@pytest.fixture
async def old(config: Config) -> Config:
    path = config.database_path
    assert path is not None
    path.unlink()
    await migrate.upgrade(config.database.url, "0001")
    first_rows(path)
    folder = config.checkpoints_dir / VERSION
    first_checkpoint(folder)
    registry_of_verses(config).promote(folder)
    return config


async def test_the_first_released_form_is_served(old: Config) -> None:
    async with on_stage(old) as stage:
        generation, store = stage.app.services.generation, stage.store
        assert generation.warnings == ()
        assert generation.live_version == VERSION
        live = await store.checkpoints.live()
        assert live is not None
        assert live.version == VERSION

        old_verse = await store.verses.get(9)
        assert old_verse is not None
        assert (old_verse.text, old_verse.artist, old_verse.scheme) == (WORDS, ARTIST, None)
        assert (await store.votes.count(9, 3)).own == 1
        lyrics = await store.lyrics.get(3)
        assert lyrics is not None
        assert (lyrics.text, lyrics.state, lyrics.submitter_id) == (WORDS, "approved", 7)
        assert (await store.guilds.get(8)).default_lines == 4

        verse = await stage.rap()
        assert VERSION in verse.response.embeds[0].footer.text
        made = await store.verses.get(10)
        assert made is not None
        assert made.seed == "slim"
        await stage.chen.click(verse.response, custom_id="cypher:1:vote:up:10")
        assert (await store.votes.count(10)).up == 1


async def test_buttons_of_the_first_form_still_work(old: Config) -> None:
    query_path = old.database_path
    assert query_path is not None
    async with on_stage(old) as stage:
        guild_id = stage.channel.guild.id
        query(query_path, "UPDATE verses SET guild_id = ? WHERE id = 9", guild_id)
        card = (await stage.rap()).response
        backend = stage.world.env.backend
        buttons = [
            {"type": 2, "style": 2, "label": name, "custom_id": f"cypher:1:{action}"}
            for name, action in (("up", "vote:up:9"), ("again", "again:9"), ("more", "continue:9"))
        ]
        sent = backend.create_message(
            stage.channel.id,
            backend.bot_user.id,
            "",
            components=[{"type": 1, "components": buttons}],
        )
        message = type(card)(stage.world.env, sent)
        await stage.chen.click(message, label="again")
        await stage.chen.click(message, label="more")
        await stage.chen.click(message, label="up")
        assert (await stage.store.votes.count(9)).up == 2
        again, more = await stage.store.verses.get(11), await stage.store.verses.get(12)
        assert again is not None
        assert more is not None
        assert (again.seed, again.num_lines) == ("slim", 4)
        assert (more.context, more.parent_id) == (WORDS, 9)
