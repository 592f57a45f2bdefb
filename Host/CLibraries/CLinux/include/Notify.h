// The host's side of seccomp's notifications (seccomp_unotify(2)): a call that a worker's filter does not decide waits
// until the host has answered.
//
// Not through libseccomp's functions, which take a buffer whose size only they know.
#ifndef PRAX_NOTIFY_H
#define PRAX_NOTIFY_H

#include <stdint.h>
#include <sys/types.h>

// A call that waits for an answer.
struct prax_notification {
    uint64_t id;
    pid_t thread;
    int call;
    uint64_t arguments[6];
};

// Takes the next call; only once poll(2) has said that there is one. Returns 0 or an errno: ENOENT when its thread has
// died meanwhile.
int prax_notify_receive(int listener, struct prax_notification *notification);

// Answers: the call fails with `error`, or takes its course when that is 0. Returns 0 or an errno: ENOENT when its
// thread has died or was interrupted.
int prax_notify_answer(int listener, uint64_t id, int error);

// Answers a call that opens a file with this one of ours, under a new number of its own and closed on exec when asked to.
// Returns 0 or an errno: EMFILE when the other side may have no more; then the call still waits.
int prax_notify_give(int listener, uint64_t id, int file, int closes_on_exec);

// Whether that call still waits, so that what was read of its process was its own.
int prax_notify_is_waiting(int listener, uint64_t id);

// Has the kernel run the other side at once instead of queueing it, where it knows how (Linux 6.6).
void prax_notify_hurry(int listener);

// Whether a filter of a child of this process could have a listener. Returns 0 or an errno: EBUSY when the filters that
// this process is under have one already.
int prax_probe_listener(void);

// Whether the kernel knows an action of seccomp, as SECCOMP_RET_ERRNO.
int prax_seccomp_has_action(uint32_t action);

#endif
