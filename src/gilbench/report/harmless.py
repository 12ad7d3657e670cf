"""Text that others wrote, made fit to be written where a terminal may read it."""

from __future__ import annotations

from typing import Final

__all__ = ["harmless"]

_CONTROLS: Final = (*range(0x20), *range(0x7F, 0xA0))


def harmless(text: str, *, keeping: str = "") -> str:
    """Return `text` with `?` for every control character, such as a terminal's escape.

    Those in `keeping` stay. Reports and messages quote files from anywhere, and none of it may
    steer the terminal.
    """
    kept = {ord(sign) for sign in keeping}
    return text.translate({code: "?" for code in _CONTROLS if code not in kept})
