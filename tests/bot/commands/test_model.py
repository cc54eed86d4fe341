"""/model: admins see every version, go back in one press, and see no other server's artists."""

import json
import shutil
from types import SimpleNamespace
from typing import Any

import discord
import pytest
from sqlalchemy import update

from bot.config import Config
from bot.errors import NotAllowed
from bot.store import NewCheckpoint, voice_of
from bot.store.tables import ArtistRow
from bot.views.version_actions import press
from tests.bot.commands.test_rap import only_text
from tests.bot.commands.test_submissions import open_to_everybody
from tests.bot.conftest import Stage
from tests.bot.store.examples import song

FIGURES = {
    "new_songs": {"live": 2.91, "candidate": 2.44},
    "others": {"live": 2.0, "candidate": 2.004},
}


LOOK = {"rhyme": 0.9, "density": 0.7, "novel": 1.0, "distinct": 0.98}
CANARY = {
    "artist": "Roof Fox",
    "seed": "slim",
    "live": {**LOOK, "text": "slim as *rain*"},
    "candidate": {**LOOK, "rhyme": 0.8, "text": "slim as fuck"},
}
SECRET = voice_of("Secret Choir", 4711)
MEASURED = {
    **FIGURES,
    "touched": {
        "Kettle Jones": {"live": 2.9, "candidate": 2.4},
        SECRET: {"live": 2.5, "candidate": 2.1},
    },
    "canaries": [{**CANARY, "artist": SECRET}, CANARY],
}


