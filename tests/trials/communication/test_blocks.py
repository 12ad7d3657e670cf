from __future__ import annotations

import errno
import os
from typing import Any, NoReturn

import pytest

from gilbench.comparison import Way
from gilbench.trials.communication import blocks, process_queues, shared_memory
from gilbench.trials.communication.catalogue import CHANNELS
from gilbench.trials.tried import NoRoomError, UnavailableError

BY_SHARED_MEMORY = ("shared-memory", "shared-memory-in-place")


def refuse(number: int) -> Any:
    """What raises as the system does where it gives no shared memory."""

    def raising(*_: object, **__: object) -> NoReturn:
        raise OSError(number, os.strerror(number), "/psm_1")

    return raising


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOENT, UnavailableError),
        (errno.EROFS, UnavailableError),
        (errno.ENOMEM, NoRoomError),
    ],
)
@pytest.mark.parametrize("name", BY_SHARED_MEMORY)
def test_a_block_that_the_system_does_not_give_is_unavailable(
    monkeypatch: pytest.MonkeyPatch, name: str, number: int, kind: type[Exception]
) -> None:
    monkeypatch.setattr(blocks, "SharedMemory", refuse(number))
    with pytest.raises(UnavailableError, match="^no shared memory: ") as caught:
        CHANNELS[name].open(Way.FORK, 64)
    assert type(caught.value) is kind


@pytest.mark.parametrize("name", [*BY_SHARED_MEMORY, "process-queue", "process-simple-queue"])
def test_semaphores_that_the_system_does_not_give_are_unavailable(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    class Refusing:
        Semaphore = Queue = SimpleQueue = staticmethod(refuse(errno.EACCES))

    for module in (process_queues, shared_memory):
        monkeypatch.setattr(module, "context", lambda _: Refusing)
    with pytest.raises(UnavailableError, match="^no shared memory: Permission denied$"):
        CHANNELS[name].open(Way.FORK, 64)
