"""The main job on a cluster: inputs into a lake, and a report on all that the lake holds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from sentinel.announcements import read_announcements
from sentinel.claims_file import read_claims
from sentinel.console import Console
from sentinel.errors import SourceError, UsageError
from sentinel.lake.engine import Made, backfill, cluster
from sentinel.lake.files import Folder, as_url
from sentinel.lake.posts import AUTHOR_DAYS, LakePosts, write_author_days
from sentinel.main_job import write_report
from sentinel.opening import pseudonyms_of
from sentinel.pipeline import dashboards_of
from sentinel.plugins import find
from sentinel.settings import Settings
from sentinel.tagging import make_tagger

__all__ = ["run_on_cluster"]


def run_on_cluster(
    settings: Settings,
    paths: Sequence[Path | str],
    lake_url: str,
    out: Path,
    console: Console,
    *,
    scheduler: str | None = None,
    use: str | None = None,
    seed: int = 1,
    lang: str = "en",
) -> None:
    """Read, tag and count on a cluster, then write the report as the main job does.

    Parameters
    ----------
    paths : files, folders and URLs; without any, the folders of the settings' ``[[collect]]``.
    lake_url : folder or URL of the lake.
    scheduler : address of a Dask scheduler; ``None`` starts worker processes on this machine.

    Raises
    ------
    UsageError
        If there is nothing to read from, or the cluster cannot be reached.
    SourceError
        If none of the inputs could be read.
    """
    if settings.near_copies:
        raise UsageError(
            "near_copies compares every text of a store with every other, which --engine dask does not; turn it off"
        )
    urls = [as_url(path) for path in paths] or _configured(settings)
    lake = Folder(lake_url if "://" in as_url(lake_url) else str(Path(lake_url).absolute()))
    if not urls and not lake.names():
        raise UsageError("nothing to read: give a PATH or URL, or a [[collect]] with a path in sentinel.toml")
    read_announcements(settings.announcements)
    read_claims(settings.claims)
    make_tagger(settings.tag)
    for name in dashboards_of(settings):
        find("dashboards", name)
    with cluster(scheduler) as client:
        made = backfill(client, urls, lake.url, settings, use)
    _say(made, console)
    pseudonyms = pseudonyms_of(settings)
    write_author_days(lake, made.cells, pseudonyms)
    console.say(f"lake: {lake.url} (tagged posts by day, {AUTHOR_DAYS})")
    write_report(LakePosts(lake, made, pseudonyms), settings, out, seed, lang, console)
    if made.entries and all(entry["status"] == "refused" for entry in made.entries):
        raise SourceError("none of the inputs could be read")


def _configured(settings: Settings) -> list[str]:
    """Folders that the settings watch; live sources are no matter of a cluster."""
    return [str(entry.settings["path"]) for entry in settings.collect if "path" in entry.settings]


def _say(made: Made, console: Console) -> None:
    for entry in made.entries:
        if entry["status"] == "refused":
            console.warn(entry["message"])
        elif entry["rejects"]:
            position, reason, _ = entry["rejects"][0]
            console.warn(
                f"{entry['name']}: {len(entry['rejects']):,} of {entry['rows']:,} rows could not be read, "
                f"the first: {position}: {reason}; all in rejects.csv"
            )
