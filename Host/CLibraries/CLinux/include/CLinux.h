// Linux calls that Swift's Glibc module does not show: those behind _GNU_SOURCE.
#ifndef PRAX_CLINUX_H
#define PRAX_CLINUX_H

#include <pthread.h>

// pipe2(2) with O_CLOEXEC, so that no child started meanwhile inherits an end. Returns 0, or -1 with errno.
int prax_pipe_cloexec(int ends[2]);

// Names a thread for debuggers and `top -H`; at most 15 bytes.
void prax_thread_set_name(pthread_t thread, const char *name);

// Has the kernel end this process with SIGKILL when its parent ends: no check outlives the host.
void prax_end_with_parent(void);

#endif
