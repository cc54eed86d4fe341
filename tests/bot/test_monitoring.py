"""What the whole bot tells Prometheus, and what the dashboard asks for."""

import json
import re
from pathlib import Path

from tests.bot.conftest import ARTIST, Stage

DASHBOARD = Path(__file__).parents[2] / "docs" / "grafana" / "cypher.json"


def told(stage: Stage) -> dict[str, float]:
    lines = stage.app.services.metrics.text().decode().splitlines()
    pairs = (line.rpartition(" ") for line in lines if not line.startswith("#"))
    return {name: float(value) for name, _, value in pairs}


async def test_commands_presses_votes_and_mistakes_are_counted(stage: Stage) -> None:
    card = (await stage.rap()).response
    await stage.rap(artist="Nobody I know")
    await stage.ben.click(card, custom_id="cypher:1:vote:up:1")
    counted = told(stage)
    assert counted['cypher_interactions_total{name="rap",outcome="answered"}'] == 1
    assert counted['cypher_interactions_total{name="rap",outcome="refused"}'] == 1
    assert counted['cypher_interactions_total{name="press vote",outcome="answered"}'] == 1
    assert counted['cypher_votes_total{value="up"}'] == 1
    assert counted['cypher_works_total{kind="verse",outcome="answered"}'] == 1
    assert counted['cypher_batch_rows_sum{kind="verse"}'] >= 8
    assert counted["cypher_ready"] == 1
    assert counted["cypher_servers"] == 1
    assert not any("slim" in name or ARTIST in name for name in counted)


async def test_the_dashboard_asks_only_for_what_there_is(stage: Stage) -> None:
    panels = json.loads(DASHBOARD.read_text(encoding="utf-8"))["panels"]
    asked = {
        name
        for panel in panels
        for target in panel["targets"]
        for name in re.findall(r"(?:cypher|process)_[a-z_]+", target["expr"])
    }
    text = stage.app.services.metrics.text().decode()
    families = set(re.findall(r"^# TYPE (\S+) ", text, re.MULTILINE))
    parts = {f"{each}{suffix}" for each in families for suffix in ("", "_bucket", "_sum", "_count")}
    assert asked
    assert asked <= parts
