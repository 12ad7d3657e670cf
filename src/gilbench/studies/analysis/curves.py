"""How each way of running scales with its workers: the points, and the laws fitted to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from gilbench.model import AmdahlFit, Curve, CurvePoint, Estimate, GuntherFit, Status
from gilbench.studies.analysis.estimates import LEAST_ROUNDS, interval
from gilbench.studies.analysis.laws import amdahl, gunther, karp_flatt
from gilbench.studies.analysis.pairs import Series
from gilbench.studies.analysis.table import CEILING_BACKENDS
from gilbench.studies.analysis.words import count

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from gilbench.model import Case, CaseFinding
    from gilbench.studies.analysis.evidence import Run

__all__ = ["curves"]

# One worker of these may be there only because a figure of others rests on it.
_BASES: Final = frozenset({"serial", *CEILING_BACKENDS})

# Two parameters want as many points that they could miss; the base, which none can, is the third.
_LEAST_POINTS: Final = 3


# A file can hold speedups that no machine has, and no arithmetic survives.
_SPEEDUPS: Final = (1e-6, 1e6)


@dataclass(frozen=True, kw_only=True)
class _Round:
    """The speedups of one round by worker count, and the host that it ran in."""

    speedups: Mapping[int, float]
    host: int


def curves(run: Run, findings: Sequence[CaseFinding], cores: int) -> tuple[Curve, ...]:
    """Return a curve for each way of running, if the plan asks for one with several worker counts.

    `findings` are those of the plan's cases, in its order. Speedups are over `serial`, as the table
    has them: so the first point of every curve is the base, with 1. Each law is fitted to each
    round by itself, in which all points have the same base and the same second of the machine; a
    parameter is the median over rounds with its interval over rounds and hosts, as every other
    figure is. More workers than `cores` are left out of the fits.
    """
    ways: dict[tuple[object, ...], dict[Case, CaseFinding]] = {}
    for case, finding in zip(run.plan.cases, findings, strict=True):
        way = (case.workload, case.grain_ns, case.backend, case.mode)
        ways.setdefault(way, {})[case] = finding
    counts = run.plan.workers
    if not (len(counts) > 1 if counts else any(map(_seems_asked, ways.values()))):
        return ()
    return tuple(
        _curve(run, way, cores)
        for way in ways.values()
        if any(case.workers > 1 for case in way)
        and any(finding.status is not Status.UNAVAILABLE for finding in way.values())
    )


def _seems_asked(way: Collection[Case]) -> bool:
    """Return whether a way is measured with several counts, as far as cases alone tell."""
    above_one = [case for case in way if case.workers > 1]
    return len(above_one) > 1 or (len(way) > 1 and not any(case.backend in _BASES for case in way))


def _curve(run: Run, way: Mapping[Case, CaseFinding], cores: int) -> Curve:
    known = {
        case: finding.speedup
        for case, finding in way.items()
        if case.workers > 1 and finding.status is Status.OK and finding.speedup is not None
    }
    fitted = {case.workers: case for case in known if case.workers <= cores}
    rounds = _rounds(run, fitted)
    enough = 1 + len(fitted) >= _LEAST_POINTS and len(rounds) >= LEAST_ROUNDS
    first = next(iter(way))
    lost = {case.workers for case in way} - {1} - {case.workers for case in known}
    beyond = {case.workers for case in known if case.workers > cores}
    remarks = [] if enough else [_shortage(known, fitted, len(rounds))]
    if beyond:
        remarks.append(f"left out: {_workers(beyond)}, more than the cores ({cores})")
    if known and lost:
        remarks.append(f"left out: {_workers(lost)}, whose figures do not hold")
    return Curve(
        workload=first.workload,
        mode=first.mode,
        backend=first.backend,
        grain_ns=first.grain_ns,
        points=_points(run, known, fitted),
        amdahl=_amdahl(rounds, run.plan.seed) if enough else None,
        gunther=_gunther(rounds, run.plan.seed) if enough else None,
        reason="; ".join(remarks) or None,
    )


def _rounds(run: Run, cases: Mapping[int, Case]) -> list[_Round]:
    """Return the rounds in which every one of `cases` and their base were accepted."""
    if not cases:
        return []
    base = run.table.partners(next(iter(cases.values()))).base
    bases = {} if base is None else run.table.rates[base]
    rates = {workers: run.table.rates[case] for workers, case in cases.items()}
    complete = [
        _Round(
            speedups={
                workers: rate[round].throughput / of_base.throughput
                for workers, rate in rates.items()
            },
            host=of_base.host,
        )
        for round, of_base in bases.items()
        if of_base.throughput > 0 and all(round in rate for rate in rates.values())
    ]
    least, most = _SPEEDUPS
    return [
        round
        for round in complete
        if all(least <= speedup <= most for speedup in round.speedups.values())
    ]


def _points(
    run: Run, known: Mapping[Case, Estimate], fitted: Mapping[int, Case]
) -> tuple[CurvePoint, ...]:
    if not known:
        return ()
    base = Estimate(value=1.0, low=1.0, high=1.0)
    points = [CurvePoint(workers=1, speedup=base, serial_share=None, fitted=True)]
    for case, speedup in known.items():
        own = _rounds(run, {case.workers: case}) if case.workers in fitted else []
        shares = [karp_flatt(case.workers, round.speedups[case.workers]) for round in own]
        points.append(
            CurvePoint(
                workers=case.workers,
                speedup=speedup,
                serial_share=interval(_series(shares, own), run.plan.seed),
                fitted=case.workers in fitted,
            )
        )
    return tuple(sorted(points, key=lambda point: point.workers))


def _amdahl(rounds: Sequence[_Round], seed: int) -> AmdahlFit | None:
    serial_share = interval(_series([amdahl(round.speedups) for round in rounds], rounds), seed)
    return None if serial_share is None else AmdahlFit(serial_share=serial_share)


def _gunther(rounds: Sequence[_Round], seed: int) -> GuntherFit | None:
    fits = [gunther(round.speedups) for round in rounds]
    contention = interval(_series([a for a, _ in fits], rounds), seed)
    coherency = interval(_series([b for _, b in fits], rounds), seed)
    if contention is None or coherency is None:
        return None
    return GuntherFit(contention=contention, coherency=coherency)


def _series(values: Sequence[float], rounds: Sequence[_Round]) -> Series:
    return Series(values=tuple(values), hosts=tuple(round.host for round in rounds))


def _shortage(known: Collection[Case], fitted: Collection[int], rounds: int) -> str:
    if not known:
        return "no fit: at no worker count does the speedup hold"
    points = 1 + len(fitted)
    if points >= _LEAST_POINTS:
        ran = f"only {rounds} round{'' if rounds == 1 else 's'} of at least {LEAST_ROUNDS}"
        return f"no fit: {ran} went well for all of its points; give a longer --budget"
    are = "points are" if points > 1 else "point is"
    which = "the base" if points == 1 else f"{_workers({1, *fitted})}, the base included"
    return f"no fit: {count(points)} {are} not enough for one ({which})"


def _workers(counts: Collection[int]) -> str:
    *front, last = map(str, sorted(counts))
    listed = f"{', '.join(front)} and {last}" if front else last
    return f"{listed} worker{'' if set(counts) == {1} else 's'}"
