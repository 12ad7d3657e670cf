// Where an interpreter keeps the state of its GIL: what there is to know, for C and C++.
#pragma once

#include <stddef.h>

#if defined(__cplusplus)
namespace gilbench {
#endif

typedef enum Route { thread_state, internal_headers, debug_offsets } Route;

typedef struct Layout {
    Route route;
    // The GIL, its fields and what it counts; null where there is none, or where it is not known.
    const char* gil;
    const int* locked;
    void* const* holder;
    const unsigned long* switches;
    // Without a GIL: where a thread state says whether it is attached.
    ptrdiff_t state;
} Layout;

// What `locked` is while a thread holds the GIL, and a state while its thread is attached.
enum { taken = 1 };

#if defined(__cplusplus)
}
#endif
