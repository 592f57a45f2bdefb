// Waiting for descriptors: epoll(7), of which Swift's Glibc module knows nothing.
#ifndef PRAX_POLLING_H
#define PRAX_POLLING_H

// epoll_create1(2), closed on exec. Returns a descriptor, or -1 with errno.
int prax_poll_create(void);

// Watches a descriptor for input; each arrival wakes one waiter (EPOLLET). Returns 0, or -1 with errno.
int prax_poll_add_input(int poll, int descriptor);

// Watches a descriptor until it takes output or is gone, once (EPOLLONESHOT). Returns 0, or -1 with errno.
int prax_poll_await_output(int poll, int descriptor);

// Watches a descriptor no more.
void prax_poll_forget(int poll, int descriptor);

// Waits, without end. Returns the descriptor of one event, or -1 with errno.
int prax_poll_wait(int poll);

#endif
