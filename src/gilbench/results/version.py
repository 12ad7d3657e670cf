"""The version of the stored format, which has a history of its own.

A reader takes every version up to its own. A new field that older readers may ignore needs no
new version; a changed or removed field, another meaning or another kind of record does.

A file says the version of its study: the oldest whose readers understand it. So what one study
brings makes nobody upgrade who reads the files of another. The same number stands in the JSON of
its findings.

1   The first: JSON Lines, a header, then calibrations, samples, failures and a stop.
2   Checks beside runs. The header names the study; where it does not, it is a run's, and files of
    runs go on saying 1: for their readers nothing has changed.
3   Comparisons of processes and threads beside both: trials by row, and a stop.
"""

from __future__ import annotations

from typing import Final

__all__ = ["CHECK_VERSION", "FACTS_VERSION", "RUN_VERSION", "SCHEMA_VERSION"]

RUN_VERSION: Final = 1
"""What files and findings of runs say."""

CHECK_VERSION: Final = 2
"""What files and findings of checks say."""

FACTS_VERSION: Final = 3
"""What files and findings of comparisons say."""

SCHEMA_VERSION: Final = 3
"""The newest version, up to which this package reads."""
