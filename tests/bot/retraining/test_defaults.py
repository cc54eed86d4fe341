"""What a run does by default is what the study of fine-tuning found best."""

from dataclasses import asdict

from bot.config.sections import RetrainingConfig
from model.config import FinetuneConfig


def test_a_run_of_the_bot_learns_as_a_fine_tune_does_by_default() -> None:
    ours, theirs = RetrainingConfig().model_dump(), asdict(FinetuneConfig())
    shared = ours.keys() & theirs.keys() - {"max_minutes"}  # a run also samples and measures
    assert shared == {
        "epochs",
        "learning_rate",
        "replay_share",
        "max_loss_on_others",
        "votes_share",
    }
    assert {name: ours[name] for name in shared} == {name: theirs[name] for name in shared}
