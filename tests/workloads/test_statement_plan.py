"""That a plan comes to what the interpreter makes of the same text."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType
from typing import Any

import pytest
from hypothesis import example, given, reject, settings
from hypothesis import strategies as st

from gilbench._native import statement as walker
from gilbench.workloads.statement_plan import plan_of

pytestmark = [
    # What hypothesis writes is not always wise: `1()`, `1 is 1`, `~True`.
    pytest.mark.filterwarnings("ignore::SyntaxWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]

CODE = walker.operations()["Code"]

# Objects that keep a record of what is done with them, and in which order.
SETUP = """
class Noting:
    def __init__(self, name):
        self.__dict__.update(name=name, log=log)
    def __getattr__(self, name):
        self.log.append(f"{self.name}.{name}")
        if name.startswith("_") or name == "absent":
            raise AttributeError(name)
        return Noting(f"{self.name}.{name}")
    def __setattr__(self, name, value):
        self.log.append(f"{self.name}.{name} = {value!r}")
    def __call__(self, *values, **more):
        self.log.append(f"{self.name}(*{values!r}, **{more!r})")
        return Noting(f"{self.name}()")
    def __getitem__(self, key):
        self.log.append(f"{self.name}[{key!r}]")
        return Noting(f"{self.name}[]")
    def __setitem__(self, key, value):
        self.log.append(f"{self.name}[{key!r}] = {value!r}")
    def __repr__(self):
        return self.name
    def __bool__(self):
        self.log.append(f"bool({self.name})")
        return True
    def __iter__(self):
        self.log.append(f"iter({self.name})")
        return iter((1, 2))
    def __neg__(self):
        self.log.append(f"-{self.name}")
        return self
    def __pos__(self):
        self.log.append(f"+{self.name}")
        return self
    def __invert__(self):
        self.log.append(f"~{self.name}")
        return self
    def __contains__(self, item):
        self.log.append(f"{item!r} in {self.name}")
        return item
    def __hash__(self):
        return hash(self.name)
def noted(sign):
    def method(self, other):
        self.log.append(f"{self.name} {sign} {other!r}")
        return self
    return method
for name in (
    "add sub mul matmul truediv floordiv mod pow lshift rshift and or xor "
    "iadd isub imul imatmul itruediv ifloordiv imod ipow ilshift irshift iand ior ixor "
    "eq ne lt le gt ge"
).split():
    setattr(Noting, f"__{name}__", noted(name))
log = []
one, two = Noting("one"), Noting("two")
a, b, text, items, table = 3, -2.5, "text", [1, 2, 3, 4], {"a": 1, 2: [5]}
"""
SETUP_CODE = compile(SETUP, "<setup>", "exec")


def fresh() -> dict[str, Any]:
    names: dict[str, Any] = {"__name__": "tried", "__builtins__": vars(builtins)}
    exec(SETUP_CODE, names)
    return names


def shown(value: object) -> str:
    """Return the value's text, without where in memory it lies."""
    return re.sub("0x[0-9a-fA-F]+", "0x", repr(value))


def outcome(carry_out: Any, names: dict[str, Any]) -> tuple[object, ...]:
    """Return what became of it: the exception, and all that it left in its names."""
    try:
        carry_out(names)
        raised: object = None
    except (
        ArithmeticError,
        LookupError,
        TypeError,
        ValueError,
        NameError,
        AttributeError,
    ) as error:
        raised = type(error)
    left = {
        name: (type(value).__name__, shown(value))
        for name, value in names.items()
        if not name.startswith("__") and name not in {"method", "noted", "Noting"}
    }
    return raised, left


def walk(plan: tuple[object, ...], names: dict[str, Any]) -> object:
    def apply(function: Any, *arguments: object) -> object:
        return function(*arguments)

    return walker.run(plan, names, vars(builtins), FunctionType(apply.__code__, names))


def assert_equal(text: str) -> None:
    try:
        code = compile(text, "<statement>", "exec")
    except SyntaxError:
        # What reads well in itself may stand in the wrong place, as `:=` in a comprehension does.
        reject()
    plan = plan_of(ast.parse(text))
    expected = outcome(lambda names: exec(code, names), fresh())
    assert outcome(lambda names: walk(plan, names), fresh()) == expected, text


def pieces(plan: object) -> Iterator[CodeType]:
    """Yield what the interpreter has to run in a plan."""
    if isinstance(plan, tuple) and len(plan) == 2 and plan[0] == CODE:
        assert isinstance(plan[1], CodeType)
        yield plan[1]
    elif isinstance(plan, tuple):
        for part in plan:
            yield from pieces(part)


