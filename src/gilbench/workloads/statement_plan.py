"""How a statement becomes a plan: nested tuples that native code walks.

Each begins with a number of `operations()`. What a plan has no word for (loops, comprehensions,
conditions, f-strings, …) becomes code that the interpreter runs, no more of it than must be.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from gilbench._native import statement as walker

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

__all__ = ["FILE", "Plan", "plan_of"]

Plan: TypeAlias = tuple[object, ...]

FILE: Final = "<statement>"
_NUMBERS: Final = walker.operations()
# Native code recurses as deeply as a plan does; what lies deeper is code.
_DEEPEST: Final = 50
# The length of code that does no more than return a constant.
_RETURNS_CONSTANT: Final = len(compile("0.5", FILE, "eval").co_code)
_CONSTANT_PARTS: Final = (
    *(ast.BinOp, ast.Constant, ast.Load, ast.Tuple, ast.UnaryOp, ast.operator, ast.unaryop),
)
# They read more of the frame that calls them than its globals.
_FRAME_READERS: Final = frozenset({"dir", "eval", "exec", "locals", "super", "vars"})


def plan_of(tree: ast.Module) -> Plan:
    """Return the plan of a text's tree: one of each statement in it.

    The tree must be one that Python compiles.
    """
    return tuple(_statement(node) for node in tree.body)


def _statement(node: ast.stmt) -> Plan:
    match node:
        case ast.Expr(value=value):
            return (_NUMBERS["Expr"], _value(value))
        case ast.Assign(targets=targets, value=value) if all(map(_can_be_set, targets)):
            return (_NUMBERS["Assign"], _value(value), _values(targets))
        case ast.AugAssign(target=target, op=operator, value=value):
            return (_NUMBERS["AugAssign"], _number(operator), _value(target), _value(value))
    module = ast.Module(body=[node], type_ignores=[])
    return (_NUMBERS["Code"], compile(module, FILE, "exec", dont_inherit=True))


def _value(node: ast.expr | None, depth: int = 0) -> Plan:
    """Return the plan of an expression, or of None where there is none."""
    if node is None:
        return (_NUMBERS["Constant"], None)
    if isinstance(node, ast.BinOp | ast.UnaryOp | ast.Tuple) and _is_constant(node):
        code = compile(ast.Expression(node), FILE, "eval", dont_inherit=True)
        if len(code.co_code) <= _RETURNS_CONSTANT:
            return (_NUMBERS["Constant"], eval(code))  # noqa: S307 - a constant
    rule = _RULES.get(type(node))
    # Slices mean nothing outside of their brackets, and brackets cannot lie deep.
    if rule is not None and (depth < _DEEPEST or isinstance(node, ast.Slice | ast.Tuple)):
        plan = rule(node, depth + 1)
        if plan is not None:
            return plan
    return (_NUMBERS["Code"], compile(ast.Expression(node), FILE, "eval", dont_inherit=True))


def _values(nodes: Iterable[ast.expr], depth: int = 0) -> Plan:
    return tuple(_value(node, depth) for node in nodes)


def _number(node: ast.AST) -> int:
    return _NUMBERS[type(node).__name__]


def _can_be_set(target: ast.expr) -> bool:
    return isinstance(target, ast.Attribute | ast.Name | ast.Subscript)


def _starred(nodes: Iterable[ast.expr]) -> bool:
    return any(isinstance(node, ast.Starred) for node in nodes)


def _is_constant(node: ast.expr) -> bool:
    return all(isinstance(part, _CONSTANT_PARTS) for part in ast.walk(node))


def _is_simple(node: ast.expr) -> bool:
    """Whether it makes no difference when its value is looked up."""
    return isinstance(node, ast.Constant | ast.Name)


def _call(node: ast.Call, depth: int) -> Plan | None:
    names = tuple(keyword.arg for keyword in node.keywords)
    reads_frame = isinstance(node.func, ast.Name) and node.func.id in _FRAME_READERS
    if _starred(node.args) or None in names or reads_frame:
        return None
    values = (*node.args, *(keyword.value for keyword in node.keywords))
    rest = (_values(values, depth), names or None)
    if isinstance(node.func, ast.Attribute) and all(map(_is_simple, values)):
        return (_NUMBERS["Method"], _value(node.func.value, depth), *rest, node.func.attr)
    return (_number(node), _value(node.func, depth), *rest)


def _subscript(node: ast.Subscript, depth: int) -> Plan | None:
    if isinstance(node.slice, ast.Tuple) and _starred(node.slice.elts):
        return None
    return (_number(node), _value(node.value, depth), _value(node.slice, depth))


def _slice(node: ast.Slice, depth: int) -> Plan:
    parts = (node.lower, node.upper, node.step)
    return (_number(node), *(_value(part, depth) for part in parts))


def _display(node: ast.List | ast.Set | ast.Tuple, depth: int) -> Plan | None:
    return None if _starred(node.elts) else (_number(node), _values(node.elts, depth))


def _dict(node: ast.Dict, depth: int) -> Plan | None:
    if None in node.keys:
        return None
    parts = (part for pair in zip(node.keys, node.values, strict=True) for part in pair)
    return (_number(node), tuple(_value(part, depth) for part in parts))


def _compare(node: ast.Compare, depth: int) -> Plan | None:
    if len(node.ops) > 1:
        return None
    return (_number(node.ops[0]), _value(node.left, depth), _value(node.comparators[0], depth))


# What returns None is code.
_RULES: Final[Mapping[type[ast.expr], Callable[[Any, int], Plan | None]]] = {
    ast.Attribute: lambda node, depth: (_number(node), _value(node.value, depth), node.attr),
    ast.BinOp: lambda node, depth: (
        *(_number(node.op), _value(node.left, depth), _value(node.right, depth)),
    ),
    ast.Call: _call,
    ast.Compare: _compare,
    ast.Constant: lambda node, _: (_number(node), node.value),
    ast.Dict: _dict,
    ast.List: _display,
    ast.Name: lambda node, _: (_number(node), node.id),
    ast.Set: _display,
    ast.Slice: _slice,
    ast.Subscript: _subscript,
    ast.Tuple: _display,
    ast.UnaryOp: lambda node, depth: (_number(node.op), _value(node.operand, depth)),
}
