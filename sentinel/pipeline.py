"""Collect, clean, tag, analyse, report: short steps over the ports and the store."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from math import inf
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sentinel import __version__
from sentinel.counting import counted
from sentinel.errors import PluginError, SentinelError, SettingsError, SourceError, did_you_mean
from sentinel.export import POSTS_CSV, data_dictionary, write_bytes, write_csv, write_frame, write_json
from sentinel.formats import Recognised, batches_of, open_format, recognise
from sentinel.helper import Helper, Stopped
from sentinel.known_files import KnownFiles
from sentinel.plugins import FOLDER, find, installed, make
from sentinel.ports import Batch, FileFormat
from sentinel.post import POST_COLUMNS
from sentinel.posts_ahead import PostsAhead
from sentinel.rows import Found
from sentinel.settings import PluginSettings, Settings
from sentinel.side_tables import SIDE_FILES, side_tables
from sentinel.since import STATE, state_of
from sentinel.source import Source, find_sources
from sentinel.store import Store, live_key
from sentinel.tagging import Tagger
from sentinel.writing import together

if TYPE_CHECKING:
    from sentinel.readable import Readable
    from sentinel.results import Results

__all__ = [
    "NO_FILTERS",
    "Along",
    "Filters",
    "Outcome",
    "check_options",
    "collect",
    "collect_configured",
    "dashboards_of",
    "manifest",
    "post_rows",
    "report",
    "tag",
    "tell_of_tagging_anew",
    "write_posts",
]

DICTIONARY: Final = "data-dictionary.md"
#: What `report` and the command export write, but for pages of other names.
OUTPUTS: Final = (
    "index.html",
    "plotly.min.js",
    "posts.csv",
    "mood.csv",
    "effects.csv",
    "rejects.csv",
    "manifest.json",
    DICTIONARY,
    *SIDE_FILES,
)
REJECTS_CSV: Final = ("source", "position", "reason", "excerpt")

Progress = Callable[[str, int], None]  #: called with a step's name and how many posts it has got through


def _silent(_step: str, _n: int) -> None:
    """No progress shown."""


@dataclass(slots=True)
class Outcome:
    """What became of one input in this run."""

    name: str
    format: str = ""
    rows: int = 0
    rejects: int = 0
    skipped: int = 0
    known: bool = False  #: its bytes were read before
    waiting: bool = False  #: it may still be being written
    final: bool = False  #: to look at the same bytes again would change nothing
    problem: str = ""  #: why it was refused as a whole
    first_reject: str = ""  #: where and why, of the first row that could not be read

    def count(self, batch: Batch) -> None:
        """Add a batch that was stored."""
        if batch.rejects and not self.rejects:
            self.first_reject = f"{batch.rejects[0].position}: {batch.rejects[0].reason}"
        self.rows += batch.rows
        self.rejects += len(batch.rejects)
        self.skipped += sum(batch.skipped.values())


@dataclass(frozen=True, slots=True)
class Filters:
    """What of the store a report or an export is about."""

    since: str | None = None  #: first day shown, ISO
    until: str | None = None  #: last day shown
    topic: str | None = None
    langs: tuple[str, ...] = ()


NO_FILTERS: Final = Filters()


def collect(
    store: Store,
    paths: Iterable[Path],
    use: str | None = None,
    options: Mapping[str, Any] | None = None,
    progress: Progress = _silent,
    settled: float = inf,
    leave: Collection[Path] = (),
    helper: Helper | None = None,
    known: KnownFiles | None = None,
) -> Iterator[Outcome]:
    """Read every export under `paths` into the store; what was read before is passed over.

    Parameters
    ----------
    use : name of a collectors plug-in; ``None`` finds the format by looking at each file.
    options : settings of that plug-in; where the format is found, each format gets those that it takes.
    settled : files that changed after this time (seconds since 1970) may still be being written; they wait.
    leave : files that are no input where a folder holds them, such as the calendar; the store's own files and
        what a report or an export wrote are none either. A file that is itself among `paths` is read.
    helper : reads large files while this process stores what is in them.
    known : files that need not be opened, and who is told which others need not be the next time.

    Yields
    ------
    Outcome
        One an input. An input that cannot be read is refused with its reason, and costs nothing else.
    """
    if use is None:
        check_options(options or {})
    paths = list(paths)
    named = {path.absolute() for path in paths}
    left_out = {path.absolute() for path in (*leave, *store.files)} - named
    n_waiting = 0
    for source in find_sources(paths, known=None if known is None else known.among):
        path = source.path.absolute()
        if path in left_out or (path not in named and is_output(path)):
            continue
        if known is not None:
            known.begin()
        if _changed(source) > settled:
            outcome = Outcome(source.name, waiting=True)
            n_waiting += 1
        else:
            outcome = _collect_source(store, source, use, options or {}, progress, helper)
        if known is not None:
            known.note(source, outcome.final)
        yield outcome
    if known is not None:
        known.end(n_waiting)


def check_options(options: Mapping[str, Any], where: str = "") -> None:
    """Refuse a setting that no installed format takes.

    Raises
    ------
    SettingsError
        Names it, and the near one; begins with `where` it stands.
    """
    if not options:
        return
    known: set[str] = set()
    for plugin in installed("collectors"):
        with suppress(PluginError):  # a broken plug-in fails when it is asked for
            known.update(plugin.settings)
    for name in options:
        if name not in known:
            raise SettingsError(
                f"{where}no installed format has a setting {name!r}{did_you_mean(name, known)}"
            )


def is_output(path: Path) -> bool:
    """Whether a report or an export wrote this file: it is one of theirs, beside their data dictionary."""
    return path.name in OUTPUTS and (path.parent / DICTIONARY).is_file()


def _changed(source: Source) -> float:
    """When a file, or the youngest file of an export, was written last; -inf if it is gone by now."""
    if source.members():
        return max(map(_changed, source.members().values()))
    try:
        return source.path.stat().st_mtime
    except OSError:
        return -inf


def _collect_source(
    store: Store,
    source: Source,
    use: str | None,
    options: Mapping[str, Any],
    progress: Progress,
    helper: Helper | None,
) -> Outcome:
    outcome = Outcome(source.name)
    if helper is not None:
        helper.know(source)
    try:
        with store.turn(source.sha256):
            _read_into(store, source, use, options, progress, outcome, helper)
    except (SourceError, OSError) as error:
        outcome.problem = str(error)
    return outcome


def _read_into(
    store: Store,
    source: Source,
    use: str | None,
    options: Mapping[str, Any],
    progress: Progress,
    outcome: Outcome,
    helper: Helper | None,
) -> None:
    batches: Iterator[tuple[Batch, Found | None]] = iter(())
    try:
        recognised = recognise(source, use)
        outcome.format = recognised.plugin.name
        taken = options if use is not None else _taken(recognised, options)
        reader = open_format(recognised, source, **taken)
        batches = _batches(reader, source, outcome.format, taken, helper)
    except SourceError as error:
        outcome.problem = str(error)
        outcome.final = not isinstance(error.__cause__, OSError)
    number = store.begin_input(source.sha256, source.name, outcome.format, source.size)
    outcome.known = number is None
    if number is None:
        outcome.final = True
        return
    try:
        for batch, found in batches:
            store.add(number, batch, found)
            outcome.count(batch)
            progress(source.name, outcome.rows)
        outcome.final = outcome.final or not outcome.problem
    except (SourceError, OSError) as error:
        outcome.problem = str(error)
    except SentinelError:
        raise
    except Exception as error:  # a stranger's reader may fail in any way; it costs this input alone
        outcome.problem = _failure(f"{source.name} could not be read to its end: {outcome.format}", error)
    store.end_input(number, refused=_without_name(outcome.problem, source.name))


def _without_name(problem: str, name: str) -> str:
    """What the ledger keeps of a problem: the same bytes may come under several names, whichever is read first."""
    return problem.removeprefix(name).removeprefix(":").lstrip()


def _taken(recognised: Recognised, options: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the options that a format takes."""
    return {name: value for name, value in options.items() if name in recognised.plugin.settings}


