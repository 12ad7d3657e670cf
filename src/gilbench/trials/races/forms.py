"""The ways to write an update, as source text: what is raced is what is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from textwrap import indent
from typing import Any, Final, TypeAlias

__all__ = ["MESSAGE", "OF_MEMORY", "OF_THREADS", "Form", "Subject", "Update", "subject"]

MESSAGE: Final = "message"
"""The form in which each update is sent to the one who owns the total."""

Update: TypeAlias = Callable[[range], int]
"""Tries an update for each number, and returns how many it made."""


@dataclass(frozen=True, kw_only=True)
class Form:
    """One way to write an update.

    `statement` is carried out for each `number`; its names are globals that `setup` makes, or the
    one who races it gives. `kept` is an expression: how many updates the total has. `made`: how
    many the worker has made after trying all `numbers`, which `start` may begin to count.
    """

    statement: str
    setup: str = "x = 0"
    kept: str = "x"
    start: str = "pass"
    made: str = "len(numbers)"


_PROPERTY: Final = """
class Account:
    def __init__(self):
        self._x = 0
    @property
    def x(self):
        return self._x
    @x.setter
    def x(self, value):
        self._x = value
account = Account()
"""

_NUMBER: Final = """
class Amount:
    def __init__(self, cents):
        self.cents = cents
    def __add__(self, cents):
        return Amount(self.cents + cents)
x = Amount(0)
"""

OF_THREADS: Final[Mapping[str, Form]] = {
    "global": Form(statement="x += 1"),
    "attribute": Form(
        statement="box.x += 1",
        setup="class Box: pass\nbox = Box()\nbox.x = 0",
        kept="box.x",
    ),
    "item": Form(statement="items['x'] += 1", setup="items = {'x': 0}", kept="items['x']"),
    "array": Form(
        statement="cells[0] += 1",
        setup="from array import array\ncells = array('q', [0])",
        kept="cells[0]",
    ),
    "append": Form(statement="found.append(1)", setup="found = []", kept="len(found)"),
    "check": Form(
        statement="if number not in made:\n    made[number] = make(number)\n    newly += 1",
        setup="made = {}\ndef make(number):\n    return number",
        kept="len(made)",
        start="newly = 0",
        made="newly",
    ),
    "call": Form(statement="x += one()", setup="x = 0\ndef one():\n    return 1"),
    "convert": Form(statement="x = int(x) + 1"),
    "property": Form(statement="account.x += 1", setup=_PROPERTY, kept="account.x"),
    "number": Form(statement="x += 1", setup=_NUMBER, kept="x.cents"),
    "lock": Form(
        statement="with lock:\n    x += 1",
        setup="from threading import Lock\nlock = Lock()\nx = 0",
    ),
    "atomic": Form(
        statement="add(counter, 1)",
        setup=(
            "from mmap import PAGESIZE, mmap\n"
            "from gilbench._native.counter import add, on, total\n"
            "counter = on(mmap(-1, PAGESIZE))"
        ),
        kept="total(counter)",
    ),
    MESSAGE: Form(statement="send(1)", setup="", kept="0"),
}
"""Of what the threads of one interpreter share: its objects."""

_CELL: Final = "cell[0]"

OF_MEMORY: Final[Mapping[str, Form]] = {
    "cell": Form(statement="cell[0] += 1", setup="", kept=_CELL),
    "view": Form(statement="view[0] += 1", setup="", kept="view[0]"),
    "raw": Form(statement="raw.value += 1", setup="", kept="raw.value"),
    "value": Form(statement="value.value += 1", setup="", kept="value.value"),
    "lock": Form(statement="with lock:\n    cell[0] += 1", setup="", kept=_CELL),
    "atomic": Form(
        statement="add(counter, 1)",
        setup="from gilbench._native.counter import add, on\ncounter = on(place)",
        kept=_CELL,
    ),
    MESSAGE: Form(statement="send(1)", setup="", kept="0"),
}
"""Of memory that is shared: `cell` in `place` is 8 bytes of it."""

_SOURCE: Final = """
{setup}
def update(numbers):
    global x
    {start}
    for number in numbers:
{statement}
    return {made}
def kept():
    return {kept}
"""


@dataclass(frozen=True, kw_only=True)
class Subject:
    """A form made ready: how to update, and how many updates the total has.

    `forget` lets go of what it was given, and of its total; then it is of no more use.
    """

    update: Update
    kept: Callable[[], int]
    forget: Callable[[], None]


def subject(form: Form, **given: object) -> Subject:
    """Return the form with a total of its own, or that of what is given."""
    source = _SOURCE.format(
        setup=form.setup,
        start=form.start,
        statement=indent(form.statement, " " * 8),
        made=form.made,
        kept=form.kept,
    )
    names: dict[str, Any] = dict(given)
    exec(compile(source, "<race>", "exec"), names)  # noqa: S102 - our own text, from above
    return Subject(update=names["update"], kept=names["kept"], forget=names.clear)
