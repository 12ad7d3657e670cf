"""gilbench shows where the GIL bites, by how much, and why.

The whole Python API, re-exported. Names load when they are first used, so that importing the
package costs next to nothing: workers in subinterpreters import it too.
"""

# A plain name, which type checkers know: importing `typing` would cost more than the package.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from gilbench._version import __version__
    from gilbench.comparison import (
        Cell,
        Claim,
        Evidence,
        Fact,
        FactsFindings,
        FactsPlan,
        Figure,
        Outcome,
        Row,
        Table,
        TableLine,
        Trial,
        Unit,
        Way,
    )
    from gilbench.errors import GilbenchError, HostError, InputError, StoredFileError
    from gilbench.evidence import (
        Block,
        CheckFindings,
        CheckPlan,
        Controls,
        Instrument,
        Observation,
        Scaling,
        ShutOut,
        SizeFinding,
        Sizes,
        Subject,
        Target,
        Threshold,
        Timing,
        Verdict,
    )
    from gilbench.machine import environment
    from gilbench.model import (
        AmdahlFit,
        Calibration,
        Case,
        CaseFinding,
        Caution,
        Ceiling,
        Comparison,
        Curve,
        CurvePoint,
        Environment,
        Estimate,
        Failure,
        Fairness,
        Findings,
        GuntherFit,
        Listing,
        Losses,
        Mode,
        OneThreadCost,
        Plan,
        Progress,
        Reading,
        Rejection,
        Sample,
        Status,
        Stop,
        StopReason,
    )
    from gilbench.report.csv import findings_to_csv
    from gilbench.report.markdown import findings_to_markdown
    from gilbench.results import (
        StoredCheck,
        StoredFacts,
        StoredRun,
        check_findings_to_json,
        facts_findings_to_json,
        findings_to_json,
        load,
        load_run,
    )
    from gilbench.studies.check.findings import check_findings
    from gilbench.studies.check.study import check
    from gilbench.studies.comparison.study import facts, facts_findings
    from gilbench.studies.scaling import findings, measure, plan, run

__all__ = [
    "AmdahlFit",
    "Block",
    "Calibration",
    "Case",
    "CaseFinding",
    "Caution",
    "Ceiling",
    "Cell",
    "CheckFindings",
    "CheckPlan",
    "Claim",
    "Comparison",
    "Controls",
    "Curve",
    "CurvePoint",
    "Environment",
    "Estimate",
    "Evidence",
    "Fact",
    "FactsFindings",
    "FactsPlan",
    "Failure",
    "Fairness",
    "Figure",
    "Findings",
    "GilbenchError",
    "GuntherFit",
    "HostError",
    "InputError",
    "Instrument",
    "Listing",
    "Losses",
    "Mode",
    "Observation",
    "OneThreadCost",
    "Outcome",
    "Plan",
    "Progress",
    "Reading",
    "Rejection",
    "Row",
    "Sample",
    "Scaling",
    "ShutOut",
    "SizeFinding",
    "Sizes",
    "Status",
    "Stop",
    "StopReason",
    "StoredCheck",
    "StoredFacts",
    "StoredFileError",
    "StoredRun",
    "Subject",
    "Table",
    "TableLine",
    "Target",
    "Threshold",
    "Timing",
    "Trial",
    "Unit",
    "Verdict",
    "Way",
    "__version__",
    "check",
    "check_findings",
    "check_findings_to_json",
    "environment",
    "facts",
    "facts_findings",
    "facts_findings_to_json",
    "findings",
    "findings_to_csv",
    "findings_to_json",
    "findings_to_markdown",
    "load",
    "load_run",
    "measure",
    "plan",
    "run",
]

_HOMES = {
    "__version__": "gilbench._version",
    "Block": "gilbench.evidence",
    "Cell": "gilbench.comparison",
    "CheckFindings": "gilbench.evidence",
    "CheckPlan": "gilbench.evidence",
    "Claim": "gilbench.comparison",
    "Controls": "gilbench.evidence",
    "Evidence": "gilbench.comparison",
    "Fact": "gilbench.comparison",
    "FactsFindings": "gilbench.comparison",
    "FactsPlan": "gilbench.comparison",
    "Figure": "gilbench.comparison",
    "GilbenchError": "gilbench.errors",
    "HostError": "gilbench.errors",
    "InputError": "gilbench.errors",
    "Instrument": "gilbench.evidence",
    "Observation": "gilbench.evidence",
    "Outcome": "gilbench.comparison",
    "Row": "gilbench.comparison",
    "Scaling": "gilbench.evidence",
    "ShutOut": "gilbench.evidence",
    "SizeFinding": "gilbench.evidence",
    "Sizes": "gilbench.evidence",
    "StoredCheck": "gilbench.results",
    "StoredFacts": "gilbench.results",
    "StoredFileError": "gilbench.errors",
    "StoredRun": "gilbench.results",
    "Subject": "gilbench.evidence",
    "Table": "gilbench.comparison",
    "TableLine": "gilbench.comparison",
    "Target": "gilbench.evidence",
    "Threshold": "gilbench.evidence",
    "Timing": "gilbench.evidence",
    "Trial": "gilbench.comparison",
    "Unit": "gilbench.comparison",
    "Verdict": "gilbench.evidence",
    "Way": "gilbench.comparison",
    "check": "gilbench.studies.check.study",
    "check_findings": "gilbench.studies.check.findings",
    "check_findings_to_json": "gilbench.results",
    "environment": "gilbench.machine",
    "facts": "gilbench.studies.comparison.study",
    "facts_findings": "gilbench.studies.comparison.study",
    "facts_findings_to_json": "gilbench.results",
    "findings": "gilbench.studies.scaling",
    "findings_to_csv": "gilbench.report.csv",
    "findings_to_json": "gilbench.results",
    "findings_to_markdown": "gilbench.report.markdown",
    "load": "gilbench.results",
    "load_run": "gilbench.results",
    "measure": "gilbench.studies.scaling",
    "plan": "gilbench.studies.scaling",
    "run": "gilbench.studies.scaling",
}


def __getattr__(name: str) -> object:
    """Return the public object `name`, from the module that it lives in (PEP 562).

    Raises AttributeError for what is not public.
    """
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    value: object = getattr(import_module(_HOMES.get(name, "gilbench.model")), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
