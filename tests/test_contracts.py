"""One suite over every installed plug-in, ours and others'."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sentinel.errors import SourceError
from sentinel.formats import SURE_ENOUGH
from sentinel.plugins import Plugin, installed
from sentinel.ports import Batch, Dashboard, FileFormat, Model
from sentinel.post import KINDS, LABELS, POST_COLUMNS, PRECISIONS, TAG_COLUMNS, Columns
from sentinel.results import Results
from sentinel.sample import write_sample
from sentinel.sample_noise import AWKWARD
from sentinel.source import Source, find_sources, heal

TEXTS = [
    "Qwen7 is excellent, I love it",
    "Alibaba Cloud is terrible and keeps failing",
    "Alibaba opens a data center on Tuesday",
    "通义千问真的很好用，太棒了",
    "阿里云太垃圾了，让人失望",
    "アリババの決算を読む",
    "DeepSeek beats everyone",
    "$BABA $TSLA $NVDA $AMD $AAPL $MSFT $META $AMZN to the moon",
    "",
    *(heal(text) for text in AWKWARD),
]
HOSTILE_FILES = {
    "empty": b"",
    "zeros": bytes(5000),
    "binary": bytes(range(256)) * 40,
    "cut.json": b'{"data": [{"id": "1", "text": "cut in the mid',
    "scalar.json": b"17",
    "nested.json": b"[" * 3000,
    "list.json": b'[1, null, "x", [], {}]',
    "page.html": b"<!doctype html><html><body>please log in</body></html>",
    "prose.txt": b"A letter.\n\nIt has two paragraphs, and no posts.\n",
    "utf16.csv": "a,b\n1,2\n".encode("utf-16"),
    "latin.csv": "pr\xe9nom;\xe2ge\nZo\xeb;7\n".encode("latin-1"),
}
PUBLISHED = {
    "second": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
    "minute": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
    "day": r"\d{4}-\d\d-\d\d",
}


def plugins(kind: str) -> list[Any]:
    return [pytest.param(plugin, id=plugin.name) for plugin in installed(kind)]


FORMATS = [case for case in plugins("collectors") if hasattr(case.values[0].load(), "sniff")]


@cache
def model(plugin: Plugin) -> Model:
    made: Model = plugin.load()()
    return made


def batch(texts: list[str]) -> Columns:
    """What the port promises a model at least."""
    return {"text": texts, "lang": [None] * len(texts)}


@pytest.mark.parametrize("plugin", plugins("models"))
class TestModels:
    def test_is_a_model(self, plugin: Plugin) -> None:
        tagger = model(plugin)
        assert isinstance(tagger, Model)
        assert tagger.version
        assert set(tagger.columns) <= set(TAG_COLUMNS)

    def test_one_value_a_post_and_column(self, plugin: Plugin) -> None:
        tags = model(plugin).tag(batch(TEXTS))
        assert {name: len(tags[name]) for name in model(plugin).columns} == dict.fromkeys(
            model(plugin).columns, len(TEXTS)
        )

    def test_no_posts_no_tags(self, plugin: Plugin) -> None:
        tags = model(plugin).tag(batch([]))
        assert all(len(tags[name]) == 0 for name in model(plugin).columns)

    def test_order_is_kept_and_neighbours_do_not_matter(self, plugin: Plugin) -> None:
        tagger = model(plugin)
        together = tagger.tag(batch(TEXTS))
        backwards = tagger.tag(batch(TEXTS[::-1]))
        for name in tagger.columns:
            alone = [next(iter(tagger.tag(batch([text]))[name])) for text in TEXTS]
            assert list(together[name]) == pytest.approx(alone, nan_ok=False, abs=1e-9), name
            assert list(backwards[name])[::-1] == pytest.approx(alone, nan_ok=False, abs=1e-9), name

    def test_input_is_left_alone(self, plugin: Plugin) -> None:
        given = batch(TEXTS)
        model(plugin).tag(given)
        assert given == batch(TEXTS)

    def test_values_are_in_range(self, plugin: Plugin) -> None:
        tags = model(plugin).tag(batch(TEXTS))
        for name in {"about", "spam"} & set(model(plugin).columns):
            assert all(0 <= value <= 1 for value in tags[name]), name
        for name in {"topics", "entities"} & set(model(plugin).columns):
            assert all(re.fullmatch(r"([\w-]+(;[\w-]+)*)?", value) for value in tags[name]), name
        if "label" in model(plugin).columns:
            check_scores(tags)

    def test_explain_takes_any_text(self, plugin: Plugin) -> None:
        explain = getattr(model(plugin), "explain", None)
        if explain is None:
            pytest.skip("explain is optional")
        for text in TEXTS:
            assert isinstance(explain(text), dict)


def check_scores(tags: Columns) -> None:
    """Unscored has no numbers; otherwise three probabilities, and the score is their difference."""
    assert set(tags["label"]) <= set(LABELS)
    names = ("label", "score", "p_negative", "p_neutral", "p_positive")
    for label, score, negative, neutral, positive in zip(*(tags[name] for name in names), strict=True):
        if label == "unscored":
            assert (score, negative, neutral, positive) == (None, None, None, None)
        else:
            assert negative + neutral + positive == pytest.approx(1, abs=1e-3)
            assert score == pytest.approx(positive - negative, abs=1e-3)


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_sample(tmp_path_factory.mktemp("contracts"), n_posts=2000)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> list[Source]:
    folder = tmp_path_factory.mktemp("hostile")
    for name, content in HOSTILE_FILES.items():
        (folder / name).write_bytes(content)
    return [Source.of_file(folder / name) for name in HOSTILE_FILES]


def checked(batches: Iterator[Batch]) -> Iterator[Batch]:
    """Batches, each held against the contract."""
    for one in batches:
        columns = one.posts
        assert set(columns) <= set(POST_COLUMNS)
        assert len({len(values) for values in columns.values()}) <= 1
        assert all(isinstance(value, str) and value for value in columns.get("post_id", []))
        assert all(isinstance(text, str) and heal(text) == text for text in columns.get("text", []))
        assert set(columns.get("kind", [])) <= set(KINDS)
        for published, precision in zip(columns["published"], columns["precision"], strict=True):
            assert precision in PRECISIONS
            if precision == "none":
                assert published is None
            else:
                assert re.fullmatch(PUBLISHED[precision], published)
        assert all(reject.reason and len(reject.excerpt) <= 200 for reject in one.rejects)
        yield one


@pytest.mark.parametrize("plugin", plugins("collectors"))
def test_is_a_collector(plugin: Plugin) -> None:
    factory = plugin.load()
    assert callable(factory.read)
    assert factory.name == plugin.name


@pytest.mark.parametrize("plugin", FORMATS)
class TestFormats:
    def test_sniff_never_raises(self, plugin: Plugin, hostile: list[Source]) -> None:
        for source in hostile:
            assert 0 <= plugin.load().sniff(source) <= 1, source.name

    def test_what_holds_no_posts_is_not_claimed(self, plugin: Plugin, hostile: list[Source]) -> None:
        for source in hostile:
            if source.name in ("empty", "zeros", "binary", "scalar.json", "page.html", "prose.txt"):
                assert plugin.load().sniff(source) < SURE_ENOUGH, source.name

    def test_reading_what_is_not_its_own_ends_in_rejects_or_a_source_error(
        self, plugin: Plugin, hostile: list[Source]
    ) -> None:
        for source in hostile:
            n_posts = 0
            with suppress(SourceError):
                for one in checked(plugin.load()(source).read()):
                    n_posts += one.n_posts
            assert n_posts <= 2, source.name

    def test_reads_its_own_part_of_the_sample(self, plugin: Plugin, sample: Path) -> None:
        factory = plugin.load()
        for source in find_sources([sample / "exports"]):
            if factory.sniff(source) < 0.5:
                continue
            reader = factory(source)
            assert isinstance(reader, FileFormat)
            batches = list(checked(reader.read()))
            assert {flag for one in batches for flag in one.posts.get("synthetic", [])} <= {True}


def test_every_part_of_the_sample_has_one_format(sample: Path) -> None:
    for source in find_sources([sample / "exports"]):
        claims = {case.values[0].name: case.values[0].load().sniff(source) for case in FORMATS}
        sure = [name for name, confidence in claims.items() if confidence >= 0.5]
        best = max(claims.values())
        assert sure, source.name
        assert list(claims.values()).count(best) == 1, f"{source.name}: {claims}"


@pytest.fixture(scope="module")
def results(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Numbers of a report on a small sample."""
    from sentinel.analysis import analyse
    from sentinel.pipeline import collect, tag
    from sentinel.settings import Settings
    from sentinel.store import Store
    from sentinel.tagging import make_tagger

    folder = tmp_path_factory.mktemp("store")
    settings = Settings(store=f"sqlite:///{folder / 'small.db'}", announcements=sample / "announcements.csv")
    store = Store(settings.store, settings.timezone)
    tagger = make_tagger()
    list(collect(store, [sample / "exports"]))
    store.clean(settings.copy_days)
    tag(store, tagger)
    analysed = analyse(store, settings, tagger, seed=1)
    store.close()
    return analysed


