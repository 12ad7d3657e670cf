from __future__ import annotations

import functools
import json
import sys
import time
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from typing import TYPE_CHECKING

import pytest

from gilbench.pytest_plugin import target

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

TEXT = """
import functools

def plain():
    pass

@functools.lru_cache
def wrapped():
    pass

class Group:
    @staticmethod
    def inside():
        pass

    def bound(self):
        pass

nameless = lambda: None
"""


@pytest.fixture
def name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Return the name of a module that is found on the path; it is forgotten afterwards."""
    (tmp_path / "others_own.py").write_text(TEXT)
    package = tmp_path / "others_package" / "deep"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "module.py").write_text(TEXT)
    monkeypatch.syspath_prepend(tmp_path)
    yield "others_own"
    for loaded in [each for each in sys.modules if each.startswith("others_")]:
        del sys.modules[loaded]


class TestAHostCanImport:
    @pytest.mark.parametrize("module", ["others_own", "others_package.deep.module"])
    def test_what_a_module_on_the_path_has_by_this_name(self, name: str, module: str) -> None:
        own = import_module(module)
        for function in (own.plain, own.wrapped, own.Group.inside):
            assert target.a_host_can_import(function)

    @pytest.mark.parametrize("function", [time.time, json.JSONDecoder, dict])
    def test_what_the_standard_library_has(self, function: Callable[[], object]) -> None:
        assert target.a_host_can_import(function)

    def test_nothing_without_a_name_of_its_own(self, name: str) -> None:
        own = import_module(name)

        def closure() -> None:
            pass

        for function in (
            own.nameless,
            own.Group().bound,
            functools.partial(own.plain),
            closure,
            lambda: None,
        ):
            assert not target.a_host_can_import(function)

    def test_not_what_was_replaced(self, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        own = import_module(name)
        function = own.plain
        monkeypatch.setattr(own, "plain", lambda: None)
        assert not target.a_host_can_import(function)
        monkeypatch.delattr(own, "plain")
        assert not target.a_host_can_import(function)

    def test_not_what_another_file_of_this_name_hides(self, name: str, tmp_path: Path) -> None:
        hidden = tmp_path / "hidden" / "others_own.py"
        hidden.parent.mkdir()
        hidden.write_text(TEXT)
        spec = spec_from_file_location(name, hidden)
        assert spec is not None
        assert spec.loader is not None
        module = sys.modules[name] = module_from_spec(spec)
        spec.loader.exec_module(module)
        assert not target.a_host_can_import(module.plain)

    def test_not_what_is_not_on_the_path(self, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        own = import_module(name)
        monkeypatch.setattr(sys, "path", [])
        sys.path_importer_cache.clear()
        assert not target.a_host_can_import(own.plain)

    def test_what_is_in_the_current_folder(
        self, name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        own = import_module(name)
        monkeypatch.setattr(sys, "path", [each for each in sys.path if each != str(tmp_path)])
        monkeypatch.chdir(tmp_path)
        assert target.a_host_can_import(own.plain)

    def test_not_what_main_has(self, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        own = import_module(name)
        monkeypatch.setattr(own.plain, "__module__", "__main__")
        assert not target.a_host_can_import(own.plain)

    def test_imports_nothing(self, name: str) -> None:
        own = import_module(name)
        own.plain.__module__ = "others_package.deep.module"
        assert not target.a_host_can_import(own.plain)
        assert "others_package" not in sys.modules


class TestNames:
    def test_functions_are_called(self) -> None:
        def closure() -> None:
            pass

        assert target.name_of(closure) == "closure()"
        assert target.name_of(lambda: None) == "<lambda>()"
        assert target.name_of({}.copy) == "dict.copy()"

    def test_what_has_no_name_is_shown(self) -> None:
        partial = functools.partial(len, b"")
        assert target.name_of(partial) == repr(partial)

    def test_texts_are_one_line_and_cut(self) -> None:
        assert target.name_of("d.sort();\n  d.clear()") == "'d.sort(); d.clear()'"
        assert target.name_of("x" * 61) == repr("x" * 59 + "…")
        assert target.name_of("x" * 60) == repr("x" * 60)
