"""Finished runs of `python -m benchmarks polyphonic`, read back from their folders."""

import json
from pathlib import Path
from typing import Any

from safetensors.torch import load_file

from benchmarks.learning.training import BEST
from model.config import FrameModelConfig
from model.errors import ConfigError
from model.network.frame_model import FrameModel


def read_report(folder: Path) -> dict[str, Any]:
    """What the run reported. Raises ConfigError where there is none."""
    try:
        report: dict[str, Any] = json.loads((folder / "report.json").read_text(encoding="utf-8"))
    except OSError:
        raise ConfigError(
            f"{folder} holds no finished run of `python -m benchmarks polyphonic`."
        ) from None
    return report


def load_model(folder: Path, report: dict[str, Any]) -> FrameModel:
    """The model of its best validation."""
    model = FrameModel(FrameModelConfig.from_dict(report["network"]))
    model.load_state_dict(load_file(folder / BEST))
    return model.eval()
