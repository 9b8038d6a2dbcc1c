"""What ``sentinel init`` writes: every setting with its comment, an empty calendar, an inbox."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sentinel.errors import SentinelError

__all__ = ["CALENDAR", "write_starter"]

CALENDAR: Final = "announcements.csv"

_SETTINGS: Final = """\
# Settings of sentinel. Every key may be left out; a key that is not known is an error.
# In any text ${NAME} stands for an environment variable, for what must not be in a file: passwords, addresses.

# Where posts and tags are kept. A relative path starts at this file's folder.
store = "sqlite:///sentinel.db"

# Whose midnight ends a day: an IANA name, or "NYSE" for market days (16:00 to 16:00 in New York).
timezone = "Asia/Shanghai"

# Your own calendar (CSV with date,title, or ICS). Without this line, the one that ships with sentinel.
# announcements = "announcements.csv"

# Your own sentences to test (TOML, see `sentinel claims`). Without this line, those that ship with sentinel.
# claims = "claims.toml"

# Windows of announcements of at least this importance (1 to 3) are left out of everybody else's baseline.
exclude_importance = 3

# What authors are called in reports and tables: "pseudonym" (a keyed hash, the same for the same key) or "plain".
# Without a key of your own anybody can find out whether a name that they have in mind is in a table.
authors = "pseudonym"
# pseudonym_key = "${SENTINEL_PSEUDONYM_KEY}"

# Posts older than this are erased once a day by the daemon, as by `sentinel erase --before DAY`.
# keep = "400 days"

# Figures of the daemon for Prometheus (node_exporter's textfile collector).
# metrics = "sentinel.prom"

# The same text counts once within so many days.
copy_days = 1
# Long texts that differ in a few words are the same text too (worked out from the whole store at each run):
# near_copies = true

# How much an author's other posts, and other posts of a text, say of whether a post is spam: 0 for nothing, 2 for twice
# as much (in log odds).
spam_patterns = 1

# What to read when `sentinel run` is given no PATH. The format of each file is found by looking at it.
[[collect]]
use = "folder"
path = "inbox/"
# For `sentinel daemon` (see docs/daemon.md); a [[report]] takes these too:
# every = "15 min"                        # or at = "07:00", or cron = "0 7 * * mon-fri"
# between = "mon-fri 09:00 and 17:00"     # hours in which it may start
# zone = "America/New_York"               # whose clock that is; default: timezone
# timeout = "1 h"
# memory = "2 GB"

# Who judges the mood: linear (English), zh (Chinese), vader, or transformers with the key model (see its docs). In this
# order; the first that can judge a post does.
# [[tag]]
# use = "linear"
# weights = "weights/linear.npz" # what `sentinel train` learned from your corrections
# [[tag]]
# use = "zh"

# Topics and names of your own, or more words for ours (docs/topics.md); the same file for entities, linear and zh.
# [[tag]]
# use = "topics"
# taxonomy = "words.toml"

[[report]]
use = "announcements"
out = "report/"
# mode = "folder"        # the drawing library beside the page, for many reports in one folder; "file" holds all
# lang = "zh"            # en or zh, whatever the command line says

# A share's prices, shown beside the mood: a CSV with a date and a close for each session. A market proxy makes its
# returns abnormal ones. calendar: NYSE or HKEX (with pip install "mood-sentinel[market]" it knows their holidays).
# [price]
# path = "BABA.csv"
# market = "index.csv"
# date = "Date"
# close = "Adj Close"
# calendar = "NYSE"

# Alerts of `sentinel daemon`: a rule, and a file, mailto:NAME@HOST, https://… or an address of apprise. Secrets stand
# in environment variables, named as ${NAME}. `sentinel daemon --dry-run` shows what each rule would raise now.
# [[alert]]
# when = "mood falls by 2.5 sigma in 24 h and n_authors >= 30"
# to = "alerts.jsonl"
# [[alert]]
# when = "no posts for 1 day"
# to = ["alerts.jsonl", "mailto:me@example.org"]
# at = "08:00"                            # collected, sent once a day
# cool_down = "1 day"
# [smtp]
# host = "mail.example.org"
# from = "sentinel@example.org"
# user = "sentinel"
# password = "${SMTP_PASSWORD}"

# A change of query, keyword list, quota or archive: no window of that source crosses it.
# [[break]]
# date = 2025-06-01
# source = "x"
# reason = "new search query"
"""

_EMPTY_CALENDAR: Final = "date,time_utc,timezone,title,category,expected_sign,importance,source,note\n"


def write_starter(folder: Path) -> Iterator[str]:
    """Write the three into `folder`; what is there already stays.

    Yields
    ------
    str
        A line a file, saying what was done.

    Raises
    ------
    SentinelError
        If the folder cannot be written.
    """
    try:
        (folder / "inbox").mkdir(parents=True, exist_ok=True)
        yield f"{folder / 'inbox'}/: put exports here"
        for name, content in (("sentinel.toml", _SETTINGS), (CALENDAR, _EMPTY_CALENDAR)):
            path = folder / name
            try:
                with path.open("x", encoding="utf-8") as stream:
                    stream.write(content)
                yield f"{path}: written"
            except FileExistsError:
                yield f"{path}: is there already, left as it is"
    except OSError as error:
        raise SentinelError(f"{folder} cannot be written: {error.strerror or error}") from error
