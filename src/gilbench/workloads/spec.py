"""The text that names a workload: `name`, `name:parameter=value,…` or `module:function`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from gilbench import durations
from gilbench.errors import InputError, nearest
from gilbench.sizes import LARGEST, read_size

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = [
    "Parameter",
    "Spec",
    "parse_spec",
    "read_bytes",
    "read_grain",
    "read_one_of",
    "read_share",
]

Value = TypeVar("Value")


@dataclass(frozen=True, kw_only=True)
class Spec:
    """A workload's name and the parameters given to it, as text."""

    name: str
    parameters: Mapping[str, str]

    def read(self, known: Mapping[str, Parameter[Value]]) -> dict[str, Value]:
        """Return every known parameter's value, given or default. Raises InputError."""
        for given in self.parameters:
            if given not in known:
                raise InputError(
                    f"workload {self.name!r} has no parameter {given!r}{nearest(given, known)}"
                    if known
                    else f"workload {self.name!r} has no parameters; {given!r} was given"
                )
        return {
            name: parameter.read(self.parameters[name], f"{self.name}:{name}")
            if name in self.parameters
            else parameter.default
            for name, parameter in known.items()
        }


@dataclass(frozen=True, kw_only=True)
class Parameter(Generic[Value]):
    """How to read one parameter, and its value when it is not given."""

    default: Value
    read: Callable[[str, str], Value]
    meaning: str


def parse_spec(text: str) -> Spec:
    """Return the name and parameters in `text`. Raises InputError for `name:nonsense`."""
    name, colon, rest = text.partition(":")
    parameters: dict[str, str] = {}
    if colon:
        for part in rest.split(","):
            key, equals, value = part.partition("=")
            if not equals or not key.strip() or not value.strip():
                raise InputError(
                    f"{part!r} in workload {text!r} is no parameter: write {name}:name=value,…"
                )
            if key.strip() in parameters:
                raise InputError(f"parameter {key.strip()!r} is given twice in workload {text!r}")
            parameters[key.strip()] = value.strip()
    return Spec(name=name, parameters=parameters)


def read_share(text: str, what: str) -> float:
    """Return a share from 0 to 1, also from a percentage such as `25%`. Raises InputError."""
    number, percent = (text[:-1], True) if text.endswith("%") else (text, False)
    try:
        share = float(number) / (100 if percent else 1)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise InputError(f"{what} is a share from 0 to 1, such as 0.5 or 50%, not {text!r}")
    return share


def read_bytes(text: str, what: str) -> float:
    """Return a number of bytes, also from `64MiB` or `1k` (binary multiples). Raises InputError."""
    size = read_size(text)
    if not size:
        raise InputError(f"{what} is a size in bytes, such as 65536 or 64MiB, not {text!r}")
    if size > LARGEST:
        raise InputError(f"{what} is more than one TiB: {text!r}")
    return size


def read_grain(text: str, what: str) -> float:
    """Return a duration in nanoseconds. Raises InputError."""
    try:
        return durations.parse(text)
    except InputError as error:
        raise InputError(f"{what}: {error}") from error


def read_one_of(*words: str) -> Callable[[str, str], str]:
    """Return what reads one of these words, and raises InputError for any other."""

    def read(text: str, what: str) -> str:
        if text not in words:
            raise InputError(f"{what} is one of {', '.join(words)}, not {text!r}")
        return text

    return read
