"""What a row is: the plug point for one question about threads and processes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gilbench.comparison import FactsPlan, Row, Trial
    from gilbench.studies.comparison.laboratory import Laboratory

__all__ = ["RowStudy"]


class RowStudy(Protocol):
    """One question: what is tried for it, and what the trials say."""

    @property
    def name(self) -> str:
        """The name of the row, one of `ROW_NAMES`."""

    @property
    def question(self) -> str:
        """What the row answers, as a question."""

    @property
    def claim(self) -> str:
        """What the received wisdom says, as a sentence."""

    def measure(self, plan: FactsPlan, laboratory: Laboratory, budget_ns: int) -> Iterator[Trial]:
        """Yield each trial as it comes, in about `budget_ns`: rounds of all that is compared.

        What is not to be had here is a trial too, with its reason. Raises InputError for what the
        user can mend.
        """

    def find(self, plan: FactsPlan, trials: Sequence[Trial]) -> Row:
        """Return the row, from its own trials only: pure. Where they do not carry an outcome, it is
        `inconclusive`, and the deciding sentence says why.
        """
