"""Arguments, one call, one line on error. Heavy imports happen inside the commands."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import wraps
from io import TextIOWrapper
from pathlib import Path
from signal import SIGTERM, default_int_handler, signal
from threading import current_thread, main_thread
from typing import TYPE_CHECKING, Any, Final

import click

from sentinel import __version__
from sentinel.counting import counted
from sentinel.errors import SentinelError, StoreError, UsageError

if TYPE_CHECKING:
    from sentinel.console import Console
    from sentinel.pipeline import Filters
    from sentinel.settings import Settings
    from sentinel.store import Store

__all__ = ["main"]


_FILE = click.Path(path_type=Path, dir_okay=False)
_FOLDER = click.Path(path_type=Path, file_okay=False)
_PATHS = click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
_LANG = click.option(
    "--lang",
    type=click.Choice(["en", "zh"]),
    help="Language of the report; default: as the settings say, else en.",
)
_USE = click.option(
    "--use", metavar="NAME", help="Collectors plug-in; default: found by looking at each file."
)
_SCORERS = click.option(
    "--use", multiple=True, metavar="NAME", help="Scorer; repeat for several. Default linear, zh."
)
_OUT = click.option("-o", "--out", type=_FOLDER, help="Output folder; default report/.")
_SEED = click.option("--seed", type=int, default=1, show_default=True, help="For everything random.")
_JSON = click.option("--json", "as_json", is_flag=True, help="For programs.")
_SINCE_REPORT = click.option(
    "--since-report", type=_FOLDER, help="Folder of an earlier report: what is new since then is told first."
)


@dataclass(frozen=True, slots=True)
class Common:
    """What every command is given."""

    config: Path | None
    store: str | None
    quiet: bool
    verbose: bool

    def settings(self, lang: str | None = None, **overrides: Any) -> Settings:
        """Settings of the file, with what the command line says instead.

        `lang` is the language that reports are asked for, whatever their ``[[report]]`` says.
        """
        from sentinel.settings import load_settings, without_report_lang

        settings = load_settings(self.config, store=self.store, **overrides)
        return without_report_lang(settings) if lang else settings

    def tell_of_calendar(self, settings: Settings) -> None:
        """Warn where a calendar lies beside the settings, as `sentinel init` writes it, and they do not name it."""
        from sentinel.settings import DEFAULT_FILE
        from sentinel.starting import CALENDAR

        config = self.config or DEFAULT_FILE
        beside = config.with_name(CALENDAR)
        if settings.announcements is not None or not (config.is_file() and beside.is_file()):
            return
        with beside.open(encoding="utf-8", errors="replace") as lines:
            rows = sum(1 for line in lines if line.strip()) - 1
        if rows > 0:
            self.console.warn(
                f"{beside} is not read: {config} has no line announcements = {CALENDAR!r}, so the calendar that ships "
                "with sentinel is used"
            )

    @property
    def console(self) -> Console:
        """Says as much as was asked for."""
        from sentinel.console import Console

        return Console(quiet=self.quiet, verbose=self.verbose)


def _common(command: Callable[..., Any]) -> Callable[..., Any]:
    """Options that every command takes, given to it as one argument."""

    @wraps(command)
    def given(*, config: Path | None, store: str | None, quiet: bool, verbose: bool, **others: Any) -> Any:
        return command(**others, common=Common(config, store, quiet, verbose))

    return _options(
        click.option("-c", "--config", type=_FILE, help="Settings file; default sentinel.toml here, if any."),
        click.option(
            "--store", metavar="URL", help="Database, such as sqlite:///posts.db; over the settings."
        ),
        click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors."),
        click.option("-v", "--verbose", is_flag=True, help="Say more."),
    )(given)


def _options(*options: Callable[..., Any]) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Several options as one."""

    def decorated(command: Callable[..., Any]) -> Callable[..., Any]:
        for option in reversed(options):
            command = option(command)
        return command

    return decorated


