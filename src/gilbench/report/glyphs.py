"""The characters that reports are drawn with, and their stand-ins where the encoding is poor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ASCII", "UNICODE", "Glyphs", "glyphs_for"]


@dataclass(frozen=True, kw_only=True)
class Glyphs:
    """One character set. `fills` draws the kinds of loss, by their names in `Losses`."""

    plus_minus: str
    none: str
    dot: str
    rule: str
    fills: Mapping[str, str]
    respellings: Mapping[int, str]

    def spell(self, text: str) -> str:
        """Return `text`, which others wrote, without the signs that this set has stand-ins for."""
        return text.translate(self.respellings)


UNICODE: Final = Glyphs(
    plus_minus="±",
    none="–",
    dot="·",
    rule="─",
    fills={
        "useful": "█",
        "hardware": "▓",
        "overhead": "▚",
        "gil_wait": "▒",
        "run_queue": "░",
        "other_blocked": "╳",
        "imbalance": "◇",
        "unexplained": "?",
    },
    respellings={},
)

ASCII: Final = Glyphs(
    plus_minus="+-",
    none="-",
    dot="|",
    rule="-",
    fills={
        "useful": "#",
        "hardware": "=",
        "overhead": "+",
        "gil_wait": "G",
        "run_queue": "q",
        "other_blocked": "b",
        "imbalance": "i",
        "unexplained": "?",
    },
    respellings=str.maketrans(
        {
            "±": "+-",
            "×": "x",
            "÷": "/",
            "·": "|",
            "µ": "u",
            "μ": "u",
            "–": "-",
            "—": "-",
            "−": "-",
            "‘": "'",
            "’": "'",
            "“": '"',
            "”": '"',
            "…": "...",
            "≤": "<=",
            "≥": ">=",
        }
    ),
)


def glyphs_for(encoding: str) -> Glyphs:
    """Return the set that a stream of this encoding can print."""
    return UNICODE if encoding.lower().startswith("utf") else ASCII
