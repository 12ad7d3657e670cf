from __future__ import annotations

import inspect
import os
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from gilbench import pytest_plugin
from gilbench.pytest_plugin.fixture import Options
from gilbench.studies.check import study

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType
    from typing import Any

    Run = Callable[..., pytest.RunResult]
    Asked = Callable[[], list[dict[str, Any]]]

HEAVY = ("numpy", "mashumaro", "rich", "click", "psutil", "gilbench.studies", "gilbench.model")


@pytest.mark.parametrize(
    ("assertion", "outcome"),
    [
        ("gil.assert_releases(subject.releases)", "passed"),
        ("gil.assert_releases(subject.serial)", "passed"),
        ("gil.assert_releases(subject.partial, share=0.5)", "passed"),
        ("gil.assert_releases(subject.partial)", "failed"),
        ("gil.assert_releases(subject.holds)", "failed"),
        ("gil.assert_releases(subject.switchable)", "failed"),
        ("gil.assert_releases(subject.straddling)", "skipped"),
        ("gil.assert_releases(subject.inconclusive)", "skipped"),
        ("gil.assert_holds(subject.holds)", "passed"),
        ("gil.assert_holds(subject.switchable)", "passed"),
        ("gil.assert_holds(subject.partial)", "failed"),
        ("gil.assert_holds(subject.releases)", "failed"),
        ("gil.assert_holds(subject.inconclusive)", "skipped"),
        ("assert gil.check(subject.inconclusive).verdict == 'inconclusive'", "passed"),
        ("assert gil.assert_releases(subject.serial).verdict == 'releases'", "failed"),
    ],
)
def test_asserts(run: Run, assertion: str, outcome: str) -> None:
    result = run(f"import subject\ndef test_it(gil):\n    {assertion}\n")
    result.assert_outcomes(**{outcome: 1})


def test_a_failure_shows_the_evidence_and_no_traceback(run: Run) -> None:
    result = run("import subject\ndef test_it(gil):\n    gil.assert_releases(subject.holds)\n")
    result.stdout.fnmatch_lines(
        [
            ">       gil.assert_releases(subject.holds)",
            "E       AssertionError: holds() holds the GIL for 98.5 % of a call; at most 10 % *",
            "E         verdict       holds: It holds the GIL for the whole call: *",
            "E                       12.1 ms.",
            "E         held share    98.5 % (97.5 to 99.5 %) of a call, by the state sampler",
            "E         controls      holding 98.5 % (97.5 to 99.5 %), releasing 1.5 % (0.5 to*",
            "E         longest hold  12.1 ms",
            "E         a call        12 ms",
            "E         scaling       2 threads 1.01 (1.00 to 1.02), 2 processes 1.97 (1.96 to*",
            "E         what to do    Release the GIL around the native work.",
            "E         note          The switch interval was 5 ms.",
            "",
            "test_a_failure_shows_the_evidence_and_no_traceback.py:3: AssertionError",
        ],
        consecutive=True,
    )
    assert "fixture.py" not in result.stdout.str()
    assert "Captured gil call" not in result.stdout.str()


def test_an_error_is_one_line(run: Run) -> None:
    result = run("import subject\ndef test_it(gil):\n    gil.check(subject.missing)\n")
    result.assert_outcomes(failed=1)
    errors = [line for line in result.outlines if line.startswith("E ")]
    assert errors == [
        "E       gilbench.errors.InputError: 'missing' wants arguments; name a function that takes"
        " none"
    ]
    assert "fixture.py" not in result.stdout.str()


@pytest.mark.parametrize(
    ("call", "line"),
    [
        ("gil.check(b'')", "*: gil checks a function *, not bytes: did you mean `lambda: ...`?"),
        ("gil.assert_releases(len, share=90)", "*InputError: share 90: must lie between 0 and 1"),
    ],
)
def test_refuses_what_cannot_be(run: Run, call: str, line: str) -> None:
    result = run(f"def test_it(gil):\n    {call}\n")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([f"E  *{line}"])


