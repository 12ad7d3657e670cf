from __future__ import annotations

import pytest

from gilbench.comparison import Outcome
from gilbench.studies.comparison.communication.contest import Contest, Side
from gilbench.studies.comparison.communication.verdict import outcome, set_aside
from gilbench.studies.comparison.medians import Median

SIZES = (64, 1024, 2**18)


def contest(*times: float, cores: int = 2) -> Contest:
    """Return one in which the second side takes so many times as long, by payload."""

    def side(name: str, took_ns: list[float]) -> Side:
        trip = {
            size: Median(value=took, low=0.99 * took, high=1.01 * took, firm=True)
            for size, took in zip(SIZES, took_ns, strict=False)
        }
        return Side(name=name, trip=trip, through=dict.fromkeys(trip, name))

    first = side("one", [10_000.0] * len(times))
    return Contest(cores=cores, first=first, second=side("other", [1e4 * each for each in times]))


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        ((1.2, 0.9), Outcome.INCONCLUSIVE),
        ((1.3, 1.0), Outcome.HOLDS),
        ((1.0, 0.7), Outcome.DOES_NOT_HOLD),
        # What the other is quicker by is the mood of the machine, and what the first is, is not.
        ((0.6, 0.9, 3.0), Outcome.HOLDS),
        ((1.6, 1.3, 0.3), Outcome.DOES_NOT_HOLD),
        # All payloads count, not the one that it is the most with.
        ((0.6, 1.5, 1.5), Outcome.HOLDS),
        ((0.7, 0.7, 1.5), Outcome.DOES_NOT_HOLD),
        # Which is the greater, the next run may see the other way round.
        ((0.7, 1.6), Outcome.DEPENDS),
        ((0.6, 1.3, 1.5), Outcome.DEPENDS),
        # Both are plainly so, however much more the one is than the other.
        ((0.49, 900.0), Outcome.DEPENDS),
        ((2.1, 0.001), Outcome.DEPENDS),
    ],
)
def test_the_greater_difference_decides_unless_the_other_is_plain_too(
    times: tuple[float, ...], expected: Outcome
) -> None:
    assert outcome([contest(*times)]) is expected


def test_each_number_of_cores_counts_alike() -> None:
    assert outcome([contest(3, 3), contest(0.3, 0.3, cores=1)]) is Outcome.DEPENDS
    assert outcome([contest(0.8, 0.7), contest(3, 3, cores=1)]) is Outcome.HOLDS
    assert outcome([]) is Outcome.INCONCLUSIVE


def test_what_does_not_turn_it_is_told() -> None:
    found = [contest(3, 3, 0.6), contest(0.75, 3, 0.9, cores=1)]
    assert set_aside(found) == (
        " With 256 KiB, on two cores, other was 1.67 times as quick: less than twice, which does"
        " not turn it. With 64 B, on one core, other was 1.33 times as quick: less than twice,"
        " which does not turn it."
    )
    assert set_aside([contest(0.3, 1.5, cores=0)]) == (
        " With 1 KiB, one was 1.50 times as quick: less than twice, which does not turn it."
    )


@pytest.mark.parametrize("times", [(3.0, 0.9), (3.0, 0.3), (1.2, 0.9)])
def test_of_what_is_undecided_or_decides_too_nothing_is_told(times: tuple[float, ...]) -> None:
    assert set_aside([contest(*times)]) == ""
