"""What findings are worth beside the truth."""

from __future__ import annotations

from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from gilbench import Estimate, SizeFinding, Threshold, Verdict

HOLDS, PARTIAL, RELEASES = Verdict.HOLDS, Verdict.PARTIAL, Verdict.RELEASES
OPEN = Verdict.INCONCLUSIVE


def findings(verdict: Verdict, share: float | None = None) -> Any:
    held = None if share is None else Estimate(value=share, low=share, high=share)
    return SimpleNamespace(
        verdict=verdict, reason="too busy", headline="It does.", held_share=held, sizes=()
    )


def truth(
    entries: ModuleType, *verdicts: str, share: tuple[float, float] | None = None, turn: Any = None
) -> Any:
    return entries.Truth(
        since=None, until=None, build=None, verdicts=frozenset(verdicts), share=share, turn=turn
    )


def turn(entries: ModuleType) -> Any:
    return entries.Turn(
        size=2048, before=frozenset({"holds"}), after=frozenset({"partial", "releases"})
    )


def sized(looks: dict[int, Verdict], before: int | None, size: int | None, *, sharp: bool) -> Any:
    found = Threshold(
        before=before,
        size=size,
        verdict_before=None,
        verdict_after=None,
        sharp=sharp,
        pays_from=None,
    )
    all_looks = tuple(
        SizeFinding(
            size=size, verdict=verdict, reason=None, held_share=None, call_ns=1.0, threads=None
        )
        for size, verdict in looks.items()
    )
    return SimpleNamespace(verdict=RELEASES, sizes=all_looks, threshold=found)


def test_a_verdict_that_is_accepted_is_true(entries: ModuleType, judgement: ModuleType) -> None:
    judged = judgement.judge(truth(entries, "releases", "releases-but-serial"), findings(RELEASES))
    assert (judged.outcome, judged.said, judged.complaint) == ("true", "releases", None)


def test_any_other_is_false_and_says_what_it_is(entries: ModuleType, judgement: ModuleType) -> None:
    judged = judgement.judge(truth(entries, "holds"), findings(RELEASES))
    assert (judged.outcome, judged.said) == ("false", "releases")
    assert judged.complaint == "it is holds; It does."


def test_inconclusive_is_neither(entries: ModuleType, judgement: ModuleType) -> None:
    judged = judgement.judge(truth(entries, "holds"), findings(OPEN))
    assert (judged.outcome, judged.complaint) == ("inconclusive", "too busy")


@pytest.mark.parametrize(("share", "outcome"), [(0.5, "true"), (0.56, "true"), (0.57, "false")])
def test_a_known_share_has_to_come_out(
    entries: ModuleType, judgement: ModuleType, share: float, outcome: str
) -> None:
    known = truth(entries, "partial", share=(0.44, 0.56))
    assert judgement.judge(known, findings(PARTIAL, share)).outcome == outcome


@pytest.mark.parametrize(
    ("looks", "before", "size", "sharp", "outcome", "said"),
    [
        ({2047: HOLDS, 2048: PARTIAL, 9999: RELEASES}, 2047, 2048, True, "true", "2048"),
        ({1024: OPEN, 2047: HOLDS, 2048: PARTIAL}, 2047, 2048, True, "true", "2048"),
        ({2048: HOLDS, 2049: PARTIAL}, 2048, 2049, True, "false", "2049"),
        ({1024: HOLDS, 4096: RELEASES}, 1024, 4096, False, "inconclusive", "about 4096"),
        ({2048: RELEASES, 4096: RELEASES}, 2049, 4096, False, "false", "about 4096"),
        ({1024: PARTIAL, 2048: RELEASES}, 1024, 2048, False, "false", "about 2048"),
        ({1024: HOLDS, 4096: RELEASES}, 2048, 4096, False, "false", "about 4096"),
        ({1024: HOLDS, 4096: RELEASES}, 1024, 2047, False, "false", "about 2047"),
        ({1024: HOLDS, 4096: RELEASES}, None, None, False, "false", "no threshold"),
        ({1024: HOLDS, 4096: OPEN}, None, None, False, "inconclusive", "no threshold"),
    ],
)
def test_a_threshold_is_true_where_it_is_exact(
    entries: ModuleType,
    judgement: ModuleType,
    looks: dict[int, Verdict],
    before: int | None,
    size: int | None,
    sharp: bool,
    outcome: str,
    said: str,
) -> None:
    known = truth(entries, turn=turn(entries))
    judged = judgement.judge(known, sized(looks, before, size, sharp=sharp))
    assert (judged.outcome, judged.said) == (outcome, said)


def test_the_truth_is_named(entries: ModuleType, judgement: ModuleType) -> None:
    several = truth(entries, "releases-but-serial", "releases")
    assert judgement.expected(several) == "releases or releases-but-serial"
    assert judgement.expected(truth(entries, turn=turn(entries))) == "threshold 2048"