_FILTERED = _options(
    click.option("--since", metavar="DAY", help="First day, such as 2025-01-01."),
    click.option("--until", metavar="DAY", help="Last day, such as 2025-12-31."),
    click.option("--topic", help="Only posts of this topic."),
    click.option("--post-lang", multiple=True, metavar="LANG", help="Only posts in this language; repeat."),
)
_CLUSTERED = _options(
    click.option(
        "--scheduler",
        metavar="ADDRESS",
        help="Dask scheduler, such as tcp://host:8786; default: this machine.",
    ),
    click.option(
        "--lake", metavar="URL", help="Where posts as Parquet go; default lake/ in the output folder."
    ),
)


def _report_folder(settings: Settings) -> Path:
    return Path(settings.report[0].out if settings.report else "report")


@contextmanager
def _ended_politely() -> Iterator[None]:
    """SIGTERM ends a command as Ctrl-C does, so that nothing half-written is left."""
    if current_thread() is not main_thread():
        yield
        return
    before = signal(SIGTERM, default_int_handler)
    try:
        yield
    finally:
        signal(SIGTERM, before)


#: When Python looks for cycles among its objects: as it does by itself, and in commands.
_USUAL: Final = gc.get_threshold()
_SELDOM: Final = (500_000, 50, 100)


class _Commands(click.Group):
    """Turns our errors into one line and an exit code, and a broken pipe into silence."""

    def invoke(self, context: click.Context) -> Any:
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):  # what the terminal's encoding has no sign for is spelt out
                stream.reconfigure(errors="backslashreplace")
        # Batches are thousands of small objects without cycles; looking for some took a tenth of the time.
        gc.set_threshold(*_SELDOM)
        atexit.register(gc.freeze)  # nor is it worth the while at the end, where Python would once more
        # Threads that wait for a product of small matrices keep another process's core busy; what they give depends on
        # how many they are.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        try:
            with _ended_politely():
                return super().invoke(context)
        except SentinelError as error:
            from sentinel.console import plain

            click.echo(f"sentinel: {plain(str(error))}", err=True)
            context.exit(error.exit_code)
        except MemoryError:
            click.echo("sentinel: out of memory", err=True)
            context.exit(1)
        except BrokenPipeError:
            sys.stderr.close()
            context.exit(0)
        except OSError as error:
            click.echo(f"sentinel: {error.filename or 'output'}: {error.strerror or error}", err=True)
            context.exit(1)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="mood-sentinel")
def main() -> None:
    """Did an announcement move the mood of the people who post, on which topic, and is that more than chance?"""


@contextmanager
def _opened(settings: Settings, *, create: bool = True) -> Iterator[Store]:
    from sentinel.opening import open_store

    store = open_store(settings, create=create)
    try:
        yield store
    finally:
        store.close()


def _print_json(facts: Any) -> None:
    import orjson

    click.echo(orjson.dumps(facts, option=orjson.OPT_INDENT_2, default=str).decode())


def _filters(since: str | None, until: str | None, topic: str | None, langs: tuple[str, ...]) -> Filters:
    from sentinel.pipeline import Filters

    first, last = _day("--since", since), _day("--until", until)
    if first and last and first > last:
        raise UsageError(f"--since {first} is after --until {last}")
    return Filters(first, last, topic, tuple(lang.lower().split("-")[0] for lang in langs))


def _day(name: str, text: str | None) -> str | None:
    from datetime import date

    if text is None:
        return None
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise UsageError(f"{name} {text!r} is not a day; expected such as 2025-04-28") from None


def _past_day(name: str, text: str | None) -> str | None:
    """As `_day`; one that is still to come would take every post, and keep all out until then."""
    from sentinel.schedule_clock import now

    day, today = _day(name, text), now().date().isoformat()
    if day is not None and day > today:
        raise UsageError(
            f"{name} {day} is still to come, and would take every post; expected {today} at the latest"
        )
    return day


