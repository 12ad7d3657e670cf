from __future__ import annotations

import pytest

from gilbench.machine.variables import hash_seed, telling_variables

ENVIRON = {
    "PYTHONPATH": "/home/somebody",
    "PYTHONHASHSEED": "7",
    "PYTHON_GIL": "0",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "2",
    "MALLOC_ARENA_MAX": "1",
    "LD_PRELOAD": "libjemalloc.so",
    "GLIBC_TUNABLES": "glibc.malloc.check=1",
    "HOME": "/home/somebody",
    "MY_OMP_SECRET": "x",
}


def test_only_what_moves_figures_sorted_and_nothing_private():
    told = telling_variables(ENVIRON, ignored=False)
    assert list(told) == [
        "GLIBC_TUNABLES",
        "LD_PRELOAD",
        "MALLOC_ARENA_MAX",
        "OMP_NUM_THREADS",
        "OPENBLAS_NUM_THREADS",
        "PYTHONHASHSEED",
        "PYTHON_GIL",
    ]
    assert told["OMP_NUM_THREADS"] == "2"


def test_pythons_variables_do_not_count_where_it_ignores_them():
    told = telling_variables(ENVIRON, ignored=True)
    assert "OMP_NUM_THREADS" in told
    assert not [name for name in told if name.startswith("PYTHON")]


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, "random"),
        ({"PYTHONHASHSEED": ""}, "random"),
        ({"PYTHONHASHSEED": "random"}, "random"),
        ({"PYTHONHASHSEED": "0"}, "0"),
    ],
)
def test_hash_seed(variables, expected):
    assert hash_seed(variables) == expected
