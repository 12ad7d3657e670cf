from __future__ import annotations

import os

import pytest

from gilbench.workloads.forks import end_offspring, forks
from scripts import output_of

if not hasattr(os, "fork"):
    pytest.skip("the system has no fork", allow_module_level=True)

# Every call writes a letter, whoever makes it.
TASKS = {
    "function": "FunctionTask(lambda: (os.write(1, b'c'), os.fork()))",
    "statement": "StatementTask(lambda: statement)",
}
SCRIPT = """
import os, signal, warnings
from gilbench.workloads.statement import StatementTask, compile_statement
from gilbench.workloads.user import FunctionTask
warnings.simplefilter("ignore")
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
statement = compile_statement("os.write(1, b'c'); os.fork()", "import os")
task = TASK
for _ in range(9):
    task.run(1)
os.write(1, b"." + str(task.checksum()).encode())
"""


@pytest.mark.parametrize("task", TASKS.values(), ids=TASKS)
def test_a_child_that_is_not_ended_makes_no_calls_of_its_own(task: str) -> None:
    assert output_of(SCRIPT.replace("TASK", task)) == "c" * 10 + ".10"


CHILD = """
import os
from gilbench.workloads.forks import end_offspring, forks
before = forks()
child = os.fork()
if child == 0:
    os.write(1, b"%d" % (forks() - before))
    end_offspring(before + 1)
    os.write(1, b" here ")
    end_offspring(before)
    os.write(1, b"not here ")
print(os.waitpid(child, 0)[1], forks() - before)
"""


def test_who_was_forked_since_then_ends() -> None:
    assert output_of(CHILD) == "1 here 0 0\n"


def test_who_was_not_forked_goes_on() -> None:
    end_offspring(forks())