@main.command()
@_PATHS
@_OUT
@click.option("--fresh", is_flag=True, help="Use a new store of its own, in the output folder.")
@_USE
@_SEED
@_LANG
@click.option(
    "--engine",
    type=click.Choice(["store", "dask"]),
    default="store",
    help="dask: on a cluster, without a store.",
)
@_CLUSTERED
@_SINCE_REPORT
@_common
def run(
    paths: tuple[Path, ...],
    out: Path | None,
    fresh: bool,
    use: str | None,
    seed: int,
    lang: str | None,
    engine: str,
    scheduler: str | None,
    lake: str | None,
    since_report: Path | None,
    common: Common,
) -> None:
    """Collect, tag, relate to announcements, write report and CSV. Without PATH and settings: the sample."""
    from sentinel.settings import DEFAULT_FILE

    if engine == "dask":
        if fresh or since_report or common.store:
            raise UsageError("--engine dask has no store: leave out --fresh, --since-report and --store")
        _on_cluster(paths, out, scheduler, lake, use, seed, lang, common)
        return
    if scheduler or lake:
        raise UsageError("--scheduler and --lake need --engine dask")
    from sentinel.helper import Helper

    settings = common.settings(lang)
    sample = common.config is None and not DEFAULT_FILE.is_file()
    out = out or _report_folder(settings)
    with Helper(settings.timezone) as helper:
        helper.expect_first(paths, use)  # which is read while the rest is loaded
        from sentinel.main_job import run as run_job

        _tell_of_no_report(since_report, out, common.console)
        common.tell_of_calendar(settings)
        run_job(
            settings,
            paths,
            out,
            fresh,
            use,
            seed,
            lang or "en",
            common.console,
            own_store=common.store is not None,
            sample=sample,
            since_report=since_report,
            helper=helper,
        )


def _tell_of_no_report(folder: Path | None, out: Path, console: Console) -> None:
    if folder not in (None, out) and not (folder / "manifest.json").is_file():
        console.warn(f"{folder}: holds no report to compare with, so nothing is told as new")


@main.command()
@_PATHS
@_OUT
@_USE
@_SEED
@_LANG
@click.option("--engine", type=click.Choice(["dask"]), default="dask", help="What the work is done by.")
@_CLUSTERED
@_common
def backfill(
    paths: tuple[Path, ...],
    out: Path | None,
    use: str | None,
    seed: int,
    lang: str | None,
    engine: str,
    scheduler: str | None,
    lake: str | None,
    common: Common,
) -> None:
    """Years of exports, or Parquet, into a lake of tagged posts and author-days, with a report, on a cluster."""
    if common.store:
        raise UsageError("backfill has no store; leave out --store")
    _on_cluster(paths, out, scheduler, lake, use, seed, lang, common)


def _on_cluster(
    paths: tuple[Path, ...],
    out: Path | None,
    scheduler: str | None,
    lake: str | None,
    use: str | None,
    seed: int,
    lang: str | None,
    common: Common,
) -> None:
    try:
        from sentinel.lake.job import run_on_cluster
    except ImportError as error:
        raise UsageError(f"--engine dask cannot be used: {error}; install mood-sentinel[dask]") from None

    settings = common.settings(lang)
    out = out or _report_folder(settings)
    run_on_cluster(
        settings,
        paths,
        lake or str(out / "lake"),
        out,
        common.console,
        scheduler=scheduler,
        use=use,
        seed=seed,
        lang=lang or "en",
    )


@main.command()
@_PATHS
@_USE
@click.option(
    "--include-private", is_flag=True, help="Private posts and chats too, where an export has them."
)
@_common
def collect(paths: tuple[Path, ...], use: str | None, include_private: bool, common: Common) -> None:
    """Read exports into the store; untagged."""
    from sentinel.main_job import collect as collect_step
    from sentinel.main_job import read_line, refuse_none

    settings, console = common.settings(), common.console
    with _opened(settings) as opened:
        options = {"include_private": True} if include_private else {}
        outcomes = collect_step(opened, settings, paths, use, console, options=options)
    refuse_none(outcomes, "none of the inputs could be read")
    console.say(read_line(outcomes))


@main.command()
@_PATHS
@_common
def sniff(paths: tuple[Path, ...], common: Common) -> None:
    """What each file is, how many posts and rejects it holds; nothing is stored."""
    from sentinel.sniffing import sniff as sniff_paths

    if not paths:
        raise UsageError("sniff needs at least one PATH: a file or a folder of exports")
    console = common.console
    for line in sniff_paths(paths):
        console.say(line)


