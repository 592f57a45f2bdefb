// Processes, and what passes between them: descriptors, sealed memory, signals that cannot miss.
#ifndef PRAX_PROCESSES_H
#define PRAX_PROCESSES_H

#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <sys/types.h>
#include <sys/uio.h>

// A pair of connected stream sockets, both closed on exec. Returns 0, or -1 with errno.
int prax_socket_pair(int ends[2]);

// sendmsg(2) without SIGPIPE; `descriptor` goes along unless it is negative. Returns what sendmsg returns.
ssize_t prax_send(int socket, const struct iovec *parts, size_t count, int descriptor, int may_wait);

// recvmsg(2). The first descriptor that came along is stored in `descriptor`, closed on exec; -1 when none came. Others
// are closed. Returns what recvmsg returns.
ssize_t prax_receive(int socket, void *buffer, size_t size, int *descriptor, int may_wait);

// A file in memory of these bytes that nobody can change any more. Returns its descriptor, or -1 with errno.
int prax_sealed_memory(const void *bytes, size_t size, int is_executable);

// As prax_sealed_memory, of everything in another file.
int prax_sealed_copy(int file, int is_executable);

// Whether a file is sealed memory: nobody can change or shrink it.
int prax_is_sealed(int file);

// pidfd_open(2). Returns a descriptor, or -1 with errno.
int prax_process_open(pid_t process);

// Waits for the end of the process behind a pidfd, at most so many milliseconds (-1: as long as it takes), ends what is
// left of its group (0: no group), and reaps it.
// Returns 1 and the exit code, or the signal; 0 when it is still there; -1 with errno.
int prax_process_wait(int process, pid_t group, int milliseconds, int *exit_code, int *signal_number);

// pidfd_send_signal(2). Returns 0, or -1 with errno.
int prax_process_signal(int process, int signal_number);

// Has a process that is about to be started close every descriptor from `first` on. Returns 0, or an errno.
int prax_spawn_close_from(posix_spawn_file_actions_t *actions, int first);

// Has glibc keep memory of all threads in few places (mallopt(3)), so that a limit of the address space is about what is
// used and not about what is set aside.
void prax_malloc_few_arenas(void);

// Has glibc keep what blocks of this size have used for the next ones (mallopt(3)), up to 32 MiB of them: to give it back
// and take it again costs more than such a message does.
void prax_malloc_keep(size_t bytes);

#endif