class TestInconclusive:
    TEXT = "import subject\ndef test_it(gil):\n    gil.assert_releases(subject.inconclusive)\n"
    REASON = "inconclusive() is inconclusive: the control that releases was found holding: *"

    def test_is_skipped_with_the_reason_at_the_test(self, run: Run) -> None:
        result = run(self.TEXT, "-rs")
        result.assert_outcomes(skipped=1)
        result.stdout.fnmatch_lines(
            [f"SKIPPED [[]1] test_is_skipped_with_the_reason_at_the_test.py:3: {self.REASON}"]
        )
        assert len([line for line in result.outlines if "found holding" in line]) == 1

    def test_has_a_line_of_its_own_where_skips_are_not_told(self, run: Run) -> None:
        result = run(self.TEXT)
        result.stdout.fnmatch_lines([f"*.py::test_it: {self.REASON}"])

    @pytest.mark.parametrize("what", ["passed", "skipped"])
    def test_other_tests_have_no_line(self, run: Run, what: str) -> None:
        body = "pass" if what == "passed" else "pytest.skip('another')"
        result = run(f"import pytest\ndef test_it():\n    {body}\n")
        result.stdout.no_fnmatch_line("*::test_it: *")

    def test_fails_by_option(self, run: Run) -> None:
        result = run(self.TEXT, "--gil-inconclusive=fail")
        result.assert_outcomes(failed=1)
        result.stdout.fnmatch_lines(
            [f"E       AssertionError: {self.REASON}", "E         held share    2 % *"]
        )

    def test_fails_by_configuration(self, run: Run, pytester: pytest.Pytester) -> None:
        pytester.makeini("[pytest]\ngil_inconclusive = fail\n")
        run(self.TEXT).assert_outcomes(failed=1)

    def test_the_option_goes_before_the_configuration(
        self, run: Run, pytester: pytest.Pytester
    ) -> None:
        pytester.makeini("[pytest]\ngil_inconclusive = fail\n")
        run(self.TEXT, "--gil-inconclusive=skip").assert_outcomes(skipped=1)


class TestSettings:
    TEXT = "import subject\ndef test_it(gil):\n    gil.check(subject.holds{})\n"

    @pytest.mark.parametrize(
        ("argument", "arguments", "budget"),
        [
            ("", (), "2s"),
            ("", ("--gil-budget=500ms",), "500ms"),
            (", budget='1s'", ("--gil-budget=500ms",), "1s"),
        ],
    )
    def test_the_nearest_budget_counts(
        self, run: Run, asked: Asked, argument: str, arguments: tuple[str, ...], budget: str
    ) -> None:
        run(self.TEXT.format(argument), *arguments).assert_outcomes(passed=1)
        assert [each["budget"] for each in asked()] == [budget]

    def test_the_budget_is_configured(
        self, run: Run, asked: Asked, pytester: pytest.Pytester
    ) -> None:
        pytester.makeini("[pytest]\ngil_budget = 4s\n")
        run(self.TEXT.format("")).assert_outcomes(passed=1)
        assert [each["budget"] for each in asked()] == ["4s"]

    def test_a_budget_must_be_one(self, run: Run) -> None:
        result = run(self.TEXT, "--gil-budget=soon")
        assert result.ret == pytest.ExitCode.USAGE_ERROR
        result.stderr.fnmatch_lines(["ERROR: gil_budget: duration 'soon': write it as *"])

    def test_a_policy_must_be_one(self, run: Run, pytester: pytest.Pytester) -> None:
        pytester.makeini("[pytest]\ngil_inconclusive = sulk\n")
        result = run(self.TEXT)
        assert result.ret == pytest.ExitCode.USAGE_ERROR
        result.stderr.fnmatch_lines(["ERROR: gil_inconclusive is 'sulk': it must be skip or fail"])


def test_hosts_import_what_they_can_and_the_rest_runs_in_process(run: Run, asked: Asked) -> None:
    result = run(
        """
        import subject

        def test_them(gil):
            def closure():
                pass
            findings = [
                gil.check(subject.holds),
                gil.check(closure),
                gil.check(lambda: None),
                gil.check("len(d)", setup="d = b''"),
                gil.check(subject.partial, in_process=True),
                gil.check(closure, in_process=False),
            ]
            own = [any("in pytest's own process" in note for note in f.notes) for f in findings]
            assert own == [False, True, True, False, True, False]
        """
    )
    result.assert_outcomes(passed=1)
    assert [(each["name"], each["in_process"], each["setup"]) for each in asked()] == [
        ("holds", False, ""),
        ("closure", True, ""),
        ("<lambda>", True, ""),
        ("len(d)", False, "d = b''"),
        ("partial", True, ""),
        ("closure", False, ""),
    ]


def test_a_passing_check_can_be_read_too(run: Run) -> None:
    result = run(
        "import subject\ndef test_it(gil):\n    gil.assert_releases(subject.serial)\n", "-rP"
    )
    result.stdout.fnmatch_lines(
        [
            "*Captured gil call*",
            "serial(): releases-but-serial",
            "  reason        two threads are no faster than one",
        ]
    )


def test_a_gil_that_was_turned_on_is_warned_of(run: Run) -> None:
    text = "import subject\ndef test_it(gil):\n    gil.assert_releases(subject.reenabling)\n"
    run(text).assert_outcomes(failed=1)
    result = run(text, "-W", "default")
    result.assert_outcomes(passed=1, warnings=1)
    result.stdout.fnmatch_lines(["*.py:3: RuntimeWarning: reenabling() turned the GIL of *"])


