#define _GNU_SOURCE
#include "Polling.h"

#include <stddef.h>
#include <sys/epoll.h>

int prax_poll_create(void) { return epoll_create1(EPOLL_CLOEXEC); }

int prax_poll_add_input(int poll, int descriptor) {
    struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.fd = descriptor};
    return epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event);
}

int prax_poll_await_output(int poll, int descriptor) {
    struct epoll_event event = {.events = EPOLLOUT | EPOLLONESHOT, .data.fd = descriptor};
    if (epoll_ctl(poll, EPOLL_CTL_MOD, descriptor, &event) == 0) return 0;
    return epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event);
}

void prax_poll_forget(int poll, int descriptor) { epoll_ctl(poll, EPOLL_CTL_DEL, descriptor, NULL); }

int prax_poll_wait(int poll) {
    struct epoll_event event;
    return epoll_wait(poll, &event, 1, -1) == 1 ? event.data.fd : -1;
}
