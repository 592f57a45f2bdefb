#define _GNU_SOURCE
#include "CLinux.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <unistd.h>

int prax_pipe_cloexec(int ends[2]) { return pipe2(ends, O_CLOEXEC); }

void prax_thread_set_name(pthread_t thread, const char *name) { pthread_setname_np(thread, name); }

void prax_end_with_parent(void) { prctl(PR_SET_PDEATHSIG, SIGKILL); }
