"""From a run's samples to its findings: pure maths and words, the same each time."""

from gilbench.studies.analysis.comparison import check_comparable, compare
from gilbench.studies.analysis.findings import analyse
from gilbench.studies.analysis.precision import precise_enough
from gilbench.studies.analysis.rejection import reject

__all__ = ["analyse", "check_comparable", "compare", "precise_enough", "reject"]