@main.command()
@click.option(
    "--in", "source", type=_FILE, help="CSV with a column text; default: what is untagged in the store."
)
@click.option("--out", "target", type=_FILE, help="Tagged CSV; needs --in.")
@_SCORERS
@_common
def tag(source: Path | None, target: Path | None, use: tuple[str, ...], common: Common) -> None:
    """Judge posts: language, about, spam, sentiment, topics, entities.

    In the store these are the new posts and, after an update or with other models, all of them; one batch after the
    other, so that it may be interrupted at any time and goes on from there.
    """
    from sentinel.tagging import make_tagger

    if (source is None) != (target is None):
        raise UsageError("tag needs --in and --out together, or neither (then the store's untagged posts)")
    settings = common.settings()
    console = common.console
    tagger = make_tagger(settings.tag, use)
    if source is not None and target is not None:
        from sentinel.tables import tag_file

        n = tag_file(source, target, tagger, console.warn)
        console.say(f"{counted(n, 'row')} tagged by {tagger.name}: {target}")
        return
    from sentinel.pipeline import tag as tag_store
    from sentinel.pipeline import tell_of_tagging_anew

    with _opened(settings, create=False) as opened:
        tell_of_tagging_anew(opened, tagger, console.say)
        with console.progress() as progress:
            n = tag_store(opened, tagger, progress)
        opened.mark_patterns(settings.spam_patterns)
    console.say(f"{counted(n, 'post')} tagged by {tagger.name}")


@main.command()
@click.option("--posts", type=_FILE, help="CSV with published, author, score; default: the store.")
@click.option(
    "--announcements", type=_FILE, help="CSV with date, title, or ICS; default: the settings' calendar."
)
@click.option("--out", type=_FILE, default=Path("effects.csv"), show_default=True, help="CSV to write.")
@_SEED
@_common
def effects(posts: Path | None, announcements: Path | None, out: Path, seed: int, common: Common) -> None:
    """Relate mood to announcement dates, from a table of scored posts or from the store."""
    from sentinel.export import write_frame
    from sentinel.numbers import effects_of
    from sentinel.tables import read_scored, rows_of

    settings = common.settings(announcements=announcements)
    common.tell_of_calendar(settings)
    if posts is not None:
        frame = read_scored(posts, common.console.warn)
        with rows_of(posts):
            table, n_posts = effects_of(frame, settings, seed).effects, len(frame)
    else:
        from sentinel.analysis import mood_cells
        from sentinel.claims_file import read_claims
        from sentinel.opening import settle

        with _opened(settings, create=False) as opened:
            settle(opened, settings)
            cells = mood_cells(opened, claims=read_claims(settings.claims))
        table, n_posts = effects_of(cells, settings, seed).effects, cells.n_posts
    n = write_frame(out, table)
    tested = int((table["verdict"].isin(["rose", "fell", "no visible change"])).sum())
    of = counted(n_posts, "post")
    common.console.say(f"{counted(n, 'row')}, {tested:,} with a verdict from {of}: {out}")


@main.command()
@click.option("--claims", "source", type=_FILE, help="TOML with [[claim]]; default: the settings' claims.")
@click.option("--out", type=_FILE, help="CSV to write.")
@_SEED
@_common
def claims(source: Path | None, out: Path | None, seed: int, common: Common) -> None:
    """Each claim of claims.toml: supported, contradicted, or not enough posts."""
    from sentinel.claim_lines import claim_lines

    settings = common.settings(claims=source)
    common.tell_of_calendar(settings)
    console = common.console
    with _opened(settings, create=False) as opened:
        for line in claim_lines(opened, settings, seed, out):
            console.say(line)


@main.command()
@_OUT
@_LANG
@_SEED
@_SINCE_REPORT
@_FILTERED
@_common
def report(
    out: Path | None,
    lang: str | None,
    seed: int,
    since_report: Path | None,
    since: str | None,
    until: str | None,
    topic: str | None,
    post_lang: tuple[str, ...],
    common: Common,
) -> None:
    """Write report and CSV from what is in the store."""
    from sentinel.main_job import write_report

    settings = common.settings(lang)
    out = out or _report_folder(settings)
    filters = _filters(since, until, topic, post_lang)
    _tell_of_no_report(since_report, out, common.console)
    common.tell_of_calendar(settings)
    with _opened(settings, create=False) as opened:
        write_report(opened, settings, out, seed, lang or "en", common.console, filters, since_report)


