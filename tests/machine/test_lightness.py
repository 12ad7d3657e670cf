from __future__ import annotations

import subprocess
import sys

import pytest

import gilbench.machine


def test_what_workers_import_is_light():
    script = (
        "import sys\n"
        "from gilbench.machine import affinity, cgroup_quota, cores, gil_enabled, steal_ticks\n"
        "cores(), affinity(), cgroup_quota(), gil_enabled(), steal_ticks()\n"
        "heavy = {'typing', 'dataclasses', 'pathlib', 'psutil', 'numpy', 'multiprocessing',\n"
        "         'importlib.metadata', 'gilbench.model'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    # -S: what the site's .pth files import is not ours. -I would drop the path to the package.
    command = [sys.executable, "-S", "-c", f"import sys; sys.path[:] = {sys.path!r}\n{script}"]
    subprocess.run(command, check=True, timeout=60)


def test_all_that_is_promised_is_there():
    for name in gilbench.machine.__all__:
        assert callable(getattr(gilbench.machine, name))


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'cors'"):
        gilbench.machine.cors  # noqa: B018