# What follows is made of all that an expression can be; more of it fails than works.
NAMES = st.sampled_from(
    [
        "a",
        "b",
        "text",
        "items",
        "table",
        "one",
        "two",
        "absent",
        "len",
        "str",
        "max",
        "abs",
        "sorted",
        "dict",
    ]
)
CONSTANTS = st.sampled_from(
    ["0", "1", "-1", "2", "3", "1.5", "2j", "'t'", "b'z'", "''", "None", "True", "...", "'a{}'"]
)
BINARY = ["+", "-", "*", "@", "/", "//", "%", "&", "|", "^", ">>"]
COMPARISONS = ["==", "!=", "<", "<=", ">", ">=", "in", "not in"]
ATTRIBUTES = ["real", "append", "count", "upper", "absent", "x", "keys", "format", "index"]


@st.composite
def expressions(draw: st.DrawFn, depth: int = 3) -> str:
    def inner() -> str:
        return draw(expressions(depth - 1))

    def one_of(*texts: str) -> str:
        return draw(st.sampled_from(texts))

    def some(make: Callable[[], str], least: int = 0) -> list[str]:
        return [make() for _ in range(draw(st.integers(least, 3)))]

    def pair() -> str:
        return f"{inner()}: {inner()}"

    def index() -> str:
        return one_of(f"{inner()}", f"{inner()}:{inner()}", f":{inner()}", f"{inner()}::{inner()}")

    def call() -> str:
        keywords = [f"{key}={inner()}" for key in draw(st.sets(st.sampled_from("kxy")))]
        return f"({inner()})({', '.join(some(inner) + keywords)})"

    walked = {
        "binary": lambda: f"({inner()} {one_of(*BINARY)} {inner()})",
        "compared": lambda: f"({inner()} {one_of(*COMPARISONS)} {inner()})",
        # Whether two equal constants are one object is up to the compiler.
        "same": lambda: f"({inner()} {one_of('is', 'is not')} {draw(NAMES)})",
        "unary": lambda: f"({one_of('-', '+', '~', 'not ')}{inner()})",
        "attribute": lambda: f"({inner()}).{one_of(*ATTRIBUTES)}",
        "call": call,
        "method": lambda: f"({inner()}).{one_of(*ATTRIBUTES)}({', '.join(some(simple))})",
        "subscript": lambda: f"({inner()})[{', '.join(some(index, 1))}]",
        "list": lambda: f"[{', '.join(some(inner))}]",
        "tuple": lambda: f"({''.join(f'{text}, ' for text in some(inner))})",
        "set": lambda: f"{{{', '.join(some(inner, 1))}}}",
        "dict": lambda: f"{{{', '.join(some(pair))}}}",
    }
    coded = {
        "comprehension": lambda: f"[x for x in ({inner()}) if a]",
        "lambda": lambda: f"(lambda x=1: {inner()})()",
        "choice": lambda: f"({inner()} if {inner()} else {inner()})",
        "and": lambda: f"({inner()} and {inner()})",
        "chain": lambda: f"(a < {inner()} <= {inner()})",
        "walrus": lambda: f"(new := {inner()})",
        "starred call": lambda: f"str(*({inner()}))",
        "starred keywords": lambda: f"dict(**({inner()}))",
        "starred list": lambda: f"[*({inner()})]",
    }

    def simple() -> str:
        return draw(NAMES | CONSTANTS)

    if depth == 0:
        return simple()
    made = {"simple": simple, **walked, **coded}
    return made[draw(st.sampled_from([*made, *walked, *walked]))]()


EXPRESSIONS = expressions()
STATEMENTS = st.one_of(
    EXPRESSIONS,
    st.tuples(
        st.sampled_from(["r", "a = r", "table['a']", "one.x", "items[1:2]"]), EXPRESSIONS
    ).map(" = ".join),
    st.tuples(
        st.sampled_from(["a", "text", "items", "one", "two.x", "items[0]", "table['b']", "absent"]),
        st.sampled_from(
            ["+=", "-=", "*=", "@=", "/=", "//=", "%=", "&=", "|=", "^=", ">>=", "<<="]
        ),
        EXPRESSIONS,
    ).map(" ".join),
    EXPRESSIONS.map(lambda text: f"for x in {text}: r = x"),
    EXPRESSIONS.map(lambda text: f"if {text}: r = 1"),
    EXPRESSIONS.map(lambda text: f"r, *s = {text}"),
)