@pytest.mark.parametrize("plugin", plugins("dashboards"))
class TestDashboards:
    def test_is_a_dashboard(self, plugin: Plugin) -> None:
        assert isinstance(plugin.load()(), Dashboard)

    def test_files_have_plain_names_and_bytes(self, plugin: Plugin, results: Results) -> None:
        for name, content in plugin.load()().render(results).items():
            assert re.fullmatch(r"[\w-]+(\.[\w-]+)+", name)
            assert isinstance(content, bytes)
            assert content

    def test_the_same_results_give_the_same_bytes(self, plugin: Plugin, results: Results) -> None:
        assert plugin.load()().render(results) == plugin.load()().render(results)

    def test_pages_are_self_contained(self, plugin: Plugin, results: Results) -> None:
        for name, content in plugin.load()().render(results).items():
            if not name.endswith(".html"):
                continue
            page = content.decode("utf-8")
            markup = re.sub(r"(?s)<script\b[^>]*>.*?</script>", "", page)
            assert not re.findall(
                r"""<(?:script|img|iframe|source|embed)\b[^>]*\bsrc\s*=\s*["']?https?:""", page
            )
            assert not re.findall(r"<link\b[^>]*https?:", markup)
            assert not re.findall(r"@import|url\(\s*[\"']?https?:", markup)
            assert "Content-Security-Policy" in markup
            assert "SYNTHETIC" in markup.upper()

    def test_an_empty_store_has_a_page_too(self, plugin: Plugin, results: Results) -> None:
        assert plugin.load()().render(emptied(results))


def emptied(results: Results) -> Results:
    """The same tables without rows, and no counts."""
    frames = {
        name: getattr(results, name).iloc[:0]
        for name in ("mood", "effects", "announcements", "examples", "gaps", "inputs", "rejects")
    }
    assert all(isinstance(frame, pd.DataFrame) for frame in frames.values())
    return Results(
        **frames,
        counts=dict.fromkeys(results.counts, 0),
        shares={name: {} for name in results.shares},
        models=[],
        options=results.options,
        version=results.version,
    )
