"""Between the model's dataclasses and plain data as JSON has it, through mashumaro.

The codecs are built on first use: mashumaro alone costs some 50 ms to import.
"""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, cast

from gilbench.results.shape import schema_of
from gilbench.results.validation import MisfitError, check

if TYPE_CHECKING:
    from collections.abc import Hashable

    from mashumaro.codecs.basic import BasicDecoder, BasicEncoder

    from gilbench.results.shape import Schema

__all__ = ["decode", "encode", "parse"]

T = TypeVar("T")


def encode(value: object) -> dict[str, Any]:
    """Return the dataclass object `value` as plain data: dicts, lists, numbers, texts."""
    return cast("dict[str, Any]", _encoder(cast("Hashable", type(value))).encode(value))


def decode(shape: type[T], data: object) -> T:
    """Return the object of the dataclass `shape` that plain `data` describes.

    Fields that `shape` does not have are passed over. Raises `MisfitError` where `data` does not
    fit the schema of `shape`.
    """
    schema, decoder = _decoder(cast("Hashable", shape))
    check(data, schema)
    return cast("T", decoder.decode(data))


def parse(text: bytes) -> dict[str, Any]:
    """Return the JSON object that `text` (UTF-8) spells; raises `MisfitError`."""
    try:
        data = json.loads(text.decode("utf-8"), parse_constant=_no_constant)
    except UnicodeDecodeError:
        raise MisfitError("it is not UTF-8 text") from None
    except json.JSONDecodeError as error:
        raise MisfitError(f"it is not JSON ({error.msg} at column {error.colno})") from None
    except RecursionError:
        raise MisfitError("it is nested too deeply") from None
    except ValueError as error:  # a whole number of thousands of digits, or no number at all
        raise MisfitError(f"it is not JSON of ours ({error})") from None
    if not isinstance(data, dict):
        raise MisfitError("it is not a JSON object")
    return data


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _printable(text: str) -> str:
    # A path that is not valid in the file system's encoding reaches Python with lone surrogates,
    # which no other JSON reader has to accept: spelled out here, `\udcff`.
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


@cache
def _encoder(shape: type) -> BasicEncoder[Any]:
    from mashumaro.codecs.basic import BasicEncoder
    from mashumaro.dialect import Dialect

    class Printable(Dialect):
        serialization_strategy = {str: {"serialize": _printable}}  # noqa: RUF012

    return BasicEncoder(shape, default_dialect=Printable)


@cache
def _decoder(shape: type) -> tuple[Schema, BasicDecoder[Any]]:
    """Return what data for `shape` must fit, and the decoder for data that does."""
    from mashumaro.codecs.basic import BasicDecoder

    return schema_of(shape), BasicDecoder(shape)
