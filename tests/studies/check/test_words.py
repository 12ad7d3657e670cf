from __future__ import annotations

import pytest

from gilbench.evidence import Verdict
from gilbench.model import Estimate
from gilbench.studies.check.verdict import Ruling
from gilbench.studies.check.words import advice, headline

NO_FASTER = Estimate(value=1.02, low=0.98, high=1.06)
FASTER = Estimate(value=1.25, low=1.2, high=1.31)
HALF = Estimate(value=0.5, low=0.48, high=0.52)
REASON = "a lock of its own"
EVERY = pytest.mark.parametrize("verdict", Verdict)
BUILDS = pytest.mark.parametrize("free_threaded", [False, True])


def said(
    verdict: Verdict,
    *,
    held: Estimate | None = HALF,
    longest_hold_ns: int | None = 12_345_678,
    threads: Estimate | None = None,
    free_threaded: bool = False,
    gil_reenabled: bool | None = None,
    gil_found_on: bool = False,
) -> str:
    return headline(
        Ruling(verdict=verdict, reason=REASON),
        held=held,
        longest_hold_ns=longest_hold_ns,
        threads=threads,
        free_threaded=free_threaded,
        gil_reenabled=gil_reenabled,
        gil_found_on=gil_found_on,
    )


def advised(
    verdict: Verdict,
    *,
    reason: str | None = REASON,
    call_ns: float | None = 1e6,
    threads: Estimate | None = None,
    free_threaded: bool = False,
    gil_reenabled: bool | None = None,
    gil_found_on: bool = False,
    threads_failed: str | None = None,
) -> str:
    return advice(
        Ruling(verdict=verdict, reason=reason),
        call_ns=call_ns,
        threads=threads,
        free_threaded=free_threaded,
        gil_reenabled=gil_reenabled,
        gil_found_on=gil_found_on,
        threads_failed=threads_failed,
    )


@EVERY
@BUILDS
@pytest.mark.parametrize("held", [HALF, None])
@pytest.mark.parametrize("longest_hold_ns", [0, 5, None])
def test_every_verdict_is_one_sentence_of_its_own(
    verdict: Verdict, free_threaded: bool, held: Estimate | None, longest_hold_ns: int | None
) -> None:
    sentences = {
        each: said(each, held=held, longest_hold_ns=longest_hold_ns, free_threaded=free_threaded)
        for each in Verdict
    }
    sentence = sentences[verdict]
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert "{" not in sentence
    assert "None" not in sentence
    assert [*sentences.values()].count(sentence) == 1


@EVERY
@BUILDS
def test_every_verdict_has_advice(verdict: Verdict, free_threaded: bool) -> None:
    sentence = advised(verdict, free_threaded=free_threaded)
    assert sentence.endswith(".")
    assert "{" not in sentence


@pytest.mark.parametrize("verdict", [Verdict.PARTIAL, Verdict.RELEASES])
@BUILDS
def test_a_share_is_told(verdict: Verdict, free_threaded: bool) -> None:
    assert "50 %" in said(verdict, free_threaded=free_threaded)
    assert "an unknown share" in said(verdict, held=None, free_threaded=free_threaded)


@pytest.mark.parametrize("verdict", [Verdict.HOLDS, Verdict.PARTIAL])
@BUILDS
def test_the_longest_hold_is_told(verdict: Verdict, free_threaded: bool) -> None:
    assert "(up to 12.3 ms at once)" in said(verdict, free_threaded=free_threaded)
    assert "at once" not in said(verdict, longest_hold_ns=None, free_threaded=free_threaded)


@pytest.mark.parametrize("verdict", [Verdict.RELEASES_BUT_SERIAL, Verdict.INCONCLUSIVE])
@BUILDS
def test_the_reason_is_told(verdict: Verdict, free_threaded: bool) -> None:
    assert REASON in said(verdict, free_threaded=free_threaded)


@EVERY
def test_where_there_is_no_gil_none_is_named(verdict: Verdict) -> None:
    assert "GIL" not in said(verdict, free_threaded=True)


@EVERY
def test_that_the_gil_came_on_is_said_first_and_loudly(verdict: Verdict) -> None:
    sentence = said(verdict, gil_reenabled=True)
    assert sentence.startswith("It turned the GIL on for the whole process! It ") or (
        verdict is Verdict.INCONCLUSIVE
    )
    assert sentence.endswith(said(verdict))
    assert "PYTHON_GIL=0" in advised(verdict, gil_reenabled=True)
    assert "turned" not in said(verdict, gil_reenabled=False)


@EVERY
def test_that_the_gil_was_on_already_is_said_first_and_loudly(verdict: Verdict) -> None:
    sentence = said(verdict, gil_found_on=True)
    assert sentence.startswith("The GIL was on already, turned on by an earlier import! ")
    assert sentence.endswith(said(verdict))
    assert "PYTHON_GIL=0" in advised(verdict, gil_found_on=True)


PROMISES = {Verdict.HOLDS, Verdict.HOLDS_SWITCHABLE, Verdict.PARTIAL, Verdict.RELEASES}


@EVERY
@BUILDS
def test_threads_that_were_no_faster_are_not_promised_to_be(
    verdict: Verdict, free_threaded: bool
) -> None:
    """A verdict that promises nothing of threads says the same whether or not they were faster."""
    promises = verdict in PROMISES if free_threaded else verdict is Verdict.RELEASES
    sentence = said(verdict, threads=NO_FASTER, free_threaded=free_threaded)
    assert ("no faster than one here (1.02 times its work)" in sentence) is promises
    assert "side by side" not in sentence
    plain = said(verdict, free_threaded=free_threaded)
    assert (sentence == plain) is not promises
    assert said(verdict, threads=FASTER, free_threaded=free_threaded) == plain


@EVERY
@BUILDS
def test_threads_that_were_no_faster_are_not_advised(verdict: Verdict, free_threaded: bool) -> None:
    promises = verdict in (PROMISES if free_threaded else {Verdict.PARTIAL, Verdict.RELEASES})
    sentence = advised(verdict, threads=NO_FASTER, free_threaded=free_threaded)
    assert ("no faster than one here (1.02 times its work)" in sentence) is promises
    assert sentence.endswith(".")
    plain = advised(verdict, free_threaded=free_threaded)
    assert (sentence == plain) is not promises
    assert ("Use threads" in sentence) is False
    assert advised(verdict, threads=FASTER, free_threaded=free_threaded) == plain


def test_a_short_call_that_holds_need_not_release() -> None:
    assert "so short that" in advised(Verdict.HOLDS, call_ns=900.0)
    assert "so short that" not in advised(Verdict.HOLDS, call_ns=9e3)
    assert "so short that" not in advised(Verdict.HOLDS, call_ns=None)
    assert "so short that" not in advised(Verdict.RELEASES, call_ns=900.0)


@BUILDS
def test_own_worker_threads_and_own_locks_are_told_apart(free_threaded: bool) -> None:
    own_threads = "its own worker threads: one call keeps 1.9 cores busy"
    assert "limit the threads that it starts" in advised(
        Verdict.RELEASES_BUT_SERIAL, reason=own_threads, free_threaded=free_threaded
    )
    assert "an object of its own" in advised(
        Verdict.RELEASES_BUT_SERIAL, free_threaded=free_threaded
    )


def test_two_threads_at_once_that_fail_are_not_recommended() -> None:
    sentence = advised(Verdict.RELEASES, threads_failed="the host was killed by SIGSEGV")
    assert sentence == (
        "Give each thread an object of its own: two at once failed"
        " (the host was killed by SIGSEGV)."
    )
