"""What is claimed of memory, and what became of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gilbench import quantities
from gilbench.comparison import Claim, Outcome, Unit, Way
from gilbench.studies.analysis.words import percent
from gilbench.studies.comparison.beside_threads import PROCESSES, all_of, much_more
from gilbench.studies.comparison.memory.account import Size
from gilbench.studies.comparison.ways import each_way, joined, noun

if TYPE_CHECKING:
    from gilbench.studies.comparison.medians import Median
    from gilbench.studies.comparison.memory.account import Account

__all__ = ["claims", "one_memory"]

# Less than a page cannot be told.
_PAGE: Final = 4096
# Of the parent's objects, or of an array: next to nothing of it, or most of it. What a worker takes
# besides is a few percent; what lies between tells nothing.
_NOTHING: Final = 0.15
_MOST: Final = 0.5


def one_memory(account: Account) -> tuple[Outcome, str]:
    """Return whether threads share memory and processes do not, and the sentence that decides."""
    seen = {way: told for way in Way if (told := account.seen(way, "worker_seen")) is not None}
    verdicts = []
    for way in (Way.THREAD, *PROCESSES):
        if way in seen:
            written, found = seen[way]
            shares = True if found == written else False if found == 0 else None
            verdicts.append(None if shares is None else shares is (way is Way.THREAD))
    others = any(way in seen for way in PROCESSES)
    if Way.THREAD not in seen or not others:
        reasons = [account.why_no("sight", way) for way in (Way.THREAD, *PROCESSES)]
        why = next(filter(None, reasons), "it was not measured")
        return Outcome.INCONCLUSIVE, f"Nobody looked for what another wrote: {why}."
    by_count: dict[tuple[int, int], list[str]] = {}
    for way, told in seen.items():
        by_count.setdefault(told, []).append(noun(way, many=True))
    parts = [f"{found} of {all} with {joined(of)}" for (all, found), of in by_count.items()]
    blocks = [account.seen(way, "block_seen") for way in PROCESSES]
    through = [told for told in blocks if told is not None]
    added = ""
    if through:
        written, found = (sum(each[part] for each in through) for part in (0, 1))
        added = f"; through shared_memory, {found} of {written} with processes"
    return all_of(verdicts), (
        f"Of values that one worker wrote to a global variable, another saw {joined(parts)}{added}."
    )


def claims(account: Account) -> tuple[Claim, ...]:
    """Return the further claims."""
    return (
        _heavier(account),
        _shared(account),
        _frozen(account),
        _saved(account),
    )


def _heavier(account: Account) -> Claim:
    slopes = account.slopes(Size.USS)
    told = each_way(slopes, Unit.BYTES)
    return Claim(
        claim="A process takes much more memory than a thread.",
        holds=much_more(slopes, least=_PAGE),
        deciding=(
            f"A further worker that is idle takes {told}, shared with nobody."
            if told
            else f"It is not known: {_first_reason(account)}."
        ),
    )


def _shared(account: Account) -> Claim:
    start = account.unshared("walk_start", frozen=False)
    walked = account.unshared("walk", frozen=False)
    claim = "A forked process shares the objects of its parent."
    if start is None or walked is None:
        return _unknown(claim, account)
    return Claim(
        claim=claim,
        holds=_of_sharing(start, walked),
        deciding=(
            f"Of {_objects(account)} a worker had un-shared {_share(start)} at its start, and"
            f" {_share(walked)} once it had walked them: to look at an object is to count a"
            " reference in it."
        ),
    )


def _of_sharing(start: Median, walked: Median) -> Outcome:
    if start.low >= _MOST:
        return Outcome.DOES_NOT_HOLD
    if start.high > _NOTHING:
        return Outcome.INCONCLUSIVE
    if walked.high <= _NOTHING:
        return Outcome.HOLDS
    return Outcome.DEPENDS if walked.low >= _MOST else Outcome.INCONCLUSIVE


def _frozen(account: Account) -> Claim:
    claim = "gc.freeze() before the fork keeps them shared."
    loose = account.unshared("collect", frozen=False)
    frozen = account.unshared("collect", frozen=True)
    walked = account.unshared("walk", frozen=True)
    if loose is None or frozen is None or walked is None:
        return _unknown(claim, account)
    return Claim(
        claim=claim,
        holds=_of_freezing(loose, frozen, walked),
        deciding=(
            f"A garbage collection in the worker un-shared {_share(loose)} of"
            f" {_objects(account)}, {_share(frozen)} after gc.freeze(); to walk them un-shared"
            f" {_share(walked)} nevertheless."
        ),
    )


def _of_freezing(loose: Median, frozen: Median, walked: Median) -> Outcome:
    # A collection writes into what it tracks: no less than a quarter of the objects' pages.
    if loose.low <= _NOTHING:
        helps = False if loose.high <= _NOTHING else None
    elif frozen.high <= _NOTHING and loose.low >= 2 * _NOTHING:
        helps = True
    else:
        helps = False if frozen.low >= loose.high / 2 else None
    keeps = True if walked.high <= _NOTHING else False if walked.low >= _MOST else None
    if helps is None or keeps is None:
        return Outcome.INCONCLUSIVE
    if helps:
        return Outcome.HOLDS if keeps else Outcome.DEPENDS
    return Outcome.DOES_NOT_HOLD


def _saved(account: Account) -> Claim:
    claim = "shared_memory saves each process a copy of an array that all need."
    found = {
        way: saving.saved
        # The fork last, of which more is to be said.
        for way in reversed(PROCESSES)
        if (saving := account.saving(way)) is not None and saving.saved is not None
    }
    if not found:
        return Claim(
            claim=claim,
            holds=Outcome.INCONCLUSIVE,
            deciding=f"It is not known: {_why_no(account, 'array', PROCESSES)}.",
        )
    told = joined([f"{percent(max(0.0, saved))} with {noun(way)}" for way, saved in found.items()])
    inherits = Way.FORK in found and found[Way.FORK] <= _NOTHING
    added = ": that reads its parent's without a copy" if inherits else ""
    savings = [account.saving(way) for way in found]
    largest = max(saving.size for saving in savings if saving is not None)
    return Claim(
        claim=claim,
        holds=all_of(
            True if saved >= _MOST else False if saved <= _NOTHING else None
            for saved in found.values()
        ),
        deciding=f"Of an array of {_size(largest)} it saved {told}{added}.",
    )


def _unknown(claim: str, account: Account) -> Claim:
    why = _why_no(account, "copying", (Way.FORK,))
    return Claim(claim=claim, holds=Outcome.INCONCLUSIVE, deciding=f"It is not known: {why}.")


def _why_no(account: Account, name: str, ways: tuple[Way, ...]) -> str:
    reasons = (account.why_no(name, way, "no_block") for way in ways)
    return next(filter(None, reasons), "it was not measured")


def _first_reason(account: Account) -> str:
    return next(iter(account.why_no_slope(Size.USS).values()), "it was not measured")


def _objects(account: Account) -> str:
    bytes = account.objects_bytes()
    return "its parent's objects" if bytes is None else f"{_size(bytes)} of its parent's objects"


def _share(median: Median) -> str:
    return percent(median.value)


def _size(bytes: float) -> str:
    return quantities.format(bytes, Unit.BYTES)
