"""gilbench shows where the GIL bites, by how much, and why.

The whole Python API, re-exported. Names load when they are first used, so that importing the
package costs next to nothing: workers in subinterpreters import it too.
"""

# A plain name, which type checkers know: importing `typing` would cost more than the package.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from gilbench._version import __version__
    from gilbench.errors import GilbenchError, HostError, InputError, StoredFileError
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
    from gilbench.results import StoredRun, findings_to_json, load
    from gilbench.studies.scaling import findings, measure, plan, run

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
    "GilbenchError",
    "GuntherFit",
    "HostError",
    "InputError",
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
    "StoredFileError",
    "StoredRun",
    "__version__",
    "environment",
    "findings",
    "findings_to_csv",
    "findings_to_json",
    "findings_to_markdown",
    "load",
    "measure",
    "plan",
    "run",
]

_HOMES = {
    "__version__": "gilbench._version",
    "GilbenchError": "gilbench.errors",
    "HostError": "gilbench.errors",
    "InputError": "gilbench.errors",
    "StoredFileError": "gilbench.errors",
    "StoredRun": "gilbench.results",
    "environment": "gilbench.machine",
    "findings": "gilbench.studies.scaling",
    "findings_to_csv": "gilbench.report.csv",
    "findings_to_json": "gilbench.results",
    "findings_to_markdown": "gilbench.report.markdown",
    "load": "gilbench.results",
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
