# What a plan tells to do: the numbers with which its tuples begin. After those of the syntax come
# those of the operators, in the order of their table.
cdef extern from "operators.h" namespace "gilbench":
    ctypedef object (*Unary)(object operand)
    ctypedef object (*Binary)(object left, object right)

    cdef struct Operator:
        const char* name
        Unary unary
        Binary binary
        Binary augmented

    const Operator* operators
    const int operator_count


cdef enum Operation:
    ASSIGN, ATTRIBUTE, AUG_ASSIGN, CALL, CODE, CONSTANT, DICT, EXPR, LIST, METHOD, NAME, SET
    SLICE, SUBSCRIPT, TUPLE
    FIRST_OPERATOR


cdef inline dict numbers():
    cdef int at
    cdef dict found = {
        "Assign": ASSIGN, "Attribute": ATTRIBUTE, "AugAssign": AUG_ASSIGN, "Call": CALL,
        "Code": CODE, "Constant": CONSTANT, "Dict": DICT, "Expr": EXPR, "List": LIST, "Method": METHOD,
        "Name": NAME, "Set": SET, "Slice": SLICE, "Subscript": SUBSCRIPT, "Tuple": TUPLE,
    }
    for at in range(operator_count):
        found[operators[at].name.decode("ascii")] = FIRST_OPERATOR + at
    return found


cdef inline const Operator* operator_of(int operation) except NULL:
    if FIRST_OPERATOR <= operation < FIRST_OPERATOR + operator_count:
        return &operators[operation - FIRST_OPERATOR]
    return unknown(operation)


# Apart, so that what is asked for each time is small.
cdef inline const Operator* unknown(int operation) except NULL:
    raise SystemError(f"operation {operation} is not in a statement")
