"""Checks of functions whose source says what they do with the GIL, as a user would make them.

A machine may be too busy to tell; but a verdict that is given is right.
"""

from __future__ import annotations

import sys

import pytest

import gilbench
from gilbench import Verdict

pytestmark = pytest.mark.slow

# Each check takes more than a second, and the like of these is among the others.
in_full = pytest.mark.long


@pytest.mark.parametrize(
    ("statement", "setup", "verdict"),
    [
        # Modules/zlibmodule.c: Py_BEGIN_ALLOW_THREADS around deflate().
        (
            "zlib.compress(d)",
            "import zlib, random; d = random.Random(1).randbytes(1 << 20)",
            Verdict.RELEASES,
        ),
        # Modules/timemodule.c: pysleep().
        ("time.sleep(0.005)", "import time", Verdict.RELEASES),
        # Objects/bytes_methods.c: a search that never lets go.
        ("d.count(b'z')", "d = b'a' * (1 << 20)", Verdict.HOLDS),
        # Objects/listobject.c: integers are compared without a call.
        pytest.param(
            "sorted(d)",
            "import random; r = random.Random(1); d = [r.getrandbits(29) for _ in range(50_000)]",
            Verdict.HOLDS,
            marks=in_full,
        ),
        # Lib/json/decoder.py: a few bytecodes around one call of C, of some 0.2 ms.
        pytest.param(
            "json.loads(d)",
            "import json; d = json.dumps([{'a': i, 'b': str(i)} for i in range(400)])",
            Verdict.HOLDS,
            marks=in_full,
        ),
        (
            "thin()",
            "from gilbench._native import truth; account = truth.create()\n"
            "def thin(): return truth.burn(account, 100_000, 0, 1)",
            Verdict.HOLDS,
        ),
        # The interpreter looks at the eval breaker with every turn.
        ("for _ in range(5_000): pass", "", Verdict.HOLDS_SWITCHABLE),
        pytest.param("for _ in range(50_000): pass", "", Verdict.HOLDS_SWITCHABLE, marks=in_full),
    ],
)
def test_a_verdict_that_is_given_is_right(statement: str, setup: str, verdict: Verdict) -> None:
    found = gilbench.check(statement, setup=setup, budget="1s")
    assert found.verdict in {verdict, Verdict.INCONCLUSIVE}, found.headline
    if found.verdict is Verdict.INCONCLUSIVE:
        assert found.reason
    elif found.held_share is not None:
        holding = verdict is not Verdict.RELEASES
        assert (found.held_share.value > 0.9) is holding


@pytest.mark.long
def test_hashlib_lets_go_from_2_kib_on() -> None:
    """Modules/hashlib.h: from HASHLIB_GIL_MINSIZE on; since Python 3.15 above it."""
    least = 2048 if sys.version_info < (3, 15) else 2049
    found = gilbench.check(
        "hashlib.sha256(d).digest()",
        setup="import hashlib; d = bytes(n)",
        sizes="1024..4096",
        budget="500ms",
    )
    verdicts = {row.size: row.verdict for row in found.sizes}
    for size, verdict in verdicts.items():
        holding = verdict in {Verdict.HOLDS, Verdict.HOLDS_SWITCHABLE}
        assert verdict is Verdict.INCONCLUSIVE or holding is (size < least), verdicts
    threshold = found.threshold
    assert threshold is not None
    if threshold.size is not None:
        assert threshold.before is not None
        assert threshold.before < least <= threshold.size
        assert not threshold.sharp or (threshold.before, threshold.size) == (least - 1, least)
