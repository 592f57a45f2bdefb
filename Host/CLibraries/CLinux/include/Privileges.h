// What a process gives up for good, and what it can be kept from.
#ifndef PRAX_PRIVILEGES_H
#define PRAX_PRIVILEGES_H

#include <stddef.h>

// Sees to it that no program this thread starts gains privileges. Needed for Landlock and for seccomp without root.
// Returns 0 or an errno.
int prax_give_up_new_privileges(void);

// Gives up every capability of the calling thread: a root without them cannot raise its limits again, mount, or read
// what belongs to others. Returns 0 or an errno.
int prax_give_up_capabilities(void);

// Moves a process of one thread into namespaces of its own for users, network, mounts, IPC and host names, where it is
// the user it was. Returns 0 or an errno.
//
// There is no namespace for processes: only a child would live in it, and a worker may not have one.
int prax_enter_namespaces(void);

// Whether prax_enter_namespaces() would work, tried in a child of this process. Returns 0 or an errno.
int prax_probe_namespaces(void);

// Whether the kernel knows of that promise.
int prax_knows_no_new_privileges(void);

// How many bytes of stack a thread gets whose creator does not say.
void prax_set_default_stack(size_t bytes);

// Whether this program was built with the address or the thread sanitizer, which map terabytes they never use.
int prax_has_sanitizer(void);

#endif
