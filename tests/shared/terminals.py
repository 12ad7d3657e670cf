"""What a program takes for a terminal."""

from __future__ import annotations

import io


class Terminal(io.StringIO):
    """Text that was written to a terminal."""

    encoding = "utf-8"

    def isatty(self) -> bool:
        return True
