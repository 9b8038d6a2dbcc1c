"""What an export format must keep, tried on good, damaged and foreign files."""

from __future__ import annotations

import io
import random
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Final

from sentinel.conformance_batches import problems_of_batch
from sentinel.conformance_material import HOLDS_NO_POSTS, NotApplicable, Subject
from sentinel.counting import counted
from sentinel.errors import SourceError
from sentinel.formats import SURE_ENOUGH, recognise, sniffed
from sentinel.ports import Batch, FileFormat
from sentinel.source import Source, Unit

__all__ = ["FORMAT_CHECKS"]

CLAIMED: Final = 0.5  # as sure as that, it says that the file is its own
FEW: Final = 2  # posts that hostile files may be taken to hold
AGREEMENT: Final = 0.99
DAMAGED: Final = 24  # variants of an export
PIECE: Final = 200_000  # bytes of an export that are damaged


def sniffs_any_file(subject: Subject) -> Iterator[str]:
    """From 0 to 1, and never an error."""
    for source in [*subject.material.hostile, *subject.material.sample]:
        claim = subject.claim(source)
        if not 0 <= claim <= 1:
            yield f"sniff says {claim} of {source.name}; expected 0 to 1"


def claims_nothing_without_posts(subject: Subject) -> Iterator[str]:
    """Neither prose, nor a log-in page, nor binary data."""
    for source in subject.material.hostile:
        if source.name in HOLDS_NO_POSTS and subject.claim(source) >= SURE_ENOUGH:
            yield f"sniff says {subject.claim(source)} of {source.name}, which holds no posts"


def leaves_other_formats_alone(subject: Subject) -> Iterator[str]:
    """An export that another format knows is read by that one, or to the same posts."""
    for source in subject.material.sample:
        mine = subject.claim(source)
        others = {
            name: sniffed(factory, source)
            for name, factory in subject.material.formats.items()
            if name != subject.name
        }
        rival = max(others, key=lambda name: others[name], default="")
        if not rival or mine < SURE_ENOUGH or mine < others[rival]:
            continue
        if mine == others[rival]:
            yield f"{source.name}: sniff says {mine}, and so does {rival}; one of them must know better"
        elif others[rival] >= CLAIMED and not _agree(subject, rival, source):
            yield (
                f"{source.name}: sniff says {mine}, more than {rival} with {others[rival]}, "
                "but it reads other posts from it"
            )


def _agree(subject: Subject, rival: str, source: Source) -> bool:
    theirs = set(_post_ids(subject.material.formats[rival](source).read()))
    mine = set(_post_ids(subject.reader(source).read()))
    return len(mine & theirs) >= AGREEMENT * len(mine | theirs)


def _post_ids(batches: Iterable[Batch]) -> list[str]:
    return [post_id for batch in batches for post_id in batch.posts.get("post_id", [])]


def its_exports_are_recognised(subject: Subject) -> Iterator[str]:
    """Among all installed formats it is the surest of them."""
    if not subject.exports:
        raise NotApplicable("no export of this format is at hand; name one behind the plug-in")
    for source in subject.exports:
        try:
            found = recognise(source)
        except SourceError as error:
            yield f"{error} (its own sniff says {subject.claim(source)})"
            continue
        if found.plugin.name != subject.name:
            yield (
                f"{source.name} is taken for {found.plugin.name} ({found.confidence}); "
                f"its own sniff says {subject.claim(source)}"
            )


def finds_exports_of_several_files(subject: Subject) -> Iterator[str]:
    """``unit`` is optional; it names files that are there, or says that there is no such export."""
    find_unit = getattr(subject.factory, "unit", None)
    if find_unit is None:
        raise NotApplicable("it has no unit, so each of its exports is one file")
    for names in ([], ["data/", "a b.txt", "ä/1.csv"], [source.name for source in subject.material.hostile]):
        unit = find_unit(names)
        if unit is None:
            continue
        if not isinstance(unit, Unit) or not unit.members or not unit.members <= set(names):
            yield f"unit({names}) is {unit!r}; expected a Unit of some of these names, or None"


def reads_its_exports(subject: Subject) -> Iterator[str]:
    """To posts that keep the contract."""
    any_posts = False
    for source in _own(subject):
        reader = subject.reader(source)
        if not isinstance(reader, FileFormat):
            yield "it is no file format: name, sniff and read are needed"
            return
        n_posts = n_rejects = 0
        for batch in reader.read(None):
            yield from problems_of_batch(batch, source.name)
            n_posts, n_rejects = n_posts + batch.n_posts, n_rejects + len(batch.rejects)
        if n_rejects > n_posts:
            yield f"{source.name}: {counted(n_rejects, 'reject')} and {counted(n_posts, 'post')}; is it of this format"
        any_posts |= n_posts > 0
    if not any_posts:
        yield "its exports hold no posts"


