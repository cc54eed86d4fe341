"""/retrain and /training: admins start a run, and its message follows it to its end."""

import asyncio
from dataclasses import dataclass
from typing import Any

import pytest

from bot.locale import Sentence
from tests.bot.commands.test_rap import only_text
from tests.bot.commands.test_submissions import open_to_everybody
from tests.bot.conftest import PNG, Stage

LEARNING = Sentence.verbatim("Learning the new songs.")


@dataclass(frozen=True)
class Progress:
    message: Sentence = LEARNING
    fraction: float = 0.0
    loss: float | None = None
    bits_per_character: float | None = None
    eta_s: float | None = None


async def shown(stage: Stage, result: Any, words: str) -> dict[str, Any]:
    """The card of a message, as soon as its title or text holds `words`."""
    async with asyncio.timeout(5):
        while True:
            embed: dict[str, Any] = result.response.embeds[0].to_dict()
            if words in f"{embed.get('title')} {embed.get('description')}":
                return embed
            await asyncio.sleep(0.005)


async def retrain(stage: Stage) -> Any:
    return await stage.admin.slash(stage.channel, "retrain")


async def test_the_message_follows_the_run_to_its_verdict_and_curve(stage: Stage) -> None:
    result = await retrain(stage)
    assert not result.ephemeral
    assert "Training run 1" in (await shown(stage, result, "Gathering"))["title"]
    stage.trainer.report(Progress(fraction=0.4, loss=3.25, bits_per_character=1.875, eta_s=75.0))
    card = await shown(stage, result, "40%")
    fields = {field["name"]: field["value"] for field in card["fields"]}
    assert fields["Loss"] == "3.250"
    assert fields["Bits per character"] == "1.875"
    assert fields["Time left"] == "1 min 15 s"

    stage.trainer.picture = PNG
    await stage.store.training_runs.finish(
        1,
        "promoted",
        candidate="run-1",
        reason=Sentence.verbatim("1.90 to 1.85 bits per character"),
    )
    stage.trainer.end()
    verdict = await shown(stage, result, "Learned")
    assert "1.90 to 1.85" in verdict["description"]
    assert verdict["image"]["url"].endswith("curve.png")
    (curve,) = result.response.attachments
    assert await curve.read() == PNG
    assert result.response.components == []


async def test_commands_go_on_while_a_run_is_followed(stage: Stage) -> None:
    await retrain(stage)
    stage.trainer.report(Progress(fraction=0.1))
    assert (await stage.rap()).response.embeds
    await stage.store.training_runs.finish(
        1, "failed", reason=Sentence.verbatim("The disk is full.")
    )
    stage.trainer.end()


@pytest.mark.parametrize(
    ("verdict", "title"),
    [
        ("rejected", "Not better"),
        ("failed", "failed"),
        ("cancelled", "Cancelled"),
        ("interrupted", "Interrupted"),
    ],
)
async def test_every_end_says_why(stage: Stage, verdict: Any, title: str) -> None:
    result = await retrain(stage)
    await stage.store.training_runs.finish(
        1, verdict, reason=Sentence.verbatim("because of *this*")
    )
    stage.trainer.end()
    assert (await shown(stage, result, title))["description"] == "because of \\*this\\*"


async def test_a_second_run_is_refused_to_the_admin_alone(stage: Stage) -> None:
    await retrain(stage)
    assert "A training run is under way" in only_text(await retrain(stage))
    await stage.store.training_runs.finish(1, "cancelled")
    stage.trainer.end()


async def test_a_member_may_not_start_one_even_where_a_server_opens_the_command(
    stage: Stage,
) -> None:
    open_to_everybody(stage, "retrain")
    told = await stage.ben.slash(stage.channel, "retrain")
    assert "Only admins" in only_text(told)
    assert await stage.store.training_runs.latest() is None


async def test_training_shows_the_run_to_everybody_and_lets_admins_stop_it(stage: Stage) -> None:
    await retrain(stage)
    stage.trainer.report(Progress(fraction=0.5))
    seen = await stage.ben.slash(stage.channel, "training")
    assert seen.ephemeral
    assert "50%" in seen.response.embeds[0].description
    told = await stage.ben.click(seen.response, label="Cancel")
    assert "Only admins" in only_text(told)
    assert not stage.trainer.is_cancelled

    seen = await stage.admin.slash(stage.channel, "training")
    assert "is being stopped" in only_text(await stage.admin.click(seen.response, label="Cancel"))
    assert stage.trainer.is_cancelled
    await stage.store.training_runs.finish(1, "cancelled")
    stage.trainer.end()


async def test_stopping_a_run_that_has_ended_says_so(stage: Stage) -> None:
    result = await retrain(stage)
    await stage.store.training_runs.finish(1, "failed", reason=Sentence.verbatim("no"))
    told = await stage.admin.click(result.response, label="Cancel")
    assert "is not running" in only_text(told)
    stage.trainer.end()


async def test_training_shows_the_last_verdict_afterwards(stage: Stage) -> None:
    told = await stage.ben.slash(stage.channel, "training")
    assert "No training run yet" in told.response.embeds[0].title
    await retrain(stage)
    await stage.store.training_runs.finish(
        1, "rejected", reason=Sentence.verbatim("worse on the others")
    )
    stage.trainer.end()
    told = await stage.ben.slash(stage.channel, "training")
    assert "worse on the others" in told.response.embeds[0].description


async def test_a_message_that_was_deleted_does_not_stop_the_following(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    result = await retrain(stage)
    await stage.admin.delete(result.response)
    await stage.store.training_runs.finish(1, "failed", reason=Sentence.verbatim("no"))
    stage.trainer.end()
    await stage.app.services.background.drain()
    assert "cannot be shown" in caplog.text


async def test_after_a_restart_the_message_goes_on(stage: Stage) -> None:
    result = await retrain(stage)
    stage.trainer.end()
    await stage.app.services.background.drain()
    stage.trainer.resumed = await stage.store.training_runs.latest()
    assert stage.app.bot is not None
    stage.app.bot.dispatch("ready")
    stage.trainer.report(Progress(fraction=0.75))
    await shown(stage, result, "Training run 1")
    await stage.store.training_runs.finish(
        1, "failed", reason=Sentence.verbatim("The disk is full.")
    )
    stage.trainer.end()
    assert (await shown(stage, result, "failed"))["description"] == "The disk is full."
