"""The order of the layers, as CONTRIBUTING.md has it: imports point down only, and stay light.

Nothing here imports gilbench: modules are read as text, so that an import which no test happens to
execute counts too.
"""

from __future__ import annotations

import ast
from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class When(StrEnum):
    """When an import is carried out."""

    LOADING = "as the module loads"
    CALLING = "inside a function"
    TYPING = "for type checkers only"


# From top to bottom. A module may import its own layer and those below it.
LAYERS: Final = (
    frozenset({"cli", "__main__", "pytest_plugin"}),
    frozenset({"report"}),
    frozenset({"studies"}),
    frozenset({"results"}),
    frozenset({"experiment"}),
    frozenset({"host"}),
    frozenset({"plugin"}),
    frozenset({"backends", "workloads", "trials"}),
    frozenset({"observer", "worker"}),
    frozenset(
        {
            "machine",
            "discovery",
            "stats",
            "model",
            "evidence",
            "comparison",
            "quantities",
            "errors",
            "durations",
            "labels",
            "sizes",
            "_version",
        }
    ),
    frozenset({"_native"}),
)

# Third-party packages that one layer owns, and when its owners may import them.
OWNERS: Final[Mapping[str, Mapping[str, frozenset[When]]]] = {
    "rich": {"report": frozenset(When), "cli": frozenset({When.CALLING, When.TYPING})},
    "click": {"cli": frozenset(When)},
    "mashumaro": {"results": frozenset(When)},
}

# What runs in hosts and workers, subinterpreters among them, and what must never come along.
LIGHT: Final = frozenset({"worker", "observer", "host", "workloads", "backends", "plugin"})
HEAVY: Final = frozenset({"click", "mashumaro", "numpy", "platformdirs", "psutil", "rich"})

SOURCE: Final = Path(__file__).resolve().parents[1] / "src"
PACKAGE: Final = "gilbench"

if not (SOURCE / PACKAGE).is_dir():
    pytest.skip("the tests are not beside the sources", allow_module_level=True)


@dataclass(frozen=True, kw_only=True)
class Import:
    """That `importer` (a dotted name, at `place`: file and line) imports `target`."""

    importer: str
    place: str
    target: str
    when: When


class Collector(ast.NodeVisitor):
    """Collects the imports of one module, wherever in it they stand."""

    def __init__(self, module: str, path: Path, known: Mapping[str, Path]) -> None:
        self.module, self.path, self.known = module, path, known
        self.when = When.LOADING
        self.found: list[Import] = []

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            self._add(alias.name, node.lineno)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        origin = ".".join(filter(None, (self._parent(node.level), node.module)))
        for alias in node.names:
            submodule = f"{origin}.{alias.name}"
            self._add(submodule if submodule in self.known else origin, node.lineno)

    def visit_If(self, node: ast.If) -> None:
        if ast.unparse(node.test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}:
            self._visit_all(node.body, When.TYPING)
            self._visit_all(node.orelse, self.when)
        else:
            self.generic_visit(node)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._visit_all(node.body, When.TYPING if self.when is When.TYPING else When.CALLING)

    def visit_AsyncFunctionDef(self, node: ast.AsyncFunctionDef) -> None:
        self.visit_FunctionDef(node)

    def _visit_all(self, nodes: list[ast.stmt], when: When) -> None:
        before, self.when = self.when, when
        for node in nodes:
            self.visit(node)
        self.when = before

    def _parent(self, level: int) -> str:
        """Return the package that a relative import of `level` dots starts from."""
        if level == 0:
            return ""
        names = self.module.split(".")
        ups = level - 1 if self.path.name == "__init__.py" else level
        return ".".join(names[: len(names) - ups])

    def _add(self, target: str, line: int) -> None:
        place = f"{self.path.relative_to(SOURCE.parent).as_posix()}:{line}"
        found = Import(importer=self.module, place=place, target=target, when=self.when)
        self.found.append(found)


def modules_below(source: Path) -> dict[str, Path]:
    """Return the file of every module below `source`, by dotted name."""
    paths = {}
    for path in sorted(source.rglob("*.py*")):
        if path.suffix in {".py", ".pyi"}:
            names = path.relative_to(source).with_suffix("").parts
            paths[".".join(names[:-1] if names[-1] == "__init__" else names)] = path
    return paths


def imports_in(paths: Mapping[str, Path]) -> Iterator[Import]:
    """Yield every import that stands in `paths`."""
    for module, path in paths.items():
        collector = Collector(module, path, paths)
        collector.visit(ast.parse(path.read_text(encoding="utf-8"), str(path)))
        yield from collector.found


def unit(module: str) -> str:
    """Return the part of gilbench that `module` belongs to: the name after the first dot."""
    names = module.split(".")
    return names[1] if names[0] == PACKAGE and len(names) > 1 else ""