@main.command()
@click.option("-o", "--out", type=_FOLDER, default=Path("export"), show_default=True, help="Output folder.")
@click.option(
    "--raw",
    is_flag=True,
    help="Write what is stored: text without the guard against spreadsheet formulas, authors by name.",
)
@_FILTERED
@_common
def export(
    out: Path,
    raw: bool,
    since: str | None,
    until: str | None,
    topic: str | None,
    post_lang: tuple[str, ...],
    common: Common,
) -> None:
    """Write every stored post, spam and undated and unscored ones too, as posts.csv."""
    from sentinel.export import POSTS_CSV, data_dictionary, write_bytes
    from sentinel.main_job import warn_of_filters
    from sentinel.opening import settle
    from sentinel.pipeline import write_posts

    settings = common.settings()
    filters = _filters(since, until, topic, post_lang)
    with _opened(settings, create=False) as opened:
        settle(opened, settings)
        warn_of_filters(opened, filters, common.console)
        n = write_posts(opened, out / "posts.csv", filters, raw=raw)
    write_bytes(out / "data-dictionary.md", data_dictionary({"posts.csv": POSTS_CSV}).encode())
    common.console.say(f"{counted(n, 'post')}: {out / 'posts.csv'}")


@main.command()
@click.option(
    "--dry-run", is_flag=True, help="Start nothing: show the next runs, and which alerts would be raised."
)
@click.option(
    "--log-format",
    type=click.Choice(["text", "json"]),
    default="text",
    help="How each line of the log is written.",
)
@_common
def daemon(dry_run: bool, log_format: str, common: Common) -> None:
    """Collect and report on schedule until told to stop; see [[collect]] and [[report]] in the settings."""
    if dry_run:
        from sentinel.opening import looked_at
        from sentinel.schedule_preview import dry_run as preview

        settings = common.settings()
        with looked_at(settings) as (opened, _):
            for line in preview(opened, settings):
                common.console.say(line)
        return
    from sentinel.schedule import Daemon
    from sentinel.schedule_logs import log_to_stderr

    log_to_stderr(log_format, quiet=common.quiet, verbose=common.verbose)
    gc.set_threshold(*_USUAL)  # it works little and lives long: what has cycles would pile up for half a day
    Daemon(common.config, {"store": common.store}).run()


@main.command(hidden=True)
@click.argument("kind", type=click.Choice(["collect", "report", "alerts", "keep"]))
@click.argument("number", type=int)
@click.option("--settled", type=float, default=float("inf"), help="Leave files that changed after this time.")
@click.option("--now", help="The time, for alerts.")
@click.option("--memory", type=int, default=0, help="Bytes that it may use; 0 is no limit.")
@click.option(
    "--leashed", type=float, help="End when standard input does, for the daemon died; within so many seconds."
)
@_common
def job(
    kind: str,
    number: int,
    settled: float,
    now: str | None,
    memory: int,
    leashed: float | None,
    common: Common,
) -> None:
    """One job of the daemon, in a process of its own."""
    import os

    from sentinel.schedule_children import SETTINGS_TEXT
    from sentinel.schedule_job import confine, run_job

    confine(memory, leashed)
    # The daemon's settings may be older than the file: it goes on with them where the file is wrong.
    settings = common.settings(text=None if leashed is None else os.environ.pop(SETTINGS_TEXT, None))
    with _opened(settings) as opened:
        run_job(opened, settings, kind, number, settled, now, common.console)


@main.command()
@_JSON
@click.option("--check", is_flag=True, help="End with code 1 unless the daemon runs and all is well.")
@_common
def status(as_json: bool, check: bool, common: Common) -> None:
    """Whether the daemon runs, what it did and does next, what the store holds, what waits or could not be read."""
    from sentinel.opening import looked_at
    from sentinel.schedule_clock import now
    from sentinel.status import problems, status_lines
    from sentinel.status import status as status_of

    settings = common.settings()
    with looked_at(settings) as (opened, there):
        facts = status_of(opened, settings, now())
    if not there:
        facts["store"] = f"{settings.store} (none yet)"
    if as_json:
        _print_json(facts)
    else:
        for line in status_lines(facts, settings):
            common.console.say(line)
    found = problems(facts) if check else []
    for problem in found:
        common.console.warn(problem)
    if found:
        click.get_current_context().exit(1)


