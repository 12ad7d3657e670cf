"""What the walker does with plans as such. Those of real statements: tests/workloads."""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING, Any

import pytest

from gilbench._native import statement

if TYPE_CHECKING:
    from collections.abc import Callable

NUMBER = statement.operations()


def on_stage(names: dict[str, Any]) -> Callable[..., Any]:
    """Return what calls a function from a frame whose globals are `names`."""
    exec("def stage(function, *arguments): return function(*arguments)", names)
    return names.pop("stage")


def run(*plan: tuple[object, ...], **names: object) -> Any:
    return statement.run(plan, names, vars(builtins), on_stage(names))


def constant(value: object) -> tuple[object, ...]:
    return (NUMBER["Constant"], value)


def name(text: str) -> tuple[object, ...]:
    return (NUMBER["Name"], text)


def expr(plan: tuple[object, ...]) -> tuple[object, ...]:
    return (NUMBER["Expr"], plan)


def test_each_operation_has_a_number_of_its_own() -> None:
    assert len(set(NUMBER.values())) == len(NUMBER)


def test_it_returns_the_value_of_the_last_line_only() -> None:
    assert run() is None
    assert run(expr(constant(1)), expr(constant(2))) == 2
    assert run(expr(constant(1)), (NUMBER["Assign"], constant(2), (name("x"),))) is None


@pytest.mark.parametrize("count", [0, 1, 8, 9, 300])
def test_any_number_of_arguments_is_passed_in_order(count: int) -> None:
    values = tuple(constant(number) for number in range(count))
    for named in {0, count // 2, count}:
        keywords = tuple(f"k{number}" for number in range(count - named, count)) or None
        seen = (
            list(range(count - named)),
            {f"k{number}": number for number in range(count - named, count)},
        )
        call = (NUMBER["Call"], name("take"), values, keywords)
        assert run(expr(call), take=lambda *a, **k: (list(a), k)) == seen

        class Owner:
            def take(self, *arguments: int, **more: int) -> object:
                return list(arguments), more

        method = (NUMBER["Method"], name("owner"), values, keywords, "take")
        assert run(expr(method), owner=Owner()) == seen


def test_it_runs_on_the_stage_wherever_it_is_called_from() -> None:
    names: dict[str, Any] = {}
    stage, entered = on_stage(names), []

    def noting(*arguments: Any) -> object:
        entered.append(1)
        return stage(*arguments)

    plan = (expr((NUMBER["Call"], name("globals"), (), None)),)
    assert statement.run(plan, names, vars(builtins), noting) is names
    assert stage(statement.run, plan, names, vars(builtins), noting) is names
    assert entered == [1]


@pytest.mark.parametrize(
    "plan",
    [
        None,
        (),
        (1,),
        ("Expr", ()),
        (-1, ()),
        (10**30, ()),
        (NUMBER["Constant"], 1),
        (NUMBER["Name"], "x"),
        expr(()),
        expr((-1, constant(1), constant(2))),
        expr((NUMBER["Constant"],)),
        expr((NUMBER["Expr"], constant(1), constant(2))),
        expr((NUMBER["Name"], [])),
        expr((NUMBER["Attribute"], constant(1), 2)),
        expr((NUMBER["Call"], name("len"), [], None)),
        expr((NUMBER["Call"], name("len"), (), [])),
        expr((NUMBER["Call"], name("len"), (1,), None)),
        expr((NUMBER["Call"], name("len"), (None,), None)),
        expr((NUMBER["Method"], constant(1), (), None, 5)),
        expr((NUMBER["Code"], "1")),
        expr((NUMBER["Tuple"], 1)),
        expr((NUMBER["Dict"], (constant(1),))),
        (NUMBER["Assign"], constant(1), (constant(1),)),
        (NUMBER["Assign"], constant(1), 5),
        (NUMBER["AugAssign"], NUMBER["Eq"], name("len"), constant(1)),
        (NUMBER["AugAssign"], NUMBER["Add"], constant(1), constant(1)),
        (NUMBER["Code"], 5),
    ],
    ids=repr,
)
def test_what_is_no_plan_is_refused(plan: tuple[object, ...]) -> None:
    with pytest.raises((TypeError, SystemError, IndexError, OverflowError)):
        run(plan)


def test_names_and_plan_must_be_what_they_are_said_to_be() -> None:
    stage = on_stage({})
    for wrong in (
        (None, {}, {}, stage),
        ([], {}, {}, stage),
        ((), None, {}, stage),
        ((), [], {}, stage),
        ((), {}, None, stage),
    ):
        with pytest.raises(TypeError):
            statement.run(*wrong)  # type: ignore[arg-type]
