/* Other programs: new ones, the host, and the network between. */
#define _GNU_SOURCE
#include "hostile.h"
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static int reaps(pid_t child) {
    int number = errno;
    if (child == 0) kill(getpid(), SIGKILL);
    if (child < 0) return number;
    waitpid(child, NULL, 0);
    return 0;
}

static int try_fork(const target *target) {
    (void)target;
    return reaps(fork());
}

static int clone_raw(const target *target) {
    (void)target;
    return reaps((pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
}

static int clone_user_namespace(const target *target) {
    (void)target;
    return reaps((pid_t)syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0));
}

static int clone3_raw(const target *target) {
    uint64_t arguments[8] = {0};
    (void)target;
    arguments[4] = SIGCHLD;
    return reaps((pid_t)syscall(SYS_clone3, arguments, sizeof arguments));
}

static char *const no_arguments[] = {"true", NULL};

static int exec_program(const target *target) {
    (void)target;
    execv("/bin/true", no_arguments);
    return errno;
}

static int exec_self(const target *target) {
    char *const arguments[] = {"prax-host", "version", NULL};
    (void)target;
    execv("/proc/self/exe", arguments);
    return errno;
}

static int exec_memory(const target *target) {
    static const char script[] = "#!/bin/sh\nexit 0\n";
    int file = memfd_create("program", 0);
    (void)target;
    if (file < 0) return errno;
    if (write(file, script, sizeof script - 1) < 0) return errno;
    fexecve(file, no_arguments, environ);
    return errno;
}

static int run_shell(const target *target) {
    int status;
    (void)target;
    errno = 0;
    status = system("exit 0");
    return status == 0 ? 0 : errno != 0 ? errno : EPERM;
}

static int spawn_program(const target *target) {
    pid_t child;
    int number = posix_spawn(&child, "/bin/true", NULL, NULL, no_arguments, environ);
    (void)target;
    return number != 0 ? number : reaps(child);
}

static int opens_socket(int domain, int type, int protocol) {
    int file = socket(domain, type | SOCK_CLOEXEC, protocol);
    if (file < 0) return errno;
    close(file);
    return 0;
}

static int socket_ipv4(const target *target) {
    (void)target;
    return opens_socket(AF_INET, SOCK_STREAM, 0);
}

static int socket_ipv6(const target *target) {
    (void)target;
    return opens_socket(AF_INET6, SOCK_STREAM, 0);
}

static int socket_datagram(const target *target) {
    (void)target;
    return opens_socket(AF_INET, SOCK_DGRAM, 0);
}

static int socket_netlink(const target *target) {
    (void)target;
    return opens_socket(AF_NETLINK, SOCK_RAW, 0);
}

static int socket_packet(const target *target) {
    (void)target;
    return opens_socket(AF_PACKET, SOCK_RAW, 0);
}

static int socket_vm(const target *target) {
    (void)target;
    return opens_socket(AF_VSOCK, SOCK_STREAM, 0);
}

static int socket_unix(const target *target) {
    (void)target;
    return opens_socket(AF_UNIX, SOCK_STREAM, 0);
}

static int attach(const target *target) {
    if (ptrace(PTRACE_ATTACH, target->host_pid, 0, 0) != 0) return errno;
    waitpid(target->host_pid, NULL, 0);
    ptrace(PTRACE_DETACH, target->host_pid, 0, 0);
    return 0;
}

static int read_host_directly(const target *target) {
    char bytes[16];
    struct iovec here = {bytes, sizeof bytes}, there = {(void *)0x400000, sizeof bytes};
    /* EFAULT: it was allowed, and nothing lies there. */
    if (process_vm_readv(target->host_pid, &here, 1, &there, 1, 0) >= 0 || errno == EFAULT) return 0;
    return errno;
}

static int steal_descriptor(const target *target) {
    int process = (int)syscall(SYS_pidfd_open, target->host_pid, 0), file;
    if (process < 0) return errno;
    file = (int)syscall(SYS_pidfd_getfd, process, 0, 0);
    return file >= 0 ? 0 : errno;
}

static int signals(const target *target, int number) {
    return kill(target->host_pid, number) == 0 ? 0 : errno;
}

static int signal_host_probe(const target *target) {
    return signals(target, 0);
}

static int signal_host_stop(const target *target) {
    return signals(target, SIGTERM);
}

static int signal_host_kill(const target *target) {
    return signals(target, SIGKILL);
}

static int signal_host_thread(const target *target) {
    return syscall(SYS_tgkill, target->host_pid, target->host_pid, SIGKILL) == 0 ? 0 : errno;
}

static int raise_limit(int resource) {
    struct rlimit limit;
    if (getrlimit(resource, &limit) != 0) return errno;
    if (limit.rlim_max == RLIM_INFINITY) return 0;
    limit.rlim_cur = limit.rlim_max = limit.rlim_max * 4;
    return setrlimit(resource, &limit) == 0 ? 0 : errno;
}

static int raise_memory_limit(const target *target) {
    (void)target;
    return raise_limit(RLIMIT_AS);
}

static int raise_file_limit(const target *target) {
    (void)target;
    return raise_limit(RLIMIT_NOFILE);
}

static int limit_host(const target *target) {
    struct rlimit limit = {64, 64};
    return syscall(SYS_prlimit64, target->host_pid, RLIMIT_NOFILE, &limit, NULL) == 0 ? 0 : errno;
}

const attempt hostile_processes[] = {
    {"fork", try_fork},
    {"clone", clone_raw},
    {"clone_user_namespace", clone_user_namespace},
    {"clone3", clone3_raw},
    {"exec", exec_program},
    {"exec_self", exec_self},
    {"exec_memory", exec_memory},
    {"system", run_shell},
    {"spawn", spawn_program},
    {"socket_ipv4", socket_ipv4},
    {"socket_ipv6", socket_ipv6},
    {"socket_datagram", socket_datagram},
    {"socket_netlink", socket_netlink},
    {"socket_packet", socket_packet},
    {"socket_vm", socket_vm},
    {"socket_unix", socket_unix},
    {"ptrace", attach},
    {"read_host_directly", read_host_directly},
    {"steal_descriptor", steal_descriptor},
    {"signal_host_probe", signal_host_probe},
    {"signal_host_stop", signal_host_stop},
    {"signal_host_kill", signal_host_kill},
    {"signal_host_thread", signal_host_thread},
    {"raise_memory_limit", raise_memory_limit},
    {"raise_file_limit", raise_file_limit},
    {"limit_host", limit_host},
    {NULL, NULL},
};
