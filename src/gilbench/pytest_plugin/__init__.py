"""The pytest plugin: a fixture `gil` that checks functions, and asserts what they do with the GIL.

`gil.check(f)` returns findings, `gil.assert_releases(f, share=0.9)` and `gil.assert_holds(f)`
assert; `Gil` says more. A suite that does not use the fixture loads this module and no more of
gilbench. What the evidence does not carry is skipped with the reason, or fails:
`--gil-inconclusive=skip|fail`, or `gil_inconclusive` in the configuration. `--gil-budget`, or
`gil_budget`, is the time of one check.

Tests that use the fixture are marked `gil`, so that `-m gil` and `-m "not gil"` tell them apart.
Under pytest-xdist they are of one group, unless they are marked to be of another, and take turns.
Under pytest-run-parallel they are `thread_unsafe`. Neither is needed.

PYTEST_DONT_REWRITE: nothing is asserted in here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Sequence

    from gilbench.pytest_plugin.fixture import Gil

__all__ = ["Gil", "gil"]

_SKIP, _FAIL = "skip", "fail"
_BUDGET: Final = "2s"

# Our own mark, and those that other plugins read, with the name of the plugin that registers it.
_MARKS: Final = (
    ("gil: uses the fixture gil of gilbench, which marks it so", None),
    ("xdist_group(name): of this group of pytest-xdist", "xdist"),
    ("thread_unsafe(reason): runs on one thread under pytest-run-parallel", "run-parallel"),
)
_ONE_THREAD: Final = "the fixture gil measures what one thread does with the GIL"


def __getattr__(name: str) -> object:
    """Return the class of the fixture, for annotations; it loads when it is used (PEP 562)."""
    if name != "Gil":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from gilbench.pytest_plugin.fixture import Gil

    return Gil


@pytest.fixture
def gil(request: pytest.FixtureRequest) -> Gil:
    """Check what functions do with the GIL: gil.check(f), gil.assert_releases(f, share=0.9),
    gil.assert_holds(f).
    """
    from gilbench.pytest_plugin.fixture import Gil

    return Gil(
        request,
        budget=_set(request.config, "gil_budget") or _BUDGET,
        inconclusive_fails=_set(request.config, "gil_inconclusive") == _FAIL,
    )


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options and their like in the configuration."""
    group = parser.getgroup("gil", "what functions do with the GIL (gilbench)")
    inconclusive = "what becomes of a test whose gil.assert_... the evidence does not carry"
    group.addoption(
        "--gil-inconclusive",
        choices=(_SKIP, _FAIL),
        help=f"{inconclusive} (default: the ini option of this name, or skip)",
    )
    budget = "the time of one check of the fixture gil, such as 500ms or 5s"
    group.addoption(
        "--gil-budget",
        metavar="DURATION",
        help=f"{budget} (default: the ini option of this name, or {_BUDGET})",
    )
    parser.addini("gil_inconclusive", f"{inconclusive}: skip (the default) or fail", default="")
    parser.addini("gil_budget", f"{budget} (default: {_BUDGET})", default="")


def pytest_configure(config: pytest.Config) -> None:
    """Register the marks. Raises UsageError for settings that cannot be."""
    for line, plugin in _MARKS:
        if plugin is None or not config.pluginmanager.has_plugin(plugin):
            config.addinivalue_line("markers", line)
    policy = _set(config, "gil_inconclusive")
    if policy not in {_SKIP, _FAIL, ""}:
        raise pytest.UsageError(f"gil_inconclusive is {policy!r}: it must be skip or fail")
    if budget := _set(config, "gil_budget"):
        from gilbench import durations
        from gilbench.errors import InputError

        try:
            durations.parse(budget)
        except InputError as error:
            raise pytest.UsageError(f"gil_budget: {error}") from error


# Around the others: pytest deselects by marks and pytest-xdist reads groups in the same hook.
@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None, object, object]:
    """Mark what uses the fixture, for `-m`, pytest-xdist and pytest-run-parallel."""
    for item in items:
        if _uses_the_fixture(item):
            item.add_marker(pytest.mark.gil)
            item.add_marker(pytest.mark.thread_unsafe(reason=_ONE_THREAD))
            # A group that the user chose stays whole.
            if item.get_closest_marker("xdist_group") is None:
                item.add_marker(pytest.mark.xdist_group(name="gil"))
    return (yield)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say why tests were skipped as inconclusive, where `-rs` does not say it anyway."""
    if {"s", "a", "A"} & set(terminalreporter.config.getoption("reportchars")):
        return
    for name, reason in _inconclusive(terminalreporter.getreports("skipped")):
        terminalreporter.write_line(f"{name}: {reason}")


def _inconclusive(reports: list[pytest.TestReport]) -> Iterator[tuple[str, str]]:
    for report in reports:
        # Of others' plugins, reports of another kind may stand here.
        for key, value in getattr(report, "user_properties", ()):
            if key == "gil_inconclusive":
                yield report.nodeid, str(value)


def _uses_the_fixture(item: pytest.Item) -> bool:
    if "gil" not in getattr(item, "fixturenames", ()):
        return False
    # Another fixture of this name is none of ours, where pytest lets that be seen.
    known = getattr(getattr(item, "_fixtureinfo", None), "name2fixturedefs", {}).get("gil")
    return known is None or _is_reached(known)


def _is_reached(known: Sequence[pytest.FixtureDef[object]]) -> bool:
    """Return whether ours is the last of the fixtures of its name, or is asked for by those."""
    for one in reversed(known):
        if one.func.__module__ == __name__:
            return True
        if "gil" not in one.argnames:
            break
    return False


def _set(config: pytest.Config, name: str) -> str:
    """Return what an option or else the configuration says, empty for neither."""
    return str(config.getoption(name) or config.getini(name))
