// The references of the worker benchmark: what the kernel alone takes for the same bytes between two processes.
#ifndef PRAX_PING_PONG_H
#define PRAX_PING_PONG_H

#include <stddef.h>

// Nanoseconds for `size` bytes to a child process and back over a socketpair with blocking reads, on average.
double prax_ping_pong_nanoseconds(size_t size, size_t rounds);

// How many writes of `size` bytes a second a child process makes that this one reads as they come.
double prax_writes_per_second(size_t size, size_t count);

// Nanoseconds from posix_spawn(3) of a program without output to its reaped end; `argument` may be NULL. Negative when it
// failed.
double prax_spawn_nanoseconds(const char *program, const char *argument);

// Nanoseconds from telling a child process to die of SIGSEGV to its reaped end.
double prax_crash_nanoseconds(void);

// Nanoseconds from killing a child process that computes to its reaped end.
double prax_kill_nanoseconds(void);

#endif
