"""Worlds with a known effect, for the tests of mood and effects."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="session")
def worlds() -> ModuleType:
    """The module ``worlds.py`` beside this file; tests are no package it could be imported from."""
    spec = spec_from_file_location("worlds", Path(__file__).with_name("worlds.py"))
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules["worlds"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module
