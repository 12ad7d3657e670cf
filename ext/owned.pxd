# A native object that a capsule owns: made along with it, and deleted with it.


cdef extern from *:
    """
    #include <new>
    template <typename Owned>
    static void delete_owned(PyObject* capsule) noexcept {
        delete static_cast<Owned*>(PyCapsule_GetPointer(capsule, PyCapsule_GetName(capsule)));
    }
    template <typename Owned>
    static PyObject* new_owned(const char* name) noexcept {
        auto* made = new (std::nothrow) Owned;
        if (made == nullptr) {
            return PyErr_NoMemory();
        }
        PyObject* capsule = PyCapsule_New(made, name, delete_owned<Owned>);
        if (capsule == nullptr) {
            delete made;
        }
        return capsule;
    }
    """
    object new_owned[Owned](const char* name)
