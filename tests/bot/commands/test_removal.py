"""An artist removed on request: gone from lists and suggestions, and refused wherever asked for."""

import asyncio
from typing import Any

from bot.cli.main import main
from tests.bot.commands.test_rap import only_text
from tests.bot.conftest import ARTIST, Stage

GONE = f"{ARTIST} was removed on request"


async def listed(stage: Stage) -> str:
    (embed,) = (await stage.ben.slash(stage.channel, "artists")).response.embeds
    return "\n".join(field.value for field in embed.fields)


async def change(stage: Stage, **options: Any) -> str:
    return only_text(await stage.admin.slash(stage.channel, "artists", **options))


async def test_a_removed_artist_is_refused_by_every_command_and_old_button(stage: Stage) -> None:
    card = (await stage.rap(artist=ARTIST)).response
    assert "is removed from this server" in await change(stage, remove="mara quill", reason="asked")
    assert ARTIST not in await listed(stage)
    suggested = await stage.ben.autocomplete(stage.channel, "rap", "artist", "Mara")
    assert ARTIST not in str(suggested)
    roof = "Roof Fox"
    for told in (
        await stage.rap(artist=ARTIST),
        await stage.rap(artist=roof, mix=ARTIST),
        await stage.ben.slash(stage.channel, "battle", artist_a=roof, artist_b=ARTIST, seed="slim"),
        await stage.ben.slash(stage.channel, "submit", artist="MARA QUILL"),
        await stage.ben.click(card, custom_id="cypher:1:again:1"),
        await stage.ben.click(card, custom_id="cypher:1:continue:1"),
    ):
        assert "was removed on request" in only_text(told)
    await stage.restart()
    assert GONE in only_text(await stage.rap(artist=ARTIST))
    assert "is back" in await change(stage, restore=ARTIST)
    assert (await stage.rap(artist=ARTIST)).response.embeds


async def test_a_very_long_name_is_quoted_in_part_and_the_sentence_is_whole(stage: Stage) -> None:
    told = await change(stage, restore="a" * 6000)
    assert "a…" in told
    assert told.endswith("see /artists.")


async def test_only_admins_remove_artists(stage: Stage) -> None:
    told = await stage.ben.slash(stage.channel, "artists", remove=ARTIST)
    assert "Only admins" in only_text(told)
    assert ARTIST in await listed(stage)


async def test_the_operator_removes_an_artist_for_all(stage: Stage, capsys: Any) -> None:
    data = str(stage.app.services.config.data_dir)
    order = ["artists", "remove", ARTIST, "--reason", "a letter", "--data", data]
    assert await asyncio.to_thread(main, order) == 0
    await stage.app.services.removals.refresh()
    assert GONE in only_text(await stage.rap(artist=ARTIST))
    assert "have not learned" in await change(stage, restore=ARTIST)
    assert await asyncio.to_thread(main, ["artists", "list", "--data", data]) == 0
    assert f"{ARTIST}: everywhere" in capsys.readouterr().out
    assert await asyncio.to_thread(main, ["artists", "restore", ARTIST, "--data", data]) == 0
    await stage.app.services.removals.refresh()
    assert (await stage.rap(artist=ARTIST)).response.embeds
