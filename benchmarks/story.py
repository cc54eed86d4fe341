"""The first visit in a real browser: rap, vote, why, beat, battle, submit, approve, retrain, rap.

Starts `python -m bot run` on an empty data folder, types into the page that it serves, and keeps
pictures of what a person sees; `docs/images` was made this way.
"""

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import Locator, Page, expect, sync_playwright

PROJECT = Path(__file__).resolve().parents[1]
ARTIST = "Mara Quill"
SONGS = {
    "Harbour": """The harbour lights are low tonight
And every gull is grey
I count the masts by candle light
And sail them all away

The rope is wet, the plank is worn
The tide is on the turn
I was not here when I was born
I will not here return""",
    "Lanterns": """Hang a lantern on the pier
Hang another on the bow
If the morning finds us here
We will not be leaving now

Salt is on the window pane
Salt is in the bread we break
Sing the harbour home again
For the sleeping sailors' sake""",
}
_START_TIMEOUT_S = 120
_STEP_TIMEOUT_MS = 60_000
_DRAWING_TIMEOUT_MS = 240_000  # what draws and plays lets everything else go first
_TRAINING_TIMEOUT_MS = 900_000


def add_command(commands: Any) -> None:
    parser = commands.add_parser("story", help="the first visit in a real browser, with pictures")
    parser.add_argument("--pictures", type=Path, help="folder to keep the pictures in")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Exit 1 when no browser is there; a step that does not come to pass raises."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        print("No chromium here; install Debian's package chromium.", file=sys.stderr)
        return 1
    with (
        tempfile.TemporaryDirectory() as data,
        _bot(Path(data)) as address,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(
            executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
        )
        page = browser.new_page(viewport={"width": 1280, "height": 960})
        page.set_default_timeout(_STEP_TIMEOUT_MS)
        expect.set_options(timeout=_STEP_TIMEOUT_MS)
        page.goto(address)
        seconds = _Visitor(page, options.pictures).tell()
        browser.close()
    print(json.dumps(seconds) if options.json else _as_lines(seconds))
    return 0


@contextmanager
def _bot(data: Path) -> Iterator[str]:
    """The address of a bot that runs as its own process on `data`."""
    command = [sys.executable, "-m", "bot", "run", "--data", str(data), "--port", "0"]
    process = subprocess.Popen(  # noqa: S603  our own interpreter and arguments
        command, cwd=PROJECT, stdout=subprocess.PIPE, text=True
    )
    try:
        yield _address(process)
    finally:
        process.terminate()
        process.wait(timeout=60)


def _address(process: subprocess.Popen[str]) -> str:
    deadline = time.monotonic() + _START_TIMEOUT_S
    while process.stdout is not None and time.monotonic() < deadline:
        line = process.stdout.readline()
        if found := re.search(r"at (http://\S+)", line):
            return found[1]
        if not line:
            break
    raise RuntimeError("The bot did not come up; see its output above.")


class _Visitor:
    """Somebody at the page, who takes three people's places in turn."""

    def __init__(self, page: Page, pictures: Path | None) -> None:
        self._page = page
        self._pictures = pictures

    def tell(self) -> dict[str, float]:
        """The whole story; how many seconds each part took."""
        parts: dict[str, Callable[[], None]] = {
            "rap": self._rap,
            "vote": self._vote,
            "why": self._why,
            "beat": self._beat,
            "battle": self._battle,
            "submit": self._submit,
            "approve": self._approve,
            "settings": self._settings,
            "retrain": self._retrain,
            "compare": self._compare,
            "rap_as_the_new_artist": lambda: self._rap(ARTIST, "new-voice"),
        }
        seconds = {}
        for name, part in parts.items():
            started = time.perf_counter()
            try:
                part()
            except (AssertionError, PlaywrightError):
                self._picture(f"failed-{name}")
                raise
            seconds[name] = round(time.perf_counter() - started, 2)
        return seconds

    def _rap(self, artist: str = "Rudyard Kipling", picture: str = "verse-asked") -> None:
        self._command("rap", "slim", artist, optional=(1,))
        self._sees(f"machine-made in the style of {artist}")
        self._picture(picture)

    def _vote(self) -> None:
        for member, before in (("Ben", 0), ("Chen", 1)):
            self._view_as(member)
            self._press(f"👍 {before}")
            expect(self._page.get_by_role("button", name=f"👍 {before + 1}")).to_be_visible()
        self._picture("verse")

    def _why(self) -> None:
        self._press("Why")
        self._sees("density")
        self._picture("why")

    def _beat(self) -> None:
        """🎹 under the verse: the picture is drawn, and the sound plays."""
        self._press("🎹 Beat")
        facts = self._page.get_by_text("beats per minute").last
        expect(facts).to_be_visible(timeout=_DRAWING_TIMEOUT_MS)
        opens = self._page.get_by_role("button", name="in image preview").last
        expect(opens).to_be_enabled()  # once the picture is there
        played = self._page.locator(".media-player-time").last
        expect(played).not_to_contain_text("/ 0:00")
        self._picture("beat-page")
        self._press("Play beat-1.mp3")
        expect(played).not_to_contain_text("0:00 /")
        self._press("Pause beat-1.mp3")

    def _battle(self) -> None:
        artists = ("Edward Lear", "Rudyard Kipling")
        self._command("battle", *artists, "the sea", free=(2,))
        expect(self._page.get_by_role("button", name="🅰️ 0").last).to_be_visible()
        self._press("🅱️ 0")
        expect(self._page.get_by_role("button", name="🅱️ 1").last).to_be_visible()
        self._picture("battle")

    def _submit(self) -> None:
        for title, words in SONGS.items():
            self._command("submit", ARTIST, free=())
            form = self._page.get_by_role("dialog")
            form.locator("input[name=title]").fill(title)
            form.locator("textarea").fill(words)
            form.locator("input[name=consent]").check(force=True)
            self._picture("submit")
            form.get_by_role("button", name="Submit").click()
            self._sees("Thank you")

    def _approve(self) -> None:
        self._view_as("Ada (admin)")
        self._command("submissions")
        self._sees(f"{len(SONGS)} in review")
        self._picture("review")
        for title in SONGS:
            self._press("Approve")
            self._sees(f"Approved: “{title}”")
        self._sees("Nothing is in review")

    def _settings(self) -> None:
        self._command("settings")
        self._sees("Where members may use me")
        self._picture("settings")
        self._press("Verses")
        self._sees("Explicit ones also need")

    def _retrain(self) -> None:
        self._command("retrain")
        self._sees("Training run 1")
        self._sees("Loss", _TRAINING_TIMEOUT_MS)
        self._picture("training")
        self._sees("Learned", _TRAINING_TIMEOUT_MS)
        self._picture("verdict")

    def _compare(self) -> None:
        """The version that was live before with the one that is now."""
        self._command("model versions")
        self._sees("Versions of the model")
        self._press("2")
        self._press("Compare with the live one")
        self._sees("Both read the same held-out text")
        self._picture("compare")

    def _command(
        self,
        name: str,
        *options: str,
        free: Collection[int] = (0,),
        optional: Collection[int] = (),
    ) -> None:
        """Typed into the composer; every option is chosen from its suggestions, but those whose
        positions are `free`. `optional` ones are the first of those that may be left out.
        """
        keyboard = self._page.keyboard
        self._page.click("#channel-composer-input")
        keyboard.type(f"/{name}")
        expect(self._suggestion).to_contain_text(f"/{name}")
        keyboard.press("Enter")
        for position, value in enumerate(options):
            if position - 1 in free:  # a choice moves on by itself
                keyboard.press("Tab")
            if position in optional:
                keyboard.press("Enter")
                self._suggestion.click()
            expect(self._page.locator(".command-option-input:focus")).to_have_value("")
            keyboard.type(value)
            if position not in free:
                expect(self._suggestion).to_contain_text(value)
                keyboard.press("Enter")
        self._page.get_by_role("button", name="Send").click()

    @property
    def _suggestion(self) -> Locator:
        return self._page.get_by_role("listbox").get_by_role("option").first

    def _view_as(self, member: str) -> None:
        self._page.get_by_label("Viewing as").select_option(label=member)

    def _press(self, label: str) -> None:
        self._page.get_by_role("button", name=label).last.click()

    def _sees(self, text: str, timeout_ms: float = _STEP_TIMEOUT_MS) -> None:
        expect(self._page.get_by_text(text).last).to_be_visible(timeout=timeout_ms)

    def _picture(self, name: str) -> None:
        if self._pictures is not None:
            self._pictures.mkdir(parents=True, exist_ok=True)
            self._page.mouse.move(760, 480)
            self._page.mouse.wheel(0, 10_000)
            self._page.wait_for_function("[...document.images].every(each => each.complete)")
            self._page.wait_for_timeout(500)
            self._page.screenshot(path=self._pictures / f"{name}.png")


def _as_lines(seconds: dict[str, float]) -> str:
    return "\n".join(
        f"{name.replace('_', ' '):24} {value:8.2f} s" for name, value in seconds.items()
    )
