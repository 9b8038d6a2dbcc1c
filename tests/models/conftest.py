"""What the tests of the taggers share."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest
from sentinel_models.entities import Entities
from sentinel_models.language import Language
from sentinel_models.linear import Linear
from sentinel_models.spam import Spam
from sentinel_models.topics import Topics
from sentinel_models.zh import Zh

from sentinel.post import Columns

TagAll = Callable[[Sequence[str]], Columns]


@pytest.fixture(scope="session")
def tag_all() -> TagAll:
    """All taggers in the order of the pipeline; the Chinese scorer fills in what the English one leaves."""
    models = (Language(), Entities(), Topics(), Spam(), Linear(), Zh())

    def tag(texts: Sequence[str]) -> Columns:
        batch: Columns = {"text": list(texts), "lang": [None] * len(texts)}
        for model in models:
            tags = model.tag(batch)
            if "label" in batch:
                left = [label == "unscored" for label in batch["label"]]
                for name, values in tags.items():
                    known = zip(left, batch[name], values, strict=True)
                    tags[name] = [new if take else old for take, old, new in known]
            batch |= tags
        return batch

    return tag


@pytest.fixture(scope="session")
def corpora() -> ModuleType:
    """The list of training sets, which is no part of the installed package."""
    path = Path(__file__).parents[2] / "models" / "training" / "corpora.py"
    spec = spec_from_file_location("corpora", path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules["corpora"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module
