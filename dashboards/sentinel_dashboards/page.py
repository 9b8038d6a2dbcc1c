"""The page: the only module that knows HTML. One file, nothing fetched, nothing run but its own scripts.

The content security policy allows exactly the inline scripts whose SHA-256 it lists; post text reaches the page
through Jinja's autoescape alone, as text.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from .palette import THEMES

__all__ = ["LIBRARY", "get_ready", "library", "write_page"]

TEMPLATES: Final = Path(__file__).parent / "templates"
LIBRARY: Final = "plotly.min.js"
_BESIDE: Final = Markup(f'<script src="{LIBRARY}"></script>')
SCRIPTS: Final = ("figures.js", "timeline.js", "effects.js", "closeups.js", "finder.js", "start.js")


def write_page(content: Mapping[str, Any], data: Mapping[str, Any], *, apart: bool = False) -> bytes:
    """The page as UTF-8.

    Parameters
    ----------
    content : what the templates show; every text in it is escaped.
    data : what the page's script draws from; JSON values only, NaN is not one.
    apart : the library lies beside the page, in `LIBRARY`.
    """
    bodies = {
        "theme": _source("theme.js"),
        "data": _json({**data, "themes": THEMES}),
        **({} if apart else {"plotly": _plotly()}),
        "page": '"use strict";\n(() => {\n' + "\n".join(_source(name) for name in SCRIPTS) + "})();\n",
    }
    html = (
        _environment()
        .get_template("page.html.j2")
        .render(
            **content,
            policy=_policy(bodies.values(), apart),
            scripts={"plotly": _BESIDE} | {name: _script(name, body) for name, body in bodies.items()},
            style=Markup(_theme_style() + _source("style.css")),
        )
    )
    return html.encode("utf-8", "replace")


@cache
def get_ready(*, apart: bool = False) -> None:
    """Do what does not depend on what a page shows: compile the templates, read the library."""
    for name in _environment().list_templates(extensions=["j2"]):
        _environment().get_template(name)
    if not apart:
        _plotly()


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _source(name: str) -> str:
    """A script or style sheet of the package."""
    return (TEMPLATES / name).read_text(encoding="utf-8")


@cache
def _plotly() -> str:
    """The library, some 5 MB; imported only when a page is made."""
    from plotly.offline import get_plotlyjs

    return str(get_plotlyjs())


def _json(data: Any) -> str:
    """JSON that can stand inside a script element: no character that could end it or begin a comment."""
    text = json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _script(name: str, body: str) -> Markup:
    """A script element; its body is exactly what the policy's hash was taken of."""
    kind = ' type="application/json"' if name == "data" else ""
    return Markup(f'<script id="script-{name}"{kind}>{body}</script>')


def library() -> bytes:
    """The library as a file of its own, for pages that are written `apart` from it."""
    return _plotly().encode()


def _policy(bodies: Iterable[str], apart: bool) -> str:
    """What the page may do: run these scripts, draw, and nothing else."""
    digests = (base64.b64encode(hashlib.sha256(body.encode()).digest()).decode() for body in bodies)
    allowed = " ".join(f"'sha256-{digest}'" for digest in digests)
    if apart:  # by place and not by hash: browsers check no hash of a script that a local file loads
        allowed += " 'self'"
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )


def _theme_style() -> str:
    """The palette as custom properties: by the system's setting, unless the reader chose; light on paper."""
    light, dark = (";".join(f"--{k}:{v}" for k, v in THEMES[name].items()) for name in ("light", "dark"))
    return (
        f":root{{color-scheme:light;{light}}}\n"
        f"@media screen and (prefers-color-scheme:dark){{:root:not([data-theme=light]){{color-scheme:dark;{dark}}}}}\n"
        f"@media screen{{:root[data-theme=dark]{{color-scheme:dark;{dark}}}}}\n"
    )
