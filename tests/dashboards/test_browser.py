"""The page in a real browser: it draws, obeys its own policy, and nothing hostile runs."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from sentinel_dashboards.announcements import Announcements

from sentinel.results import Results

HOSTILE = (
    "</script><script>document.title='owned'</script>",
    "<img src=x onerror",
    "{{ 7*7 }} {% raw %}",
    "<style>body{background:red}</style>",
    "<svg onload=",
    "=HYPERLINK(",
    "\u202eevil right-to-left override",
    "W" * 300,
)
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless",
    "--no-sandbox",  # a page of our own; sandboxes are missing in most containers
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--remote-debugging-pipe",
)
PATIENCE = 60.0  # seconds for any one answer


class Browser:
    """Chromium through its debugging pipe: messages of JSON that end in NUL, on descriptors 3 and 4."""

    def __init__(self, executable: str, profile: Path) -> None:
        theirs_in, self._out = os.pipe()
        self._in, theirs_out = os.pipe()

        def hand_over() -> None:
            os.dup2(theirs_in, 10)
            os.dup2(theirs_out, 11)
            os.dup2(10, 3)
            os.dup2(11, 4)

        self._process = subprocess.Popen(
            [executable, *FLAGS, f"--user-data-dir={profile}", "about:blank"],
            preexec_fn=hand_over,
            close_fds=False,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._unread = b""
        self._number = 0
        self._session: str | None = None
        self.events: list[dict[str, Any]] = []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Send a command, return its result, keep the events that come in between."""
        self._number += 1
        message: dict[str, Any] = {"id": self._number, "method": method, "params": parameters}
        if self._session is not None:
            message["sessionId"] = self._session
        unsent = json.dumps(message).encode() + b"\0"
        while unsent:
            unsent = unsent[os.write(self._out, unsent) :]
        while True:
            answer = self._read()
            if answer.get("id") == self._number:
                assert "error" not in answer, answer
                result: dict[str, Any] = answer["result"]
                return result
            self.events.append(answer)

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self._unread:
            ready, _, _ = select.select([self._in], [], [], PATIENCE)
            assert ready, "the browser does not answer"
            self._unread += os.read(self._in, 1 << 16)
        message, _, self._unread = self._unread.partition(b"\0")
        answer: dict[str, Any] = json.loads(message)
        return answer

    def run(self, expression: str) -> Any:
        """Value of a JavaScript expression."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def open(self, path: Path, width: int = 1280, theme: str = "light") -> None:
        """Load a file and wait until its charts are drawn."""
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False
        )
        features = [{"name": "prefers-color-scheme", "value": theme}]
        self.call("Emulation.setEmulatedMedia", features=features)
        self.events.clear()
        self.call("Page.navigate", url=path.as_uri())
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with suppress(AssertionError):
                if self.run("document.documentElement.dataset.drawn === 'true'"):
                    return
            time.sleep(0.05)
        raise AssertionError(f"the page was not drawn: {self.problems()}")

    def problems(self) -> list[str]:
        """Errors, warnings, violations and requests since the page was opened."""
        found = []
        for event in self.events:
            method, about = event["method"], event["params"]
            if method in ("Runtime.exceptionThrown", "Log.entryAdded") or (
                method == "Runtime.consoleAPICalled" and about["type"] in ("error", "warning")
            ):
                found.append(json.dumps(about)[:400])
            elif method == "Network.requestWillBeSent" and not about["request"]["url"].startswith(
                ("file:", "data:")
            ):
                found.append(about["request"]["url"][:200])
        return found

    def press(self, key: str, code: int, text: str = "") -> None:
        """A key, down and up; some act only on the text that they make."""
        about = {"key": key, "code": key, "windowsVirtualKeyCode": code}
        self.call("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", text=text, **about)
        self.call("Input.dispatchKeyEvent", type="keyUp", **about)

    def close(self) -> None:
        """End the process that was started."""
        self._session = None
        with suppress(Exception):
            self.call("Browser.close")
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        os.close(self._in)
        os.close(self._out)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    executable = next(filter(None, map(shutil.which, NAMES)), None)
    if executable is None:
        pytest.skip("no Chromium is installed; apt-get install chromium")
    if sys.platform == "win32":
        pytest.skip("the debugging pipe needs POSIX descriptors")
    started = Browser(executable, tmp_path_factory.mktemp("profile"))
    yield started
    started.close()


@pytest.fixture(scope="module")
def report(results: Results, page: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("report") / "index.html"
    path.write_text(page, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def whole(
    spoken: Results, render: Callable[[Results], str], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A report that has every section and panel, and is synthetic."""
    news = {"posts": 7, "earlier_last_day": "2025-10-30", "last_day": "2025-11-01", "added": []}
    found = [{"cluster": "2025-06-13", "before": "not tested"}]
    path = tmp_path_factory.mktemp("whole") / "index.html"
    told = news | {"completed": found, "changed": found}
    path.write_text(render(replace(spoken, since=told, synthetic=True)), encoding="utf-8")
    return path


