from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from gilbench.evidence import SizeFinding, Verdict
from gilbench.pytest_plugin.judgement import Judgement, holds, is_inconclusive, releases

if TYPE_CHECKING:
    from types import ModuleType

    from gilbench.evidence import CheckFindings


@pytest.mark.parametrize(
    ("verdict", "held", "half", "share", "passed"),
    [
        (Verdict.RELEASES, 0.02, 0.01, 0.9, True),
        (Verdict.RELEASES_BUT_SERIAL, 0.02, 0.01, 0.9, True),
        # The end of the interval is what counts, and lies on the mark to the last digit.
        (Verdict.RELEASES, 0.05, 0.05, 0.9, True),
        (Verdict.RELEASES, 0.05, 0.06, 0.9, None),
        (Verdict.RELEASES, 0.05, 0.01, 0.98, False),
        (Verdict.PARTIAL, 0.4, 0.05, 0.5, True),
        (Verdict.PARTIAL, 0.4, 0.05, 0.6, None),
        (Verdict.PARTIAL, 0.4, 0.05, 0.7, False),
        # What holds fails, whatever little is asked for.
        (Verdict.HOLDS, 0.98, 0.01, 0.005, False),
        (Verdict.HOLDS_SWITCHABLE, 0.98, 0.01, 0.005, False),
    ],
)
def test_releasing_is_judged_by_the_interval(
    fake: ModuleType, verdict: Verdict, held: float, half: float, share: float, passed: bool | None
) -> None:
    findings = replace(fake.HOLDS, verdict=verdict, held_share=fake.around(held, half))
    assert releases(findings, share).passed is passed


@pytest.mark.parametrize(
    ("verdict", "passed"),
    [
        (Verdict.HOLDS, True),
        (Verdict.HOLDS_SWITCHABLE, True),
        (Verdict.PARTIAL, False),
        (Verdict.RELEASES, False),
        (Verdict.RELEASES_BUT_SERIAL, False),
        (Verdict.INCONCLUSIVE, None),
    ],
)
def test_holding_is_judged_by_the_verdict(
    fake: ModuleType, verdict: Verdict, passed: bool | None
) -> None:
    findings = replace(fake.HOLDS, verdict=verdict, held_share=None)
    assert holds(findings).passed is passed


@pytest.mark.parametrize(
    ("verdict", "passed"),
    [(Verdict.HOLDS, False), (Verdict.RELEASES, None), (Verdict.INCONCLUSIVE, None)],
)
def test_releasing_is_not_known_without_a_share(
    fake: ModuleType, verdict: Verdict, passed: bool | None
) -> None:
    findings = replace(fake.HOLDS, verdict=verdict, held_share=None)
    assert releases(findings, 0.9).passed is passed


@pytest.mark.parametrize(
    ("held", "releasing", "holding"),
    [(0.02, True, False), (0.1, None, False), (0.5, False, False), (0.95, False, None)],
)
def test_without_a_verdict_the_share_counts(
    fake: ModuleType, held: float, releasing: bool | None, holding: bool | None
) -> None:
    findings = replace(fake.INCONCLUSIVE, controls=fake.SOUND, held_share=fake.around(held))
    assert releases(findings, 0.9).passed is releasing
    assert holds(findings).passed is holding
    sure = replace(findings, held_share=fake.around(0.985))
    assert holds(sure).passed


@pytest.mark.parametrize("case", ["no hold", "no release", "hold", "release"])
def test_without_a_verdict_and_sound_controls_nothing_does(fake: ModuleType, case: str) -> None:
    controls = {
        "no hold": replace(fake.SOUND, hold=None),
        "no release": replace(fake.SOUND, release=None),
        "hold": replace(fake.SOUND, hold=fake.around(0.7)),
        "release": replace(fake.SOUND, release=fake.around(0.3)),
    }[case]
    findings = replace(fake.INCONCLUSIVE, controls=controls)
    assert releases(findings, 0.9) == Judgement(passed=None, reason=f"is inconclusive: {fake.BUSY}")
    assert holds(replace(findings, held_share=fake.around(0.98))).passed is None


def test_reasons_go_on_after_the_name(fake: ModuleType) -> None:
    assert releases(fake.PARTIAL, 0.9).reason == (
        "holds the GIL for 45.2 % of a call; at most 10 % may be held (share=0.9)"
    )
    assert releases(fake.STRADDLING, 0.9).reason == (
        "is inconclusive: its held share, 10 % (7 to 13 %), lies on both sides of 10 %, and at most"
        " 10 % may be held (share=0.9); give it a larger budget (--gil-budget) or ask for another"
        " share"
    )
    assert holds(fake.RELEASES).reason == (
        "holds the GIL for 2 % of a call only; all of a call was to be held"
    )
    assert holds(replace(fake.RELEASES, held_share=None)).reason == (
        "releases the GIL; all of a call was to be held"
    )
    assert releases(fake.RELEASES, 0.9).reason == holds(fake.HOLDS).reason == ""


@pytest.mark.parametrize(
    ("gil_enabled", "gil_reenabled", "words"),
    [
        (False, False, "stays attached for 98.5 %"),
        (False, True, "holds the GIL for"),
        (True, False, "holds the GIL for"),
    ],
)
def test_without_a_gil_threads_stay_attached(
    fake: ModuleType, gil_enabled: bool, gil_reenabled: bool, words: str
) -> None:
    environment = replace(fake.ENVIRONMENT, free_threaded=True, gil_enabled=gil_enabled)
    findings = replace(fake.HOLDS, environment=environment, gil_reenabled=gil_reenabled)
    assert releases(findings, 0.9).reason.startswith(words)


class TestSizes:
    @staticmethod
    def findings(fake: ModuleType, *kinds: CheckFindings) -> CheckFindings:
        rows = tuple(
            SizeFinding(
                size=2**number,
                verdict=kind.verdict,
                reason=kind.reason,
                held_share=kind.held_share,
                call_ns=1000.0,
                threads=None,
            )
            for number, kind in enumerate(kinds)
        )
        made: CheckFindings = replace(fake.RELEASES, sizes=rows)
        return made

    def test_all_must_pass(self, fake: ModuleType) -> None:
        assert releases(self.findings(fake, fake.SERIAL, fake.RELEASES), 0.9).passed
        assert holds(self.findings(fake, fake.SWITCHABLE, fake.HOLDS)).passed

    def test_one_that_fails_goes_before_one_that_is_not_known(self, fake: ModuleType) -> None:
        bad = replace(fake.INCONCLUSIVE, held_share=None)
        findings = self.findings(fake, fake.RELEASES, bad, fake.HOLDS)
        judged = releases(findings, 0.9)
        assert judged.passed is False
        assert judged.reason.startswith("at n = 4 holds the GIL for 98.5 % of a call; ")
        judged = releases(self.findings(fake, fake.RELEASES, bad), 0.9)
        assert judged == Judgement(passed=None, reason=f"at n = 2 is inconclusive: {fake.BUSY}")

    def test_one_without_a_verdict_makes_it_inconclusive(self, fake: ModuleType) -> None:
        assert is_inconclusive(self.findings(fake, fake.RELEASES, fake.INCONCLUSIVE))
        assert not is_inconclusive(self.findings(fake, fake.RELEASES))
        assert is_inconclusive(fake.INCONCLUSIVE)
