from __future__ import annotations

import pytest

from channels import Speed, tried, whole_run
from comparisons import make_findings, make_plan
from gilbench.comparison import Outcome, Way
from gilbench.report.comparison import report
from gilbench.report.glyphs import UNICODE
from gilbench.report.page import Page
from gilbench.studies.comparison.communication import COMMUNICATION

PLAN = make_plan(rows=("communication",))


def notes(*trials: object, quick: bool = False) -> tuple[str, ...]:
    plan = make_plan(rows=("communication",), quick=quick)
    return COMMUNICATION.find(plan, trials).evidence.notes  # type: ignore[arg-type]


def test_a_whole_run_is_a_whole_row() -> None:
    row = COMMUNICATION.find(PLAN, whole_run())
    assert row.holds is Outcome.DEPENDS
    assert row.fact == "round trip of 64 B through a queue, on two cores"
    assert len(row.evidence.claims) == 8
    assert len(row.evidence.tables) == 7
    assert all(cell.figure for cell in row.columns.values())


def test_the_same_trials_say_the_same() -> None:
    assert COMMUNICATION.find(PLAN, whole_run()) == COMMUNICATION.find(PLAN, whole_run())


@pytest.mark.parametrize("width", [60, 80, 120])
def test_it_can_be_shown(width: int) -> None:
    findings = make_findings(COMMUNICATION.find(PLAN, whole_run()), plan=PLAN)
    lines = report(findings, Page(width=width, glyphs=UNICODE))
    assert max(line.cell_len for line in lines) <= width


def test_cut_off_it_says_what_there_is() -> None:
    trials = whole_run()
    for end in range(0, len(trials), 7):
        row = COMMUNICATION.find(PLAN, trials[:end])
        assert row.evidence.deciding.endswith(".")


def test_notes_say_where_the_sides_were() -> None:
    speed = Speed(us=10)
    on_two = notes(tried("pipe", Way.FORK, speed), tried("pipe", Way.FORK, speed, cores=1))
    assert any("on a core of its own, or both on one" in note for note in on_two)
    assert any("Processes were started by fork" in note for note in on_two)
    on_one = notes(tried("pipe", Way.FORK, speed, cores=1))
    assert any("the one core that there is" in note for note in on_one)
    anywhere = notes(tried("pipe", Way.SPAWN, speed, cores=0))
    assert any("does not let them choose" in note for note in anywhere)
    assert any("Processes were started by spawn" in note for note in anywhere)


def test_notes_say_what_interpreters_queues_do() -> None:
    speed = Speed(us=10)
    private = tried("interpreter-queue-polled", Way.INTERPRETER, speed)
    documented = tried("interpreter-queue", Way.INTERPRETER, speed)
    assert any("Before Python 3.14" in note for note in notes(private))
    assert any("every 10 ms" in note for note in notes(private, documented))
    assert not any("interpreter" in note for note in notes(tried("pipe", Way.FORK, speed)))


def test_notes_say_what_was_left_out_and_of_what() -> None:
    words = {"left_out": "64 MiB: too little shared memory: 128 MiB needed, 63 MiB left"}
    told = notes(
        tried("shared-memory", Way.FORK, Speed(us=5), words=words),
        tried("shared-memory-in-place", Way.FORK, Speed(us=5), words=words),
    )
    assert told[-1] == (
        "Payloads from 64 MiB on were left out of shared_memory by copies, shared_memory in place:"
        " too little shared memory: 128 MiB needed, 63 MiB left."
    )


def test_notes_say_what_a_hurry_left_out_and_what_the_arrays_were() -> None:
    array = tried("array", Way.FORK, Speed(us=5), words={"arrays": "bytearray"})
    told = notes(array, quick=True)
    assert "Quick: no payload is larger than 256 KiB." in told
    assert "Arrays: bytearray." in told
    assert not any("Quick" in note for note in notes(array))
    assert notes() == ()


def test_how_claims_are_decided_is_told() -> None:
    (how,) = [note for note in notes(*whole_run()) if note.startswith("Of two sides")]
    assert "twice as quick" in how
    assert [note for note in notes(*whole_run()) if note.startswith("Small payloads went through")]
    assert not [note for note in notes(*whole_run(), quick=True) if "new channels" in note]
