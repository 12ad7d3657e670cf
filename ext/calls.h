// What a statement has the interpreter do: look a name up, call, run code.
#pragma once

#include <Python.h>

namespace gilbench {

// Returns 1 and the value, a new reference; 0 for no such name; -1 with an exception.
inline int look_up(PyObject* names, PyObject* name, PyObject** found) {
#if PY_VERSION_HEX >= 0x030D0000
    return PyDict_GetItemRef(names, name, found);
#else
    *found = PyDict_GetItemWithError(names, name);
    if (*found == nullptr) return PyErr_Occurred() ? -1 : 0;
    Py_INCREF(*found);
    return 1;
#endif
}

// Takes the reference that `look_up` gave.
inline PyObject* taken(PyObject* found) { return found; }

// `keywords` is None or a tuple of names, to which the last of the values belong.
inline PyObject* names_of(PyObject* keywords) {
    return keywords == Py_None || PyTuple_GET_SIZE(keywords) == 0 ? nullptr : keywords;
}

// How many of `count` values have no name, for a vectorcall: it may change what lies before the
// arguments.
inline size_t unnamed_of(Py_ssize_t count, PyObject* keywords) {
    const Py_ssize_t named = keywords == Py_None ? 0 : PyTuple_GET_SIZE(keywords);
    return static_cast<size_t>(count - named) | PY_VECTORCALL_ARGUMENTS_OFFSET;
}

inline PyObject* call_with(PyObject* function, PyObject* const* values, Py_ssize_t count,
                           PyObject* keywords) {
    return PyObject_Vectorcall(function, values, unnamed_of(count, keywords), names_of(keywords));
}

// The first of the values is the method's owner.
inline PyObject* call_method(PyObject* name, PyObject* const* values, Py_ssize_t count,
                             PyObject* keywords) {
    return PyObject_VectorcallMethod(name, values, unnamed_of(count, keywords), names_of(keywords));
}

inline PyObject* run_code(PyObject* code, PyObject* names) {
    if (PyCode_Check(code)) return PyEval_EvalCode(code, names, names);
    PyErr_SetString(PyExc_TypeError, "what the interpreter is to run must be code");
    return nullptr;
}

}  // namespace gilbench