async def make_version(stage: Stage, name: str, *artists: str) -> None:
    """The live checkpoint under another name, promoted by a run that learned songs of artists."""
    services = stage.app.services
    folder = services.config.checkpoints_dir / name
    shutil.copytree(services.config.starter_checkpoint, folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    parent = services.generation.live_version
    (folder / "manifest.json").write_text(json.dumps(manifest | {"version": name}))
    songs = [song(f"{name} {artist}", f"{name} {artist}", artist) for artist in artists]
    await stage.store.lyrics.import_songs(songs)
    ids = [lyrics.id for lyrics in await stage.store.lyrics.approved_since_last_run()]
    run = await stage.store.training_runs.start(
        trigger="command", requested_by=1, parent_checkpoint=parent, lyrics_ids=ids
    )
    new = NewCheckpoint(version=name, folder=name, parent=parent, figures=MEASURED)
    await stage.store.checkpoints.record(new)
    await services.generation.swap(folder)
    await stage.store.checkpoints.promote(name)
    await stage.store.training_runs.finish(run.id, "promoted", candidate=name)


async def model(stage: Stage, what: str, **options: Any) -> Any:
    return await stage.admin.slash(stage.channel, f"model {what}", **options)


def fields(result: Any) -> dict[str, str]:
    (embed,) = result.response.embeds
    return {field.name: field.value for field in embed.fields}


async def test_the_list_says_what_each_version_is(stage: Stage) -> None:
    await make_version(stage, "v2", "Kettle Jones", "Noor Lane")
    await stage.ben.click((await stage.rap()).response, custom_id="cypher:1:vote:up:1")
    listed = await model(stage, "versions")
    assert listed.ephemeral
    entry = fields(listed)["1. v2 · 🟢 live"]
    assert "made from starter-1" in entry
    assert "learned 1 song of Kettle Jones, 1 song of Noor Lane" in entry
    assert "new songs 2.910 → 2.440 bits per character · others +0.004" in entry
    assert "👍 100% of 1 vote" in entry
    assert "no votes yet" in fields(listed)["2. starter-1 · was live"]
    assert "3. beats-1 · 🎹 of beats · 🟢 live" in fields(listed)


async def test_artists_of_other_servers_are_a_number(stage: Stage) -> None:
    await make_version(stage, "v2", "Kettle Jones", "Secret Choir")
    async with stage.store.database.writer() as session:
        await session.execute(
            update(ArtistRow).where(ArtistRow.name == "Secret Choir").values(guild_id=4711)
        )
    entry = fields(await model(stage, "versions"))["1. v2 · 🟢 live"]
    assert "1 song of Kettle Jones, 1 other artist" in entry
    assert "Secret" not in entry


async def test_a_rollback_is_one_press_and_verses_come_from_there(stage: Stage) -> None:
    await make_version(stage, "v2", "Kettle Jones")
    asked = await model(stage, "rollback")
    assert asked.ephemeral
    assert "Roll back to starter-1?" in asked.response.embeds[0].title
    done = await stage.admin.click(asked.response, label="Roll back")
    assert "starter-1 is live again" in done.response.content
    assert stage.app.services.generation.live_version == "starter-1"
    assert "starter-1" in (await stage.rap()).response.embeds[0].footer.text
    record = await stage.store.checkpoints.live()
    assert record is not None
    assert record.promoted_by == stage.admin.id


async def test_a_version_can_be_named_pinned_and_let_go(stage: Stage) -> None:
    await make_version(stage, "v2", "Kettle Jones")
    assert "📌 Pinned" in (await model(stage, "pin", version="v2")).response.content
    shown = await model(stage, "versions")
    card = await stage.admin.click(shown.response, label="1")
    assert "📌 pinned" in card.response.embeds[0].title
    card = await stage.admin.click(card.response, label="Unpin")
    assert "pinned" not in card.response.embeds[0].title
    assert "Not pinned" in (await model(stage, "unpin", version="v2")).response.content
    assert "no version v9" in only_text(await model(stage, "pin", version="v9"))


async def test_two_versions_side_by_side_by_figures_votes_and_verses(stage: Stage) -> None:
    await make_version(stage, "v2", "Kettle Jones")
    await stage.ben.click((await stage.rap()).response, custom_id="cypher:1:vote:up:1")
    compared = await model(stage, "compare", first="v2", second="starter-1")
    assert compared.ephemeral
    (embed,) = compared.response.embeds
    assert "starter-1 against v2" in embed.title
    shown = fields(compared)
    assert "new songs, bits per character: 2.910 → **2.440**" in shown["Figures"]
    assert "lines that rhyme as asked: 0.900 → **0.800**" in shown["Figures"]
    artists = shown["Bits per character, by artist"]
    assert artists == "Kettle Jones: 2.900 → **2.400**\n1 other artist"
    assert "v2: 👍 100% of 1 vote; with 95 % certainty 21% to 100%" in shown["Votes"]
    assert shown["Roof Fox · starter-1"] == "**slim** as \\*rain\\*"
    assert shown["Roof Fox · v2"] == "**slim** as f•••"
    assert "Secret" not in str(embed.to_dict())
    (picture,) = compared.response.attachments
    assert (await picture.read()).startswith(b"\x89PNG")


async def test_a_version_is_compared_with_the_live_one_by_a_button_and_never_with_itself(
    stage: Stage,
) -> None:
    await make_version(stage, "v2", "Kettle Jones")
    listed = await model(stage, "versions")
    card = await stage.admin.click(listed.response, label="2")
    compared = await stage.admin.click(card.response, label="Compare with the live one")
    assert "starter-1 against v2" in compared.response.embeds[0].title
    assert "with itself" in only_text(await model(stage, "compare", first="v2"))


async def test_there_is_nothing_before_the_first_one(stage: Stage) -> None:
    assert "no version before the live one" in only_text(await model(stage, "rollback"))


async def test_members_may_not_even_where_a_server_opens_the_command(stage: Stage) -> None:
    await make_version(stage, "v2", "Kettle Jones")
    open_to_everybody(stage, "model")
    told = await stage.ben.slash(stage.channel, "model rollback")
    assert "Only admins" in only_text(told)
    told = await stage.ben.slash(stage.channel, "model versions")
    assert "Only admins" in only_text(told)
    with pytest.raises(NotAllowed):
        await press(_press_of(stage.ben), "rollback", "v2")


def _press_of(member: Any) -> Any:
    """A press of somebody else's card, which simcord does not let anybody see."""
    return SimpleNamespace(permissions=discord.Permissions(), user=member, guild_id=None)


@pytest.fixture
def config(config: Config, request: pytest.FixtureRequest) -> Config:
    servers: tuple[int, ...] = getattr(request, "param", ())
    retraining = config.retraining.model_copy(update={"guild_ids": servers})
    return config.model_copy(update={"retraining": retraining})


@pytest.mark.parametrize("config", [(4711,)], indirect=True)
async def test_only_the_named_servers_look_after_the_model(stage: Stage) -> None:
    for told in (await model(stage, "versions"), await stage.admin.slash(stage.channel, "retrain")):
        assert "not one of those that look after it" in only_text(told)
