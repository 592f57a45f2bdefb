#define _GNU_SOURCE
#include "Notify.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS SECCOMP_IOW(4, __u64)
#endif
#ifndef SECCOMP_ADDFD_FLAG_SEND
#define SECCOMP_ADDFD_FLAG_SEND (1UL << 1)
#endif

// The kernel may write more than our header knows of, so there is room for more.
union request {
    struct seccomp_notif notification;
    unsigned char room[512];
};

union response {
    struct seccomp_notif_resp answer;
    unsigned char room[256];
};

static int fits(void) {
    struct seccomp_notif_sizes sizes;
    if (syscall(SYS_seccomp, SECCOMP_GET_NOTIF_SIZES, 0, &sizes) != 0) return 0;
    return sizes.seccomp_notif <= sizeof(union request) && sizes.seccomp_notif_resp <= sizeof(union response);
}

int prax_notify_receive(int listener, struct prax_notification *notification) {
    union request request;
    memset(&request, 0, sizeof request);
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &request) != 0) return errno;
    notification->id = request.notification.id;
    notification->thread = (pid_t)request.notification.pid;
    notification->call = request.notification.data.nr;
    memcpy(notification->arguments, request.notification.data.args, sizeof notification->arguments);
    return 0;
}

int prax_notify_answer(int listener, uint64_t id, int error) {
    union response response;
    memset(&response, 0, sizeof response);
    response.answer.id = id;
    response.answer.error = -error;
    if (error == 0) response.answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
    return ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response) == 0 ? 0 : errno;
}

int prax_notify_give(int listener, uint64_t id, int file, int closes_on_exec) {
    struct seccomp_notif_addfd gift;
    memset(&gift, 0, sizeof gift);
    gift.id = id;
    gift.flags = SECCOMP_ADDFD_FLAG_SEND;
    gift.srcfd = (uint32_t)file;
    gift.newfd_flags = closes_on_exec ? O_CLOEXEC : 0;
    if (ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &gift) >= 0) return 0;
    if (errno != EINVAL) return errno;
    // Linux 5.13 does it in two steps only.
    gift.flags = 0;
    int number = ioctl(listener, SECCOMP_IOCTL_NOTIF_ADDFD, &gift);
    if (number < 0) return errno;
    union response response;
    memset(&response, 0, sizeof response);
    response.answer.id = id;
    response.answer.val = number;
    return ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response) == 0 ? 0 : errno;
}

int prax_notify_is_waiting(int listener, uint64_t id) {
    return ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) == 0;
}

// The flag is the third argument itself, not a pointer to it.
void prax_notify_hurry(int listener) { ioctl(listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, 1UL); }

static int listen_to_nothing(void) {
    struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog program = {1, &allow};
    if (!fits()) return ENOSYS;
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;
    long listener = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
    return listener >= 0 ? 0 : errno;
}

int prax_probe_listener(void) {
    pid_t child = fork();
    if (child < 0) return errno;
    if (child == 0) _exit(listen_to_nothing());
    int status;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) return errno;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : ECHILD;
}

int prax_seccomp_has_action(uint32_t action) {
    return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0;
}