@main.command()
@click.argument("folder", type=_FOLDER, default=Path())
@_common
def init(folder: Path, common: Common) -> None:
    """Write a commented sentinel.toml, announcements.csv and inbox/ into FOLDER, overwriting nothing."""
    from sentinel.starting import write_starter

    for line in write_starter(folder):
        common.console.say(line)


@main.command()
@click.argument("text", required=False)
@click.option(
    "--post", metavar="ID", help="A post of the store instead, and why other posts show it to be spam."
)
@click.option("--platform", help="Where several platforms have a post of this id.")
@_SCORERS
@_JSON
@_common
def explain(
    text: str | None,
    post: str | None,
    platform: str | None,
    use: tuple[str, ...],
    as_json: bool,
    common: Common,
) -> None:
    """Tags of one TEXT, or of a stored post, and the words and features that made them."""
    from sentinel.explaining import explanation, explanation_lines, stored_explanation
    from sentinel.tagging import make_tagger

    if (text is None) == (post is None):
        both = " (both were given)" if text is not None else ""
        raise UsageError(f"explain needs a TEXT, or --post ID for a post of the store{both}")
    if platform is not None and post is None:
        raise UsageError("--platform goes with --post ID")
    settings = common.settings()
    tagger = make_tagger(settings.tag, use)
    if post is not None:
        with _opened(settings, create=False) as opened:
            found = stored_explanation(opened, settings, tagger, post, platform)
    else:
        found = explanation(tagger, text or "")
    if as_json:
        _print_json(found)
        return
    for line in explanation_lines(found):
        common.console.say(line)


@main.command()
@click.option(
    "-n", type=click.IntRange(min=0), help="How many posts to ask about; default 20, for --export 0."
)
@click.option("--export", "target", type=_FILE, help="Write the corrections, and -n posts to judge, as CSV.")
@click.option(
    "--import", "source", type=_FILE, help="Read corrections from such a CSV; undo in a cell takes one back."
)
@click.option("--seed", type=int, default=1, show_default=True, help="For the choice of posts.")
@_common
def label(n: int | None, target: Path | None, source: Path | None, seed: int, common: Common) -> None:
    """Correct tags at the terminal, the posts the models are unsure of first; or by way of a CSV file."""
    from sentinel.labels import export_labels, import_labels, label_posts

    if target is not None and source is not None:
        raise UsageError("label takes --export or --import, not both at once")
    settings = common.settings()
    with _opened(settings, create=False) as opened:
        if source is not None:
            import_labels(opened, settings, source, common.console)
        elif target is not None:
            export_labels(opened, settings, target, n or 0, seed, common.console)
        else:
            label_posts(opened, settings, 20 if n is None else n, seed, common.console)


@main.command()
@_PATHS
@click.option("--gold", multiple=True, type=click.Path(path_type=Path), help="The same as a PATH; repeat.")
@_SCORERS
@click.option(
    "--adjust/--no-adjust", default=True, help="Put the mean score right by the other half's labels."
)
@_JSON
@_common
def evaluate(
    paths: tuple[Path, ...],
    gold: tuple[Path, ...],
    use: tuple[str, ...],
    adjust: bool,
    as_json: bool,
    common: Common,
) -> None:
    """How good the models are: on CSV files with text and label (PATH), or on the store's corrections."""
    from sentinel.evaluation import evaluate as figures_of
    from sentinel.evaluation_text import figure_lines
    from sentinel.labelled import read_labelled, stored_corrections
    from sentinel.tagging import make_tagger

    settings = common.settings()
    tagger = make_tagger(settings.tag, use)
    if paths or gold:
        posts = read_labelled([*paths, *gold])
    else:
        with _opened(settings, create=False) as opened:
            posts = stored_corrections(opened)
    figures = figures_of(posts, tagger, adjust=adjust)
    if as_json:
        _print_json(figures)
        return
    for line in figure_lines(figures):
        common.console.say(line)


