"""What a dashboard must keep."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from sentinel.conformance_material import NotApplicable, Subject
from sentinel.ports import Dashboard
from sentinel.results import Results

__all__ = ["DASHBOARD_CHECKS"]

NAME: Final = re.compile(r"[\w-]+(\.[\w-]+)+")
SCRIPT: Final = re.compile(r"(?s)<script\b[^>]*>.*?</script>")
ADDRESS: Final = r"""["']?(?:https?:)?//"""
ELEMENTS: Final = "script|img|iframe|embed|object|source|video|audio"
LOADED: Final = {
    "a script, an image or a frame": rf"<(?:{ELEMENTS})\b[^>]*\b(?:src|data)\s*=\s*{ADDRESS}",
    "a style or a font": rf"<link\b[^>]*\bhref\s*=\s*{ADDRESS}|@import|url\(\s*{ADDRESS}",
}
#: What a post may say; nothing of it may reach a page as markup.
MARKUP: Final = "</script><script>alert('sentinel')</script><img src=x onerror=alert('sentinel')>"
LINK: Final = "javascript:alert('sentinel')"


def is_a_dashboard(subject: Subject) -> Iterator[str]:
    """It has a name and ``render``."""
    if not isinstance(subject.made, Dashboard):
        missing = [name for name in ("name", "render") if not hasattr(subject.made, name)]
        yield f"it lacks {', '.join(missing)}"


def gives_files_with_plain_names(subject: Subject) -> Iterator[str]:
    """File names without folders, and bytes."""
    files = subject.made.render(subject.material.results)
    if not isinstance(files, Mapping) or not files:
        yield f"render gave {type(files).__name__}; expected a mapping with at least one file"
        return
    for name, content in files.items():
        if not isinstance(name, str) or not NAME.fullmatch(name):
            yield f"{name!r} is no plain file name, such as index.html"
        if not isinstance(content, bytes) or not content:
            yield f"{name!r} is {type(content).__name__}, or empty; expected bytes"


def gives_the_same_bytes_again(subject: Subject) -> Iterator[str]:
    """The same results give the same files, from another instance too."""
    first = subject.made.render(subject.material.results)
    again = subject.factory(**subject.settings).render(subject.material.results)
    for name in sorted(first.keys() | again.keys()):
        if first.get(name) != again.get(name):
            yield f"{name} differs the second time"


def draws_an_empty_store(subject: Subject) -> Iterator[str]:
    """A report on nothing says so, instead of failing."""
    if not subject.made.render(subject.material.no_results):
        yield "without posts there is no file"


def gives_pages_that_load_nothing(subject: Subject) -> Iterator[str]:
    """Self-contained, and kept so by a policy of their own."""
    for name, page in _pages(subject, subject.material.results).items():
        markup = SCRIPT.sub(lambda script: script.group()[: script.group().index(">") + 1], page)
        for what, pattern in LOADED.items():
            if found := re.search(pattern, markup, re.IGNORECASE):
                yield f"{name} loads {what}: {found.group()[:80]!r}"
        if "Content-Security-Policy" not in markup:
            yield f"{name} has no Content-Security-Policy"


def marks_synthetic_posts(subject: Subject) -> Iterator[str]:
    """A page on generated posts says so."""
    for name, page in _pages(subject, subject.material.results).items():
        if "synthetic" not in SCRIPT.sub("", page).lower():
            yield f"{name} does not say that the posts are synthetic"


def shows_markup_as_text(subject: Subject) -> Iterator[str]:
    """What a post or a calendar says cannot run."""
    for name, page in _pages(subject, _hostile(subject.material.results)).items():
        for danger in ("<script>alert('sentinel')", "<img src=x onerror", f'href="{LINK}', f"href='{LINK}"):
            if danger in page:
                yield f"{name} holds what a post said as markup: {danger!r}"


def _hostile(results: Results) -> Results:
    """The same numbers, with markup in the place of every text that somebody outside wrote."""
    said = {"text": MARKUP, "author": MARKUP, "url": LINK}
    posts = {name: getattr(results, name).assign(**said) for name in ("examples", "change_posts")}
    titled = {name: getattr(results, name).assign(title=MARKUP) for name in ("effects", "announcements")}
    rejects = results.rejects.assign(reason=MARKUP, excerpt=MARKUP, source=MARKUP)
    inputs = results.inputs.assign(name=MARKUP, message=MARKUP)
    claims = results.claims.assign(claim=MARKUP, posts=MARKUP)
    return replace(results, claims=claims, rejects=rejects, inputs=inputs, **posts, **titled, notes=[MARKUP])


def _pages(subject: Subject, results: Results) -> dict[str, str]:
    files = subject.made.render(results)
    pages = {
        name: content.decode("utf-8") for name, content in files.items() if name.endswith((".html", ".htm"))
    }
    if not pages:
        raise NotApplicable("it makes no HTML")
    return pages


DASHBOARD_CHECKS: Final = (
    is_a_dashboard,
    gives_files_with_plain_names,
    gives_the_same_bytes_again,
    draws_an_empty_store,
    gives_pages_that_load_nothing,
    marks_synthetic_posts,
    shows_markup_as_text,
)