def top(target: str) -> str:
    """Return the package that `target` belongs to: the name before the first dot."""
    return target.partition(".")[0]


DEPTHS: Final = {name: depth for depth, layer in enumerate(LAYERS) for name in layer}
MODULES: Final = modules_below(SOURCE)
IMPORTS: Final = tuple(imports_in(MODULES))


def test_every_module_stands_in_a_layer() -> None:
    homeless = [name for name in MODULES if name != PACKAGE and unit(name) not in DEPTHS]
    assert not homeless, f"in no layer of LAYERS, tests/test_layers.py: {homeless}"


def test_imports_point_down() -> None:
    wrong = [
        f"{found.place}: {found.importer} imports {found.target}, which stands above it"
        f" ({unit(found.importer)} may import its own layer and those below)"
        for found in IMPORTS
        if unit(found.importer) in DEPTHS
        and unit(found.target) in DEPTHS
        and DEPTHS[unit(found.target)] < DEPTHS[unit(found.importer)]
    ]
    assert not wrong, "\n" + "\n".join(wrong)


def test_nothing_inside_imports_the_facade() -> None:
    wrong = [
        f"{found.place}: import from the module that the name lives in, not from {PACKAGE} itself"
        for found in IMPORTS
        if found.target == PACKAGE
    ]
    assert not wrong, "\n" + "\n".join(wrong)


def test_the_facade_loads_nothing() -> None:
    eager = [
        f"{found.place}: {found.target} loads with the package: make it a lazy attribute"
        for found in IMPORTS
        if found.importer == PACKAGE
        and found.when is When.LOADING
        and found.target not in {"__future__", "typing"}
    ]
    assert not eager, "\n" + "\n".join(eager)


@pytest.mark.parametrize("package", OWNERS)
def test_a_package_is_imported_by_its_owners_only(package: str) -> None:
    owners = OWNERS[package]
    wrong = [
        f"{found.place}: {unit(found.importer)} imports {package} {found.when};"
        f" it belongs to {', '.join(owners)}"
        for found in IMPORTS
        if top(found.target) == package and found.when not in owners.get(unit(found.importer), ())
    ]
    assert not wrong, "\n" + "\n".join(wrong)


def reached_from(start: str) -> Iterator[tuple[Import, str]]:
    """Yield every import that running `start` can reach, with the way there.

    What type checkers alone read is left out; what functions import is not, for they may be called.
    The facade is left out too: it loads nothing of itself.
    """
    ways, waiting = {start: start}, deque([start])
    while waiting:
        module = waiting.popleft()
        for found in IMPORTS:
            if found.importer != module or found.when is When.TYPING:
                continue
            yield found, ways[module]
            names = found.target.split(".")
            for end in range(2, len(names) + 1):
                target = ".".join(names[:end])
                if target in MODULES and target not in ways:
                    ways[target] = f"{ways[module]} > {target}"
                    waiting.append(target)


@pytest.mark.parametrize("part", sorted(LIGHT))
def test_what_runs_in_hosts_and_workers_stays_light(part: str) -> None:
    starts = [name for name in MODULES if unit(name) == part]
    assert starts, f"there is no {PACKAGE}.{part}: LIGHT, tests/test_layers.py, names it"
    heavy = {
        f"{found.place}: imports {found.target}, and is reached by {way}"
        for start in starts
        for found, way in reached_from(start)
        if top(found.target) in HEAVY
    }
    assert not heavy, "\n" + "\n".join(sorted(heavy))


def test_imports_are_seen_wherever_they_stand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(f"{__name__}.SOURCE", tmp_path / "src")
    folder = tmp_path / "src" / "gilbench" / "host"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text("from . import protocol\n")
    (folder / "protocol.py").write_text(
        "import json\n"
        "from typing import TYPE_CHECKING\n"
        "if TYPE_CHECKING:\n"
        "    from gilbench.report import page\n"
        "else:\n"
        "    import rich.text\n"
        "class Wire:\n"
        "    async def read(self):\n"
        "        try:\n"
        "            from ..results import store\n"
        "        finally:\n"
        "            from ..host import protocol\n"
    )
    found = list(imports_in(modules_below(tmp_path / "src")))
    assert [
        (each.place.removeprefix("src/gilbench/host/"), each.target, each.when) for each in found
    ] == [
        ("__init__.py:1", "gilbench.host.protocol", When.LOADING),
        ("protocol.py:1", "json", When.LOADING),
        ("protocol.py:2", "typing", When.LOADING),
        ("protocol.py:4", "gilbench.report", When.TYPING),
        ("protocol.py:6", "rich.text", When.LOADING),
        ("protocol.py:10", "gilbench.results", When.CALLING),
        ("protocol.py:12", "gilbench.host.protocol", When.CALLING),
    ]
