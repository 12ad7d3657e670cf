"""The search, told what fake functions of known held shares would show."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gilbench.evidence import SizeFinding, Sizes, Threshold, Verdict
from gilbench.model import Estimate
from gilbench.sizes import steps
from gilbench.studies.check.search import MOST_LOOKS, Wanted, threshold, wanted

Truth = Callable[[int], float]

WIDE = Sizes(first=64, last=2**20)
NOWHERE = Threshold(
    before=None, size=None, verdict_before=None, verdict_after=None, sharp=False, pays_from=None
)


def estimate(value: float, half_width: float) -> Estimate:
    return Estimate(value=value, low=max(0.0, value - half_width), high=min(1, value + half_width))


def verdict_of(share: float) -> Verdict:
    if share >= 0.9:
        return Verdict.HOLDS
    return Verdict.RELEASES if share <= 0.1 else Verdict.PARTIAL


def finding(size: int, share: float | None, half_width: float = 0.03) -> SizeFinding:
    """A look: one that tells nothing where `share` is null."""
    return SizeFinding(
        size=size,
        verdict=Verdict.INCONCLUSIVE if share is None else verdict_of(share),
        reason=None if share is not None else "noise",
        held_share=None if share is None else estimate(share, half_width),
        call_ns=1000.0,
        threads=None,
    )


@dataclass
class Fake:
    """A function whose looks are off by at most `noise`, as their intervals say."""

    truth: Truth
    noise: float = 0.03
    seed: int = 0

    def look(self, request: Wanted) -> SizeFinding:
        random = Random(f"{self.seed} {request}")
        share = self.truth(request.size) + random.uniform(-self.noise, self.noise)
        return finding(request.size, min(1.0, max(0.0, share)), self.noise)


Look = Callable[[Wanted], SizeFinding]


def search(look: Look, sizes: Sizes) -> tuple[Threshold, list[SizeFinding], list[Wanted]]:
    looks: list[SizeFinding] = []
    requests: list[Wanted] = []
    while (request := wanted(looks, sizes)) is not None:
        assert len(looks) < len(steps(sizes)) + MOST_LOOKS, "endless"
        assert sizes.first <= request.size <= sizes.last
        assert request.effort in {1, 2, 4, 8}
        requests.append(request)
        looks.append(look(request))
    return threshold(looks, sizes), looks, requests


def found(truth: Truth, sizes: Sizes = WIDE, noise: float = 0.03, seed: int = 0) -> Threshold:
    return search(Fake(truth, noise, seed).look, sizes)[0]


def edge_at(size: int, before: float, after: Truth) -> Truth:
    return lambda n: before if n < size else after(n)


def slope(half: float) -> Truth:
    """A fixed held part, and a released one that grows with n, as large at n = `half`."""
    return lambda n: 1 / (1 + n / half)


def sharp(size: int, before: Verdict, after: Verdict) -> Threshold:
    return replace(
        NOWHERE,
        before=size - 1,
        size=size,
        verdict_before=before,
        verdict_after=after,
        sharp=True,
    )


def test_first_come_all_steps_and_their_scaling() -> None:
    sizes = Sizes(first=3, last=20)
    requests = search(Fake(lambda _: 1.0).look, sizes)[2]
    assert requests == [Wanted(size=n, effort=1, scaling=True) for n in (3, 4, 8, 16, 20)]


@pytest.mark.parametrize("share", [0.0, 0.02, 0.5, 0.98, 1.0])
@pytest.mark.parametrize("seed", range(5))
def test_without_a_change_nothing_more_is_looked_at(share: float, seed: int) -> None:
    outcome, looks, _ = search(Fake(lambda _: share, seed=seed).look, WIDE)
    assert outcome == NOWHERE
    assert len(looks) == len(steps(WIDE))


@pytest.mark.parametrize("seed", range(10))
def test_sha256_lets_go_from_2048_bytes_on(seed: int) -> None:
    truth = edge_at(2048, 1.0, lambda n: 0.4 * 2048 / n)
    outcome, looks, requests = search(Fake(truth, seed=seed).look, WIDE)
    assert outcome == sharp(2048, Verdict.HOLDS, Verdict.PARTIAL)
    assert len(looks) - len(steps(WIDE)) <= 16
    assert not any(request.scaling for request in requests[len(steps(WIDE)) :])


@pytest.mark.parametrize("seed", range(10))
def test_crc32_lets_go_above_5_kib(seed: int) -> None:
    truth = edge_at(5121, 1.0, lambda n: 0.01)
    assert found(truth, seed=seed) == sharp(5121, Verdict.HOLDS, Verdict.RELEASES)


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("half", [2000, 10_000, 50_000])
def test_a_slope_is_not_sharp_and_crosses_one_half(half: int, seed: int) -> None:
    outcome, looks, _ = search(Fake(slope(half), seed=seed).look, WIDE)
    assert outcome.before is not None
    assert outcome.size is not None
    assert outcome.before < half <= outcome.size
    assert outcome.size <= outcome.before * 2.1
    assert not outcome.sharp
    assert (outcome.verdict_before, outcome.verdict_after) == (Verdict.HOLDS, Verdict.RELEASES)
    assert len(looks) - len(steps(WIDE)) <= 30


def test_without_noise_the_crossing_is_found_to_5_percent() -> None:
    outcome, looks, _ = search(Fake(slope(10_000), noise=1e-4).look, WIDE)
    assert outcome.before is not None
    assert outcome.size is not None
    assert outcome.before < 10_000 <= outcome.size
    assert 1.01 < outcome.size / outcome.before <= 1.05
    assert len(looks) - len(steps(WIDE)) <= 20


def test_a_slope_that_does_not_cross_one_half_has_the_steps_around_it() -> None:
    outcome = found(lambda n: 0.6 + 0.4 / (1 + n / 10_000), noise=0.001)
    assert outcome == replace(
        NOWHERE,
        before=2048,
        size=4096,
        verdict_before=Verdict.HOLDS,
        verdict_after=Verdict.PARTIAL,
    )


def test_of_several_edges_the_first_that_lets_go_counts() -> None:
    truth = edge_at(3000, 1.0, edge_at(100_001, 0.7, lambda _: 0.02))
    assert found(truth) == sharp(3000, Verdict.HOLDS, Verdict.PARTIAL)


def test_without_one_that_lets_go_the_largest_edge_counts() -> None:
    truth = edge_at(3000, 0.8, edge_at(100_001, 0.6, lambda _: 0.02))
    assert found(truth) == sharp(100_001, Verdict.PARTIAL, Verdict.RELEASES)


def test_an_edge_is_found_behind_a_slope() -> None:
    truth = edge_at(300_000, 0.0, lambda _: 0.02)

    def share(n: int) -> float:
        return 1 - 0.4 * n / 300_000 if n < 300_000 else truth(n)

    assert found(share, noise=0.01) == sharp(300_000, Verdict.PARTIAL, Verdict.RELEASES)


def test_a_function_may_hold_from_a_size_on() -> None:
    truth = edge_at(777, 0.03, lambda _: 0.97)
    assert found(truth) == sharp(777, Verdict.RELEASES, Verdict.HOLDS)


@pytest.mark.parametrize(("first", "last"), [(0, 8), (0, 3), (1, 2), (6, 40), (1000, 1100)])
@pytest.mark.parametrize("seed", range(3))
def test_every_size_of_a_small_range(first: int, last: int, seed: int) -> None:
    for size in range(first + 1, last + 1):
        truth = edge_at(size, 1.0, lambda _: 0.5)
        outcome = found(truth, Sizes(first=first, last=last), seed=seed)
        assert outcome == sharp(size, Verdict.HOLDS, Verdict.PARTIAL)


@pytest.mark.parametrize(("half", "around"), [(1.5, (1, 2)), (7.5, (7, 8)), (8, (7, 9))])
def test_a_slope_over_small_sizes_is_not_taken_for_an_edge(
    half: float, around: tuple[int, int]
) -> None:
    outcome = found(slope(half), Sizes(first=1, last=64), noise=1e-5)
    assert not outcome.sharp
    assert (outcome.before, outcome.size) == around


def test_a_small_jump_within_a_steep_slope_is_no_edge() -> None:
    def share(n: int) -> float:
        done = min(1.0, max(0.0, (n - 2048) / 2048))
        return 0.95 - 0.7 * done - (0.15 if n >= 3000 else 0.0)

    assert not found(share, noise=0.001).sharp


def test_a_slight_slope_across_one_half_is_no_change() -> None:
    assert found(lambda n: 0.47 + 0.06 / (1 + n / 5000), noise=0.005) == NOWHERE


def test_one_false_look_at_a_step_is_looked_at_again() -> None:
    truth = edge_at(50_000, 1.0, lambda _: 0.05)
    fake = Fake(truth)

    def look(request: Wanted) -> SizeFinding:
        false = request.size == 1024 and request.effort == 1
        return finding(1024, 0.6) if false else fake.look(request)

    outcome, looks, _ = search(look, WIDE)
    assert outcome == sharp(50_000, Verdict.HOLDS, Verdict.RELEASES)
    assert len(looks) - len(steps(WIDE)) <= 24


def test_one_false_look_within_a_bisection_is_looked_at_again() -> None:
    truth = edge_at(50_000, 1.0, lambda _: 0.05)
    fake = Fake(truth)
    middle = (2**15 + 2**16) // 2

    def look(request: Wanted) -> SizeFinding:
        false = request.size == middle and request.effort == 1
        return finding(middle, 0.2) if false else fake.look(request)

    assert search(look, WIDE)[0] == sharp(50_000, Verdict.HOLDS, Verdict.RELEASES)


def test_looks_that_contradict_each_other_are_followed_by_a_third() -> None:
    fake = Fake(edge_at(50_000, 1.0, lambda _: 0.05))

    def look(request: Wanted) -> SizeFinding:
        false = request.size == 50_000 and request.effort == 2
        return finding(50_000, 1.0) if false else fake.look(request)

    outcome, _, requests = search(look, WIDE)
    assert outcome == sharp(50_000, Verdict.HOLDS, Verdict.RELEASES)
    assert [each.effort for each in requests if each.size == 50_000] == [1, 2, 4, 8]


def test_an_inconclusive_look_takes_nothing_back() -> None:
    fake = Fake(edge_at(3000, 1.0, lambda _: 0.05))

    def look(request: Wanted) -> SizeFinding:
        return finding(request.size, None) if request.effort == 2 else fake.look(request)

    outcome, looks, _ = search(look, WIDE)
    assert outcome == sharp(3000, Verdict.HOLDS, Verdict.RELEASES)
    blank = [finding(look.size, None) for look in looks]
    assert threshold(looks + blank, WIDE) == outcome
    assert threshold(blank, WIDE) == NOWHERE


def test_neighbours_that_may_be_the_same_are_no_edge() -> None:
    def look(request: Wanted) -> SizeFinding:
        shown = {2048: (0.8, 0.12), 3072: (0.64, 0.05), 4096: (0.5, 0.01)}
        return finding(request.size, *shown[request.size])

    sizes = Sizes(first=2048, last=4096)
    outcome, _, requests = search(look, sizes)
    assert outcome == NOWHERE
    assert Counter(each.size for each in requests) == {2048: 4, 3072: 4, 4096: 2}


def test_inconclusive_steps_are_left_out() -> None:
    fake = Fake(edge_at(3000, 1.0, lambda _: 0.05))

    def look(request: Wanted) -> SizeFinding:
        lost = request.size in {64, 2048, 4096, 2**20}
        return finding(request.size, None) if lost else fake.look(request)

    outcome, looks, _ = search(look, WIDE)
    assert outcome == sharp(3000, Verdict.HOLDS, Verdict.RELEASES)
    assert {look.size: look.verdict for look in looks}[2048] is Verdict.INCONCLUSIVE


@pytest.mark.parametrize("vague", [None, 0.5])
def test_an_unclear_middle_is_looked_at_with_more_effort(vague: float | None) -> None:
    fake = Fake(edge_at(3000, 1.0, lambda _: 0.05))

    def look(request: Wanted) -> SizeFinding:
        unclear = request.size == 3072 and request.effort < 8
        return finding(request.size, vague, 0.5) if unclear else fake.look(request)

    outcome, _, requests = search(look, WIDE)
    assert outcome == sharp(3000, Verdict.HOLDS, Verdict.RELEASES)
    assert [each.effort for each in requests if each.size == 3072] == [1, 2, 4, 8]


@pytest.mark.parametrize("vague", [None, 0.5])
def test_a_middle_that_stays_unclear_is_given_up(vague: float | None) -> None:
    fake = Fake(edge_at(3000, 1.0, lambda _: 0.05))

    def look(request: Wanted) -> SizeFinding:
        return finding(3072, vague, 0.5) if request.size == 3072 else fake.look(request)

    outcome, looks, _ = search(look, WIDE)
    expected = sharp(4096, Verdict.HOLDS, Verdict.RELEASES)
    assert outcome == replace(expected, before=2048, sharp=False)
    assert Counter(look.size for look in looks)[3072] == 4


def test_what_is_given_up_is_a_range_also_where_the_verdict_stays() -> None:
    fake = Fake(edge_at(3000, 0.85, lambda _: 0.6))

    def look(request: Wanted) -> SizeFinding:
        return finding(3072, 0.7, 0.3) if request.size == 3072 else fake.look(request)

    expected = sharp(4096, Verdict.PARTIAL, Verdict.PARTIAL)
    assert search(look, WIDE)[0] == replace(expected, before=2048, sharp=False)


def test_ends_that_stay_vague_are_no_edge() -> None:
    def look(request: Wanted) -> SizeFinding:
        return finding(request.size, 0.9 if request.size < 4096 else 0.75, 0.2)

    outcome, _, requests = search(look, WIDE)
    assert outcome == NOWHERE
    assert [each.effort for each in requests if each.size == 4096] == [1, 2, 4, 8]


def test_vague_ends_may_become_clear() -> None:
    fake = Fake(edge_at(3000, 0.95, lambda _: 0.75), noise=0.01)

    def look(request: Wanted) -> SizeFinding:
        seen = fake.look(request)
        wide = estimate(seen.held_share.value if seen.held_share else 0, 0.2 / request.effort)
        return replace(seen, held_share=wide)

    assert search(look, WIDE)[0] == sharp(3000, Verdict.HOLDS, Verdict.PARTIAL)


def test_a_search_that_is_cut_off_has_a_range() -> None:
    _, looks, _ = search(Fake(edge_at(3000, 1.0, lambda _: 0.05)).look, WIDE)
    outcome = threshold(looks[: len(steps(WIDE)) + 4], WIDE)
    assert outcome.before is not None
    assert outcome.size is not None
    assert outcome.before < 3000 <= outcome.size
    assert 1 < outcome.size - outcome.before < 2048
    assert not outcome.sharp
    assert threshold([], WIDE) == NOWHERE


@settings(deadline=None)
@given(
    st.integers(0, 2**12) | st.integers(0, 2**30),
    st.integers(1, 2**12) | st.integers(1, 2**30),
    st.data(),
)
def test_an_edge_beside_a_slope_is_found_exactly(
    first: int, span: int, data: st.DataObject
) -> None:
    size = data.draw(st.integers(first + 1, first + span), label="size")
    jump = data.draw(st.floats(0.25, 1.0), label="jump")
    seed = data.draw(st.integers(0, 2**32), label="seed")
    half = size * (1 - jump) / jump
    truth = edge_at(size, 1.0, lambda n: 1 / (1 + n / half) if half else 0.0)
    sizes = Sizes(first=first, last=first + span)
    outcome, looks, _ = search(Fake(truth, seed=seed).look, sizes)
    assert (outcome.before, outcome.size, outcome.sharp) == (size - 1, size, True)
    assert len(looks) - len(steps(sizes)) <= MOST_LOOKS


@settings(deadline=None)
@given(
    st.integers(1, 2**20),
    st.floats(0, 1),
    st.floats(0, 1),
    st.integers(0, 2**32),
)
def test_an_edge_between_two_levels_is_found_exactly(
    size: int, before: float, after: float, seed: int
) -> None:
    if abs(before - after) < 0.25:
        after = (before + 0.5) % 1.0
    sizes = Sizes(first=0, last=2**20)
    outcome, looks, _ = search(Fake(edge_at(size, before, lambda _: after), seed=seed).look, sizes)
    assert (outcome.before, outcome.size, outcome.sharp) == (size - 1, size, True)
    assert len(looks) - len(steps(sizes)) <= MOST_LOOKS


@settings(deadline=None)
@given(st.floats(10, 10**7), st.floats(0.5, 2), st.integers(0, 2**32))
# What lies in the middle of its first change may be like either end.
@example(275_569.0, 1.75, 14_992)
def test_a_slope_is_never_sharp(half: float, power: float, seed: int) -> None:
    def share(n: int) -> float:
        return float(1 / (1 + (n / half) ** power))

    outcome, looks, _ = search(Fake(share, seed=seed).look, WIDE)
    assert not outcome.sharp
    assert len(looks) - len(steps(WIDE)) <= MOST_LOOKS
    if outcome.before is not None and outcome.size is not None:
        crossed = share(64) > 0.57 and share(2**20) < 0.43
        assert not crossed or outcome.before <= half <= outcome.size


def anything(random: Random) -> Look:
    """Looks without sense: what they show has nothing to do with the size."""

    def look(request: Wanted) -> SizeFinding:
        share = None if random.random() < 0.3 else random.random()
        return finding(request.size, share, random.random() * 0.3)

    return look


@settings(deadline=None)
@given(st.integers(0, 2**32), st.integers(0, 2000), st.integers(1, 2**40 - 2000))
def test_whatever_it_is_told_it_ends(seed: int, first: int, span: int) -> None:
    sizes = Sizes(first=first, last=first + span)
    outcome, looks, _ = search(anything(Random(seed)), sizes)
    assert len(looks) - len(steps(sizes)) <= MOST_LOOKS
    assert (outcome.before is None) == (outcome.size is None) == (outcome.verdict_before is None)
    if outcome.before is not None and outcome.size is not None:
        assert sizes.first <= outcome.before < outcome.size <= sizes.last
        assert not outcome.sharp or outcome.size - outcome.before == 1


@settings(deadline=None)
@given(st.integers(65, 2**20), st.integers(0, 2**32), st.randoms(use_true_random=False))
def test_the_last_looks_alone_tell_the_same(size: int, seed: int, random: Random) -> None:
    fake = Fake(edge_at(size, 1.0, lambda n: 0.6 * size / n), seed=seed)
    outcome, looks, _ = search(fake.look, WIDE)
    last = list({look.size: look for look in looks}.values())
    random.shuffle(last)
    assert threshold(last, WIDE) == outcome


def with_threads(sizes: Iterable[int], lows: Iterable[float | None]) -> list[SizeFinding]:
    return [
        replace(
            finding(size, 0.0),
            threads=None if low is None else Estimate(value=low + 0.1, low=low, high=low + 0.2),
        )
        for size, low in zip(sizes, lows, strict=True)
    ]


@pytest.mark.parametrize(
    ("lows", "pays_from"),
    [
        ((0.9, 1.2, 1.0, 1.3, 1.5), 8),
        ((1.3, 1.3, 1.3, 1.3, 1.3), 1),
        ((1.3, 1.3, 1.3, 1.3, 1.05), None),
        ((0.9, 0.9, 0.9, 0.9, 1.06), 16),
        ((0.9, 1.2, None, 1.3, None), 2),
        ((None, None, None, None, None), None),
    ],
)
def test_threads_pay_from_where_they_do_at_all_larger_steps(
    lows: tuple[float | None, ...], pays_from: int | None
) -> None:
    looks = with_threads((1, 2, 4, 8, 16), lows)
    sizes = Sizes(first=1, last=16)
    assert threshold(looks, sizes) == replace(NOWHERE, pays_from=pays_from)
    between = with_threads((5, 9), (0.5, 0.5))
    again = with_threads((8, 16), (None, None))
    assert threshold(looks + between + again, sizes) == replace(NOWHERE, pays_from=pays_from)
