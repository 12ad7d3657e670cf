"""What the payloads hold."""

from __future__ import annotations

from typing import Any, Final

__all__ = ["holds_pattern", "pattern"]

_PERIOD: Final = bytes(range(64))


def pattern(size: int) -> bytes:
    """Return so many bytes, of which neighbours differ."""
    whole, rest = divmod(size, len(_PERIOD))
    # A large one is not to be copied again for nothing.
    return _PERIOD * whole + _PERIOD[:rest] if rest else _PERIOD * whole


def holds_pattern(payload: Any, size: int) -> bool:
    """Return whether an object's first and last of `size` bytes are those of `pattern`."""
    with memoryview(payload) as view, view.cast("B") as data:
        if data.nbytes < size:
            return False
        return data[0] == _PERIOD[0] and data[size - 1] == _PERIOD[(size - 1) % len(_PERIOD)]
