"""What is new since an earlier report: posts, announcements whose days are over by now, verdicts that changed.

"Earlier" is told by the files that a report left, never by a clock. A report that replaces the one it is compared with
names in its manifest what it was compared with; made again from the same store it is compared with that once more, so
that it stays the same file.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson

from sentinel.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SINCE", "STATE", "earlier_state", "news", "state_of"]

STATE: Final = "state"  #: keys of the manifest
SINCE: Final = "since"


def state_of(manifest: Mapping[str, Any], effects: pd.DataFrame, mood: pd.DataFrame) -> dict[str, Any]:
    """What a later report has to know of this one: posts, last day, and each announcement's standing.

    Parameters
    ----------
    manifest : what the report was made from. With the numbers it gives the digest that tells two reports apart.
    """
    last = str(mood["day"].max()) if len(mood) else ""
    primary = effects[
        (effects["family"] == "primary") & (effects["window"] == "reaction") & (effects["scope"] == "all")
    ]
    findings = {
        f"{row['date']} {row['title']}": {
            "date": row["date"],
            "title": row["title"],
            "cluster": row["cluster"],
            "verdict": row["verdict"],
            "complete": bool(row["last_day"] and last and row["last_day"] <= last),
            "effect": _number(row["effect"]),
            "q": _number(row["q"]),
        }
        for row in primary.to_dict("records")
    }
    digest = sha256(orjson.dumps(manifest, option=orjson.OPT_SORT_KEYS))
    for frame in (effects, mood):
        digest.update(frame.to_csv(index=False, lineterminator="\n").encode("utf-8", "replace"))
    n_posts = int(manifest["counts"].get("posts", 0))
    return {"digest": digest.hexdigest(), "posts": n_posts, "last_day": last, "findings": findings}


def _number(value: Any) -> float | None:
    return None if value is None or value != value else float(value)


def earlier_state(folder: Path, digest: str) -> dict[str, Any] | None:
    """The state that a report made now is compared with; ``None`` if there is nothing to compare with.

    Parameters
    ----------
    folder : where an earlier report lies.
    digest : of what the report of now is made from, where it replaces that in `folder`; else "". The same report is
        no earlier one: what it was itself compared with counts.

    Raises
    ------
    UsageError
        If the folder holds files of another kind under these names.
    """
    path = folder / "manifest.json"
    if not path.is_file():
        return None
    try:
        manifest = orjson.loads(path.read_bytes())
        state = manifest[STATE]
        if state["digest"] == digest:
            state = manifest.get(SINCE)
        return dict(state) if state else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise UsageError(
            f"{path}: not the manifest of a report of this version; give the folder of another report, or none"
        ) from None


def news(now: Mapping[str, Any], earlier: Mapping[str, Any]) -> dict[str, Any]:
    """What a reader of the earlier report does not know.

    Returns
    -------
    dict
        posts (how many more), total, last_day and earlier_last_day; announcements as lists of findings: completed
        (their days were not over), changed (another verdict; with "before"), added (not in the earlier calendar).
    """
    before, findings = earlier["findings"], now["findings"]
    known = {key: one for key, one in findings.items() if key in before}
    return {
        "posts": now["posts"] - earlier["posts"],
        "total": now["posts"],
        "last_day": now["last_day"],
        "earlier_last_day": earlier["last_day"],
        "completed": [one for key, one in known.items() if one["complete"] and not before[key]["complete"]],
        "changed": [
            one | {"before": before[key]["verdict"]}
            for key, one in known.items()
            if one["verdict"] != before[key]["verdict"]
        ],
        "added": [one for key, one in findings.items() if key not in before],
    }
