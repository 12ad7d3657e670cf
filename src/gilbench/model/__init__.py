"""The frozen data that the layers hand to each other: cases, samples, readings and findings.

Standard library only, and light: workers in subinterpreters import it. Raw measurements
(`Sample`, `Reading`) and what is derived from them (`Findings`) are different types, so that
findings can always be computed again from stored samples.
"""

from gilbench.model.comparison import Comparison, OneThreadCost
from gilbench.model.curve import AmdahlFit, Curve, CurvePoint, GuntherFit
from gilbench.model.environment import Caution, Environment
from gilbench.model.estimate import Ceiling, Estimate
from gilbench.model.findings import CaseFinding, Fairness, Findings, Losses
from gilbench.model.listing import Listing
from gilbench.model.plan import Case, Mode, Plan
from gilbench.model.run import Calibration, Failure, Progress, Status, Stop, StopReason
from gilbench.model.sample import Reading, Rejection, Sample

__all__ = [
    "AmdahlFit",
    "Calibration",
    "Case",
    "CaseFinding",
    "Caution",
    "Ceiling",
    "Comparison",
    "Curve",
    "CurvePoint",
    "Environment",
    "Estimate",
    "Failure",
    "Fairness",
    "Findings",
    "GuntherFit",
    "Listing",
    "Losses",
    "Mode",
    "OneThreadCost",
    "Plan",
    "Progress",
    "Reading",
    "Rejection",
    "Sample",
    "Status",
    "Stop",
    "StopReason",
]