def _batches(
    reader: FileFormat, source: Source, name: str, options: Mapping[str, Any], helper: Helper | None
) -> Iterator[tuple[Batch, Found | None]]:
    """The batches of a file, read by the helper as far as it gets."""
    n = 0
    if helper is not None:
        try:
            for pair in helper.read(source, name, options):
                n += 1
                yield pair
            return
        except Stopped:
            pass
    for batch in islice(batches_of(reader, source), n, None):
        yield batch, None


def _failure(what: str, error: Exception) -> str:
    return f"{what} failed with {type(error).__name__}: {error}; its author should know"


def collect_configured(
    store: Store,
    entries: Sequence[PluginSettings],
    progress: Progress = _silent,
    settled: float = inf,
    leave: Collection[Path] = (),
    helper: Helper | None = None,
) -> Iterator[Outcome]:
    """Read what the settings' ``[[collect]]`` name; `settled`, `leave` and `helper` as in `collect`.

    ``use = "folder"`` looks at each file under ``path`` for its format; a file format reads ``path`` as that
    format; any other collector is a live source, and goes on from where it stopped the last time.
    """
    for entry in entries:
        options = dict(entry.settings)
        use = None if entry.use == FOLDER else entry.use
        if use is not None and not hasattr(find("collectors", use, also=(FOLDER,)).load(), "sniff"):
            yield _collect_live(store, use, options, progress)
            continue
        path = options.pop("path", None)
        if path is None:
            raise SettingsError(f"[[collect]] use = {entry.use!r} needs the key 'path'")
        check_options(options, f"[[collect]] use = {entry.use!r}: ")
        known = KnownFiles(store, entry.use, path, options)
        yield from collect(store, [Path(path)], use, options, progress, settled, leave, helper, known)