OPEN_ALL = "document.querySelectorAll('details').forEach((node) => { node.open = true; })"


@pytest.mark.parametrize(("width", "theme"), [(1600, "light"), (1440, "dark"), (390, "light"), (320, "dark")])
def test_it_draws_without_error_violation_or_request(
    browser: Browser, whole: Path, width: int, theme: str
) -> None:
    browser.open(whole, width, theme)
    browser.run(OPEN_ALL)
    until = "new Promise((done) => requestAnimationFrame(() => setTimeout(done, 60)))"
    browser.run(until)
    assert browser.problems() == []
    blank = "[...document.querySelectorAll('.plot')].filter((node) => !node.querySelector('.main-svg'))"
    assert browser.run(f"{blank}.map((node) => node.id)") == []
    assert browser.run("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (390, "dark")])
def test_axe_finds_nothing_serious(browser: Browser, whole: Path, width: int, theme: str) -> None:
    axe = Path(__file__).parents[2] / ".venv/axe/node_modules/axe-core/axe.min.js"
    if not axe.is_file():
        pytest.skip("axe-core is not installed: make .venv/axe-4.14.1.stamp (needs npm)")
    browser.open(whole, width, theme)
    browser.run(OPEN_ALL)
    browser.run(f"{axe.read_text(encoding='utf-8')};1")
    found = browser.run(
        "axe.run(document, {resultTypes: ['violations']}).then((result) => JSON.stringify(result.violations"
        ".filter((one) => ['serious', 'critical'].includes(one.impact))"
        ".map((one) => [one.id, one.nodes.slice(0, 3).map((node) => node.html.slice(0, 160))])))"
    )
    assert json.loads(found) == []


def test_a_card_is_opened_by_keyboard_and_draws_its_panel(browser: Browser, report: Path) -> None:
    browser.open(report)
    plot = "document.querySelector('#event-2 .plot .main-svg') !== null"
    assert not browser.run(plot)
    browser.run("document.querySelector('#event-2 > summary').focus()")
    browser.press("Enter", 13, "\r")
    browser.run("new Promise((done) => setTimeout(done, 100))")
    assert browser.run("document.getElementById('event-2').open")
    assert browser.run(plot)
    figure = "document.getElementById('plot-event-3')"  # open from the start, since its mood rose
    assert browser.run(f"{figure}.data[5].y[5]") is None
    assert browser.run(f"{figure}.layout.shapes.length") == 3  # window, day 0, another announcement
    hover = browser.run(f"{figure}.data[5].customdata[16]")
    assert "Minor update of the model hub" in hover
    assert "nine in ten ordinary dates −0.10 … +0.10" in hover
    assert browser.problems() == []


def test_an_announcement_is_found_by_a_word_of_its_title(browser: Browser, report: Path) -> None:
    browser.open(report)
    browser.run("document.getElementById('finder-text').focus()")
    browser.call("Input.insertText", text="white PAPER")
    links = "[...document.querySelectorAll('#finder-found a')].map((node) => node.hash)"
    assert browser.run(links) == ["#event-4"]
    assert "SAIC white paper <b>& reply</b>" in browser.run(
        "document.getElementById('finder-found').textContent"
    )
    browser.run("document.getElementById('event-4').open = false")
    browser.run("document.querySelector('#finder-found a').click()")
    browser.run("new Promise((done) => setTimeout(done, 100))")
    assert browser.run("document.getElementById('event-4').open")


def test_a_second_line_is_chosen_by_keyboard(browser: Browser, report: Path) -> None:
    browser.open(report)
    line = "document.getElementById('plot-timeline').data[4].y.filter((v) => v !== null).length"
    assert browser.run(line) == 0
    browser.run("document.getElementById('timeline-compare').focus()")
    browser.press("ArrowDown", 40)
    assert browser.run("document.getElementById('timeline-compare').value") == "reach"
    assert browser.run(line) > 250
    assert browser.run("document.getElementById('timeline-second').hidden") is False
    browser.press("ArrowDown", 40)
    assert browser.run("document.getElementById('timeline-compare').value") == "0"
    assert browser.problems() == []


def test_every_control_is_reached_by_the_keyboard(browser: Browser, report: Path) -> None:
    browser.open(report, 390)
    unreachable = (
        "[...document.querySelectorAll('button, select, input, summary, a[href]')].filter((node) => "
        "node.checkVisibility() && node.tabIndex < 0).length"
    )
    assert browser.run(unreachable) == 0
    browser.press("Tab", 9)
    assert browser.run("document.activeElement.className") == "skip"


def test_in_folder_mode_the_library_is_loaded_from_beside(
    browser: Browser, results: Results, tmp_path: Path
) -> None:
    for name, content in Announcements(mode="folder").render(results).items():
        (tmp_path / name).write_bytes(content)
    browser.open(tmp_path / "index.html")
    assert browser.problems() == []
    assert browser.run("document.querySelectorAll('.plot .main-svg').length") >= 4


def test_hostile_posts_run_nothing(browser: Browser, report: Path) -> None:
    browser.open(report)
    browser.run(OPEN_ALL)
    browser.run("new Promise((done) => setTimeout(done, 100))")
    assert browser.run("document.title") == "Did the announcements move the mood?"
    assert browser.run("window.owned === undefined")
    brought = (
        "main img, main script, main iframe, main style, main form, main b + i, main a[href^=javascript]"
    )
    assert browser.run(f"document.querySelectorAll('{brought}').length") == 0
    handlers = (
        "[...document.querySelectorAll('main *')].filter((node) => [...node.attributes]"
        ".some((one) => one.name.startsWith('on'))).length"
    )
    assert browser.run(handlers) == 0
    assert browser.run("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert browser.run("document.documentElement.scrollWidth <= innerWidth")
    texts = browser.run(
        "[...document.querySelectorAll('.post .text')].map((node) => node.textContent).join('\\n')"
    )
    assert all(one[:40].replace("\x00", "\ufffd") in texts for one in HOSTILE)
    assert browser.problems() == []


FOREIGN = (
    '<img src=x onerror="window.owned=1"> {{ 7*7 }} {title} {0} %{x}',
    "\u202etfel ot thgir </script><script>window.owned=1</script>",
    "=HYPERLINK(\"http://x\") {% include '/etc/passwd' %} ${7*7} `x`",
)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_hostile_names_run_nothing_and_stay_where_they_are(
    browser: Browser, spoken: Results, render: Callable[[Results], str], tmp_path: Path, lang: str
) -> None:
    """Titles, categories and notes of the calendar, authors, communities, topics, languages and file names."""

    def odd(column: pd.Series[Any]) -> list[str]:
        return [f"{FOREIGN[n % 3]} {value}" for n, value in enumerate(column)]

    titles = dict(zip(spoken.announcements["title"], odd(spoken.announcements["title"]), strict=True))
    effects = spoken.effects.assign(title=spoken.effects["title"].map(lambda one: titles.get(one, one)))
    named = spoken.mood["scope"].replace(
        {"topic:models": f"topic:{FOREIGN[0]}", "lang:zh": f"lang:{FOREIGN[1]}"}
    )
    hostile = replace(
        spoken,
        announcements=spoken.announcements.assign(
            title=list(titles.values()), note=FOREIGN[2], source=FOREIGN[1]
        ),
        effects=effects.assign(category=odd(effects["category"])),
        mood=spoken.mood.assign(scope=named),
        examples=spoken.examples.assign(author=FOREIGN[1], community=odd(spoken.examples["platform"])),
        inputs=spoken.inputs.assign(name=odd(spoken.inputs["name"]), message=FOREIGN[0]),
        notes=list(FOREIGN),
        report_lang=lang,
    )
    path = tmp_path / "hostile.html"
    path.write_text(render(hostile), encoding="utf-8")
    browser.open(path)
    browser.run(OPEN_ALL)
    browser.run("new Promise((done) => setTimeout(done, 100))")
    assert browser.run("window.owned === undefined")
    assert browser.run("document.querySelectorAll('main img, main script, main iframe').length") == 0
    text = browser.run("document.body.textContent")
    assert "{{ 7*7 }} {title} {0} %{x}" in text
    assert "{% include '/etc/passwd' %} ${7*7} `x`" in text
    figures = "[...document.querySelectorAll('.plot text')].map((node) => node.textContent).join(' ')"
    assert "\u202e" not in browser.run(figures)
    turned = (
        "(() => { const found = []; const walk = document.createTreeWalker(document.querySelector('main'), 4);"
        " while (walk.nextNode()) { const node = walk.currentNode; if (node.textContent.includes('\u202e')"
        " && getComputedStyle(node.parentElement).unicodeBidi !== 'isolate'"
        " && !node.parentElement.closest('bdi, option, script'))"
        " found.push(node.parentElement.outerHTML.slice(0, 200)); }"
        " return found; })()"
    )
    assert browser.run(turned) == []
    assert browser.run("document.documentElement.scrollWidth <= innerWidth")
    assert browser.problems() == []


def test_no_labels_overlap(browser: Browser, report: Path) -> None:
    overlaps = """(() => {
        const boxes = [...document.querySelectorAll('#plot-timeline .textpoint text, #plot-timeline .xtick text')]
          .map((node) => node.getBoundingClientRect());
        return boxes.filter((a, i) => boxes.some((b, j) => j > i && a.left < b.right && b.left < a.right
          && a.top < b.bottom && b.top < a.bottom)).length;
    })()"""
    for width in (390, 1440):
        browser.open(report, width)
        assert browser.run("document.querySelectorAll('#plot-timeline .textpoint text').length") == 7
        assert browser.run(overlaps) == 0


def test_scope_is_chosen_by_keyboard(browser: Browser, report: Path) -> None:
    browser.open(report)
    line = "JSON.stringify(document.getElementById('plot-timeline').data[3].y.slice(0, 50))"
    before = browser.run(line)
    browser.run("document.getElementById('timeline-scope').focus()")
    browser.press("ArrowDown", 40)
    assert browser.run("document.getElementById('timeline-scope').value") == "1"
    assert browser.run(line) != before
    assert browser.problems() == []


def test_filters_choose_rows(browser: Browser, report: Path) -> None:
    browser.open(report)
    rows = "document.querySelectorAll('#effects-rows tr').length"
    assert browser.run(rows) == 6
    browser.run(
        "(() => { const s = document.getElementById('effects-verdict'); s.value = 'rose';"
        " s.dispatchEvent(new Event('input', {bubbles: true})); })()"
    )
    assert browser.run(rows) == 1
    assert "Qwen3 open weights" in browser.run("document.getElementById('effects-rows').textContent")
    assert browser.run("document.getElementById('plot-effects').data[1].x.length") == 1


def test_reader_chooses_the_theme(browser: Browser, report: Path) -> None:
    browser.open(report)
    ink = "document.getElementById('plot-timeline').layout.font.color"
    light = browser.run(ink)
    browser.run("document.querySelector('[data-set-theme=dark]').click()")
    assert browser.run(ink) != light
    assert browser.run("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 28)"
    browser.run("document.querySelector('[data-set-theme=auto]').click()")
    assert browser.run(ink) == light


def test_an_announcement_is_shown_with_its_windows(browser: Browser, report: Path) -> None:
    browser.open(report)
    browser.run("document.querySelectorAll('[data-focus]')[2].click()")
    span = browser.run(
        "document.getElementById('plot-timeline').layout.xaxis.range.map((x) => new Date(x).getTime())"
    )
    assert round((span[1] - span[0]) / 86_400_000) == 65
    assert browser.run("document.getElementById('plot-timeline').layout.annotations.length") == 2


def test_a_link_unfolds_its_card(browser: Browser, report: Path) -> None:
    browser.open(report)
    browser.run("(() => { location.hash = '#event-1'; })()")
    time.sleep(0.2)
    assert browser.run("document.getElementById('event-1').open")


def test_paper_is_light_and_narrow(browser: Browser, report: Path) -> None:
    browser.open(report, 1440, "dark")
    browser.run("dispatchEvent(new Event('beforeprint'))")
    assert browser.run("document.getElementById('plot-timeline').layout.font.color") == "#1a1e24"
    assert browser.run("document.getElementById('plot-timeline').layout.width") < 700
    browser.run("dispatchEvent(new Event('afterprint'))")
    assert browser.run("document.getElementById('plot-timeline').layout.font.color") == "#e8eaed"


def test_paper_is_unfolded(browser: Browser, whole: Path) -> None:
    browser.open(whole)
    folded = "[...document.querySelectorAll('details')].filter((node) => !node.open).length"
    before = browser.run(folded)
    assert before > 3
    browser.run("dispatchEvent(new Event('beforeprint'))")
    assert browser.run(folded) == 0
    blank = (
        "[...document.querySelectorAll('.plot')].filter((node) => !node.querySelector('.main-svg')).length"
    )
    assert browser.run(blank) == 0
    browser.run("dispatchEvent(new Event('afterprint'))")
    assert browser.run(folded) == before


def test_small_inputs_draw_too(
    browser: Browser, results: Results, nothing: Results, render: Callable[[Results], str], tmp_path: Path
) -> None:
    first = results.mood[results.mood["scope"] == "all"].head(1)
    for name, case in {
        "empty": nothing,
        "one": replace(nothing, mood=first),
        "unscored": replace(results, mood=results.mood.assign(mood=None, low=None, high=None, smoothed=None)),
        "no-effects": replace(results, effects=results.effects.head(0)),
        "zh": replace(results, report_lang="zh"),
    }.items():
        path = tmp_path / f"{name}.html"
        path.write_text(render(case), encoding="utf-8")
        browser.open(path)
        assert browser.problems() == [], name
