"""What the documents say is there, and what is there is in the documents."""

from __future__ import annotations

import re
from fnmatch import fnmatch
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import click
import pytest

from sentinel.cli import main
from sentinel.conformance import checks_of, examine
from sentinel.conformance_material import Material, Subject
from sentinel.source import Source
from sentinel.tagging import Tagger

ROOT = Path(__file__).parents[1]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TEXT = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
COMMANDS = sorted(name for name, command in main.commands.items() if not command.hidden)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str) -> None:
    command = main.commands[name]
    assert command.help
    for parameter in command.params:
        if isinstance(parameter, click.Option):
            assert parameter.help, f"{parameter.opts[0]} of {name} has no help"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_documents(name: str) -> None:
    assert re.search(rf"\bsentinel {name}\b", TEXT)


def test_every_command_in_the_documents_is_there() -> None:
    mentioned = set(re.findall(r"^(?:\$ )?sentinel ([a-z-]+)", TEXT, flags=re.MULTILINE))
    assert mentioned <= set(COMMANDS)


def test_every_option_in_the_documents_is_there() -> None:
    for name, rest in re.findall(r"^(?:\$ )?sentinel ([a-z-]+)([^#\n]*)", TEXT, flags=re.MULTILINE):
        known = {option for parameter in main.commands[name].params for option in parameter.opts}
        assert set(re.findall(r"(?<=\s)--?[a-z-]+", rest)) <= known, name


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The Python of docs/plugins.md, imported."""
    blocks = re.findall(
        r"```python\n(.*?)```", (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8"), flags=re.DOTALL
    )
    path = tmp_path_factory.mktemp("docs") / "plugin_examples.py"
    path.write_text("\n".join(blocks))
    spec = spec_from_file_location("plugin_examples", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_collector_of_the_documents_works(examples: ModuleType, tmp_path: Path) -> None:
    export = tmp_path / "export.txt"
    export.write_text("#tabbed\n2031-04-19T01:02:03Z\tsomebody\tQwen is great\nno tabs here\n")
    source = Source.of_file(export)
    assert examples.Tabbed.sniff(source) > 0.5
    (batch,) = examples.Tabbed(source).read()
    assert batch.posts["text"] == ["Qwen is great"]
    assert [reject.position for reject in batch.rejects] == ["line 3"]
    assert batch.skipped == {"comment": 1}


def test_the_model_of_the_documents_works(examples: ModuleType) -> None:
    tags = Tagger([examples.Shouting()]).tag({"text": ["QWEN IS SLOW", "calm", "17"], "lang": [None] * 3})
    assert tags["label"] == ["negative", "neutral", "unscored"]
    assert examples.Shouting().tag({"text": [], "lang": []})["label"] == []


def test_any_other_collector_of_the_documents_works(examples: ModuleType, tmp_path: Path) -> None:
    export = tmp_path / "board.json"
    export.write_text(
        '[{"board": "AI", "number": 1, "day": "2031-04-19", "body": "Qwen is fine"}, {"board": 7}]'
    )
    source = Source.of_file(export)
    assert examples.Board.sniff(source) > 0.5
    (batch,) = examples.Board(source, language="en").read()
    assert batch.posts["community"] == ["ai"]
    assert [reject.position for reject in batch.rejects] == ["item 2"]


@pytest.mark.parametrize(
    ("kind", "name"), [("collectors", "Board"), ("models", "Shouting"), ("dashboards", "Numbers")]
)
def test_the_plugins_of_the_documents_keep_the_contract(
    kind: str, name: str, examples: ModuleType, material: Material
) -> None:
    subject = Subject(kind, name.lower(), getattr(examples, name), material, {})
    failed = [str(verdict) for check in checks_of(subject) if (verdict := examine(check, subject)).problems]
    assert not failed


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", document.read_text(encoding="utf-8"))
    missing = [link for link in links if not (document.parent / link).exists()]
    assert not missing


def test_the_map_of_the_code_has_every_module_and_no_other() -> None:
    named = set(re.findall(r"`([a-z_*/]+)`", (ROOT / "docs" / "code.md").read_text(encoding="utf-8")))
    package = ROOT / "sentinel"
    for module in package.glob("[a-z]*.py"):
        assert any(fnmatch(module.stem, name) for name in named), f"{module.name} is not in the map"
    for name in named:
        assert list(package.glob(name if name.endswith("/") else f"{name}.py")), f"{name} is not there"


def test_make_targets_in_the_readme_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    assert (
        set(
            re.findall(
                r"^make ([a-z]+)", (ROOT / "README.md").read_text(encoding="utf-8"), flags=re.MULTILINE
            )
        )
        <= targets
    )
