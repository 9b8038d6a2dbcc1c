"""The checks themselves: each finds the breach that it is there for, and says so in a sentence."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sentinel.batcher import Skip, batches
from sentinel.conformance import Verdict, checks_of, examine
from sentinel.conformance_batches import problems_of_batch
from sentinel.conformance_material import Material, Subject, offline
from sentinel.errors import SettingsError
from sentinel.line_format import LineFormat
from sentinel.ports import Batch, Reject
from sentinel.post import Columns
from sentinel.results import Results
from sentinel.source import Source, Unit


def verdicts(
    kind: str, factory: Any, material: Material, *exports: Source, **settings: Any
) -> dict[str, Verdict]:
    subject = Subject(kind, "mine", factory, material, settings, exports)
    found = [examine(check, subject) for check in checks_of(subject)]
    return {verdict.check: verdict for verdict in found}


def failures(found: dict[str, Verdict]) -> dict[str, str]:
    return {name: "; ".join(verdict.problems) for name, verdict in found.items() if verdict.problems}


# -- models --------------------------------------------------------------------------------------------------


class Sound:
    """A model without fault."""

    name = "mine"
    version = "1"
    columns: tuple[str, ...] = (
        "label",
        "score",
        "p_negative",
        "p_neutral",
        "p_positive",
        "topics",
        "spam",
        "lang",
    )

    def tag(self, batch: Columns) -> Columns:
        n = len(batch["text"])
        unscored = {name: [None] * n for name in ("score", "p_negative", "p_neutral", "p_positive")}
        return {
            **unscored,
            "label": ["unscored"] * n,
            "topics": ["a;b"] * n,
            "spam": [0.5] * n,
            "lang": ["zh-tw"] * n,
        }


def changed(**columns: Callable[[Columns], list[Any]]) -> type:
    """A model whose columns are otherwise."""

    class Changed(Sound):
        def tag(self, batch: Columns) -> Columns:
            return super().tag(batch) | {name: values(batch) for name, values in columns.items()}

    return Changed


class Counting(Sound):
    seen = 0

    def tag(self, batch: Columns) -> Columns:
        tags = super().tag(batch)
        tags["spam"] = [1 / (1 + (self.seen + i)) for i in range(len(batch["text"]))]
        self.seen += len(batch["text"])
        return tags


class Greedy(Sound):
    def tag(self, batch: Columns) -> Columns:
        tags = super().tag(batch)
        batch["text"] = ["" for _ in batch["text"]]
        return tags


class Nameless(Sound):
    name = "yours"
    version = ""
    columns = ("score", "mood")


class Fetching(Sound):
    def __init__(self) -> None:
        socket.create_connection(("example.invalid", 443))


class Talkative(Sound):
    def explain(self, text: str) -> Any:
        return text if text else {}


def ones(batch: Columns) -> list[Any]:
    return [1.0] * len(batch["text"])


MODELS: dict[str, tuple[Any, str, str]] = {
    "name": (Nameless, "goes by the name it is registered under", "'yours'"),
    "version": (Nameless, "is a model", "version is ''"),
    "columns": (Nameless, "is a model", "columns are"),
    "one short": (
        changed(spam=lambda batch: [0.5] * (len(batch["text"]) - 1)),
        "gives one value a post and column",
        "'spam'",
    ),
    "none for none": (
        changed(spam=lambda batch: [0.5] * max(len(batch["text"]), 1)),
        "gives one value a post and column",
        "0 posts",
    ),
    "neighbours": (
        changed(spam=lambda batch: [1 / len(batch["text"])] * len(batch["text"])),
        "tags each post by itself",
        "alone",
    ),
    "memory": (Counting, "tags each post by itself", "spam"),
    "input": (Greedy, "leaves its input alone", "changed"),
    "probability": (
        changed(spam=lambda batch: [1.5] * len(batch["text"])),
        "gives values in range",
        "spam of 'Qwen7",
    ),
    "not a number": (
        changed(spam=lambda batch: [float("nan")] * len(batch["text"])),
        "gives values in range",
        "nan",
    ),
    "ids": (changed(topics=lambda batch: ["a, b"] * len(batch["text"])), "gives values in range", "'a, b'"),
    "language": (changed(lang=lambda batch: [None] * len(batch["text"])), "gives values in range", "None"),
    "label": (changed(label=lambda batch: ["good"] * len(batch["text"])), "gives values in range", "'good'"),
    "unscored": (
        changed(score=lambda batch: [0.0] * len(batch["text"])),
        "gives values in range",
        "has numbers",
    ),
    "sum": (
        changed(
            label=lambda b: ["positive"] * len(b["text"]),
            **dict.fromkeys(("score", "p_negative", "p_neutral", "p_positive"), ones),
        ),
        "gives values in range",
        "add up to 1",
    ),
    "explain": (Talkative, "explains any text", "no dict"),
    "network": (Fetching, "is a model", "network"),
}


def test_a_sound_model_passes(material: Material) -> None:
    found = verdicts("models", Sound, material)
    assert not failures(found)
    assert found["explains any text"].status == "not applicable"


@pytest.mark.parametrize("case", MODELS)
def test_a_breach_of_a_model_is_found(case: str, material: Material) -> None:
    factory, check, sentence = MODELS[case]
    assert sentence in failures(verdicts("models", factory, material))[check]


def test_a_score_is_the_difference_of_its_probabilities(material: Material) -> None:
    def column(value: Any) -> Callable[[Columns], list[Any]]:
        return lambda batch: [value] * len(batch["text"])

    right = {"label": "positive", "score": 0.5, "p_negative": 0.1, "p_neutral": 0.3, "p_positive": 0.6}
    fine = changed(**{name: column(value) for name, value in right.items()})
    assert not failures(verdicts("models", fine, material))
    wrong = changed(**{name: column(value) for name, value in (right | {"score": -0.5}).items()})
    assert "p_positive - p_negative" in failures(verdicts("models", wrong, material))["gives values in range"]


# -- dashboards ----------------------------------------------------------------------------------------------

HEAD = (
    """<!doctype html><meta http-equiv="Content-Security-Policy" content="default-src 'none'"><p>synthetic"""
)


def page(content: str, name: str = "mine.html") -> type:
    class Page:
        def __init__(self, title: str = "") -> None:
            self.title = title

        def render(self, results: Results) -> dict[str, bytes]:
            return {name: content.encode()}

    Page.name = "mine"  # type: ignore[attr-defined]
    return Page


class Restless:
    name = "mine"
    drawn = 0

    def render(self, results: Results) -> dict[str, bytes]:
        Restless.drawn += 1
        return {"numbers.txt": str(Restless.drawn).encode()}


class Trusting:
    name = "mine"

    def render(self, results: Results) -> dict[str, bytes]:
        return {"mine.html": (HEAD + "".join(results.examples["text"].map(str))).encode()}


class Fragile:
    name = "mine"

    def render(self, results: Results) -> dict[str, bytes]:
        return {"mine.txt": str(1 / results.counts["posts"]).encode()}


class Renamed(Trusting):
    def __init__(self, out: str = "", api_key: str = "", *, wanted: int) -> None:
        pass


DASHBOARDS: dict[str, tuple[Any, str, str]] = {
    "folder": (page("x", "../mine.txt"), "gives files with plain names", "'../mine.txt'"),
    "empty file": (page("", "mine.txt"), "gives files with plain names", "empty"),
    "restless": (Restless, "gives the same bytes again", "numbers.txt differs"),
    "no posts": (Fragile, "draws an empty store", "ZeroDivisionError"),
    "script": (
        page(HEAD + "<script src='https://cdn.invalid/a.js'></script>"),
        "gives pages that load nothing",
        "script",
    ),
    "image": (page(HEAD + '<img alt="" src=//cdn.invalid/a.png>'), "gives pages that load nothing", "image"),
    "style": (
        page(HEAD + "<style>p { background: url('http://cdn.invalid/a.png') }</style>"),
        "gives pages that load nothing",
        "style",
    ),
    "policy": (page("<p>synthetic"), "gives pages that load nothing", "no Content-Security-Policy"),
    "synthetic": (page(HEAD.replace("synthetic", "real")), "marks synthetic posts", "does not say"),
    "markup": (Trusting, "shows markup as text", "<script>alert"),
    "key of ours": (Renamed, "takes settings by name", "out is a key"),
    "secret": (Renamed, "takes settings by name", "api_key looks like a secret"),
    "no default": (Renamed, "takes settings by name", "wanted has no default"),
}


def test_a_sound_page_passes(material: Material) -> None:
    link = '<a href="https://x.invalid/1">a link leads out and loads nothing</a><script>var src = "http://a"</script>'
    assert not failures(verdicts("dashboards", page(HEAD + link), material))


def test_numbers_without_a_page_are_enough(material: Material) -> None:
    found = verdicts("dashboards", page("7", "seven.txt"), material)
    assert not failures(found)
    assert found["marks synthetic posts"].status == "not applicable"


@pytest.mark.parametrize("case", DASHBOARDS)
def test_a_breach_of_a_dashboard_is_found(case: str, material: Material) -> None:
    factory, check, sentence = DASHBOARDS[case]
    assert sentence in failures(verdicts("dashboards", factory, material))[check]


# -- formats -------------------------------------------------------------------------------------------------


class Lines(LineFormat):
    """A format without fault."""

    name = "mine"
    begins = "#mine"

    def post(self, line: str) -> Any:
        if line.startswith("#"):
            return Skip("comment")
        post_id, text = line.split(" ", 1)
        return {"post_id": post_id, "text": text}


class Taking(Lines):
    """Takes whatever there is, and reads every line."""

    @classmethod
    def sniff(cls, source: Source) -> float:
        return 1.0

    def post(self, line: str) -> Any:
        return {"post_id": line[:20] or "empty", "text": line}


class Unsure(Lines):
    @classmethod
    def sniff(cls, source: Source) -> float:
        return 7.0


class Raising(Lines):
    @classmethod
    def sniff(cls, source: Source) -> float:
        return 1 / len(source.head)


class Modest(Lines):
    @classmethod
    def sniff(cls, source: Source) -> float:
        return 0.1 * Lines.sniff(source)


class Numbered(Lines):
    def post(self, line: str) -> Any:
        post = super().post(line)
        return post if isinstance(post, Skip) else {**post, "published": "yesterday", "precision": "second"}


class Forgetful(Lines):
    def read(self, cursor: str | None = None) -> Iterator[Batch]:
        return super().read(None)


class Changing(Lines):
    times = 0

    def post(self, line: str) -> Any:
        Changing.times += 1
        post = super().post(line)
        return post if isinstance(post, Skip) else {**post, "text": str(Changing.times)}


class Strict(Lines):
    def read(self, cursor: str | None = None) -> Iterator[Batch]:
        content = self.source.head.decode()  # damage is not foreseen
        rows = ((f"line {n}", line) for n, line in enumerate(content.splitlines(), 1) if line.split(" ")[1])
        return batches(rows, self._completed, cursor)


class Blind(Lines):
    def read(self, cursor: str | None = None) -> Iterator[Batch]:
        rows = ((f"byte {n}", f"{n} {byte}") for n, byte in enumerate(self.source.head))
        return batches(rows, self._completed, cursor)


class Everything(Lines):
    @classmethod
    def unit(cls, names: list[str]) -> Unit:
        return Unit("", frozenset(["posts.txt", *names]))


class Sourceless(Lines):
    def __init__(self, *, source: Source | None = None, path: str = "", password: str = "") -> None:
        pass


FORMATS: dict[str, tuple[Any, str, str]] = {
    "range": (Unsure, "sniffs any file", "7.0"),
    "raises": (Raising, "sniffs any file", "ZeroDivisionError"),
    "prose": (Taking, "claims nothing without posts", "1.0 of zeros"),
    "rivals": (Taking, "leaves other formats alone", "reads other posts"),
    "mark": (Taking, "keeps the mark of generated posts", "synthetic"),
    "unit": (Everything, "finds exports of several files", "unit([])"),
    "not its own": (Blind, "reads or refuses what is not its own", "where there are none"),
    "modest": (Modest, "its exports are recognised", "of no known format"),
    "contract": (Numbered, "reads its exports", "published of post 0 is 'yesterday'"),
    "rejects": (
        type("Picky", (Lines,), {"post": lambda self, line: int(line)}),
        "reads its exports",
        "3 rejects and 0 posts",
    ),
    "twice": (Changing, "reads the same twice", "differs"),
    "cursor": (Forgetful, "goes on from a cursor", "gives 2 posts; expected 0"),
    "damage": (Strict, "reads or refuses damaged exports", "Error"),
    "no source": (Sourceless, "takes settings by name", "takes no source"),
    "path": (
        type("Taken", (Lines,), {"__init__": lambda self, source, path="": None}),
        "takes settings by name",
        "path is a key",
    ),
}


@pytest.fixture
def export(tmp_path: Path) -> Source:
    path = tmp_path / "export.mine"
    path.write_text("#mine\n1 Qwen is great\n2 阿里云很好用\n", encoding="utf-8")
    return Source.of_file(path)


def test_a_sound_format_passes_but_for_being_installed(export: Source, material: Material) -> None:
    found = failures(verdicts("collectors", Lines, material, export))
    assert list(found) == ["its exports are recognised"]  # which looks among those that are installed


def test_a_format_without_an_export_is_told_to_name_one(material: Material) -> None:
    found = verdicts("collectors", Lines, material)
    assert not failures(found)
    assert "name one" in found["reads its exports"].not_applicable


@pytest.mark.parametrize("case", FORMATS)
def test_a_breach_of_a_format_is_found(case: str, export: Source, material: Material) -> None:
    factory, check, sentence = FORMATS[case]
    assert sentence in failures(verdicts("collectors", factory, material, export))[check]


# -- live sources --------------------------------------------------------------------------------------------


class Live:
    """A live source without fault."""

    name = "mine"

    def __init__(self, *, query: str = "", page_size: int = 10) -> None:
        if not isinstance(query, str) or not query:
            raise SettingsError("mine needs the setting 'query', a text")
        if not isinstance(page_size, int):
            raise SettingsError("mine: page_size must be a whole number")

    def read(self, cursor: str | None = None) -> Iterator[Batch]:
        socket.create_connection(("example.invalid", 443))
        yield Batch({})


class Careless(Live):
    def __init__(self, *, query: str = "", page_size: Any = 10, password: str = "", timeout: int = 3) -> None:
        self.last = page_size + 1

    def read(self) -> Iterator[Batch]:  # type: ignore[override]
        yield Batch({})


class Eager(Live):
    def __init__(self, *, query: str = "") -> None:
        socket.create_connection(("example.invalid", 443))


LIVE: dict[str, tuple[Any, str, str]] = {
    "read": (Careless, "is made from its settings", "read(None,) is not possible"),
    "error": (Careless, "refuses settings of the wrong kind", "a wrong page_size raises TypeError"),
    "taken": (Careless, "refuses settings of the wrong kind", "a wrong query is taken"),
    "secret": (Careless, "takes settings by name", "password looks like a secret"),
    "key of ours": (Careless, "takes settings by name", "timeout is a key"),
    "network": (Eager, "is made from its settings", "network"),
}


def test_a_sound_live_source_passes_and_is_not_read(material: Material) -> None:
    assert not failures(verdicts("collectors", Live, material, query="qwen"))


def test_a_live_source_without_its_settings_says_what_it_needs(material: Material) -> None:
    found = verdicts("collectors", Live, material)
    assert not failures(found)
    assert "'query'" in found["is made from its settings"].not_applicable


@pytest.mark.parametrize("case", LIVE)
def test_a_breach_of_a_live_source_is_found(case: str, material: Material) -> None:
    factory, check, sentence = LIVE[case]
    assert sentence in failures(verdicts("collectors", factory, material, query="qwen"))[check]


# -- batches -------------------------------------------------------------------------------------------------

POST: Columns = {
    "platform": ["x"],
    "post_id": ["1"],
    "published": ["2031-04-19T01:02:03Z"],
    "precision": ["second"],
    "author": ["synth_ada"],
    "kind": ["post"],
    "text": [""],
    "likes": [None],
}


def test_a_sound_batch_has_no_problems() -> None:
    batch = Batch(
        POST, [Reject("line 1", "no id", "x" * 200)], {"control line": 2}, {"zone assumed": 1}, "17"
    )
    assert not list(problems_of_batch(batch, "a.csv"))
    assert not list(problems_of_batch(Batch({}), "a.csv"))


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ({"post_id": [17]}, "post_id of post 0 is 17"),
        ({"post_id": [""]}, "post_id"),
        ({"text": [None]}, "text of post 0 is None"),
        ({"text": ["\ud83d"]}, "surrogates"),
        ({"kind": ["tweet"]}, "one of post, reply"),
        ({"kind": [None]}, "kind of post 0 is None"),
        ({"platform": ["Twitter"]}, "lower case"),
        ({"lang": ["EN"]}, "lang of post 0 is 'EN'"),
        ({"author": ["@ada"]}, "without @"),
        ({"likes": ["12"]}, "whole number"),
        ({"likes": [True]}, "whole number"),
        ({"synthetic": [False]}, "expected True"),
        ({"url": [""]}, "not empty"),
        ({"published": ["2031-02-31"], "precision": ["day"]}, "with precision 'day'"),
        ({"published": ["2031-04-19"]}, "with precision 'second'"),
        ({"precision": ["none"]}, "with precision 'none'"),
        ({"precision": ["exact"]}, "one of second, minute"),
        ({"collected": ["now"]}, "collected"),
        ({"mine": ["x"]}, "'mine'"),
        ({"text": ["a", "b"]}, "different lengths"),
    ],
)
def test_a_value_of_another_kind_is_found(columns: Columns, sentence: str) -> None:
    assert sentence in "; ".join(problems_of_batch(Batch(POST | columns), "a.csv"))


@pytest.mark.parametrize(
    ("batch", "sentence"),
    [
        (Batch({"text": ["a"]}), "no column post_id"),
        (Batch({}, [Reject("", "no id", "")]), "position ''"),
        (Batch({}, [Reject("line 1", "no id", "x" * 201)]), "excerpt"),
        (Batch({}, skipped={"advertisement": 0}), "'advertisement': 0"),
        (Batch({}, warnings={"": 2}), "warnings"),
        (Batch({}, cursor=17), "cursor is 17"),  # type: ignore[arg-type]
    ],
)
def test_rows_that_are_no_posts_are_looked_at_too(batch: Batch, sentence: str) -> None:
    assert sentence in "; ".join(problems_of_batch(batch, "a.csv"))


def test_the_network_is_back_afterwards() -> None:
    before = socket.create_connection
    with offline(), pytest.raises(ConnectionError, match="network"):
        socket.create_connection(("example.invalid", 443))
    assert socket.create_connection is before
