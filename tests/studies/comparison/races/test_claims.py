from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from comparisons import make_plan
from gilbench import quantities
from gilbench.comparison import Outcome, Unit, Way
from gilbench.studies.comparison.races.claims import claims, of_the_gil
from gilbench.studies.comparison.races.tally import Tally

from .conftest import FREE, GIL, PROCESSES, all_raced, raced

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gilbench.comparison import Trial

NONE_LOST = {form: (0.0, ns) for form, (_, ns) in GIL.items()}


def of_gil(*trials: Trial) -> tuple[Outcome, str]:
    return of_the_gil(Tally(plan=make_plan(), trials=trials))


def outcomes(trials: Iterable[Trial]) -> Mapping[str, tuple[Outcome, str]]:
    found = claims(Tally(plan=make_plan(), trials=list(trials)))
    return {claim.claim.partition(" ")[0]: (claim.holds, claim.deciding) for claim in found}


def test_one_form_that_loses_is_enough_against_the_gil() -> None:
    holds, deciding = of_gil(*all_raced())
    assert holds is Outcome.DOES_NOT_HOLD
    assert deciding == (
        "Two threads lost none of 2400000 by `x += 1` on an int in a global, an attribute, a dict"
        " or an array, but 25 % of 600000 by `x += one()`; 25 % of 600000 by `x = int(x) + 1`;"
        " 25 % of 600000 by `account.x += 1` where x is a property; 25 % of 600000 by `x += 1`"
        " where x has an __add__ in Python."
    )
    assert of_gil(raced(Way.THREAD, NONE_LOST | {"number": (0.001, 150.0)})) == (
        Outcome.DOES_NOT_HOLD,
        "Two threads lost none of 1200000 by `x += 1` on an int in a global, an attribute, a dict"
        " or an array, but 0.1 % of 300000 by `x += 1` where x has an __add__ in Python.",
    )
    assert of_gil(raced(Way.THREAD, NONE_LOST | {"item": (0.5, 40.0)})) == (
        Outcome.DOES_NOT_HOLD,
        "Two threads lost 12.5 % of 1200000 by `x += 1` on an int in a global, an attribute, a dict"
        " or an array.",
    )


def test_where_there_is_no_gil_it_makes_nothing_safe() -> None:
    holds, deciding = of_gil(raced(Way.THREAD, FREE, gil=False))
    assert holds is Outcome.DOES_NOT_HOLD
    assert deciding == (
        "There is no GIL here: two threads lost 40 % of 300000 by `x += 1` on a global int, and"
        " 40 % of 2400000 in all forms of it."
    )


@pytest.mark.parametrize("gil", [True, False])
def test_that_nothing_was_lost_proves_nothing(gil: bool) -> None:
    holds, deciding = of_gil(raced(Way.THREAD, NONE_LOST, gil=gil))
    assert holds is Outcome.INCONCLUSIVE
    assert deciding == (
        "Two threads lost none of 2400000 updates, in no form: that is no proof that none can be"
        " lost."
    )


def test_what_is_lost_with_the_short_switch_interval_only_does_not_decide() -> None:
    often = raced(Way.THREAD, GIL, parameters={"switch_ns": 1000})
    assert of_gil(raced(Way.THREAD, NONE_LOST), often)[0] is Outcome.INCONCLUSIVE


def test_where_no_thread_raced_it_says_why() -> None:
    assert of_gil() == (Outcome.INCONCLUSIVE, "No threads raced: they were not tried.")
    assert claims(Tally(plan=make_plan(), trials=[])) == ()


def test_the_claims_of_a_whole_run() -> None:
    found = outcomes(all_raced())
    assert {claim: holds for claim, (holds, _) in found.items()} == {
        "list.append": Outcome.HOLDS,
        "Subinterpreters": Outcome.DEPENDS,
        "Processes": Outcome.DEPENDS,
        "A": Outcome.HOLDS,
        "Between": Outcome.DOES_NOT_HOLD,
    }
    told = [claim.claim for claim in claims(Tally(plan=make_plan(), trials=all_raced()))]
    assert told[3].startswith("A multiprocessing.Value")
    assert found["Subinterpreters"][1] == (
        "On memory that they share, which they have to ask for, two subinterpreters lost 45 % of"
        " 600000."
    )
    times = f"{quantities.format(8, Unit.FACTOR)} times as long by"
    assert found["Between"][1] == (
        f"Over an update under a lock on shared memory, one that is sent took {times} forked"
        f" processes, {times} forkserver processes, {times} spawned processes."
    )


def test_append_holds_only_beside_what_loses_and_in_many_updates() -> None:
    assert outcomes([raced(Way.THREAD, GIL)])["list.append"] == (
        Outcome.HOLDS,
        "Two threads lost none of 300000, and 12.5 % of 2400000 in other forms beside it; that is"
        " no proof, but Python's documentation says so too.",
    )
    for trial in (raced(Way.THREAD, NONE_LOST), raced(Way.THREAD, GIL, made=10_000)):
        assert outcomes([trial])["list.append"][0] is Outcome.INCONCLUSIVE
    lossy = raced(Way.THREAD, GIL | {"append": (0.01, 40.0)})
    assert outcomes([lossy])["list.append"] == (
        Outcome.DOES_NOT_HOLD,
        "Two threads lost 1 % of 300000.",
    )


def test_a_value_is_judged_by_all_processes() -> None:
    safe = {form: (0.0, ns) for form, (_, ns) in PROCESSES.items()}
    lossy = safe | {"value": (0.2, 200.0)}

    def of_value(*trials: Trial) -> Outcome:
        found = claims(Tally(plan=make_plan(), trials=trials))
        return next(each.holds for each in found if "Value" in each.claim)

    assert of_value(raced(Way.FORK, safe), raced(Way.SPAWN, lossy)) is Outcome.DOES_NOT_HOLD
    assert of_value(raced(Way.FORK, safe), raced(Way.SPAWN, safe)) is Outcome.INCONCLUSIVE


def test_what_is_to_lose_nothing_is_held_to_it() -> None:
    def of_safety(forms: Mapping[str, tuple[float, float]]) -> Outcome:
        return outcomes([raced(Way.FORK, forms)])["A"][0]

    assert of_safety(PROCESSES) is Outcome.HOLDS
    assert of_safety(PROCESSES | {"lock": (0.001, 600.0)}) is Outcome.DOES_NOT_HOLD
    nothing = {form: (0.0, ns) for form, (_, ns) in PROCESSES.items()}
    assert of_safety(nothing) is Outcome.INCONCLUSIVE


@pytest.mark.parametrize(
    ("ratios", "expected"),
    [
        ((8.0, 6.0), Outcome.DOES_NOT_HOLD),
        ((0.3, 0.5), Outcome.HOLDS),
        ((0.3, 6.0), Outcome.DEPENDS),
        ((1.1, 6.0), Outcome.INCONCLUSIVE),
        ((0.9, 0.3), Outcome.INCONCLUSIVE),
    ],
)
def test_messages_are_compared_with_locks_by_a_margin(
    ratios: tuple[float, float], expected: Outcome
) -> None:
    trials = [
        raced(way, PROCESSES | {"message": (0.0, 600.0 * ratio)})
        for way, ratio in zip((Way.FORK, Way.SPAWN), ratios, strict=True)
    ]
    assert outcomes(trials)["Between"][0] is expected