def _collect_live(store: Store, use: str, options: Mapping[str, Any], progress: Progress) -> Outcome:
    settings = ", ".join(f"{name} = {value!r}" for name, value in sorted(options.items()))
    outcome = Outcome(f"{use} ({settings})" if settings else use, use)
    reader = make("collectors", use, **options)
    with store.turn(live_key(use, settings)):
        _read_live(store, reader, settings, progress, outcome)
    return outcome


def _read_live(store: Store, reader: Any, settings: str, progress: Progress, outcome: Outcome) -> None:
    number, cursor = store.live_input(outcome.name, outcome.format, settings)
    try:
        for batch in reader.read(cursor):
            store.add(number, batch)
            outcome.count(batch)
            progress(outcome.name, outcome.rows)
    except SourceError as error:
        outcome.problem = str(error)
    except SentinelError:
        raise
    except Exception as error:  # as of a file
        outcome.problem = _failure(f"{outcome.name} could not be read: {outcome.format}", error)
    store.end_input(number, refused=outcome.problem)


def tell_of_tagging_anew(store: Store, tagger: Tagger, say: Callable[[str], None]) -> None:
    """Say how many stored posts are tagged anew, because the models are not those of before: it takes its time."""
    n = store.count_outdated(tagger.key)
    if n:
        say(
            f"{counted(n, 'post was', 'posts were')} tagged by other models or other versions of them, and "
            f"{'is' if n == 1 else 'are'} tagged anew; what is interrupted goes on from there"
        )


def tag(store: Store, tagger: Tagger, progress: Progress = _silent) -> int:
    """Tag every post that these models, in these versions, have not tagged yet.

    Each batch is stored as soon as it is tagged, so that what is interrupted goes on from there.

    Returns
    -------
    int
        Number of posts tagged.
    """
    done, step = 0, ""
    for numbers, ranks, posts in store.untagged(tagger.key, names=tagger.reads or POST_COLUMNS):
        step = step or f"tag, of {store.count_untagged(tagger.key):,}"
        store.add_tags(tagger.key, numbers, ranks, tagger.tag(posts))
        done += len(numbers)
        progress(step, done)
    return done


class Along:
    """Tags what was stored while a helper reads on; `tag` then does the rest, and tells what went wrong here."""

    def __init__(self, store: Store, tagger: Tagger) -> None:
        self._store, self._tagger = store, tagger
        self._last: int | None = None
        self._failed = False
        self.done = 0  #: posts tagged

    def __call__(self) -> None:
        """Tag the posts that are new since the last time."""
        if self._failed:
            return
        names = self._tagger.reads or POST_COLUMNS
        after = self._store.tagged_to(self._tagger.key) if self._last is None else self._last
        try:
            for numbers, ranks, posts in self._store.untagged(self._tagger.key, names=names, after=after):
                self._store.add_tags(self._tagger.key, numbers, ranks, self._tagger.tag(posts))
                self._last = numbers[-1]
                self.done += len(numbers)
        except SentinelError:
            self._failed = True


