// How to find where this interpreter keeps the state of its GIL. For C alone: the interpreter's
// internal headers, which that takes, are no C++.
#pragma once

#include "layout.h"

#include <Python.h>
#include <string.h>

// What 3.16 will be like nobody can tell.
#if PY_VERSION_HEX < 0x03100000 && !defined(PYPY_VERSION) && defined(__has_include)
#if __has_include("internal/pycore_runtime.h")
#define GIL_IS_KNOWN
#endif
#endif

#if defined(GIL_IS_KNOWN)
#if !defined(Py_BUILD_CORE)
#define Py_BUILD_CORE
#define BORROWED_BUILD_CORE
#endif
// The public macro of this name is in the way of the internal function.
#undef _PyGC_FINALIZED
#include "internal/pycore_runtime.h"
#include "internal/pycore_interp.h"
#if defined(BORROWED_BUILD_CORE)
#undef BORROWED_BUILD_CORE
#undef Py_BUILD_CORE
#endif
#endif

#if PY_VERSION_HEX >= 0x030d0000
#define LOAD_INT(place) _Py_atomic_load_int(place)
#define LOAD_POINTER(place) _Py_atomic_load_ptr(place)
#elif defined(GIL_IS_KNOWN)
#define LOAD_INT(place) _Py_atomic_load((_Py_atomic_int*)(place))
#define LOAD_POINTER(place) ((void*)_Py_atomic_load((_Py_atomic_address*)(place)))
#else
#define LOAD_INT(place) (*(place))
#define LOAD_POINTER(place) (*(place))
#endif

// Whether the calling thread, whose state it is, shows as holding the GIL or as attached.
static int shows_held(const Layout* layout, PyThreadState* thread) {
    if (layout->gil != NULL)
        return LOAD_INT(layout->locked) == taken && LOAD_POINTER(layout->holder) == (void*)thread;
    return LOAD_INT((const int*)((const char*)thread + layout->state)) == taken;
}

// Whether the layout tells the calling thread's two states from each other.
static int tells(const Layout* layout) {
    PyThreadState* thread = PyThreadState_Get();
    // Who takes the GIL locks it first and says who it is thereafter: looked at in between, it
    // seems to be its last holder's still.
    for (int attempt = 0; attempt < 8; ++attempt) {
        if (!shows_held(layout, thread)) return 0;
        PyEval_SaveThread();
        const int held = shows_held(layout, thread);
        PyEval_RestoreThread(thread);
        if (!held) return 1;
    }
    return 0;
}

#if defined(GIL_IS_KNOWN)
// Whether what was laid out by the headers of the build holds for the interpreter that runs: for
// all releases of a minor version, and for one pre-release.
static int fits(unsigned long long version) {
    const unsigned long long built = PY_VERSION_HEX;
    const unsigned long long released = 0xf0;
    if ((version & released) != released || (built & released) != released) return version == built;
    return version >> 16 == built >> 16;
}
#define NO_FIT "the interpreter is of another version than the one that gilbench was built for"

static void lay_out(Layout* found, const char* gil, size_t locked, size_t holder) {
    found->gil = gil;
    found->locked = (const int*)(gil + locked);
    found->holder = (void* const*)(gil + holder);
    // Nobody publishes where this one is.
    if (locked == offsetof(struct _gil_runtime_state, locked))
        found->switches =
            (const unsigned long*)(gil + offsetof(struct _gil_runtime_state, switch_number));
}

#if PY_VERSION_HEX >= 0x030d0000
static const char* find_gil(Layout* found) {
    found->route = debug_offsets;
    const _Py_DebugOffsets* told = &_PyRuntime.debug_offsets;
    if (memcmp(told->cookie, "xdebugpy", sizeof told->cookie) != 0)
        return "the interpreter publishes no debug offsets";
    if (!fits(told->version)) return NO_FIT;
    const uint64_t end = told->interpreter_state.size;
    const uint64_t pointer = told->interpreter_state.ceval_gil;
    const uint64_t gil = told->interpreter_state.gil_runtime_state;
    const uint64_t locked = told->interpreter_state.gil_runtime_state_locked;
    const uint64_t holder = told->interpreter_state.gil_runtime_state_holder;
    const char* const interpreter = (const char*)PyInterpreterState_Get();
    if (pointer >= end || gil >= end || locked >= end || holder >= end || locked < gil ||
        holder < gil)
        return "the interpreter's debug offsets contradict each other";
    const char* pointed;
    memcpy(&pointed, interpreter + pointer, sizeof pointed);
    // A subinterpreter has a GIL of its own or shares the main interpreter's.
    if (pointed != interpreter + gil && pointed != (const char*)PyInterpreterState_Main() + gil)
        return "the GIL is not where the interpreter's debug offsets say";
    lay_out(found, pointed, locked - gil, holder - gil);
    return NULL;
}
#else
static const char* find_gil(Layout* found) {
    found->route = internal_headers;
    if (!fits(Py_Version)) return NO_FIT;
#if PY_VERSION_HEX >= 0x030c0000
    const PyInterpreterState* const interpreter = PyInterpreterState_Get();
    const struct _gil_runtime_state* const gil = interpreter->ceval.gil;
    if (gil != &interpreter->_gil && gil != &PyInterpreterState_Main()->_gil)
        return "the GIL is not where the headers of the build say";
#else
    const struct _gil_runtime_state* const gil = &_PyRuntime.ceval.gil;
#endif
    lay_out(found, (const char*)gil, offsetof(struct _gil_runtime_state, locked),
            offsetof(struct _gil_runtime_state, last_holder));
    return NULL;
}
#endif
#else
static const char* find_gil(Layout* found) {
    (void)found;
    return "gilbench was built without this interpreter's internal headers, or does not know them";
}
#endif

// Fills in the layout and returns null, or says why it cannot. To be called attached; `with_gil`
// says whether the interpreter has its GIL on.
static const char* find_layout(Layout* found, int with_gil) {
    memset(found, 0, sizeof *found);
    if (with_gil) {
        const char* const reason = find_gil(found);
        if (reason != NULL) return reason;
    } else {
#if defined(Py_GIL_DISABLED)
        found->route = thread_state;
        found->state = offsetof(PyThreadState, state);
#else
        return "the interpreter says that it has no GIL, and gilbench was built for one that does";
#endif
    }
    if (!tells(found)) return "what was found does not tell whether a thread holds the GIL";
    return NULL;
}
