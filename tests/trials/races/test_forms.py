from __future__ import annotations

import mmap

import pytest

from gilbench.trials.races.forms import MESSAGE, OF_MEMORY, OF_THREADS, Form, subject


class Box:
    value = 0


class Lock:
    """Counts how often it is taken."""

    def __init__(self) -> None:
        self.taken = 0

    def __enter__(self) -> None:
        self.taken += 1

    def __exit__(self, *_: object) -> None:
        pass


@pytest.mark.parametrize("form", [form for form in OF_THREADS if form != MESSAGE])
def test_one_worker_alone_loses_nothing(form: str) -> None:
    ready = subject(OF_THREADS[form])
    assert ready.kept() == 0
    assert ready.update(range(10)) == 10
    assert ready.update(range(10, 15)) == 5
    assert ready.kept() == 15


@pytest.mark.parametrize("form", [form for form in OF_MEMORY if form != MESSAGE])
def test_so_it_does_on_memory(form: str) -> None:
    place = memoryview(mmap.mmap(-1, mmap.PAGESIZE))[:8]
    lock, view = Lock(), memoryview(bytearray(8)).cast("q")
    given = {"cell": place.cast("q"), "place": place, "view": view, "raw": Box(), "value": Box()}
    ready = subject(OF_MEMORY[form], lock=lock, **given)
    assert ready.update(range(10)) == 10
    assert ready.kept() == 10
    assert lock.taken == (10 if form == "lock" else 0)


@pytest.mark.parametrize("forms", [OF_THREADS, OF_MEMORY])
def test_a_message_is_sent_for_each_update(forms: dict[str, Form]) -> None:
    sent: list[int] = []
    assert subject(forms[MESSAGE], send=sent.append).update(range(3, 6)) == 3
    assert sent == [1, 1, 1]


def test_what_is_there_already_is_not_made_again() -> None:
    ready = subject(OF_THREADS["check"])
    assert [ready.update(range(4)), ready.update(range(6)), ready.kept()] == [4, 2, 6]


def test_each_has_a_total_of_its_own() -> None:
    first, second = (subject(OF_THREADS["global"]) for _ in range(2))
    first.update(range(3))
    assert (first.kept(), second.kept()) == (3, 0)


def test_it_lets_go_of_what_it_was_given() -> None:
    memory = mmap.mmap(-1, mmap.PAGESIZE)
    place = memoryview(memory)[:8]
    ready = subject(OF_MEMORY["atomic"], cell=place.cast("q"), place=place)
    ready.update(range(2))
    ready.forget()
    place.release()
    memory.close()
