"""The frozen data of a check: what was asked, what was seen of one function, and the verdict.

Standard library only. Raw records (`Timing`, `Observation`, `ShutOut`, and the samples of the
scaling) and what is derived from them (`CheckFindings`) are different types, so that findings can
always be computed again from a stored check.
"""

from gilbench.evidence.findings import (
    CheckFindings,
    Controls,
    Scaling,
    SizeFinding,
    Threshold,
    Verdict,
)
from gilbench.evidence.plan import CheckPlan, Sizes, Target
from gilbench.evidence.records import (
    LET_IN_PARTS,
    LOCATABLE_NS,
    Block,
    Instrument,
    Observation,
    ShutOut,
    Subject,
    Timing,
)

__all__ = [
    "LET_IN_PARTS",
    "LOCATABLE_NS",
    "Block",
    "CheckFindings",
    "CheckPlan",
    "Controls",
    "Instrument",
    "Observation",
    "Scaling",
    "ShutOut",
    "SizeFinding",
    "Sizes",
    "Subject",
    "Target",
    "Threshold",
    "Timing",
    "Verdict",
]
