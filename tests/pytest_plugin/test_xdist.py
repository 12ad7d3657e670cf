"""Beside pytest-xdist and pytest-run-parallel: what they are told, and the real ones if there."""

from __future__ import annotations

from itertools import pairwise
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from gilbench.pytest_plugin import xdist

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Run = Callable[..., pytest.RunResult]
    Asked = Callable[[], list[dict[str, Any]]]

NEED = "other pytest-xdist workers use the cores: run these tests alone, by `pytest -n 0 -m gil`"


class TestOtherWorkers:
    @pytest.fixture
    def config(self, monkeypatch: pytest.MonkeyPatch) -> Any:
        monkeypatch.delenv("PYTEST_XDIST_WORKER", raising=False)
        monkeypatch.delenv("PYTEST_XDIST_WORKER_COUNT", raising=False)
        return SimpleNamespace()

    def test_there_are_none_without_it(self, config: Any) -> None:
        assert xdist.other_workers(config) == 0

    def test_a_worker_knows(self, config: Any) -> None:
        config.workerinput = {"workerid": "gw1", "workercount": 4}
        assert xdist.other_workers(config) == 3

    def test_one_alone_has_the_cores(self, config: Any) -> None:
        config.workerinput = {"workerid": "gw0", "workercount": 1}
        assert xdist.other_workers(config) == 0

    @pytest.mark.parametrize(("count", "others"), [("3", 2), (None, 1)])
    def test_who_was_started_by_a_worker_knows_too(
        self,
        config: Any,
        monkeypatch: pytest.MonkeyPatch,
        count: str | None,
        others: int,
    ) -> None:
        monkeypatch.setenv("PYTEST_XDIST_WORKER", "gw0")
        if count is not None:
            monkeypatch.setenv("PYTEST_XDIST_WORKER_COUNT", count)
        assert xdist.other_workers(config) == others

    def test_one_is_told_as_one(self) -> None:
        assert xdist.need(1).startswith("another pytest-xdist worker uses the cores: ")
        assert xdist.need(2) == NEED


