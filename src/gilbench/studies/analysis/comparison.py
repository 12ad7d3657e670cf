"""One worker in two runs: the price of a build that speedups over its own base do not show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench.errors import InputError
from gilbench.labels import labels_of
from gilbench.model import Caution, Comparison, Estimate, OneThreadCost
from gilbench.stats import bootstrap_ratio_interval, median
from gilbench.studies.analysis.estimates import LEAST_ROUNDS
from gilbench.studies.analysis.pairs import Series
from gilbench.studies.analysis.table import Table
from gilbench.studies.analysis.words import kernel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from gilbench.labels import Grained
    from gilbench.model import Case, Environment, Plan
    from gilbench.results import StoredRun

__all__ = ["check_comparable", "compare"]

_SAME_MACHINE: Final = "the ratios compare that too: run both builds on one machine"

# What moves the ratios beside the build, by the environment's field: what it is called, and what
# to do where it differs.
_ALIKE: Final = {
    "gilbench": (
        "the version of gilbench",
        "a unit of work may not be the same: run both builds with one version",
    ),
    "machine": ("the architecture", _SAME_MACHINE),
    "cpu": ("the processor", _SAME_MACHINE),
    "cores": ("the number of cores", _SAME_MACHINE),
    "hypervisor": ("the virtual machine", _SAME_MACHINE),
    "governor": ("the frequency governor", "set the same for both runs"),
    "turbo": ("the turbo", "set the same for both runs"),
}


def check_comparable(plan: Plan, other: Plan) -> None:
    """Return nothing where a workload has its serial base in both plans.

    Raises InputError, which names what each has.
    """
    here, there = _bases(plan), _bases(other)
    if not here.keys() & there.keys():
        label = labels_of([*here.values(), *there.values()])
        raise InputError(
            "there is nothing to compare: no workload is in both runs with the same grain "
            f"(here {_listed(here, label)}; in the other {_listed(there, label)})"
        )


def compare(this: StoredRun, that: StoredRun) -> Comparison:
    """Return what one worker does in `this` run as a share of what it does in `that` one.

    For each workload and grain of `this`: the ratio of the medians of the serial throughputs, with
    its 95 % bootstrap interval. The runs are independent, so each is resampled by itself; drift
    between the two is in no interval. Raises InputError where the runs have no workload in common.
    """
    check_comparable(this.plan, that.plan)
    tables = Table.of(this.plan.cases, this.samples), Table.of(that.plan.cases, that.samples)
    there = _bases(that.plan)
    costs = []
    for key, base in _bases(this.plan).items():
        ratio = reason = None
        if key in there:
            ours, theirs = _throughputs(tables[0], base), _throughputs(tables[1], there[key])
            reason = _shortage(ours, "this run") or _shortage(theirs, "the other run")
            ratio = None if reason else _ratio(ours, theirs, this.plan.seed)
        else:
            reason = "not in the other run"
        costs.append(
            OneThreadCost(
                workload=base.workload, grain_ns=base.grain_ns, ratio=ratio, reason=reason
            )
        )
    return Comparison(
        this=_build(this),
        that=_build(that),
        rival=_rival(this, that),
        started_at=that.environment.started_at,
        costs=tuple(costs),
        cautions=tuple(_cautions(this, that)),
    )


def _bases(plan: Plan) -> dict[tuple[str, int], Case]:
    return {(case.workload, case.grain_ns): case for case in plan.cases if case.backend == "serial"}


def _listed(bases: Mapping[tuple[str, int], Case], label: Callable[[Grained], str]) -> str:
    return ", ".join(map(label, bases.values())) or "no serial base"


def _throughputs(table: Table, base: Case) -> Series:
    rates = [rate for rate in table.rates[base].values() if rate.throughput > 0]
    return Series(
        values=tuple(rate.throughput for rate in rates), hosts=tuple(rate.host for rate in rates)
    )


def _shortage(series: Series, run: str) -> str | None:
    rounds = len(series.values)
    if rounds >= LEAST_ROUNDS:
        return None
    return f"{rounds} good rounds of one worker in {run}, at least {LEAST_ROUNDS} are needed"


def _ratio(ours: Series, theirs: Series, seed: int) -> Estimate:
    low, high = bootstrap_ratio_interval(ours.values, ours.hosts, theirs.values, theirs.hosts, seed)
    return Estimate(value=median(ours.values) / median(theirs.values), low=low, high=high)


def _build(run: StoredRun) -> str:
    """Return `CPython 3.13.5, free-threaded, GIL off`."""
    environment = run.environment
    facts = [f"{environment.implementation} {environment.python}"]
    if environment.free_threaded:
        facts.append("free-threaded")
    facts.append("GIL on" if _gil_enabled(run) else "GIL off")
    if environment.jit:
        facts.append("JIT on")
    if environment.debug:
        facts.append("debug build")
    return ", ".join(facts)


def _rival(this: StoredRun, that: StoredRun) -> str:
    """Return how a sentence calls the other build."""
    match this.environment.free_threaded, that.environment.free_threaded:
        case True, False:
            return "the GIL build"
        case False, True:
            return "the free-threaded build"
        case _:
            return "the other run"


def _gil_enabled(run: StoredRun) -> bool:
    return run.environment.gil_enabled or any(sample.gil_enabled for sample in run.samples)


def _cautions(this: StoredRun, that: StoredRun) -> Iterator[Caution]:
    for field, (name, advice) in _ALIKE.items():
        here, there = getattr(this.environment, field), getattr(that.environment, field)
        if here != there:
            yield _difference(name, here, there, advice)
    used = {kernel(workload) for workload, _ in _bases(this.plan).keys() & _bases(that.plan).keys()}
    yield from _variants(this.environment, that.environment, used)


def _variants(this: Environment, that: Environment, used: set[str | None]) -> Iterator[Caution]:
    here, there = this.kernel_variants, that.kernel_variants
    for name in sorted(here.keys() | there.keys()):
        if name in used and here.get(name) != there.get(name):
            yield _difference(
                f"the instructions of {name}",
                here.get(name),
                there.get(name),
                "the ratio compares that too: run both builds with one gilbench on one machine",
            )


def _difference(name: str, here: object, there: object, advice: str) -> Caution:
    def told(value: object) -> object:
        return "not known" if value is None else value

    return Caution(
        what=f"the two runs differ in {name}: {told(here)} here, {told(there)} in the other",
        advice=advice,
    )
