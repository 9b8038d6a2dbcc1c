"""What the commands do, step by step, and what they say meanwhile."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict, replace
from math import inf
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any, Final

from sentinel.console import Console
from sentinel.counting import accounted, counted
from sentinel.errors import PluginError, SourceError, UsageError
from sentinel.helper import Helper
from sentinel.opening import open_store, settle
from sentinel.pipeline import (
    NO_FILTERS,
    Along,
    Filters,
    Outcome,
    collect_configured,
    dashboards_of,
    manifest,
    tell_of_tagging_anew,
)
from sentinel.pipeline import collect as collect_paths
from sentinel.pipeline import report as write_files
from sentinel.pipeline import tag as tag_store
from sentinel.plugins import GROUPS, Plugin, find, installed, make
from sentinel.posts_ahead import posts_ahead
from sentinel.settings import DEFAULT_FILE, Settings
from sentinel.since import SINCE, STATE, earlier_state, news
from sentinel.store import Store, sqlite_url
from sentinel.tagging import Tagger, make_tagger

if TYPE_CHECKING:
    from sentinel.readable import Readable
    from sentinel.results import Results

__all__ = ["collect", "plugin_lines", "read_line", "refuse_none", "run", "warn_of_filters", "write_report"]

_NOTHING: Final = "nothing to collect: give a PATH, or a [[collect]] in sentinel.toml"
_MANY_REJECTS: Final = 0.01  # of a file's rows: that many are no accident


def run(
    settings: Settings,
    paths: Sequence[Path],
    out: Path,
    fresh: bool,
    use: str | None,
    seed: int,
    lang: str,
    console: Console,
    *,
    own_store: bool = False,
    sample: bool = False,
    since_report: Path | None = None,
    helper: Helper | None = None,
) -> None:
    """The main job.

    Parameters
    ----------
    own_store : the store was named on the command line, so the sample does not choose another.
    sample : there is no settings file, so that without paths the built-in sample is meant.
    since_report : as `write_report`.
    helper : what it does in a second process; by default one of its own.

    Raises
    ------
    UsageError
        If there is nothing to read from, or the calendar cannot be read.
    SourceError
        If none of the inputs could be read.
    """
    if not paths and not settings.collect and not sample:
        raise UsageError(_NOTHING)
    tagger = _prepared(settings)
    if fresh:
        settings = settings.model_copy(update={"store": _new_store(out)})
    if not paths and not settings.collect:
        settings, paths = _sample(settings, out, seed, own_store or fresh)
        console.say("no PATH and no settings file: this is the built-in synthetic sample")
    store = open_store(settings)
    with closing(store), Helper(settings.timezone) as own:
        helper = helper or own
        tell_of_tagging_anew(store, tagger, console.say)
        helper.meanwhile = along = Along(store, tagger)
        helper.get_ready()
        outcomes = _read(store, settings, paths, use, console, helper)
        with _loading(settings), console.progress() as progress:
            store.clean(settings.copy_days, settings.near_copies)
            n = along.done + tag_store(store, tagger, progress)
            store.mark_patterns(settings.spam_patterns)
        console.detail(f"{counted(n, 'post')} tagged by {tagger.name}")
        store.work_in_log()
        write_report(
            store, settings, out, seed, lang, console, since_report=since_report, helper=helper, tagger=tagger
        )
    refuse_none(outcomes, "none of the inputs could be read; the report is on what the store held before")


def refuse_none(outcomes: Sequence[Outcome], told: str) -> None:
    """Raise SourceError if there were inputs, and none of them could be read."""
    if outcomes and all(outcome.problem for outcome in outcomes):
        raise SourceError(told)


def _prepared(settings: Settings) -> Tagger:
    """The models; whatever else the settings name is looked for now, not after hours of reading."""
    from sentinel.announcements import check_announcements
    from sentinel.claims_file import read_claims

    check_announcements(settings.announcements)
    read_claims(settings.claims)
    if settings.price is not None:
        from sentinel.price import read_quotes

        read_quotes(settings.price)
    for name, options in dashboards_of(settings).items():
        find("dashboards", name)
        if options:  # to try them takes its time, which is better spent while the database is at work
            make("dashboards", name, **options)
    return make_tagger(settings.tag)


@contextmanager
def _loading(settings: Settings) -> Iterator[None]:
    """Load what the report needs while the database is at work; what cannot be loaded is told when it is needed."""

    def load() -> None:
        with suppress(Exception):
            import sentinel.analysis  # noqa: F401

            for name, options in dashboards_of(settings).items():
                make("dashboards", name, **options)

    thread = Thread(target=load, daemon=True)
    thread.start()
    try:
        yield
    finally:
        thread.join()


def _new_store(out: Path) -> str:
    """An empty store in the output folder; one that was left there by an earlier ``--fresh`` is replaced."""
    path = out / "fresh.db"
    for old in (path, path.with_name("fresh.db-wal"), path.with_name("fresh.db-shm")):
        old.unlink(missing_ok=True)
    out.mkdir(parents=True, exist_ok=True)
    return sqlite_url(path)


def _sample(settings: Settings, out: Path, seed: int, own_store: bool) -> tuple[Settings, Sequence[Path]]:
    from sentinel.sample import write_sample

    folder = write_sample(out / "sample", seed)
    changes: dict[str, Any] = {"announcements": folder / "announcements.csv"}
    if not own_store:
        changes["store"] = sqlite_url(folder / f"sample-{seed}.db")
    return settings.model_copy(update=changes), [folder / "exports"]


def collect(
    store: Store,
    settings: Settings,
    paths: Sequence[Path],
    use: str | None,
    console: Console,
    settled: float = inf,
    options: Mapping[str, Any] | None = None,
) -> list[Outcome]:
    """Read `paths`, or what the settings name (files that changed after `settled` wait), then clean the store.

    Parameters
    ----------
    options : settings for the formats of `paths`.

    Raises
    ------
    UsageError
        If there is nothing to read from.
    """
    with Helper(settings.timezone) as helper:
        outcomes = _read(store, settings, paths, use, console, helper, settled, options)
    store.clean(settings.copy_days, settings.near_copies)
    return outcomes


def _read(
    store: Store,
    settings: Settings,
    paths: Sequence[Path],
    use: str | None,
    console: Console,
    helper: Helper,
    settled: float = inf,
    options: Mapping[str, Any] | None = None,
) -> list[Outcome]:
    if not paths and not settings.collect:
        raise UsageError(_NOTHING)
    prices = [settings.price.path, settings.price.market] if settings.price else []
    named = (settings.announcements, settings.claims, *prices)
    leave = [DEFAULT_FILE, *(path for path in named if path is not None)]
    with console.progress() as progress:
        if paths:
            found = collect_paths(store, paths, use, options, progress, leave=leave, helper=helper)
        else:
            found = collect_configured(store, settings.collect, progress, settled, leave, helper)
        outcomes = list(_reported(found, console))
    if paths and not outcomes:
        raise UsageError(f"no files to read under {', '.join(map(str, paths))}")
    return outcomes


def read_line(outcomes: Sequence[Outcome]) -> str:
    """What was read: "2 inputs: 4,181 rows = 4,181 posts (new or known) + 0 rejects + 0 skipped; 1 was read before"."""
    read = [each for each in outcomes if not (each.known or each.waiting or each.problem)]
    rows, rejects, skipped = (
        sum(getattr(outcome, name) for outcome in outcomes) for name in ("rows", "rejects", "skipped")
    )
    line = f"{counted(len(read), 'input')}: {_rows_line(rows, rejects, skipped)}"
    for word, n in (
        ("read before", sum(outcome.known for outcome in outcomes)),
        ("still being written, left for later", sum(outcome.waiting for outcome in outcomes)),
        ("not read to the end", sum(outcome.problem != "" for outcome in outcomes)),
    ):
        line += f"; {counted(n, 'was', 'were')} {word}" if n else ""
    return line


def _rows_line(rows: int, rejects: int, skipped: int) -> str:
    kept = rows - rejects - skipped
    return (
        f"{counted(rows, 'row')} = {counted(kept, 'post')} (new or known) + {counted(rejects, 'reject')} + "
        f"{skipped:,} skipped"
    )


def _reported(outcomes: Iterable[Outcome], console: Console) -> Iterator[Outcome]:
    for outcome in outcomes:
        if outcome.problem:
            console.warn(outcome.problem)
        elif outcome.waiting:
            console.detail(f"{outcome.name}: may still be being written, waits")
        elif outcome.known:
            console.detail(f"{outcome.name}: read before")
        else:
            told = _rows_line(outcome.rows, outcome.rejects, outcome.skipped)
            console.detail(f"{outcome.name}: {outcome.format}, {told}")
        if outcome.rejects:
            many = " (has its format changed?)" if outcome.rejects > _MANY_REJECTS * outcome.rows else ""
            console.warn(
                f"{outcome.name}: {outcome.rejects:,} of {counted(outcome.rows, 'row')} could not be read{many}, "
                f"the first: {outcome.first_reject}; all in rejects.csv"
            )
        yield outcome


def write_report(
    store: Readable,
    settings: Settings,
    out: Path,
    seed: int,
    lang: str,
    console: Console,
    filters: Filters = NO_FILTERS,
    since_report: Path | None = None,
    helper: Helper | None = None,
    tagger: Tagger | None = None,
) -> Results:
    """Analyse the store and write report and CSV files; what they were made from.

    Parameters
    ----------
    since_report : folder of an earlier report, such as `out` itself; what is new since then is told first.
    helper : writes posts.csv meanwhile; by default one of its own.
    tagger : of the settings, where it was made already.

    Raises
    ------
    UsageError
        If that folder holds other files under the names of a report.
    """
    from sentinel.analysis import analyse

    settle(store, settings)
    tagger = tagger or make_tagger(settings.tag)
    untagged = store.count_untagged(tagger.key)
    if untagged:
        console.warn(
            f"{counted(untagged, 'post is', 'posts are')} not tagged by these models yet: what other models or "
            "versions said before counts, else unscored; run 'sentinel tag'"
        )
    warn_of_filters(store, filters, console)
    with (
        Helper(settings.timezone) as own,
        posts_ahead(helper or own, store, out / "posts.csv", asdict(filters)) as ahead,
    ):
        results = analyse(store, settings, tagger, seed=seed, lang=lang, filters=filters)
        results, made_from = _since(results, manifest(results, settings), out, since_report)
        files = write_files(results, store, out, settings, filters, made_from=made_from, ahead=ahead)
    n = results.counts
    console.say(f"the whole store ({store.url}): {accounted(n)}")
    for line in verdict_lines(results):
        console.say(line)
    for note in results.notes:
        console.detail(note)
    console.say(f"report: {files[0]}")
    return results


def _since(
    results: Results, made_from: dict[str, Any], out: Path, since_report: Path | None
) -> tuple[Results, dict[str, Any]]:
    """The results and their manifest, with what is new since an earlier report if there is one."""
    now = made_from[STATE]
    replaced = since_report is not None and since_report.resolve() == out.resolve()
    earlier = earlier_state(since_report, now["digest"] if replaced else "") if since_report else None
    if not earlier:
        return results, made_from
    return replace(results, since=news(now, earlier)), made_from | {SINCE: earlier}


def warn_of_filters(store: Readable, filters: Filters, console: Console) -> None:
    """Say so where no stored post has the topic or a language that was asked for, and what there is."""
    if not filters.topic and not filters.langs:
        return
    topics: set[str] = set()
    langs: set[str] = set()
    for part in store.rows(("topics", "lang")):
        for joined, lang in part:
            topics.update(filter(None, (joined or "").split(";")))
            langs.add(lang or "und")
    if filters.topic and filters.topic not in topics:
        console.warn(
            f"no post has the topic {filters.topic!r}; there are {', '.join(sorted(topics)) or 'none'}"
        )
    for lang in filters.langs:
        if lang not in langs:
            console.warn(
                f"no post is in the language {lang!r}; there are {', '.join(sorted(langs)) or 'none'}"
            )


def verdict_lines(results: Results) -> list[str]:
    """The answer: a line for each announcement that moved the mood, then how many did not or were not judged.

    Announcements outside the days of the posts are not counted.
    """
    effects, days = results.effects, results.mood["day"]
    within = effects["day"].between(days.min(), days.max()) if len(days) else effects["day"].isna()
    primary = effects[within & (effects["family"] == "primary")].drop_duplicates("cluster")
    moved = primary[primary["verdict"].isin(["rose", "fell"])].to_dict("records")
    lines = [
        f"{row['date']} {row['title']}: mood {row['verdict']} by {abs(row['effect']):.2f} "
        f"({row['low']:+.2f} to {row['high']:+.2f}; p = {row['p']:.3f}, q = {row['q']:.3f})"
        for row in moved
    ]
    n = primary["verdict"].value_counts()
    lines.append(
        f"of {counted(len(primary), 'announcement', 'announcements (or groups of them)')} within the days of the "
        f"posts, {len(moved)} moved the mood visibly, {n.get('no visible change', 0)} did not, "
        f"{n.get('not tested', 0)} could not be judged"
    )
    return lines


def plugin_lines() -> Iterator[str]:
    """One line a plug-in; a broken one with its error."""
    for kind in GROUPS:
        found = installed(kind)
        yield f"{kind} ({len(found)})"
        for plugin in found:
            yield f"  {plugin.name:<25}{plugin.origin:<24}{_settings_of(plugin)}"


def _settings_of(plugin: Plugin) -> str:
    try:
        return ", ".join(plugin.settings) or "-"
    except PluginError as error:
        return f"broken: {error}"