class TestBesideOthers:
    TEXT = "import subject\ndef test_it(gil):\n    {}\n"

    @pytest.fixture
    def run(self, run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
        monkeypatch.setenv("PYTEST_XDIST_WORKER", "gw0")
        monkeypatch.setenv("PYTEST_XDIST_WORKER_COUNT", "3")
        return run

    def test_a_skip_says_what_it_needs(self, run: Run) -> None:
        text = self.TEXT.format("gil.assert_holds(subject.inconclusive)")
        result = run(text, "-rs")
        result.assert_outcomes(skipped=1)
        result.stdout.fnmatch_lines([f"SKIPPED * too busy to tell; {NEED}"])

    def test_a_failure_says_so_too(self, run: Run) -> None:
        text = self.TEXT.format("gil.assert_holds(subject.inconclusive)")
        result = run(text, "--gil-inconclusive=fail")
        result.assert_outcomes(failed=1)
        result.stdout.fnmatch_lines(["E         note          Other pytest-xdist workers use *"])

    @pytest.mark.parametrize(("name", "number"), [("inconclusive", 2), ("releases", 1)])
    def test_findings_say_so_where_they_are_inconclusive(
        self, run: Run, name: str, number: int
    ) -> None:
        text = self.TEXT.format(f"assert len(gil.check(subject.{name}).notes) == {number}")
        run(text).assert_outcomes(passed=1)

    def test_a_check_has_its_turn(self, run: Run, pytester: pytest.Pytester) -> None:
        text = self.TEXT.format("gil.check(subject.holds)")
        run(text, "--basetemp=gw0").assert_outcomes(passed=1)
        assert (pytester.path / "gilbench.lock").is_file()

    def test_a_turn_needs_no_temporary_folders(
        self, run: Run, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("tempfile.tempdir", str(pytester.path))
        text = self.TEXT.format("gil.check(subject.holds)")
        run(text, "-p", "no:tmpdir").assert_outcomes(passed=1)
        assert (pytester.path / "gilbench.lock").is_file()


def test_alone_there_are_no_turns(run: Run, pytester: pytest.Pytester) -> None:
    text = "import subject\ndef test_it(gil):\n    gil.check(subject.holds)\n"
    run(text, "--basetemp=gw0").assert_outcomes(passed=1)
    assert not (pytester.path / "gilbench.lock").exists()


def test_alone_nothing_is_said_of_others(run: Run) -> None:
    text = """
        import subject
        def test_findings(gil):
            assert not any("xdist" in note for note in gil.check(subject.inconclusive).notes)
        def test_skip(gil):
            gil.assert_releases(subject.inconclusive)
    """
    result = run(text, "-rs")
    result.assert_outcomes(passed=1, skipped=1)
    result.stdout.no_fnmatch_line("SKIPPED *xdist worker*")


MANY = """
    import subject, time, pytest
    @pytest.mark.parametrize("number", range(6))
    def test_it(gil, number):
        gil.assert_releases(subject.releases)
    @pytest.mark.parametrize("number", range(20))
    def test_other(number):
        time.sleep(0.01)
    def test_inconclusive(gil):
        gil.assert_releases(subject.inconclusive)
"""


@pytest.mark.slow
class TestTheRealXdist:
    @pytest.fixture(autouse=True)
    def there(self) -> None:
        pytest.importorskip("xdist")

    @pytest.mark.parametrize("distribution", ["load", "loadgroup", "worksteal"])
    def test_checks_run_and_say_what_they_need(self, run: Run, distribution: str) -> None:
        result = run(MANY, "-p", "xdist", "-n", "2", "--dist", distribution, "-rs", apart=True)
        result.assert_outcomes(passed=26, skipped=1)
        result.stdout.fnmatch_lines(["SKIPPED *; another pytest-xdist worker uses the cores: *"])

    def test_a_line_comes_back_from_the_worker(self, run: Run) -> None:
        result = run(MANY, "-p", "xdist", "-n", "2", apart=True)
        result.stdout.fnmatch_lines(["*::test_inconclusive: inconclusive() is inconclusive: *"])

    def test_one_group_is_on_one_worker(self, run: Run, pytester: pytest.Pytester) -> None:
        text = """
            import pytest
            def note(name, request, worker):
                with open(name, "a") as file:
                    file.write(request.node.nodeid.partition("@")[2] + "@" + worker + " ")
            @pytest.mark.parametrize("number", range(6))
            def test_it(gil, number, request, worker_id):
                note("ours.txt", request, worker_id)
            @pytest.mark.xdist_group("theirs")
            def test_other(request, worker_id):
                note("theirs.txt", request, worker_id)
        """
        run(text, "-p", "xdist", "-n", "2", "--dist", "loadgroup", apart=True)
        ours, theirs = (
            (pytester.path / name).read_text().split() for name in ("ours.txt", "theirs.txt")
        )
        if not theirs[0].startswith("theirs@"):
            # https://github.com/pytest-dev/pytest-xdist/issues/1386
            pytest.skip("this pytest-xdist keeps no group together under this pytest")
        assert ours in (["gil@gw0"] * 6, ["gil@gw1"] * 6)

    def test_checks_take_turns(self, run: Run, asked: Asked) -> None:
        text = """
            import subject, pytest
            @pytest.mark.parametrize("number", range(4))
            def test_it(gil, number):
                gil.check(subject.slow)
        """
        run(text, "-p", "xdist", "-n", "2", apart=True).assert_outcomes(passed=4)
        spans = sorted((each["began"], each["ended"]) for each in asked())
        assert len({each["process"] for each in asked()}) == 2
        assert all(one[1] <= next[0] for one, next in pairwise(spans))

    def test_a_worker_that_dies_holds_nobody_up(self, run: Run) -> None:
        text = """
            import os, subject, pytest
            @pytest.mark.parametrize("number", range(4))
            def test_it(gil, number):
                gil.check(os.abort if number == 0 else subject.slow, in_process=True)
        """
        result = run(text, "-p", "xdist", "-n", "2", apart=True)
        result.assert_outcomes(passed=3, failed=1)


@pytest.mark.slow
class TestTheRealRunParallel:
    @pytest.fixture(autouse=True)
    def there(self) -> None:
        pytest.importorskip("pytest_run_parallel")

    def test_what_uses_the_fixture_runs_once(self, run: Run, pytester: pytest.Pytester) -> None:
        result = run(
            """
            import subject
            def test_it(gil, num_parallel_threads):
                assert num_parallel_threads == 1
                gil.assert_releases(subject.releases)
            def test_other(num_parallel_threads):
                assert num_parallel_threads == 3
            """,
            *("-p", "pytest_run_parallel.plugin", "--parallel-threads=3", "-v"),
            apart=True,
        )
        result.assert_outcomes(passed=2)
        assert len((pytester.path / "asked.jsonl").read_text().splitlines()) == 1
        result.stdout.fnmatch_lines(["*test_it was not run in parallel: the fixture gil measures*"])
