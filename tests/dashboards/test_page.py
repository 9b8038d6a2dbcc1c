"""The page as a file: what it may run, what it may fetch, what it makes of foreign text."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser

import pandas as pd
import pytest
from sentinel_dashboards.announcements import Announcements

from sentinel.errors import SettingsError
from sentinel.results import Results


class Elements(HTMLParser):
    """Elements and texts of a page, as a browser's parser sees them."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.scripts: list[str] = []
        self.text: list[str] = []
        self._inside = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self._inside = tag
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.scripts[-1] += data
        else:
            self.text.append(data)

    def all(self, tag: str) -> list[dict[str, str]]:
        """Attributes of every element of that name."""
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.fixture(scope="module")
def elements(page: str) -> Elements:
    return Elements(page)


def policy(elements: Elements) -> str:
    return next(
        m["content"] for m in elements.all("meta") if m.get("http-equiv") == "Content-Security-Policy"
    )


def test_same_results_give_the_same_bytes(results: Results) -> None:
    assert Announcements().render(results) == Announcements().render(results)


def test_policy_allows_exactly_the_scripts_of_the_page(elements: Elements) -> None:
    digests = {base64.b64encode(hashlib.sha256(s.encode()).digest()).decode() for s in elements.scripts}
    assert set(re.findall(r"'sha256-([^']+)'", policy(elements))) == digests
    assert len(elements.scripts) == 4


def test_policy_forbids_everything_else(elements: Elements) -> None:
    rules = dict(rule.strip().split(" ", 1) for rule in policy(elements).split(";"))
    assert rules.pop("script-src").replace("'sha256-", "").count("'") == 4
    assert rules == {
        "default-src": "'none'",
        "style-src": "'unsafe-inline'",
        "img-src": "data: blob:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def test_nothing_is_fetched(elements: Elements) -> None:
    assert not any("src" in attributes for _, attributes in elements.tags)
    assert [link["href"] for link in elements.all("link")] == ["data:,"]
    assert not any(tag in ("iframe", "object", "embed", "base", "form", "img") for tag, _ in elements.tags)


def test_nothing_runs_from_an_attribute(elements: Elements) -> None:
    assert not any(name.startswith("on") for _, attributes in elements.tags for name in attributes)


def test_links_are_plain_web_addresses_without_referrer(elements: Elements) -> None:
    links = [a for a in elements.all("a") if not a["href"].startswith("#")]
    assert links
    assert all(a["href"].startswith(("http://", "https://")) for a in links)
    assert all(a["rel"] == "noopener noreferrer" for a in links)


def test_hostile_posts_are_text(elements: Elements, page: str) -> None:
    shown = "".join(elements.text)
    assert "</script><script>document.title='owned'</script>" in shown
    assert "<img src=x onerror=\"document.title='owned'\"> {{ 7*7 }} {% raw %}" in shown
    assert "SAIC white paper <b>& reply</b>" in shown
    assert "\x00" not in page


def test_titles_in_figures_hold_no_markup(elements: Elements) -> None:
    payload = json.loads(next(s for s in elements.scripts if s.startswith("{")))
    titles = [marker["title"] for marker in payload["timeline"]["markers"] + payload["timeline"]["lesser"]]
    assert any("SAIC" in title for title in titles)
    assert not any(set("<>&") & set(title) for title in titles)


def test_data_cannot_end_its_script(page: str) -> None:
    block = re.search(r'<script id="script-data" type="application/json">(.*?)</script>', page, re.DOTALL)
    assert block is not None
    assert not set("<>&\u2028\u2029") & set(block.group(1))


def test_library_is_embedded_once(page: str) -> None:
    assert page.count("plotly.js v") == 1


def test_every_chart_has_a_label_and_a_table(elements: Elements) -> None:
    charts = [div for div in elements.all("div") if "plot" in div.get("class", "").split()]
    assert [chart["id"] for chart in charts] == [
        "plot-timeline",
        "plot-effects",
        "plot-event-2",
        "plot-event-3",
        "plot-event-4",
        "plot-topics-0",
        "plot-topics-1",
    ]
    assert all(chart["role"] == "img" and chart["aria-label"] for chart in charts)
    assert len(elements.all("table")) >= 4


def test_ids_are_unique_and_fragments_lead_somewhere(elements: Elements) -> None:
    ids = [attributes["id"] for _, attributes in elements.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {a["href"][1:] for a in elements.all("a") if a["href"].startswith("#")}
    assert targets <= set(ids)


def test_synthetic_posts_are_announced_on_the_face(
    changed: Callable[..., Results], render: Callable[[Results], str]
) -> None:
    page = render(changed(synthetic=True))
    assert re.search(r"<title>SYNTHETIC", page)
    assert "SYNTHETIC SAMPLE" in page.split("<main>")[0]


def test_real_posts_are_not(page: str) -> None:
    assert "SYNTHETIC SAMPLE" not in page


def test_lone_surrogates_do_not_stop_the_page(
    results: Results, changed: Callable[..., Results], render: Callable[[Results], str]
) -> None:
    examples = results.examples.copy()
    # As objects: where pyarrow is installed, pandas' own strings cannot hold half a pair.
    examples["text"] = pd.Series(["half a pair \ud83d and on"] * len(examples), dtype=object)
    assert "half a pair \ufffd and on" in render(changed(examples=examples))


def test_in_folder_mode_the_library_lies_beside_the_page(results: Results, page: str) -> None:
    files = Announcements(mode="folder").render(results)
    assert set(files) == {"index.html", "plotly.min.js"}
    beside = files["index.html"].decode()
    assert len(files["plotly.min.js"]) > 1_000_000
    assert len(beside) < len(page) - 4_500_000
    elements = Elements(beside)
    assert [script["src"] for script in elements.all("script") if "src" in script] == ["plotly.min.js"]
    assert "'self'" in policy(elements)
    assert "'self'" not in page.split("<title>")[0]


def test_a_report_may_have_a_language_of_its_own(results: Results) -> None:
    page = Announcements(lang="zh").render(results)["index.html"].decode()
    assert '<html lang="zh-Hans">' in page


@pytest.mark.parametrize("settings", [{"mode": "fodler"}, {"lang": "fr"}])
def test_other_settings_are_refused(settings: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="is not one of"):
        Announcements(**settings)
