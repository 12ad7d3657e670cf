from __future__ import annotations

import json
import sys

import pytest

from scripts import output_of

if sys.platform == "win32":
    pytest.skip("limits are POSIX's", allow_module_level=True)

_SCRIPT = """
import faulthandler, json, resource, threading
limits = resource.getrlimit(resource.RLIMIT_STACK)
if limits[1] == resource.RLIM_INFINITY or limits[1] >= 64 << 20:
    resource.setrlimit(resource.RLIMIT_STACK, (64 << 20, limits[1]))
from gilbench.trials.crash.quiet import be_quiet, bound_stack
be_quiet()
bound_stack()
print(json.dumps([
    faulthandler.is_enabled(),
    resource.getrlimit(resource.RLIMIT_CORE),
    resource.getrlimit(resource.RLIMIT_STACK)[0] <= 8 << 20,
]))
"""


def test_no_dump_and_no_core_is_left_and_a_stack_overflows_as_usual() -> None:
    dumps, core, bounded = json.loads(output_of(_SCRIPT, "-X", "faulthandler"))
    assert dumps is False
    # Below any core that there could be.
    assert max(core) <= 1
    assert bounded