@main.command()
@click.option("--gold", multiple=True, type=click.Path(path_type=Path), help="CSV to be judged by; repeat.")
@click.option("--data", type=_FOLDER, help="Folder of labelled sets (CSV) to mix in.")
@_SCORERS
@click.option("-o", "--out", type=_FOLDER, default=Path("weights"), show_default=True, help="Output folder.")
@click.option("--seed", type=int, default=1, show_default=True, help="For what is held out and mixed in.")
@_common
def train(
    gold: tuple[Path, ...], data: Path | None, use: tuple[str, ...], out: Path, seed: int, common: Common
) -> None:
    """Teach the models by the store's corrections; what makes them worse is refused."""
    from sentinel.labelled import read_labelled, read_sets, stored_corrections
    from sentinel.training import refuse_none
    from sentinel.training import train as teach

    settings, console = common.settings(), common.console
    measured = read_labelled(gold) if gold else []
    others, left = read_sets(data) if data is not None else ([], [])
    for line in left:
        console.detail(line)
    with _opened(settings, create=False) as opened:
        corrections = stored_corrections(opened)
    lessons = teach(corrections, measured, others, settings.tag, use, out, seed)
    for lesson in lessons:
        for line in lesson.lines(settings.folder):
            console.say(line)
    refuse_none(lessons)


@main.command()
@click.option(
    "-o", "--out", type=_FOLDER, multiple=True, help="Report to check; repeat. Default: the settings'."
)
@_common
def check(out: tuple[Path, ...], common: Common) -> None:
    """Verify the store and the reports: damages, sums, days, copies, and tables against their manifest."""
    from sentinel.checking import beside_check
    from sentinel.checking import check as check_all

    settings = common.settings()
    try:
        with _opened(settings, create=False) as opened:
            check_all(opened, settings, out, common.console)
    except StoreError as error:  # so damaged that it does not open
        raise StoreError(beside_check(error)) from error


@main.command()
@click.argument("file", type=_FILE)
@_common
def backup(file: Path, common: Common) -> None:
    """Copy the store into a new FILE, as it is at one moment, also while a daemon writes to it."""
    settings = common.settings()
    with _opened(settings, create=False) as opened:
        size = opened.backup(file)
    common.console.say(f"{file}: {size:,} bytes; to go back, put it where the store is named")


@main.command()
@click.option("--author", metavar="NAME", help="All posts of this handle or id, and reposts of them.")
@click.option("--post", metavar="ID", help="This post and its reposts.")
@click.option("--before", metavar="DAY", help="All posts of days before this one, such as 2025-01-01.")
@click.option("--platform", metavar="NAME", help="Only on this network, such as x; with --author or --post.")
@click.option(
    "-o", "--out", type=_FOLDER, multiple=True, help="Report or export to write anew without it; repeat."
)
@_common
def erase(
    author: str | None,
    post: str | None,
    before: str | None,
    platform: str | None,
    out: tuple[Path, ...],
    common: Common,
) -> None:
    """Remove an author, a post or old posts from the store and from reports, and keep them out."""
    from sentinel.erasure import Target
    from sentinel.erasure import erase as erase_everywhere

    given = [text for text in (author, post, before) if text and text.strip(" @")]
    if len(given) != 1 or (before and platform):
        raise UsageError(
            "erase needs one of --author NAME, --post ID, --before DAY; --platform not with --before"
        )
    settings = common.settings()
    target = Target(author, post, _past_day("--before", before), platform and platform.lower())
    with _opened(settings, create=False) as opened:
        erase_everywhere(opened, settings, target, out, common.console)


@main.command()
@_common
def plugins(common: Common) -> None:
    """Everything installed, where it comes from, and its settings."""
    from sentinel.main_job import plugin_lines

    console = common.console
    for line in plugin_lines():
        console.say(line)


@main.command("check-plugin")
@click.argument("name")
@_PATHS
@click.option(
    "--kind",
    type=click.Choice(["collectors", "models", "dashboards"]),
    help="Default: any that has the name.",
)
@_common
def check_plugin(name: str, paths: tuple[Path, ...], kind: str | None, common: Common) -> None:
    """Hold an installed plug-in against its contract; exports of a format (PATHS) are read too."""
    from sentinel.conformance import check_plugin as check

    check(name, kind, paths, common.settings(), common.console)
