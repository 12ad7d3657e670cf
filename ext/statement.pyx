"""Carries out a statement natively: no bytecode of its own runs between the calls that it makes.

What it walks is a plan: tuples that begin with a number of `operations()`. Who makes them is
`gilbench.workloads.statement`.
"""

cimport cython
from cpython.object cimport (
    Py_EQ, Py_GE, Py_GT, Py_LE, Py_LT, Py_NE, PyObject, PyObject_GetAttr, PyObject_GetItem,
    PyObject_IsTrue, PyObject_RichCompare, PyObject_SetAttr, PyObject_SetItem,
)
from cpython.mem cimport PyMem_Free, PyMem_Malloc
from cpython.ref cimport Py_DECREF, Py_INCREF
from cpython.sequence cimport PySequence_Contains
from cpython.tuple cimport PyTuple_New, PyTuple_SET_ITEM

cdef extern from *:
    """
    static int look_up(PyObject* names, PyObject* name, PyObject** found) {
    #if PY_VERSION_HEX >= 0x030D0000
        return PyDict_GetItemRef(names, name, found);
    #else
        *found = PyDict_GetItemWithError(names, name);
        if (*found == NULL) return PyErr_Occurred() ? -1 : 0;
        Py_INCREF(*found);
        return 1;
    #endif
    }
    static PyObject* run_code(PyObject* code, PyObject* names) {
        if (PyCode_Check(code)) return PyEval_EvalCode(code, names, names);
        PyErr_SetString(PyExc_TypeError, "what the interpreter is to run must be code");
        return NULL;
    }
    /* Takes the reference that look_up gave. */
    static PyObject* taken(PyObject* found) { return found; }
    static PyObject* call_with(
        PyObject* function, PyObject* const* first, Py_ssize_t count, PyObject* keywords) {
        const Py_ssize_t named = keywords == Py_None ? 0 : PyTuple_GET_SIZE(keywords);
        return PyObject_Vectorcall(
            function, first, (size_t)(count - named) | PY_VECTORCALL_ARGUMENTS_OFFSET,
            named > 0 ? keywords : NULL);
    }
    static PyObject* call_method(
        PyObject* name, PyObject* const* owner, Py_ssize_t count, PyObject* keywords) {
        const Py_ssize_t named = keywords == Py_None ? 0 : PyTuple_GET_SIZE(keywords);
        return PyObject_VectorcallMethod(
            name, owner, (size_t)(1 + count - named) | PY_VECTORCALL_ARGUMENTS_OFFSET,
            named > 0 ? keywords : NULL);
    }
    """
    int look_up(dict names, object name, PyObject** found) except -1
    object run_code(object code, dict names)
    object taken(PyObject* found)
    object call_with(object function, PyObject** first, Py_ssize_t count, tuple keywords)
    object call_method(object name, PyObject** owner, Py_ssize_t count, tuple keywords)

cdef extern from "Python.h":
    PyObject* PyEval_GetGlobals()
    object PySlice_New(object start, object stop, object step)
    object PyNumber_Add(object left, object right)
    object PyNumber_And(object left, object right)
    object PyNumber_FloorDivide(object left, object right)
    object PyNumber_Lshift(object left, object right)
    object PyNumber_MatrixMultiply(object left, object right)
    object PyNumber_Multiply(object left, object right)
    object PyNumber_Or(object left, object right)
    object PyNumber_Power(object base, object exponent, object modulus)
    object PyNumber_Remainder(object left, object right)
    object PyNumber_Rshift(object left, object right)
    object PyNumber_Subtract(object left, object right)
    object PyNumber_TrueDivide(object left, object right)
    object PyNumber_Xor(object left, object right)
    object PyNumber_InPlaceAdd(object left, object right)
    object PyNumber_InPlaceAnd(object left, object right)
    object PyNumber_InPlaceFloorDivide(object left, object right)
    object PyNumber_InPlaceLshift(object left, object right)
    object PyNumber_InPlaceMatrixMultiply(object left, object right)
    object PyNumber_InPlaceMultiply(object left, object right)
    object PyNumber_InPlaceOr(object left, object right)
    object PyNumber_InPlacePower(object base, object exponent, object modulus)
    object PyNumber_InPlaceRemainder(object left, object right)
    object PyNumber_InPlaceRshift(object left, object right)
    object PyNumber_InPlaceSubtract(object left, object right)
    object PyNumber_InPlaceTrueDivide(object left, object right)
    object PyNumber_InPlaceXor(object left, object right)
    object PyNumber_Invert(object operand)
    object PyNumber_Negative(object operand)
    object PyNumber_Positive(object operand)

cdef enum:
    MOST_ON_STACK = 8

cdef enum Operation:
    ASSIGN, ATTRIBUTE, AUG_ASSIGN, CALL, CODE, CONSTANT, DICT, EXPR, LIST, METHOD, NAME, SET
    SLICE, SUBSCRIPT, TUPLE
    ADD, BIT_AND, BIT_OR, BIT_XOR, DIV, FLOOR_DIV, L_SHIFT, MAT_MULT, MOD, MULT, POW, R_SHIFT, SUB
    INVERT, NOT, U_ADD, U_SUB
    EQ, GT, GT_E, IN, IS, IS_NOT, LT, LT_E, NOT_EQ, NOT_IN


