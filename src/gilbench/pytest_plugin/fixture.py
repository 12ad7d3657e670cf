"""The fixture `gil`: checks of functions, and assertions on what they do with the GIL."""

from __future__ import annotations

import warnings
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn, TypedDict

import pytest

from gilbench.errors import GilbenchError, InputError
from gilbench.pytest_plugin import judgement, message, target, xdist

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path
    from typing import Unpack

    from gilbench.evidence import CheckFindings
    from gilbench.pytest_plugin.judgement import Judgement

__all__ = ["Gil", "Options"]


class Options(TypedDict, total=False):
    """What `gilbench.check` can be told beside where the function runs."""

    setup: str
    sizes: str | tuple[int, int] | None
    budget: str | float
    timeout: str | float
    output: str | Path | None
    seed: int | None


class Gil:
    """Checks what a function does with the GIL; on a free-threaded build, whether its thread stays
    attached.

    What is checked is a function without arguments, or a text as `python -m gilbench check` takes
    it: `module:function`, or a statement with its `setup`.

    A text, and a function that can be imported by name, run in a process of their own. A lambda, a
    closure or what else only the test knows runs in pytest's process. That gives up isolation (a
    crash or a hang takes pytest along), the comparison with processes, and quiet surroundings (the
    other threads of the process are there too); the findings' notes say so. A process of its own
    imports the function's module anew: what fixtures and patches did to it is not there.
    `in_process=True` or `False` overrides.

    Under pytest-xdist checks of several workers take turns; the tests of other workers still use
    the cores. Where that leaves a check inconclusive, its notes say what it needs.
    """

    def __init__(
        self, request: pytest.FixtureRequest, *, budget: str, inconclusive_fails: bool
    ) -> None:
        self._request = request
        self._budget = budget
        self._inconclusive_fails = inconclusive_fails

    def check(
        self,
        function: Callable[[], object] | str,
        *,
        in_process: bool | None = None,
        **options: Unpack[Options],
    ) -> CheckFindings:
        """Return the findings, as `gilbench.check` does, whatever they are.

        They are shown with the test's output if it fails, or by `-rP`. Warns with RuntimeWarning
        where the function turned the GIL of a free-threaded build on. Raises InputError for what
        cannot be checked.
        """
        __tracebackhide__ = True
        findings = self._check(function, in_process, options)
        self._show(function, findings)
        return findings

    def assert_releases(
        self,
        function: Callable[[], object] | str,
        share: float = 0.9,
        *,
        in_process: bool | None = None,
        **options: Unpack[Options],
    ) -> CheckFindings:
        """Return the findings if the GIL is released for at least `share` of the time in a call.

        That is: the 95 % interval of the held share lies below 1 - `share`; with `sizes`, at each
        of them. Raises AssertionError with the evidence where the interval lies above. Where it
        lies on both sides, or the check cannot tell the share, the test is skipped, or fails
        (`--gil-inconclusive`). A verdict that is inconclusive in something else, such as whether
        two threads are faster, is no hindrance.

        A function that releases but is serial (by a lock of its own, say) passes: it lets other
        threads run. To have the gain asserted too: `assert findings.verdict == "releases"`.
        """
        __tracebackhide__ = True
        if not 0 < share < 1:
            raise InputError(f"share {share!r}: must lie between 0 and 1")
        findings = self._check(function, in_process, options)
        judged = judgement.releases(findings, share)
        if not judged.passed:
            self._refuse(function, findings, judged)
        self._show(function, findings)
        return findings

    def assert_holds(
        self,
        function: Callable[[], object] | str,
        *,
        in_process: bool | None = None,
        **options: Unpack[Options],
    ) -> CheckFindings:
        """Return the findings if the verdict is `holds` or `holds-switchable`; with `sizes`, at
        each of them.

        Raises AssertionError with the evidence if it is another. Where the check cannot tell, the
        test is skipped, or fails (`--gil-inconclusive`); which of the two holders it is does not
        matter.
        """
        __tracebackhide__ = True
        findings = self._check(function, in_process, options)
        judged = judgement.holds(findings)
        if not judged.passed:
            self._refuse(function, findings, judged)
        self._show(function, findings)
        return findings

    def _check(
        self, function: Callable[[], object] | str, in_process: bool | None, options: Options
    ) -> CheckFindings:
        __tracebackhide__ = True
        if not isinstance(function, str) and not callable(function):
            raise InputError(
                f"gil checks a function without arguments, or a statement as text, not"
                f" {type(function).__name__}: did you mean `lambda: ...`?"
            )
        if in_process is None:
            in_process = not (isinstance(function, str) or target.a_host_can_import(function))
        options.setdefault("budget", self._budget)
        # Loads numpy and more: only for who checks something.
        from gilbench.studies.check.study import check

        others = xdist.other_workers(self._request.config)
        with self._turn(others):
            try:
                findings = check(function, in_process=in_process, **options)
            except GilbenchError as error:
                # One clear line: where inside gilbench it was found is of no use to a test.
                raise error.with_traceback(None) from None
        notes = [target.IN_PROCESS] if in_process else []
        if others and judgement.is_inconclusive(findings):
            need = xdist.need(others)
            notes.append(f"{need[0].upper()}{need[1:]}.")
        return replace(findings, notes=(*findings.notes, *notes))

    def _turn(self, others: int) -> AbstractContextManager[None]:
        if not others:
            return nullcontext()
        from gilbench.pytest_plugin.turns import turn

        return turn(xdist.shared_folder(self._request) / "gilbench.lock")

    def _show(self, function: Callable[[], object] | str, findings: CheckFindings) -> None:
        text = message.compose(f"{target.name_of(function)}: {findings.verdict}", findings)
        self._request.node.add_report_section("call", "gil", text)
        if findings.gil_reenabled:
            # Three levels up stands the test.
            warnings.warn(
                f"{target.name_of(function)} {message.REENABLED}", RuntimeWarning, stacklevel=3
            )

    def _refuse(
        self, function: Callable[[], object] | str, findings: CheckFindings, judged: Judgement
    ) -> NoReturn:
        __tracebackhide__ = True
        reason = f"{target.name_of(function)} {judged.reason}"
        if judged.passed is None:
            others = xdist.other_workers(self._request.config)
            if not self._inconclusive_fails:
                needed = f"; {xdist.need(others)}" if others else ""
                self._request.node.user_properties.append(("gil_inconclusive", reason + needed))
                pytest.skip(reason + needed)
        raise AssertionError(message.compose(reason, findings))
