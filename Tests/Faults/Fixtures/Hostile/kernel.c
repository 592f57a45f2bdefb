/* Parts of the kernel that a skill has no business with. Most want arguments that are wrong, so that success harms
 * nothing: a refusal comes before the arguments are looked at, and any other error counts as success. */
#define _GNU_SOURCE
#include "hostile.h"
#include <errno.h>
#include <sched.h>
#include <stddef.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

static int outcome(long result) {
    if (result >= 0) return 0;
    return errno == EPERM || errno == EACCES || errno == ENOSYS ? errno : 0;
}

static int try_mount(const target *target) {
    (void)target;
    return outcome(mount("none", "/nowhere", "tmpfs", 0, NULL));
}

static int try_unmount(const target *target) {
    (void)target;
    return outcome(umount2("/nowhere", MNT_DETACH));
}

static int new_mount_interface(const target *target) {
    (void)target;
    return outcome(syscall(SYS_fsopen, "tmpfs", 0));
}

static int unshare_user(const target *target) {
    (void)target;
    return outcome(unshare(CLONE_NEWUSER));
}

static int unshare_network(const target *target) {
    (void)target;
    return outcome(unshare(CLONE_NEWNET));
}

static int join_namespace(const target *target) {
    (void)target;
    return outcome(setns(-1, 0));
}

static int change_root(const target *target) {
    (void)target;
    return outcome(chroot("/nowhere"));
}

static int pivot_root(const target *target) {
    (void)target;
    return outcome(syscall(SYS_pivot_root, "/nowhere", "/nowhere"));
}

static int load_bpf(const target *target) {
    (void)target;
    return outcome(syscall(SYS_bpf, 0, NULL, 0));
}

static int io_uring(const target *target) {
    (void)target;
    return outcome(syscall(SYS_io_uring_setup, 1, NULL));
}

static int perf_events(const target *target) {
    (void)target;
    return outcome(syscall(SYS_perf_event_open, NULL, 0, -1, -1, 0));
}

static int user_faults(const target *target) {
    (void)target;
    return outcome(syscall(SYS_userfaultfd, 0));
}

static int kernel_keys(const target *target) {
    (void)target;
    return outcome(syscall(SYS_keyctl, 0, -3, 0, 0, 0));
}

static int kernel_module(const target *target) {
    (void)target;
    return outcome(syscall(SYS_finit_module, -1, "", 0));
}

static int open_by_handle(const target *target) {
    (void)target;
    return outcome(syscall(SYS_open_by_handle_at, -1, NULL, 0));
}

static int host_name(const target *target) {
    (void)target;
    return outcome(syscall(SYS_sethostname, NULL, (size_t)-1));
}

static int swap_file(const target *target) {
    (void)target;
    return outcome(syscall(SYS_swapon, "/nowhere", 0));
}

static int clock_change(const target *target) {
    (void)target;
    return outcome(syscall(SYS_clock_settime, 0, NULL));
}

const attempt hostile_kernel[] = {
    {"mount", try_mount},
    {"unmount", try_unmount},
    {"new_mount_interface", new_mount_interface},
    {"unshare_user", unshare_user},
    {"unshare_network", unshare_network},
    {"join_namespace", join_namespace},
    {"change_root", change_root},
    {"pivot_root", pivot_root},
    {"load_bpf", load_bpf},
    {"io_uring", io_uring},
    {"perf_events", perf_events},
    {"user_faults", user_faults},
    {"kernel_keys", kernel_keys},
    {"kernel_module", kernel_module},
    {"open_by_handle", open_by_handle},
    {"host_name", host_name},
    {"swap_file", swap_file},
    {"clock_change", clock_change},
    {NULL, NULL},
};