class TestMarks:
    TEXT = """
        import pytest

        @pytest.fixture
        def through(gil):
            return gil

        def test_one(gil): pass
        def test_another(through): pass
        def test_other(): pass
        @pytest.mark.xdist_group("mine")
        def test_grouped(gil): pass

        @pytest.fixture
        def seen(request):
            return {
                item.name: {mark.name: mark for mark in item.iter_markers()}
                for item in request.session.items
            }
        def test_marks(seen):
            assert set(seen["test_one"]) == {"gil", "thread_unsafe", "xdist_group"}
            assert set(seen["test_another"]) == {"gil", "thread_unsafe", "xdist_group"}
            assert not seen["test_other"]
            assert seen["test_one"]["xdist_group"].kwargs == {"name": "gil"}
            assert seen["test_one"]["thread_unsafe"].kwargs["reason"]
            assert seen["test_grouped"]["xdist_group"].args == ("mine",)
    """

    def test_are_on_what_uses_the_fixture(self, run: Run) -> None:
        run(self.TEXT).assert_outcomes(passed=5)

    @pytest.mark.parametrize(("chosen", "number"), [("gil", 3), ("not gil", 2)])
    def test_choose(self, run: Run, chosen: str, number: int) -> None:
        text = self.TEXT.replace("assert", "assert True or")
        run(text, "-m", chosen).assert_outcomes(passed=number, deselected=5 - number)

    def test_are_not_on_what_uses_another_fixture_of_this_name(self, run: Run) -> None:
        result = run(
            """
            import pytest

            @pytest.fixture
            def gil():
                return 1

            def test_it(gil, request):
                assert gil == 1
                assert not list(request.node.iter_markers())
            """
        )
        result.assert_outcomes(passed=1)


def test_costs_nothing_where_it_is_not_used(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile("def test_it(): pass")
    # After the run: the summary is written by then.
    code = (
        "import sys, pytest\n"
        "status = pytest.main(['-q', '-p', 'gilbench.pytest_plugin', '-p', 'no:cacheprovider'])\n"
        "print('LOADED', *(name for name in sys.modules if name.startswith('gilbench')),\n"
        f"      *(name for name in {HEAVY!r} if name in sys.modules))\n"
        "sys.exit(status)\n"
    )
    result = pytester.run(sys.executable, "-c", code)
    assert result.ret == 0
    result.stdout.fnmatch_lines(["LOADED gilbench gilbench.pytest_plugin"])


def test_its_class_is_there_for_annotations() -> None:
    assert pytest_plugin.Gil.assert_releases.__doc__
    with pytest.raises(AttributeError, match="has no attribute 'Lig'"):
        pytest_plugin.Lig  # noqa: B018


def test_pytest_finds_it_by_its_entry_point() -> None:
    pyproject = Path(__file__).resolve().parents[2] / "pyproject.toml"
    if not pyproject.is_file():
        pytest.skip("the tests are not in a checkout or an sdist")
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    assert project["entry-points"]["pytest11"] == {"gilbench": pytest_plugin.__name__}
    assert "Framework :: Pytest" in project["classifiers"]


def test_it_is_loaded_by_an_entry_point(
    run: Run, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    information = pytester.path / "stand_in-1.0.dist-info"
    information.mkdir()
    metadata = "Metadata-Version: 2.1\nName: stand-in\nVersion: 1.0\n"
    (information / "METADATA").write_text(metadata)
    (information / "entry_points.txt").write_text("[pytest11]\ngilbench = gilbench.pytest_plugin\n")
    # Where it is installed, it is loaded by its own entry point, and this one passed over.
    monkeypatch.delenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD")
    monkeypatch.setenv("PYTHONPATH", str(pytester.path), prepend=os.pathsep)
    pytester.makepyfile("import subject\ndef test_it(gil):\n    gil.assert_holds(subject.holds)\n")
    result = pytester.run(sys.executable, "-m", "pytest", "-W", "error")
    result.assert_outcomes(passed=1)


def test_the_check_that_stands_in_takes_what_the_real_one_takes(fake: ModuleType) -> None:
    real, stand_in = (inspect.signature(each).parameters for each in (study.check, fake.check))
    assert list(real) == list(stand_in)
    assert [real[name].default for name in real] == [stand_in[name].default for name in real]
    assert set(Options.__annotations__) < set(real)


@pytest.mark.slow
def test_the_real_check_answers(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile(
        sleeper="""
        import time
        def sleep():
            time.sleep(0.005)
        """
    )
    pytester.makepyfile(
        """
        import sys
        import sleeper

        def test_them(gil):
            for way in (sleeper.sleep, lambda: sleeper.sleep(), "time.sleep(0.005)"):
                setup = "import time" if isinstance(way, str) else ""
                findings = gil.check(way, setup=setup)
                # A busy machine may leave it without a verdict; nothing makes it hold.
                assert findings.verdict in {"releases", "inconclusive"}
                assert findings.call_ns >= 5_000_000
                assert bool(findings.notes) == (way is not sleeper.sleep and not setup)
            assert "numpy" in sys.modules
        """
    )
    result = pytester.run(
        *(sys.executable, "-m", "pytest", "-p", "gilbench.pytest_plugin"),
        *("-p", "no:cacheprovider", "--gil-budget=300ms"),
    )
    result.assert_outcomes(passed=1)
