"""What a plugin imports: the part of gilbench that stays as it is for workloads and backends.

A distribution offers a workload by an entry point of the group `gilbench.workloads` that names a
`Recipe`, and a backend by one of the group `gilbench.backends` that names a `Backend`:

    [project.entry-points."gilbench.workloads"]
    sieve = "gilbench_example.sieve:SIEVE"

    [project.entry-points."gilbench.backends"]
    pool = "gilbench_example.pool:POOL"

It is loaded when its name is asked for, in the process that plans, in every host and in every
worker, subinterpreters among them: it should import little, and nothing that starts threads.
`examples/plugin` is a whole one. All other modules of gilbench may change with any version.

For workloads: `Workload`, `Task`, `Recipe`, `Mode`; `Spec`, `Parameter`, `read_bytes`,
`read_grain`, `read_one_of` and `read_share` for its parameters; `lap(meter, units)`, which ends a
call that does not stamp itself: it counts the units, and returns whether the window goes on.

For backends: `Backend`, `Crew`, `Order`, `Reading`; a gate that all workers of a sample wait at,
by `private_gate()` within a process, or by `shared_gate()`, and `map_gate(path)` in the others;
`reset_gate(gate, workers, cores)` before each sample, `abort_gate(gate)` when one cannot come;
`answer(order, worker, gate)`, which is the whole of a worker's part and returns plain data; and
`gather(answers)`, which makes readings of the data of all workers, or raises what went wrong.

`InputError` is what the user has to mend, `WorkerFailedError` ends a case as `failed`, and
`WorkerRefusedError` as `unavailable`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gilbench._native.gate import abort as abort_gate
from gilbench._native.gate import reset as reset_gate
from gilbench._native.meter import lap
from gilbench.backends.backend import Backend, Crew, WorkerFailedError, WorkerRefusedError
from gilbench.backends.in_process import gather
from gilbench.backends.memory import map_gate, private_gate, shared_gate
from gilbench.backends.serving import answer
from gilbench.errors import InputError
from gilbench.model import Mode, Reading
from gilbench.worker import Order, Task
from gilbench.workloads.offered import Recipe
from gilbench.workloads.spec import (
    Parameter,
    Spec,
    read_bytes,
    read_grain,
    read_one_of,
    read_share,
)
from gilbench.workloads.workload import Workload

if TYPE_CHECKING:
    from gilbench._native.gate import GateCapsule as Gate
    from gilbench._native.meter import MeterCapsule as Meter
else:
    # Capsules have no class of their own at run time.
    Gate = Meter = object

__all__ = [
    "Backend",
    "Crew",
    "Gate",
    "InputError",
    "Meter",
    "Mode",
    "Order",
    "Parameter",
    "Reading",
    "Recipe",
    "Spec",
    "Task",
    "WorkerFailedError",
    "WorkerRefusedError",
    "Workload",
    "abort_gate",
    "answer",
    "gather",
    "lap",
    "map_gate",
    "private_gate",
    "read_bytes",
    "read_grain",
    "read_one_of",
    "read_share",
    "reset_gate",
    "shared_gate",
]
