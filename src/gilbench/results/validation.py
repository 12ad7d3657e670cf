"""The check that plain data, as JSON gives it, fits a schema: stricter than a decoder is.

mashumaro's decoders coerce (`"3"` becomes 3, a text becomes a tuple of letters), so data from a
file is checked here first. Of JSON Schema this knows what `shape.schema_of` produces.
"""

from __future__ import annotations

import reprlib
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from gilbench.results.shape import Schema

__all__ = ["MisfitError", "check"]

_INT64: Final = (-(2**63), 2**63 - 1)
# Products and quotients of several numbers of such magnitudes stay finite.
_MAGNITUDES: Final = (1e-24, 1e24)
_LONGEST_KEY: Final = 60
_TEXT: Final[Schema] = {"type": "string"}
# What a message calls them; the others it has no need to.
_NAMES: Final = {
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "string": "text",
}


class MisfitError(Exception):
    """Data that does not fit its schema: says where, what it must be, and what it is."""


def check(value: object, schema: Schema, where: str = "") -> None:
    """Return nothing where `value` fits `schema`; `where` is the value's name in messages.

    Whole numbers fit 64 bits; numbers are 0 or of a magnitude from 1e-24 to 1e24; texts are valid
    Unicode. Raises `MisfitError`.
    """
    if "anyOf" in schema:
        _any_of(value, schema["anyOf"], where)
        return
    if "enum" in schema and value not in schema["enum"]:
        raise _wrong(where, f"one of {', '.join(schema['enum'])}", value)
    if "type" in schema:
        _CHECKS[schema["type"]](value, schema, where)


def _any_of(value: object, shapes: Sequence[Schema], where: str) -> None:
    """Check what may be null, or else any of several plain values."""
    some = [shape for shape in shapes if shape.get("type") != "null"]
    if value is None and len(some) < len(shapes):
        return
    if len(some) == 1:
        check(value, some[0], where)
        return
    for shape in some:
        with suppress(MisfitError):
            check(value, shape, where)
            return
    raise _wrong(where, " or ".join(_NAMES[shape["type"]] for shape in some), value)


def _wrong(where: str, what: str, value: object) -> MisfitError:
    return MisfitError(f"{where or 'it'} must be {what}, not {reprlib.repr(value)}")


def _object(value: object, schema: Schema, where: str) -> None:
    if not isinstance(value, dict):
        raise _wrong(where, "an object", value)
    inside = f"{where}." if where else ""
    for name in schema.get("required", ()):
        if name not in value:
            raise MisfitError(f"{inside}{name} is missing")
    for name, part in schema.get("properties", {}).items():
        if name in value:
            check(value[name], part, f"{inside}{name}")
    if "additionalProperties" in schema:
        for key, item in value.items():
            check(key, schema.get("propertyNames", _TEXT), f"a key of {where}")
            check(item, schema["additionalProperties"], f"{inside}{_short(key)}")


def _short(key: str) -> str:
    """Return `key` as a message can hold it, whoever chose it."""
    return key if key.isprintable() and len(key) <= _LONGEST_KEY else reprlib.repr(key)


def _array(value: object, schema: Schema, where: str) -> None:
    if not isinstance(value, list):
        raise _wrong(where, "a list", value)
    least, most = schema.get("minItems", 0), schema.get("maxItems", len(value))
    if not least <= len(value) <= most:
        raise _wrong(where, f"a list of {least}{'' if least == most else ' or more'}", value)
    parts = schema.get("prefixItems") or [schema["items"]] * len(value)
    for index, (item, part) in enumerate(zip(value, parts, strict=True)):
        check(item, part, f"{where}[{index}]")


def _string(value: object, _schema: Schema, where: str) -> None:
    if not isinstance(value, str):
        raise _wrong(where, "text", value)
    try:
        value.encode()
    except UnicodeEncodeError:  # a lone surrogate, which JSON can spell but nobody can print
        raise _wrong(where, "valid Unicode", value) from None


def _integer(value: object, schema: Schema, where: str) -> None:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _wrong(where, "a whole number", value)
    least, most = schema.get("minimum", _INT64[0]), schema.get("maximum", _INT64[1])
    if not least <= value <= most:
        raise _wrong(where, f"from {least} to {most}", value)


def _number(value: object, schema: Schema, where: str) -> None:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise _wrong(where, "a number", value)
    if value != 0 and not _MAGNITUDES[0] <= abs(value) <= _MAGNITUDES[1]:
        raise _wrong(where, "0 or of a magnitude from {:.0e} to {:.0e}".format(*_MAGNITUDES), value)
    least, most = schema.get("minimum", value), schema.get("maximum", value)
    if not least <= value <= most:
        what = f"from {least} to {most}" if "maximum" in schema else f"at least {least}"
        raise _wrong(where, what, value)
    if "exclusiveMinimum" in schema and value <= schema["exclusiveMinimum"]:
        raise _wrong(where, f"above {schema['exclusiveMinimum']}", value)


def _boolean(value: object, _schema: Schema, where: str) -> None:
    if not isinstance(value, bool):
        raise _wrong(where, "true or false", value)


_CHECKS: Final[dict[str, Callable[[object, Schema, str], None]]] = {
    "object": _object,
    "array": _array,
    "string": _string,
    "integer": _integer,
    "number": _number,
    "boolean": _boolean,
}
