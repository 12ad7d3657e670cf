"""Stored files with something changed, and what is said of them."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest

from gilbench.errors import StoredFileError
from gilbench.results import read

Edit = Callable[[list[dict[str, Any]]], None]


def put_into(place: Any, *path: str | int, value: object) -> None:
    """Set what `path` leads to in `place`."""
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value


def put(line: int, *path: str | int, value: object) -> Edit:
    """Return an edit that sets what `path` leads to in `line`."""
    return lambda lines: put_into(lines[line], *path, value=value)


def edited(data: bytes, edit: Edit) -> bytes:
    """Return the stored file `data` with its lines edited."""
    lines = [json.loads(line) for line in data.splitlines()]
    edit(lines)
    return "".join(json.dumps(line) + "\n" for line in lines).encode()


def complaint_about(data: bytes, *, name: str) -> str:
    """Return why a file of this name and content is refused: in one line, and not a long one."""
    with pytest.raises(StoredFileError) as caught:
        read(io.BytesIO(data), name=name)
    message = str(caught.value)
    assert "\n" not in message
    assert len(message) < 300
    return message
