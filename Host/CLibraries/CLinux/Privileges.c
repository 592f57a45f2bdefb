#define _GNU_SOURCE
#include "Privileges.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern void __asan_init(void) __attribute__((weak));
extern void __tsan_init(void) __attribute__((weak));

int prax_give_up_new_privileges(void) { return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 ? 0 : errno; }

int prax_knows_no_new_privileges(void) { return prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) >= 0; }

int prax_give_up_capabilities(void) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3];
    memset(none, 0, sizeof none);
    return syscall(SYS_capset, &header, none) == 0 ? 0 : errno;
}

static int write_file(const char *path, const char *text) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return errno;
    ssize_t length = (ssize_t)strlen(text);
    int result = write(file, text, (size_t)length) == length ? 0 : errno;
    close(file);
    return result;
}

static int map_id(const char *path, unsigned id) {
    char line[32];
    snprintf(line, sizeof line, "%u %u 1", id, id);
    return write_file(path, line);
}

int prax_enter_namespaces(void) {
    unsigned user = geteuid(), group = getegid();
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS) != 0) return errno;
    // Without this a group cannot be mapped by a process that was not root.
    int result = write_file("/proc/self/setgroups", "deny");
    if (result == 0) result = map_id("/proc/self/uid_map", user);
    return result == 0 ? map_id("/proc/self/gid_map", group) : result;
}

int prax_probe_namespaces(void) {
    pid_t child = fork();
    if (child < 0) return errno;
    if (child == 0) _exit(prax_enter_namespaces());
    int status;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) return errno;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : ECHILD;
}

void prax_set_default_stack(size_t bytes) {
    pthread_attr_t attributes;
    if (pthread_attr_init(&attributes) != 0) return;
    if (pthread_attr_setstacksize(&attributes, bytes) == 0) pthread_setattr_default_np(&attributes);
    pthread_attr_destroy(&attributes);
}

int prax_has_sanitizer(void) { return __asan_init != NULL || __tsan_init != NULL; }
