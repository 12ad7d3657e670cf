from __future__ import annotations

from typing import Any

import pytest

from comparisons import make_plan as plan_of
from gilbench.comparison import FactsPlan
from gilbench.errors import InputError
from gilbench.studies.comparison.plan import in_order, make_plan
from gilbench.studies.comparison.rows import ROWS


def plan(**asked: Any) -> FactsPlan:
    plain: dict[str, Any] = {
        "rows": (),
        "quick": False,
        "workers": None,
        "cores": 4,
        "imports": (),
        "dsn": None,
        "seed": 7,
    }
    return make_plan(**plain | asked)


def test_nothing_named_is_everything() -> None:
    assert plan().rows == tuple(ROWS)


def test_rows_come_once_and_in_the_table_s_order() -> None:
    assert plan(rows=["cpu-bound", "gil", "cpu-bound"]).rows == ("gil", "cpu-bound")


@pytest.mark.parametrize(("cores", "workers"), [(1, 2), (2, 2), (6, 6), (128, 8)])
def test_workers_are_the_cores_within_limits(cores: int, workers: int) -> None:
    assert plan(cores=cores).workers == workers


def test_who_says_how_many_workers_gets_them() -> None:
    assert plan(workers=33).workers == 33


def test_imports_come_once() -> None:
    assert plan(imports=["numpy.linalg", "json", "json"]).imports == ("numpy.linalg", "json")


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"rows": ["gill"]}, "there is no row 'gill'; did you mean 'gil'?"),
        ({"rows": ["xyz"]}, "there is no row 'xyz'; known: "),
        ({"rows": "gil"}, "rows are several names, such as ['gil'], not one text"),
        ({"workers": 1}, "workers are from 2 to 64, not 1"),
        ({"workers": 65}, "workers are from 2 to 64, not 65"),
        ({"workers": True}, "workers are from 2 to 64, not True"),
        ({"workers": 2.0}, "workers are from 2 to 64, not 2.0"),
        ({"seed": -1}, "a seed is a whole number from 0 to"),
        ({"imports": "json"}, "imports are several names, such as ['json'], not one text"),
        ({"imports": ["os;x"]}, "'os;x' is not the name of a module"),
        ({"rows": 5}, "rows are several names, such as ['memory'], not 5"),
        ({"rows": [5]}, "rows are names, such as 'memory', not 5"),
        ({"rows": [[]]}, "rows are names, such as 'memory', not []"),
        ({"imports": 5}, "imports are several names, such as ['json'], not 5"),
        ({"imports": None}, "imports are several names, such as ['json'], not None"),
        ({"imports": [5]}, "imports are names, such as 'json', not 5"),
        (
            {"rows": ["gil", "io-bound"], "imports": ["json"]},
            "imports are for the rows memory and creation: name one of them",
        ),
        ({"rows": ["gil"], "imports": ["a b"]}, "'a b' is not the name of a module"),
        ({"rows": ["memory"], "dsn": "nonsense"}, "a DSN is for the row io-bound: name it too"),
        (
            {"dsn": b"secret"},
            "a DSN is a text, such as 'postgresql://user@localhost/db', not bytes",
        ),
        ({"imports": [""]}, "'' is not the name of a module"),
        ({"imports": ["numpy."]}, "'numpy.' is not the name of a module"),
    ],
)
def test_what_cannot_be_is_refused(asked: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError) as caught:
        plan(**asked)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("rows", [(), ("memory",), ("gil", "creation")])
def test_imports_are_for_the_rows_that_use_them(rows: tuple[str, ...]) -> None:
    assert plan(rows=rows, imports=["json"]).imports == ("json",)


@pytest.mark.parametrize("rows", [(), ("io-bound",), ("gil", "io-bound")])
def test_whether_there_is_a_server_is_kept_and_not_which(rows: tuple[str, ...]) -> None:
    assert plan(rows=rows, dsn="postgresql://me:secret@localhost/db").postgres
    assert not plan(rows=rows).postgres


def test_rows_are_measured_in_their_order() -> None:
    rows = ("memory", "gil", "io-bound")
    assert in_order(plan_of(rows=rows)) == rows


def test_the_row_that_asks_the_user_s_server_is_measured_first() -> None:
    rows = ("memory", "gil", "io-bound")
    assert in_order(plan_of(rows=rows, postgres=True)) == ("io-bound", "memory", "gil")
