"""Carries out a statement natively: no bytecode of its own runs between the calls that it makes.

What it walks is a plan: tuples that begin with a number of `operations()`. Who makes them is
`gilbench.workloads.statement_plan`.
"""

cimport cython
from cpython.mem cimport PyMem_Free, PyMem_Malloc
from cpython.object cimport (
    PyObject, PyObject_GetAttr, PyObject_GetItem, PyObject_SetAttr, PyObject_SetItem,
)
from cpython.ref cimport Py_DECREF, Py_INCREF
from cpython.tuple cimport PyTuple_New, PyTuple_SET_ITEM
from operations cimport (
    ASSIGN, ATTRIBUTE, AUG_ASSIGN, CALL, CODE, CONSTANT, DICT, EXPR, LIST, METHOD, NAME, SET, SLICE,
    SUBSCRIPT, TUPLE, Operator, numbers, operator_of,
)

cdef extern from "calls.h" namespace "gilbench":
    int look_up(dict names, object name, PyObject** found) except -1
    object taken(PyObject* found)
    object call_with(object function, PyObject** values, Py_ssize_t count, tuple keywords)
    object call_method(str name, PyObject** values, Py_ssize_t count, tuple keywords)
    object run_code(object code, dict names)

cdef extern from "Python.h":
    PyObject* PyEval_GetGlobals()
    object PySlice_New(object start, object stop, object step)

cdef enum:
    MOST_ON_STACK = 8


def operations():
    """By the names that `ast` gives them. `Code` is what the interpreter has to run, `Method` a call
    of an attribute whose arguments are names and constants.
    """
    return numbers()


cdef object named(object name, dict names, dict builtins):
    cdef PyObject* found = NULL
    if look_up(names, name, &found) == 0 and look_up(builtins, name, &found) == 0:
        raise NameError(f"name {name!r} is not defined", name=name)
    return taken(found)


cdef tuple values_of(tuple parts, dict names, dict builtins):
    cdef Py_ssize_t at
    cdef tuple values = PyTuple_New(len(parts))
    for at in range(len(parts)):
        value = value_of(parts[at], names, builtins)
        Py_INCREF(value)
        PyTuple_SET_ITEM(values, at, value)
    return values


# Calls what it is given, or where `method` is a name, that attribute of it: as the interpreter does
# it, without a tuple for the arguments and without an object for the method.
cdef object call(
    object function, str method, tuple parts, tuple keywords, dict names, dict builtins,
):
    cdef PyObject* few[1 + MOST_ON_STACK]
    cdef PyObject** arguments = few
    cdef Py_ssize_t count = 0
    if len(parts) > MOST_ON_STACK:
        arguments = <PyObject**>PyMem_Malloc((1 + len(parts)) * sizeof(PyObject*))
        if arguments is NULL:
            raise MemoryError()
    arguments[0] = <PyObject*>function
    try:
        for part in parts:
            value = value_of(part, names, builtins)
            Py_INCREF(value)
            count += 1
            arguments[count] = <PyObject*>value
        if method is not None:
            return call_method(method, arguments, 1 + count, keywords)
        return call_with(function, arguments + 1, count, keywords)
    finally:
        while count > 0:
            Py_DECREF(<object>arguments[count])
            count -= 1
        if arguments is not few:
            PyMem_Free(arguments)


@cython.boundscheck(True)
cdef dict paired(tuple keys_and_values):
    cdef Py_ssize_t at
    cdef dict pairs = {}
    for at in range(0, len(keys_and_values), 2):
        pairs[keys_and_values[at]] = keys_and_values[at + 1]
    return pairs