@given(STATEMENTS)
@settings(max_examples=150, deadline=None, derandomize=True, database=None)
@example("r = one.x(two.y, k=one[two])[one:two, 1] + one.absent(absent)")
@example("r = one.x(one.absent(), absent)")
@example("one.x = two.y = one[two.a] = one.z")
@example("one[two.x()] += two.y")
@example("one.x @= two.y")
@example(
    "one + two - two * two @ two / two // two % two ** two, one << two >> two & two | two ^ two"
)
@example("one == two, one != two, one < two, one <= two, one > two, one >= two, +one, -one, ~one")
@example("one += a; one -= a; one *= a; one @= a; one /= a; one //= a; one %= a; one **= a")
@example("one <<= a; one >>= a; one &= a; one |= a; one ^= a")
@example("one <<= two; a **= 2; r = a ** 0.5 ** 2; r <<= 1")
@example("r = {one.a: two.b, one.c: two.d}; s = {one.e, two.f}; t = {[]}")
@example("r = -one.x, not one.y, one in two, one not in two, one is one, one is not two")
def test_a_plan_comes_to_what_exec_does(text: str) -> None:
    assert_equal(f"r = ({text})" if _is_expression(text) else text)


def _is_expression(text: str) -> bool:
    try:
        ast.parse(text, mode="eval")
    except SyntaxError:
        return False
    return True


WALKED = [
    "f()",
    "f(1, x, k=y.z)",
    "f.g.h(x[1])[2](3).i",
    "x[1:n:2, ..., :]",
    "-x + y * 2 ** z @ w // 3 % 4 << 5 >> 6 & 7 | 8 ^ 9",
    "x < y, x is not None, x in y, not x, ~x, +x",
    "[1, {2: 3}, {4, x}, (), {}, []]",
    "x = y.z = w[0] = f()",
    "x += 1; y.z -= 1; w[0] @= f()",
    "'text', b'bytes', 1.5, 2j, None, True, ...",
    "globals()",
]


@pytest.mark.parametrize("text", WALKED)
def test_what_has_no_bytecode_of_its_own(text: str) -> None:
    assert list(pieces(plan_of(ast.parse(text)))) == []


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("for x in y: f()", 1),
        ("if x: f()", 1),
        ("import os", 1),
        ("x, y = f()", 1),
        ("x: int = 1", 1),
        ("del x", 1),
        ("f(x if y else z, 1)", 1),
        ("f(x and y, g(a < b < c))", 2),
        ("f(*x)", 1),
        ("f(**x)", 1),
        ("f(f'{x}')", 1),
        ("[*x], {**y}, x[*y]", 3),
        ("f(lambda: 1, key=lambda: 2)", 2),
        ("f(x for x in y)", 1),
        ("(x := 1) + 2", 1),
        ("locals(), eval('x'), exec('x'), vars(), dir(), super()", 6),
    ],
)
def test_what_the_interpreter_has_to_run(text: str, count: int) -> None:
    assert len(list(pieces(plan_of(ast.parse(text))))) == count


@pytest.mark.parametrize(
    "text",
    ["1" + " + 1" * 500, "-" * 300 + "1", "one" + ".x" * 500, "((" * 90 + "1, " + "),)" * 90],
)
def test_what_is_nested_deeply_is_walked_so_far_and_no_farther(text: str) -> None:
    assert_equal(f"r = {text}")


@pytest.mark.parametrize(
    ("text", "value"),
    [("-1", -1), ("2 ** 10 - 1", 1023), ("(1, (2, -3))", (1, (2, -3))), ("b'x' * 9", b"x" * 9)],
)
def test_what_the_compiler_works_out_is_a_constant(text: str, value: object) -> None:
    [[_, called]] = plan_of(ast.parse(f"f({text})"))
    assert called[2] == ((walker.operations()["Constant"], value),)  # type: ignore[index]


@pytest.mark.parametrize("text", ["1 / 0", "-'text'", "'text' % 1", "2 ** 100_000 > 1", "1 << -1"])
def test_what_the_compiler_leaves_to_run_time_is_left_to_it(text: str) -> None:
    assert list(pieces(plan_of(ast.parse(text)))) == []
    assert_equal(f"r = ({text})")


def test_what_looks_at_its_frame_finds_what_it_would() -> None:
    names = fresh()
    text = (
        "x = 5; g = globals(); l = locals(); v = vars(); e = eval('x + 1'); d = dir()\n"
        "exec('y = x + 2')\n"
        "import sys; f = sys._getframe().f_globals; s = (lambda: sys._getframe(1))().f_globals"
    )
    walk(plan_of(ast.parse(text)), names)
    assert all(names[key] is names for key in "glvfs")
    assert (names["e"], names["y"]) == (6, 7)
    assert "x" in names["d"]


def test_builtins_can_be_shadowed_and_names_come_and_go() -> None:
    names = fresh()
    walk(plan_of(ast.parse("len = max; r = len(1, 2); del len; s = len([1])")), names)
    assert (names["r"], names["s"]) == (2, 1)


def test_a_name_that_is_not_there_is_said_as_python_says_it() -> None:
    with pytest.raises(NameError, match="^name 'absent' is not defined$") as caught:
        walk(plan_of(ast.parse("absent.x")), fresh())
    assert caught.value.name == "absent"
