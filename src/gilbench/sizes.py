"""Sizes as people write them, `64KiB` or `64..1MiB`, to numbers and back, in binary multiples."""

from __future__ import annotations

import operator
import re
from typing import TYPE_CHECKING, Final

from gilbench.errors import InputError

if TYPE_CHECKING:
    from gilbench.evidence import Sizes

__all__ = ["LARGEST", "format_size", "parse_sizes", "read_size", "steps"]

LARGEST: Final = 2**40

_UNITS: Final = {
    "": 1,
    "b": 1,
    "k": 2**10,
    "kib": 2**10,
    "m": 2**20,
    "mib": 2**20,
    "g": 2**30,
    "gib": 2**30,
}
# Python refuses to read numbers of thousands of digits.
_WRITTEN: Final = re.compile(r"(\d{1,30})\s*([a-zA-Z]*)")


def read_size(text: str) -> int | None:
    """Return the whole number in `text`, also from `64MiB` or `1k`, however large; else null."""
    match = _WRITTEN.fullmatch(text)
    if match is None or match[2].lower() not in _UNITS:
        return None
    return int(match[1]) * _UNITS[match[2].lower()]


def parse_sizes(sizes: str | tuple[int, int]) -> Sizes:
    """Return the range of `n` that `64..1MiB` or `(64, 2**20)` means.

    The first is at least 0, the last larger, and at most 2**40. Raises InputError for all else.
    """
    # Workers read sizes too, and have no use for the many types of a check.
    from gilbench.evidence import Sizes

    first, last = _ends_of_text(sizes) if isinstance(sizes, str) else _ends_of_pair(sizes)
    if min(first, last) < 0:
        raise InputError("sizes: a value of n is negative; write 0 or more")
    if max(first, last) > LARGEST:
        raise InputError("sizes: a value of n is more than 2**40 (1024 GiB)")
    if last <= first:
        raise InputError(
            f"sizes: the last value of n, {last}, is not larger than the first, {first}"
        )
    return Sizes(first=first, last=last)


def steps(sizes: Sizes) -> tuple[int, ...]:
    """Return the first value of `n`, the powers of two strictly between, and the last."""
    exponents = range(sizes.first.bit_length(), sizes.last.bit_length())
    between = (2**exponent for exponent in exponents if 2**exponent < sizes.last)
    return (sizes.first, *between, sizes.last)


def format_size(n: int) -> str:
    """Return `n` as `64 KiB` or `1 MiB` where a unit divides it, else as a plain number."""
    for unit in ("GiB", "MiB", "KiB"):
        amount, rest = divmod(n, _UNITS[unit.lower()])
        if amount and not rest:
            return f"{amount} {unit}"
    return str(n)


def _ends_of_text(text: str) -> tuple[int, int]:
    match [read_size(end.strip()) for end in text.split("..")]:
        case [int(first), int(last)]:
            return first, last
    raise InputError(f"sizes {text!r}: write the first and the last value of n, such as 64..1MiB")


def _ends_of_pair(pair: tuple[int, int]) -> tuple[int, int]:
    try:
        first, last = (operator.index(end) for end in pair)
    except (TypeError, ValueError):
        raise InputError(
            "sizes: give two whole numbers, such as (64, 2**20), or a text such as '64..1MiB'"
        ) from None
    return first, last
