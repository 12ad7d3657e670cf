from __future__ import annotations

import ast
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

import gilbench
from gilbench import errors, model


def test_names_all_of_the_model_and_of_the_errors() -> None:
    public = {*model.__all__, *errors.__all__} - {"nearest"}
    assert public < set(gilbench.__all__)


def test_type_checkers_see_the_names_that_load_lazily() -> None:
    tree = ast.parse(Path(gilbench.__file__).read_text(encoding="utf-8"))
    typed = {
        alias.name: node.module
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("gilbench")
        for alias in node.names
    }
    assert set(typed) == set(gilbench.__all__)
    homes = {name: gilbench._HOMES.get(name, "gilbench.model") for name in typed}
    assert homes == typed


@pytest.mark.parametrize("name", gilbench.__all__)
def test_every_name_loads(name: str) -> None:
    home = import_module(gilbench._HOMES.get(name, "gilbench.model"))
    assert getattr(gilbench, name) is getattr(home, name)


def test_has_no_other_attributes() -> None:
    with pytest.raises(AttributeError, match="module 'gilbench' has no attribute 'runn'"):
        gilbench.runn  # noqa: B018


def test_lists_its_names() -> None:
    assert set(gilbench.__all__) <= set(dir(gilbench))


def test_importing_it_loads_nothing_else() -> None:
    code = (
        "import sys; before = set(sys.modules); import gilbench; "
        "print(*sorted(set(sys.modules) - before))"
    )
    # -S: no `site`, whose .pth files import on their own.
    environment = {"PYTHONPATH": str(Path(gilbench.__file__).parents[1])}
    loaded = subprocess.run(
        [sys.executable, "-S", "-c", code],
        check=True,
        capture_output=True,
        text=True,
        env=environment,
    )
    assert loaded.stdout.split() == ["gilbench"]