def operations():
    """By the names that `ast` gives them. `Code` is what the interpreter has to run, `Method` a call
    of an attribute whose arguments are names and constants.
    """
    return {
        "Assign": ASSIGN, "Attribute": ATTRIBUTE, "AugAssign": AUG_ASSIGN, "Call": CALL,
        "Code": CODE, "Constant": CONSTANT, "Dict": DICT, "Expr": EXPR, "List": LIST, "Method": METHOD,
        "Name": NAME, "Set": SET, "Slice": SLICE, "Subscript": SUBSCRIPT, "Tuple": TUPLE,
        "Add": ADD, "BitAnd": BIT_AND, "BitOr": BIT_OR, "BitXor": BIT_XOR, "Div": DIV,
        "FloorDiv": FLOOR_DIV, "LShift": L_SHIFT, "MatMult": MAT_MULT, "Mod": MOD, "Mult": MULT,
        "Pow": POW, "RShift": R_SHIFT, "Sub": SUB,
        "Invert": INVERT, "Not": NOT, "UAdd": U_ADD, "USub": U_SUB,
        "Eq": EQ, "Gt": GT, "GtE": GT_E, "In": IN, "Is": IS, "IsNot": IS_NOT, "Lt": LT,
        "LtE": LT_E, "NotEq": NOT_EQ, "NotIn": NOT_IN,
    }


cdef object named(object name, dict names, dict builtins):
    cdef PyObject* found = NULL
    if look_up(names, name, &found) == 0 and look_up(builtins, name, &found) == 0:
        raise NameError(f"name {name!r} is not defined", name=name)
    return taken(found)


cdef object binary(int operation, object left, object right):
    if operation == ADD:
        return PyNumber_Add(left, right)
    elif operation == SUB:
        return PyNumber_Subtract(left, right)
    elif operation == MULT:
        return PyNumber_Multiply(left, right)
    elif operation == MAT_MULT:
        return PyNumber_MatrixMultiply(left, right)
    elif operation == DIV:
        return PyNumber_TrueDivide(left, right)
    elif operation == FLOOR_DIV:
        return PyNumber_FloorDivide(left, right)
    elif operation == MOD:
        return PyNumber_Remainder(left, right)
    elif operation == POW:
        return PyNumber_Power(left, right, None)
    elif operation == L_SHIFT:
        return PyNumber_Lshift(left, right)
    elif operation == R_SHIFT:
        return PyNumber_Rshift(left, right)
    elif operation == BIT_AND:
        return PyNumber_And(left, right)
    elif operation == BIT_OR:
        return PyNumber_Or(left, right)
    elif operation == BIT_XOR:
        return PyNumber_Xor(left, right)
    elif operation == EQ:
        return PyObject_RichCompare(left, right, Py_EQ)
    elif operation == NOT_EQ:
        return PyObject_RichCompare(left, right, Py_NE)
    elif operation == LT:
        return PyObject_RichCompare(left, right, Py_LT)
    elif operation == LT_E:
        return PyObject_RichCompare(left, right, Py_LE)
    elif operation == GT:
        return PyObject_RichCompare(left, right, Py_GT)
    elif operation == GT_E:
        return PyObject_RichCompare(left, right, Py_GE)
    elif operation == IS:
        return left is right
    elif operation == IS_NOT:
        return left is not right
    elif operation == IN:
        return PySequence_Contains(right, left) == 1
    elif operation == NOT_IN:
        return PySequence_Contains(right, left) == 0
    raise SystemError(f"operation {operation} is not in a statement")


cdef object augmented(int operation, object left, object right):
    if operation == ADD:
        return PyNumber_InPlaceAdd(left, right)
    elif operation == SUB:
        return PyNumber_InPlaceSubtract(left, right)
    elif operation == MULT:
        return PyNumber_InPlaceMultiply(left, right)
    elif operation == MAT_MULT:
        return PyNumber_InPlaceMatrixMultiply(left, right)
    elif operation == DIV:
        return PyNumber_InPlaceTrueDivide(left, right)
    elif operation == FLOOR_DIV:
        return PyNumber_InPlaceFloorDivide(left, right)
    elif operation == MOD:
        return PyNumber_InPlaceRemainder(left, right)
    elif operation == POW:
        return PyNumber_InPlacePower(left, right, None)
    elif operation == L_SHIFT:
        return PyNumber_InPlaceLshift(left, right)
    elif operation == R_SHIFT:
        return PyNumber_InPlaceRshift(left, right)
    elif operation == BIT_AND:
        return PyNumber_InPlaceAnd(left, right)
    elif operation == BIT_OR:
        return PyNumber_InPlaceOr(left, right)
    elif operation == BIT_XOR:
        return PyNumber_InPlaceXor(left, right)
    raise SystemError(f"operation {operation} does not augment")


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
            return call_method(method, arguments, count, keywords)
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
    elif operation == NOT:
        return not PyObject_IsTrue(value_of(plan[1], names, builtins))
    elif operation == U_SUB:
        return PyNumber_Negative(value_of(plan[1], names, builtins))
    elif operation == U_ADD:
        return PyNumber_Positive(value_of(plan[1], names, builtins))
    elif operation == INVERT:
        return PyNumber_Invert(value_of(plan[1], names, builtins))
    left = value_of(plan[1], names, builtins)
    return binary(operation, left, value_of(plan[2], names, builtins))


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