def write_posts(store: Readable, path: Path, filters: Filters, *, raw: bool = False) -> int:
    """posts.csv: every stored post of `filters`, in the order of publishing, undated ones last.

    Parameters
    ----------
    raw : as stored: text without the guard against formulas, authors by their names.
    """
    return write_csv(path, POSTS_CSV, post_rows(store, filters, raw=raw), raw=raw)


def post_rows(store: Readable, filters: Filters, *, raw: bool) -> Iterator[Sequence[Any]]:
    """The rows of `write_posts`."""
    parts = store.rows(
        POSTS_CSV,
        plain=raw,
        since=filters.since,
        until=filters.until,
        langs=filters.langs,
        topic=filters.topic,
    )
    return (row for part in parts for row in part)


def dashboards_of(settings: Settings) -> dict[str, dict[str, Any]]:
    """The dashboards of the settings, by name, each with those of its first ``[[report]]``; by default the report."""
    found: dict[str, dict[str, Any]] = {}
    for entry in settings.report:
        found.setdefault(entry.use, entry.settings)
    return found or {"announcements": {}}


def report(
    results: Results,
    store: Readable,
    out: Path,
    settings: Settings,
    filters: Filters = NO_FILTERS,
    *,
    made_from: Mapping[str, Any] | None = None,
    ahead: PostsAhead | None = None,
) -> list[Path]:
    """Write the report, the CSV files, their dictionary and the manifest into `out`.

    Parameters
    ----------
    made_from : the manifest, where it is known already.
    ahead : posts.csv, which is being written already.

    Returns
    -------
    list of Path
        The files, the report first.
    """
    pages: dict[str, bytes] = {}
    for name, options in dashboards_of(settings).items():
        page = make("dashboards", name, **options)
        try:
            pages |= page.render(results)
        except SentinelError:
            raise
        except Exception as error:  # a stranger's page may fail in any way
            raise PluginError(_failure(f"dashboards plug-in {name!r}", error)) from error
    frames = {"mood.csv": results.mood, "effects.csv": results.effects, **side_tables(results)}
    with together() as files:
        for name, content in pages.items():
            write_bytes(out / name, content)
        n_rows = {
            "rejects.csv": write_csv(out / "rejects.csv", REJECTS_CSV, store.rejected()),
            **{name: write_frame(out / name, frame) for name, frame in frames.items()},
        }
        n_posts = ahead.rows(files) if ahead is not None else None
        if n_posts is None:
            n_posts = write_posts(store, out / "posts.csv", filters)
        n_rows["posts.csv"] = n_posts
        columns = {"posts.csv": POSTS_CSV, "rejects.csv": REJECTS_CSV}
        tables = columns | {name: tuple(frame.columns) for name, frame in frames.items()}
        write_bytes(out / DICTIONARY, data_dictionary(tables).encode())
        written = {name: {"rows": n, "sha256": files.sha256(out / name)} for name, n in n_rows.items()}
        write_json(out / "manifest.json", {**(made_from or manifest(results, settings)), "files": written})
    return [out / name for name in [*pages, *tables, DICTIONARY, "manifest.json"]]


def manifest(results: Results, settings: Settings) -> dict[str, Any]:
    """What the numbers were made from, without a clock: the same store gives the same manifest."""
    used = {
        "timezone": settings.timezone,
        "authors": settings.authors,
        "lang": results.report_lang,
        "exclude_importance": settings.exclude_importance,
        "copy_days": settings.copy_days,
        "breaks": [entry.model_dump(mode="json") for entry in settings.breaks],
    }
    made_from = {
        "version": __version__,
        "synthetic": results.synthetic,
        "settings": used | dict(results.options),
        "inputs": results.inputs.to_dict("records"),
        "counts": dict(results.counts),
        "changes": dict(results.change_match),
        "price": dict(results.price_lead),
        "models": [dict(model) for model in results.models],
        "notes": list(results.notes),
    }
    return made_from | {STATE: state_of(made_from, results.effects, results.mood)}
