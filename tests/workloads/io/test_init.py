from __future__ import annotations

import pytest

from gilbench import workloads
from gilbench.model import Mode
from gilbench.workloads.io import IO, NO_PSYCOPG, why_no_postgres
from scripts import output_of

LATER = ("asyncio", "psycopg", "socket", "sqlite3", "subprocess", "tempfile", "urllib.request")


def test_workers_that_do_no_io_load_none_of_it() -> None:
    loaded = output_of(
        "import sys\nbefore = set(sys.modules)\nimport gilbench.workloads\n"
        f"print([name for name in {LATER!r} if name in set(sys.modules) - before])"
    )
    assert loaded.strip() == "[]"


@pytest.mark.parametrize("name", IO)
def test_what_they_are_like(name: str) -> None:
    workload = workloads.find(name)
    assert workload.text.partition(":")[0] == name
    assert workload.modes == (Mode.RELEASE,)
    assert (workload.has_native_twin, workload.stoppable, workload.shuts_out) == (
        False,
        False,
        True,
    )


@pytest.mark.parametrize("there", [True, False])
def test_the_list_says_what_lacks(there: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("gilbench.workloads.io.find_spec", lambda name: object() if there else None)
    reason = None if there else NO_PSYCOPG
    assert why_no_postgres() == reason
    listed = {entry.name: entry.unavailable for entry in workloads.catalogue()}
    assert {name: listed[name] for name in IO} == {
        **dict.fromkeys(IO, None),
        "postgres": reason,
    }
