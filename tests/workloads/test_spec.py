from __future__ import annotations

import pytest

from gilbench.errors import InputError
from gilbench.workloads.spec import (
    Parameter,
    Spec,
    parse_spec,
    read_bytes,
    read_grain,
    read_one_of,
    read_share,
)


def test_a_text_is_a_name_and_its_parameters() -> None:
    assert parse_spec("spin") == Spec(name="spin", parameters={})
    assert parse_spec("a:b=c, d = e=f") == Spec(name="a", parameters={"b": "c", "d": "e=f"})


def test_what_is_not_given_has_its_default() -> None:
    known = {
        "share": Parameter(default=0.5, read=read_share, meaning=""),
        "size": Parameter(default=7, read=read_bytes, meaning=""),
    }
    spec = Spec(name="mine", parameters={"size": "1k"})
    assert spec.read(known) == {"share": 0.5, "size": 1024}
    with pytest.raises(InputError, match="workload 'mine' has no parameters; 'size' was given"):
        spec.read({})


@pytest.mark.parametrize(
    ("text", "share"),
    [("0", 0), ("1", 1), ("0.25", 0.25), ("25%", 0.25), ("100%", 1), ("1e-3", 1e-3)],
)
def test_shares(text: str, share: float) -> None:
    assert read_share(text, "x") == share


@pytest.mark.parametrize("text", ["1.01", "101%", "-0.1", "", "%", "inf", "nan", "a"])
def test_what_is_no_share(text: str) -> None:
    with pytest.raises(InputError, match="^x is a share from 0 to 1"):
        read_share(text, "x")


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("1", 1),
        ("12B", 12),
        ("2k", 2048),
        ("2KiB", 2048),
        ("3M", 3 * 2**20),
        ("3 mib", 3 * 2**20),
        ("4g", 4 * 2**30),
        ("1024GiB", 2**40),
    ],
)
def test_sizes(text: str, size: int) -> None:
    assert read_bytes(text, "x") == size


@pytest.mark.parametrize("text", ["", "0", "0k", "-1", "1.5M", "k", "1 kb", "9" * 5000])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(InputError, match="^x is "):
        read_bytes(text, "x")


def test_grains() -> None:
    assert read_grain("10us", "x") == 10_000
    with pytest.raises(InputError, match=r"^x: duration -1 ms: must be longer than zero"):
        read_grain("-1 ms", "x")


def test_one_of_some_words() -> None:
    read = read_one_of("list", "dict")
    assert read("dict", "x") == "dict"
    for text in ("set", "List", "list,dict", ""):
        with pytest.raises(InputError, match=f"^x is one of list, dict, not '{text}'$"):
            read(text, "x")


def test_parameters_need_not_be_numbers() -> None:
    known = {"what": Parameter(default="list", read=read_one_of("list", "dict"), meaning="")}
    assert Spec(name="mine", parameters={}).read(known) == {"what": "list"}
    assert Spec(name="mine", parameters={"what": "dict"}).read(known) == {"what": "dict"}
