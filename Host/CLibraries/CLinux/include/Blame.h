// Which plugin took the host down: the thread that dies knows whose code it runs, and writes it to a file.
//
// Everything a dying thread does here is async-signal-safe. A process that never called prax_blame_install(), such as
// a worker, writes nothing.
#ifndef PRAX_BLAME_H
#define PRAX_BLAME_H

// The number of the plugin whose code this thread runs; 0 for none. Through prax_blame_enter/leave only.
extern _Thread_local int prax_blame_current __attribute__((tls_model("initial-exec")));

// Whether this thread has a stack of its own for signal handlers.
extern _Thread_local int prax_blame_is_prepared __attribute__((tls_model("initial-exec")));

// Gives the calling thread a stack of its own for signal handlers, so that a stack overflow can be reported.
// Freed when the thread ends; nothing happens when the thread has one already. Returns 0, or an errno.
int prax_blame_prepare_thread(void);

// Says that from here on this thread runs code of plugin `number`. Returns what prax_blame_leave() must be given.
static inline int prax_blame_enter(int number) {
    int previous = prax_blame_current;
    prax_blame_current = number;
    if (number && !prax_blame_is_prepared) prax_blame_prepare_thread();
    return previous;
}

// Says that this thread has left the code it entered.
static inline void prax_blame_leave(int previous) { prax_blame_current = previous; }

// Opens `path` for the reports and installs the handlers for SEGV, BUS, ILL, FPE, ABRT, SYS and TRAP, and the hooks
// for exit(), _exit(), _Exit() and quick_exit(). What was handled before is handled after the report, so the exit
// status stays what it was. Only the process that calls this reports: its children never do.
// Returns 0, or the errno of the step that failed. Once per process; again it only opens another file.
int prax_blame_install(const char *path);

// Makes a plugin known. `name` is copied, up to 127 bytes; the same name gives the same number.
// Returns its number from 1, or 0 when there is no room: then nobody is blamed for it.
int prax_blame_add_plugin(const char *name);

// Says that code from `start` up to but without `end` belongs to plugin `number`. Returns 0, or an errno.
int prax_blame_add_range(int number, const void *start, const void *end);

// Adds the executable segments of the library behind a handle of dlopen(3). Returns 0, or an errno.
int prax_blame_add_library(int number, void *handle);

#endif
