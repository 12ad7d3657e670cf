// The operators of statements: what of the interpreter's C API each of them is.
#pragma once

#include <Python.h>

namespace gilbench {

inline PyObject* boolean(bool value) {
    PyObject* const found = value ? Py_True : Py_False;
    Py_INCREF(found);
    return found;
}

inline PyObject* is_false(PyObject* operand) {
    const int found = PyObject_IsTrue(operand);
    return found < 0 ? nullptr : boolean(found == 0);
}

inline PyObject* power(PyObject* base, PyObject* exponent) {
    return PyNumber_Power(base, exponent, Py_None);
}

inline PyObject* power_in_place(PyObject* base, PyObject* exponent) {
    return PyNumber_InPlacePower(base, exponent, Py_None);
}

template <int sign> PyObject* compare(PyObject* left, PyObject* right) {
    return PyObject_RichCompare(left, right, sign);
}

template <bool wanted> PyObject* is_same(PyObject* left, PyObject* right) {
    return boolean((left == right) == wanted);
}

template <bool wanted> PyObject* is_in(PyObject* item, PyObject* container) {
    const int found = PySequence_Contains(container, item);
    return found < 0 ? nullptr : boolean((found == 1) == wanted);
}

using Unary = PyObject* (*)(PyObject* operand);
using Binary = PyObject* (*)(PyObject* left, PyObject* right);

struct Operator {
    const char* name;  // as `ast` has it
    Unary unary;
    Binary binary;
    Binary augmented;  // as in `left += right`
};

// No object is among them: all interpreters share the table.
static const Operator operators[] = {
    {"Invert", PyNumber_Invert, nullptr, nullptr},
    {"Not", is_false, nullptr, nullptr},
    {"UAdd", PyNumber_Positive, nullptr, nullptr},
    {"USub", PyNumber_Negative, nullptr, nullptr},
    {"Add", nullptr, PyNumber_Add, PyNumber_InPlaceAdd},
    {"BitAnd", nullptr, PyNumber_And, PyNumber_InPlaceAnd},
    {"BitOr", nullptr, PyNumber_Or, PyNumber_InPlaceOr},
    {"BitXor", nullptr, PyNumber_Xor, PyNumber_InPlaceXor},
    {"Div", nullptr, PyNumber_TrueDivide, PyNumber_InPlaceTrueDivide},
    {"FloorDiv", nullptr, PyNumber_FloorDivide, PyNumber_InPlaceFloorDivide},
    {"LShift", nullptr, PyNumber_Lshift, PyNumber_InPlaceLshift},
    {"MatMult", nullptr, PyNumber_MatrixMultiply, PyNumber_InPlaceMatrixMultiply},
    {"Mod", nullptr, PyNumber_Remainder, PyNumber_InPlaceRemainder},
    {"Mult", nullptr, PyNumber_Multiply, PyNumber_InPlaceMultiply},
    {"Pow", nullptr, power, power_in_place},
    {"RShift", nullptr, PyNumber_Rshift, PyNumber_InPlaceRshift},
    {"Sub", nullptr, PyNumber_Subtract, PyNumber_InPlaceSubtract},
    {"Eq", nullptr, compare<Py_EQ>, nullptr},
    {"Gt", nullptr, compare<Py_GT>, nullptr},
    {"GtE", nullptr, compare<Py_GE>, nullptr},
    {"In", nullptr, is_in<true>, nullptr},
    {"Is", nullptr, is_same<true>, nullptr},
    {"IsNot", nullptr, is_same<false>, nullptr},
    {"Lt", nullptr, compare<Py_LT>, nullptr},
    {"LtE", nullptr, compare<Py_LE>, nullptr},
    {"NotEq", nullptr, compare<Py_NE>, nullptr},
    {"NotIn", nullptr, is_in<false>, nullptr},
};
constexpr int operator_count = sizeof operators / sizeof operators[0];

}  // namespace gilbench
