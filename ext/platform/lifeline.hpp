// The end of a host, when whoever started it is gone.
#pragma once

#if defined(_WIN32)
#include <io.h>

#include "platform/windows.hpp"
#else
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>

#include <ftw.h>
#include <unistd.h>
#endif
#if defined(__linux__)
#include <algorithm>
#include <climits>
#include <cstdlib>

#include <dirent.h>
#include <fcntl.h>
#endif

namespace gilbench {

#if !defined(_WIN32)
inline int remove_one(const char* path, const struct stat*, int, struct FTW*) noexcept {
    std::remove(path);
    return 0;
}

// Whether a folder carries the name that a conductor gives: none that a user made by hand does.
inline bool is_hosts_folder(const char* folder) noexcept {
    const char* slash = std::strrchr(folder, '/');
    return slash != nullptr && std::strncmp(slash + 1, "gilbench-", 9) == 0;
}
#endif

#if defined(__linux__)
// Whether a process began with this entry in its environment (proc(5)).
inline bool began_with(const char* pid, const char* entry) noexcept {
    char path[32];
    std::snprintf(path, sizeof path, "/proc/%.16s/environ", pid);
    const int file = ::open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    const char* at = entry;  // what must come next; null: not in this entry
    char text[4096];
    bool found = false;
    for (ssize_t got; !found && (got = ::read(file, text, sizeof text)) > 0;)
        for (ssize_t index = 0; index < got && !found; ++index) {
            const char one = text[index];
            if (one == '\0') {
                found = at != nullptr && *at == '\0';
                at = entry;
            } else if (at != nullptr) {
                at = *at == one ? at + 1 : nullptr;
            }
        }
    ::close(file);
    return found;
}

// Whether a process is one that removes the shared memory and the semaphores of others once these
// have ended, and then ends itself.
inline bool cleans_up(const char* pid) noexcept {
    constexpr char command[] = "multiprocessing.resource_tracker";
    char path[32];
    std::snprintf(path, sizeof path, "/proc/%.16s/cmdline", pid);
    const int file = ::open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    char text[4096];
    const auto got = ::read(file, text, sizeof text);
    ::close(file);
    const char* begin = text;
    const char* end = begin + std::max<ssize_t>(got, 0);
    return std::search(begin, end, command, command + sizeof command - 1) != end;
}

// Whether a file that tells of a process (proc(5)) can be read, and has nothing in it.
inline bool is_empty(const char* pid, const char* name) noexcept {
    char path[32];
    std::snprintf(path, sizeof path, "/proc/%.16s/%.8s", pid, name);
    const int file = ::open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    char byte;
    const auto got = ::read(file, &byte, 1);
    ::close(file);
    return got == 0;
}

// Whether a process is in the middle of execve: it has no environment for that moment, and no
// command. Threads of the system have neither for good, and no program; nor has who ended.
inline bool becomes_another_program(const char* pid) noexcept {
    if (!is_empty(pid, "environ") || !is_empty(pid, "cmdline")) return false;
    char path[32];
    std::snprintf(path, sizeof path, "/proc/%.16s/exe", pid);
    char program[1];
    return ::readlink(path, program, sizeof program) > 0;
}

// What a look for processes to end found.
struct Found {
    bool doomed = false;
    bool cleaning = false;
};

// Tells each process but this one that carries the mark, or is of the group, to end; those that
// clean up will by themselves. Who may carry the mark in a moment counts as found.
inline Found kill_all(const char* mark, pid_t group) noexcept {
    Found found;
    DIR* processes = ::opendir("/proc");
    if (processes == nullptr) return found;
    while (const dirent* process = ::readdir(processes)) {
        const auto pid = static_cast<pid_t>(std::atol(process->d_name));
        if (pid <= 0 || pid == ::getpid()) continue;
        if (!began_with(process->d_name, mark) && (group < 0 || ::getpgid(pid) != group)) {
            if (becomes_another_program(process->d_name)) found.doomed = true;
            continue;
        }
        if (cleans_up(process->d_name)) {
            found.cleaning = true;
            continue;
        }
        ::kill(pid, SIGKILL);
        found.doomed = true;
    }
    ::closedir(processes);
    return found;
}

// Ends all that a host started: its group, -1 if it has none of its own, and what inherited its
// mark, wherever it went. Returns whether some are left, which clean up. Looks until two looks in a
// row find none: one may have become another program between the looks at its environment and at
// its command.
inline bool end_family(const char* folder, pid_t group) noexcept {
    char mark[PATH_MAX + 16];
    std::snprintf(mark, sizeof mark, "GILBENCH_HOST=%s", folder);
    constexpr int most_looks = 200;
    Found found;
    for (int look = 0, found_none = 0; look < most_looks && found_none < 2; ++look) {
        found = kill_all(mark, group);
        found_none = found.doomed ? 0 : found_none + 1;
        ::usleep(5000);
    }
    return found.cleaning;
}
#elif !defined(_WIN32)
inline bool end_family(const char*, pid_t) noexcept { return false; }
#endif

// Blocks until the other end of the pipe is closed, then removes the host's temporary folder and
// ends this process and all that it started (its process group; on Linux, what left that too),
// without asking the interpreter.
inline void end_with(int descriptor, [[maybe_unused]] const char* folder) noexcept {
    char byte;
#if defined(_WIN32)
    while (::_read(descriptor, &byte, 1) > 0) {
    }
    ::TerminateProcess(::GetCurrentProcess(), 1);
#else
    while (true) {
        const auto got = ::read(descriptor, &byte, 1);
        if (got == 0 || (got < 0 && errno != EINTR)) break;
    }
    // Again where somebody just made a file in it; once it is gone nobody can.
    constexpr int tries = 10;
    for (int attempt = 0; is_hosts_folder(folder) && attempt < tries; ++attempt)
        if (::nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS | FTW_MOUNT) != 0) break;
    // Only a process that leads its group may take the group along: never the user's shell job.
    const bool leads = ::getpgrp() == ::getpid();
    const bool cleaning = is_hosts_folder(folder) && end_family(folder, leads ? ::getpgrp() : -1);
    if (leads && !cleaning) ::kill(0, SIGKILL);
    ::_exit(1);
#endif
}

}  // namespace gilbench