# Operands are worked out from left to right, before anything is done with them, as the interpreter
# does it.
@cython.boundscheck(True)
cdef object value_of(tuple plan, dict names, dict builtins):
    cdef int operation = plan[0]
    if operation == CONSTANT:
        return plan[1]
    elif operation == NAME:
        return named(plan[1], names, builtins)
    elif operation == CALL:
        owner = value_of(plan[1], names, builtins)
        return call(owner, None, plan[2], plan[3], names, builtins)
    elif operation == METHOD:
        owner = value_of(plan[1], names, builtins)
        try:
            return call(owner, plan[4], plan[2], plan[3], names, builtins)
        except NameError:
            # The interpreter asks for the attribute first, and may have said that there is none.
            PyObject_GetAttr(owner, plan[4])
            raise
    elif operation == ATTRIBUTE:
        return PyObject_GetAttr(value_of(plan[1], names, builtins), plan[2])
    elif operation == SUBSCRIPT:
        left = value_of(plan[1], names, builtins)
        return PyObject_GetItem(left, value_of(plan[2], names, builtins))
    elif operation == SLICE:
        start = value_of(plan[1], names, builtins)
        stop = value_of(plan[2], names, builtins)
        return PySlice_New(start, stop, value_of(plan[3], names, builtins))
    elif operation == TUPLE:
        return values_of(plan[1], names, builtins)
    elif operation == LIST:
        return list(values_of(plan[1], names, builtins))
    elif operation == SET:
        return set(values_of(plan[1], names, builtins))
    elif operation == DICT:
        return paired(values_of(plan[1], names, builtins))
    elif operation == CODE:
        return run_code(plan[1], names)
    cdef const Operator* sign = operator_of(operation)
    left = value_of(plan[1], names, builtins)
    if sign.binary is NULL:
        return sign.unary(left)
    return sign.binary(left, value_of(plan[2], names, builtins))


cdef object augmented(int operation, object left, object right):
    cdef const Operator* sign = operator_of(operation)
    if sign.augmented is NULL:
        raise SystemError(f"operation {operation} does not augment")
    return sign.augmented(left, right)


@cython.boundscheck(True)
cdef int assign(tuple target, object value, dict names, dict builtins) except -1:
    cdef int operation = target[0]
    if operation == NAME:
        names[target[1]] = value
    elif operation == ATTRIBUTE:
        PyObject_SetAttr(value_of(target[1], names, builtins), target[2], value)
    elif operation == SUBSCRIPT:
        owner = value_of(target[1], names, builtins)
        PyObject_SetItem(owner, value_of(target[2], names, builtins), value)
    else:
        raise SystemError(f"operation {operation} is no target")
    return 0


@cython.boundscheck(True)
cdef int augment(tuple plan, dict names, dict builtins) except -1:
    cdef int operation = plan[1]
    cdef tuple target = plan[2]
    cdef int kind = target[0]
    if kind == NAME:
        left = named(target[1], names, builtins)
        names[target[1]] = augmented(operation, left, value_of(plan[3], names, builtins))
    elif kind == ATTRIBUTE:
        owner = value_of(target[1], names, builtins)
        left = PyObject_GetAttr(owner, target[2])
        right = value_of(plan[3], names, builtins)
        PyObject_SetAttr(owner, target[2], augmented(operation, left, right))
    elif kind == SUBSCRIPT:
        owner = value_of(target[1], names, builtins)
        key = value_of(target[2], names, builtins)
        left = PyObject_GetItem(owner, key)
        right = value_of(plan[3], names, builtins)
        PyObject_SetItem(owner, key, augmented(operation, left, right))
    else:
        raise SystemError(f"operation {kind} is no target")
    return 0


@cython.boundscheck(True)
cdef object carry_out(tuple plan, dict names, dict builtins):
    cdef int operation = plan[0]
    if operation == EXPR:
        return value_of(plan[1], names, builtins)
    elif operation == ASSIGN:
        value = value_of(plan[1], names, builtins)
        for target in <tuple?>plan[2]:
            assign(target, value, names, builtins)
    elif operation == AUG_ASSIGN:
        augment(plan, names, builtins)
    elif operation == CODE:
        run_code(plan[1], names)
    else:
        raise SystemError(f"operation {operation} is no statement")
    return None


# Positional arguments only: see `truth.burn`.
def run(tuple plan not None, dict names not None, dict builtins not None, stage, /):
    cdef object value = None
    # Some functions look up their caller's names: the nearest frame must be the statement's own.
    if PyEval_GetGlobals() is not <PyObject*>names:
        return stage(run, plan, names, builtins, stage)
    for part in plan:
        value = None
        value = carry_out(part, names, builtins)
    return value
