"""An inquiry: a row whose trials are read once, into a digest that all of its evidence is of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from gilbench.comparison import Evidence, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from gilbench.comparison import Claim, Fact, FactsPlan, Outcome, Table, Trial
    from gilbench.studies.comparison.laboratory import Laboratory

__all__ = ["Inquiry"]

Digest = TypeVar("Digest")
Digest_co = TypeVar("Digest_co", covariant=True)


class Reader(Protocol[Digest_co]):
    """What reads the trials of a row: mostly the class of the digest itself."""

    def __call__(self, *, plan: FactsPlan, trials: Sequence[Trial]) -> Digest_co:
        """Return what these trials say, which followed that plan."""


@dataclass(frozen=True, kw_only=True)
class Inquiry(Generic[Digest]):
    """A `RowStudy` put together of what is its own. All but `course` is pure.

    `course` yields the trials, of the row's name, the plan, a laboratory and a budget in
    nanoseconds. `digest` reads them; of what it returns, `outcome` tells what became of the claim,
    with the sentence that decides, `headline` the row's own line, and the others the rest of the
    evidence.
    """

    name: str
    question: str
    claim: str
    course: Callable[[str, FactsPlan, Laboratory, int], Iterator[Trial]]
    digest: Reader[Digest]
    outcome: Callable[[Digest], tuple[Outcome, str]]
    headline: Callable[[Digest], Fact]
    facts: Callable[[Digest], tuple[Fact, ...]]
    claims: Callable[[Digest], tuple[Claim, ...]]
    tables: Callable[[Digest], tuple[Table, ...]]
    notes: Callable[[Digest], tuple[str, ...]]

    def measure(self, plan: FactsPlan, laboratory: Laboratory, budget_ns: int) -> Iterator[Trial]:
        """Yield the trials of the course."""
        yield from self.course(self.name, plan, laboratory, budget_ns)

    def find(self, plan: FactsPlan, trials: Sequence[Trial]) -> Row:
        """Return what the digest of the trials has to say."""
        digest = self.digest(plan=plan, trials=trials)
        holds, deciding = self.outcome(digest)
        headline = self.headline(digest)
        return Row(
            row=self.name,
            question=self.question,
            fact=headline.name,
            columns=headline.columns,
            claim=self.claim,
            holds=holds,
            evidence=Evidence(
                deciding=deciding,
                facts=self.facts(digest),
                claims=self.claims(digest),
                tables=self.tables(digest),
                notes=self.notes(digest),
            ),
        )
