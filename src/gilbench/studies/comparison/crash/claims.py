"""What is said of crashes, and what became of it here."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from gilbench import durations
from gilbench.comparison import Claim, Outcome, Way
from gilbench.stats import median
from gilbench.studies.comparison.crash.places import CRASHES, FAILURES, PROCESSES
from gilbench.studies.comparison.crash.words import enumeration
from gilbench.trials.crash.failure import Failure
from gilbench.trials.crash.place import Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gilbench.studies.comparison.crash.scenes import Scene, Scenes

__all__ = ["claims", "of_crashes"]

_Held = Callable[["Scene"], bool]

# For what never came, the caller must have waited so many times as long as for what did.
_LONGER: Final = 10


def of_crashes(scenes: Scenes) -> tuple[Outcome, str]:
    """Return what became of the claim on crashes in threads and processes, and why."""
    threads = scenes.of([Place.WORKER], [Way.THREAD], CRASHES)
    processes = scenes.of([Place.WORKER], PROCESSES, CRASHES)
    if not threads or not processes:
        lacks = "thread" if not threads else "process"
        return Outcome.INCONCLUSIVE, f"No {lacks} was seen to crash."
    outcome = _outcome([*threads, *processes], _as_they_say)
    took = sum(scene.died == "program" for scene in threads)
    alone = sum(_only_itself(scene) for scene in processes)
    return outcome, (
        f"By {_failures(threads)}, a thread took the whole program along {took} of {len(threads)}"
        f" times; a process died alone {alone} of {len(processes)} times, and its caller knew"
        f" {_after(processes)}."
    )


def claims(scenes: Scenes) -> tuple[Claim, ...]:
    """Return the further claims, of what was tried."""
    every = (_interpreters, _exceptions, _pool, _broken_pool, _exits, _memory, _hangs)
    return tuple(claim for each in every if (claim := each(scenes)) is not None)


def _interpreters(scenes: Scenes) -> Claim | None:
    seen = scenes.of(ways=[Way.INTERPRETER], failures=CRASHES)
    took = sum(scene.died == "program" for scene in seen)
    return _claim(
        "Subinterpreters are isolated: a crash in one leaves the others alone.",
        seen,
        lambda scene: scene.died != "program",
        f"By {_failures(seen)}, a subinterpreter took the whole program along {took} of"
        f" {len(seen)} times"
        + (": they share no objects of Python's, but the process." if took else "."),
    )


def _exceptions(scenes: Scenes) -> Claim | None:
    seen = scenes.of(failures=[Failure.EXCEPTION])
    spared = sum(scene.spares_others for scene in seen)
    return _claim(
        "An exception in one worker leaves all others alone.",
        seen,
        lambda scene: scene.spares_others and scene.died in {"nobody", "worker"},
        f"By themselves and in pools, all other tasks were done {spared} of {len(seen)} times, and"
        f" the caller knew {_after(seen)}.",
    )


def _pool(scenes: Scenes) -> Claim | None:
    seen = scenes.of([Place.POOL], failures=CRASHES)
    hung = sum(scene.hung for scene in seen)
    waited = durations.format(max((scene.limit_ns for scene in seen), default=0))
    went_on = sum(scene.goes_on and scene.spares_others for scene in seen)
    claim = _claim(
        "multiprocessing.Pool hangs when a worker is killed.",
        seen,
        lambda scene: scene.hung,
        f"Of the task whose worker died by {_failures(seen)} its caller heard nothing for {waited},"
        f" {hung} of {len(seen)} times{': it waits for ever' if hung else ''}. The other tasks and"
        f" a new one were done {went_on} of {len(seen)} times"
        + (": the pool starts another worker." if went_on else "."),
    )
    told = _times(scenes.of([Place.PROCESS_POOL], failures=CRASHES))
    if claim is None or claim.holds is not Outcome.HOLDS or not told:
        return claim
    slowest_ns, least_ns = max(told), min(scene.limit_ns for scene in seen)
    if least_ns >= _LONGER * median(told) and least_ns > slowest_ns:
        return claim
    return Claim(
        claim=claim.claim,
        holds=Outcome.INCONCLUSIVE,
        deciding=f"{claim.deciding} But a ProcessPoolExecutor took up to"
        f" {durations.format(slowest_ns)} to tell: that wait was too short here.",
    )


def _broken_pool(scenes: Scenes) -> Claim | None:
    seen = scenes.of([Place.PROCESS_POOL], failures=CRASHES)
    broken = [scene for scene in seen if _breaks(scene)]
    return _claim(
        "A ProcessPoolExecutor is broken for good when one worker is killed.",
        seen,
        _breaks,
        f"By {_failures(seen)}, it was broken {len(broken)} of {len(seen)} times"
        + (
            f": the caller knew {_after(broken)}, and all other tasks and a new one were lost."
            if broken
            else "."
        ),
    )


def _exits(scenes: Scenes) -> Claim | None:
    seen = scenes.of(ways=[Way.THREAD], failures=[Failure.SYSTEM_EXIT, Failure.EXIT])
    if {scene.failure for scene in seen} != {Failure.SYSTEM_EXIT, Failure.EXIT}:
        return None
    ends = [scene for scene in seen if scene.failure is Failure.SYSTEM_EXIT]
    took = sum(scene.died == "program" for scene in ends)
    hard = [scene for scene in seen if scene.failure is Failure.EXIT]
    hard_took = sum(scene.died == "program" for scene in hard)
    raised = any(scene.words.get("told") == "SystemExit" for scene in ends)
    return _claim(
        "sys.exit() in a thread ends that thread only, os._exit() the whole program.",
        seen,
        lambda scene: (scene.died == "program") is (scene.failure is Failure.EXIT),
        f"sys.exit() ended the program {took} of {len(ends)} times, os._exit() {hard_took} of"
        f" {len(hard)} times."
        + (" But result() of an executor raises SystemExit in the caller." if raised else ""),
    )


def _memory(scenes: Scenes) -> Claim | None:
    threads = scenes.of(ways=[Way.THREAD], failures=[Failure.MEMORY])
    processes = scenes.of(ways=PROCESSES, failures=[Failure.MEMORY])
    if len({scene.place for scene in threads}) < 2 or not processes:
        return None
    told = [
        f"{'done' if scene.spares_others else 'lost'} {_where(scene)}"
        for scene in {scene.place: scene for scene in threads}.values()
    ]
    spared = sum(scene.spares_others for scene in processes)
    return _claim(
        "Threads run out of memory together, processes each for itself.",
        [*threads, *processes],
        lambda scene: scene.spares_others is (scene.way is not Way.THREAD),
        f"When a thread had run out of it, the tasks of others were {enumeration(told)}: what it"
        " took is free again when its error is. They were done"
        f" {spared} of {len(processes)} times when a process had.",
    )


def _hangs(scenes: Scenes) -> Claim | None:
    seen = scenes.of(failures=[Failure.HANG])
    hung = [scene for scene in seen if scene.hung]
    ended = [ns for scene in seen if (ns := scene.figures.get("killed_ns")) is not None]
    killed = (
        f" A process could be killed, in {durations.format(median(ended))}; there is no way to kill"
        " a thread."
        if ended
        else ""
    )
    waited = durations.format(max((scene.limit_ns for scene in seen), default=0))
    return _claim(
        "Nobody notices a worker that hangs.",
        seen,
        lambda scene: scene.hung and scene.spares_others,
        f"The caller heard nothing for {waited}, {len(hung)} of {len(seen)} times, and the other"
        f" tasks were done {sum(scene.spares_others for scene in seen)} times.{killed}",
    )


def _claim(claim: str, seen: Sequence[Scene], held: _Held, deciding: str) -> Claim | None:
    """Return a claim and whether it held of what was seen, null where that is nothing."""
    return Claim(claim=claim, holds=_outcome(seen, held), deciding=deciding) if seen else None


def _outcome(seen: Sequence[Scene], held: _Held) -> Outcome:
    """Return what became of a claim: what is seen twice must be seen twice the same."""
    by_kind: dict[tuple[Place, Way, Failure], set[bool]] = {}
    for scene in seen:
        by_kind.setdefault((scene.place, scene.way, scene.failure), set()).add(held(scene))
    if any(len(each) > 1 for each in by_kind.values()):
        return Outcome.INCONCLUSIVE
    told = {each for held_or_not in by_kind.values() for each in held_or_not}
    if len(told) > 1:
        return Outcome.DEPENDS
    return Outcome.HOLDS if True in told else Outcome.DOES_NOT_HOLD


def _as_they_say(scene: Scene) -> bool:
    return scene.died == "program" if scene.way is Way.THREAD else _only_itself(scene)


def _only_itself(scene: Scene) -> bool:
    return scene.died == "worker" and scene.spares_others


def _breaks(scene: Scene) -> bool:
    lost = {scene.running, scene.queued} == {"lost"}
    return scene.knew_ns is not None and lost and not scene.goes_on


def _failures(seen: Sequence[Scene]) -> str:
    tried = {scene.failure for scene in seen}
    return enumeration([name for failure, name in FAILURES.items() if failure in tried] or ["none"])


def _where(scene: Scene) -> str:
    return "where it was by itself" if scene.place is Place.WORKER else f"in a {scene.place}"


def _times(seen: Sequence[Scene]) -> list[float]:
    return [scene.knew_ns for scene in seen if scene.knew_ns is not None]


def _after(seen: Sequence[Scene]) -> str:
    times = _times(seen)
    return f"after {durations.format(median(times))} (median)" if times else "nothing of it"