def keeps_the_mark_of_generated_posts(subject: Subject) -> Iterator[str]:
    """Without it, generated posts would mix with real ones."""
    sources = [source for source in subject.material.sample if _is_own(subject, source)]
    if not sources:
        raise NotApplicable("no part of the built-in sample is of this format")
    for source in sources:
        for batch in subject.reader(source).read():
            if set(batch.posts.get("synthetic", [None])) - {True} and batch.n_posts:
                yield f"{source.name}: the field synthetic of a row is not in the column synthetic"
                break


def reads_the_same_twice(subject: Subject) -> Iterator[str]:
    """The same bytes give the same posts, rejects and counts."""
    for source in _own(subject):
        first, again = (list(subject.reader(source).read(None)) for _ in range(2))
        if first != again:
            yield f"{source.name}: the second reading differs from the first"


def goes_on_from_a_cursor(subject: Subject) -> Iterator[str]:
    """Reading again from a batch's cursor gives what follows, and nothing twice."""
    tried = False
    for source in _own(subject):
        batches = list(subject.reader(source).read(None))
        for number, batch in enumerate(batches):
            if batch.cursor is None:
                continue
            tried = True
            rest = _post_ids(subject.reader(source).read(batch.cursor))
            wanted = _post_ids(batches[number + 1 :])
            if rest != wanted:
                got = counted(len(rest), "post")
                yield f"{source.name}: read({batch.cursor!r}) gives {got}; expected {len(wanted)}"
                break
    if not tried:
        raise NotApplicable("its batches have no cursor, so an interrupted export is read from its start")


def reads_or_refuses_what_is_not_its_own(subject: Subject) -> Iterator[str]:
    """In rejects or a ``SourceError``, never in another error."""
    for source in subject.material.hostile:
        n_posts = 0
        with suppress(SourceError):
            for batch in subject.reader(source).read(None):
                yield from problems_of_batch(batch, source.name)
                n_posts += batch.n_posts
        if n_posts > FEW:
            yield f"{source.name}: {counted(n_posts, 'post')}, where there are none"


def reads_or_refuses_damaged_exports(subject: Subject) -> Iterator[str]:
    """Cut, with bytes changed, and with pieces left out."""
    dice = random.Random("damaged exports")
    files = [source for source in _own(subject) if not source.members()]
    if not files:
        raise NotApplicable("its exports are folders")
    for number in range(DAMAGED):
        source = files[number % len(files)]
        with source.open() as stream:
            content = _damaged(dice, stream.read(PIECE))
        damaged = _in_memory(f"{source.name} (damaged, number {number})", source, content)
        try:
            with suppress(SourceError):
                subject.claim(damaged)
                for batch in subject.reader(damaged).read(None):
                    yield from problems_of_batch(batch, damaged.name)
        except Exception as error:  # whatever it is, the user would see it instead of a reject
            yield f"{damaged.name}: {type(error).__name__}: {error}"


def _damaged(dice: random.Random, content: bytes) -> bytes:
    if not content:
        return content
    at = dice.randrange(len(content))
    how = dice.randrange(3)
    if how == 0:
        return content[:at]
    if how == 1:
        return content[:at] + content[at + dice.choice((1, 10, 1000)) :]
    changed = bytearray(content)
    for _ in range(dice.choice((1, 3, 30))):
        changed[dice.randrange(len(changed))] = dice.randrange(256)
    return bytes(changed)


def _in_memory(name: str, like: Source, content: bytes) -> Source:
    return Source(name, like.path, len(content), lambda: io.BytesIO(content))


def _is_own(subject: Subject, source: Source) -> bool:
    return subject.claim(source) >= CLAIMED


def _own(subject: Subject) -> list[Source]:
    """Exports of the format: those its owner gave, and the parts of the sample that it claims."""
    found = [*subject.exports, *(source for source in subject.material.sample if _is_own(subject, source))]
    if not found:
        raise NotApplicable("no export of this format is at hand; name one behind the plug-in")
    return found


FORMAT_CHECKS: Final = (
    sniffs_any_file,
    claims_nothing_without_posts,
    leaves_other_formats_alone,
    its_exports_are_recognised,
    finds_exports_of_several_files,
    reads_its_exports,
    keeps_the_mark_of_generated_posts,
    reads_the_same_twice,
    goes_on_from_a_cursor,
    reads_or_refuses_what_is_not_its_own,
    reads_or_refuses_damaged_exports,
)
