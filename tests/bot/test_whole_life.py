"""From lyrics of an artist whom nobody knows to a verse in that artist's voice, all parts real."""

import asyncio
from pathlib import Path

import pytest

from bot.app import build
from bot.config import Config
from bot.local import simulated_discord
from tests.bot.commands.test_submit import LYRICS
from tests.bot.conftest import FakeTrainer, Stage

ARTIST = "Nova Brine"


@pytest.mark.slow
async def test_an_artist_is_taught_reviewed_learned_and_rapped(
    config: Config, tmp_path: Path
) -> None:
    # How much better the tiny model gets is not the subject.
    lenient = config.retraining.model_copy(update={"max_loss_on_others": 10.0, "epochs": 30})
    config = config.model_copy(update={"retraining": lenient})
    async with build(config) as app, simulated_discord(app) as world:
        stage = Stage(app, world, FakeTrainer())
        unknown = await stage.rap("salt", artist=ARTIST)
        assert "have not learned Nova Brine" in unknown.response.embeds[0].description

        for number in range(4):
            shown = await stage.ben.slash(stage.channel, "submit", artist=ARTIST)
            words = f"{LYRICS}\nNumber {number} comes in with the tide"
            typed = {"title": f"Jar {number}", "lyrics": words, "consent": True}
            await stage.ben.submit_modal(shown, typed)
        review = await stage.admin.slash(stage.channel, "submissions")
        for _ in range(4):
            await stage.admin.click(review.response, label="Approve")

        training = await stage.admin.slash(stage.channel, "retrain")
        assert "Training run 1" in training.response.embeds[0].title
        during = await stage.rap("slim")
        assert during.response.embeds[0].description.startswith("**slim**")
        async with asyncio.timeout(60):
            await app.services.background.drain()
        (verdict,) = training.response.embeds
        assert "✅ Learned" in verdict.title, verdict.to_dict()
        assert [file.filename for file in training.response.attachments] == ["curve.png"]

        verse = await stage.rap("salt", artist=ARTIST)
        assert verse.response.embeds[0].description.startswith("**salt**")
        assert app.services.generation.live_version in verse.response.embeds[0].footer.text
        assert app.services.generation.live_version != "starter-1"
