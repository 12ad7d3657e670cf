"""The modules of the answer key, which are scripts and no package."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks" / "answer_key"
MODULES = ("entries", "judgement", "tally")


@pytest.fixture(scope="session")
def key_modules() -> Iterator[dict[str, ModuleType]]:
    """The pure modules by name, imported as `python benchmarks/answer_key` imports them."""
    if not FOLDER.is_dir():
        pytest.skip("the tests are not beside the benchmarks")
    before = {name: sys.modules.get(name) for name in MODULES}
    sys.path.insert(0, str(FOLDER))
    try:
        yield {name: importlib.import_module(name) for name in MODULES}
    finally:
        sys.path.remove(str(FOLDER))
        for name, module in before.items():
            sys.modules.pop(name, None)
            if module is not None:
                sys.modules[name] = module


@pytest.fixture(scope="session")
def key_file(key_modules: dict[str, ModuleType]) -> Path:
    return FOLDER / "key.toml"


@pytest.fixture
def entries(key_modules: dict[str, ModuleType]) -> ModuleType:
    return key_modules["entries"]


@pytest.fixture
def judgement(key_modules: dict[str, ModuleType]) -> ModuleType:
    return key_modules["judgement"]


@pytest.fixture
def tally(key_modules: dict[str, ModuleType]) -> ModuleType:
    return key_modules["tally"]
