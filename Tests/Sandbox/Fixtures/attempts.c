// A plugin's library that tries what its name says, by the C library or by the kernel itself.
//
// attempt() returns 0 when it got its way, else the errno; -1 for a name it does not know.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/openat2.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/msg.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define KERNEL(...) outcome(syscall(__VA_ARGS__))

static const char *argument, *second;

// What a call returned, as an errno; a descriptor is closed again by the end of the process.
static int outcome(long result) { return result < 0 ? errno : 0; }

// A child that came into being must not go on as a second worker.
static int born(long child) {
    if (child == 0) _exit(0);
    if (child > 0) waitpid((pid_t)child, NULL, __WALL);
    return outcome(child);
}

static int socket_inet(void) { return outcome(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)); }
static int socket_inet6(void) { return outcome(socket(AF_INET6, SOCK_DGRAM, 0)); }
static int socket_unix(void) { return outcome(socket(AF_UNIX, SOCK_STREAM, 0)); }
static int socket_netlink(void) { return outcome(socket(AF_NETLINK, SOCK_RAW, 0)); }
static int socket_pair(void) {
    int ends[2];
    return outcome(socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
}
// What is sent on one of these may be addressed to any socket with a name, without a connect().
static int datagram_pair(void) {
    int ends[2];
    return outcome(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends));
}
static int raw_pair(void) {
    int ends[2];
    return outcome(socketpair(AF_UNIX, SOCK_RAW, 0, ends));
}
static int connect_pair(void) {
    int ends[2];
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "/run/nobody"};
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0) return -2;
    return outcome(connect(ends[0], (struct sockaddr *)&address, sizeof address));
}

static int by_fork(void) { return born(fork()); }
// The C library's fork() is a clone; only some processors have a call of that name.
#ifdef SYS_fork
static int by_raw_fork(void) { return born(syscall(SYS_fork)); }
#else
static int by_raw_fork(void) { return ENOSYS; }
#endif
static int by_clone(void) { return born(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0)); }
static int by_clone3(void) {
    uint64_t arguments[8] = {0, 0, 0, 0, SIGCHLD, 0, 0, 0};
    return born(syscall(SYS_clone3, arguments, sizeof arguments));
}
static int by_spawn(void) {
    pid_t child;
    char *arguments[] = {"/bin/true", NULL}, *none[] = {NULL};
    return posix_spawn(&child, "/bin/true", NULL, NULL, arguments, none);
}
static int by_exec(void) {
    char *none[] = {NULL};
    return outcome(execve("/bin/true", none, none));
}
static int by_execveat(void) {
    char *none[] = {NULL};
    return KERNEL(SYS_execveat, AT_FDCWD, "/bin/true", none, none, 0);
}

static int kill_parent(void) { return outcome(kill(getppid(), SIGTERM)); }
static int kill_group(void) { return outcome(kill(0, SIGTERM)); }
static int kill_all(void) { return outcome(kill(-1, SIGTERM)); }
static int kill_self(void) { return outcome(kill(getpid(), 0)); }
static int tgkill_parent(void) { return KERNEL(SYS_tgkill, getppid(), getppid(), SIGTERM); }
static int tkill_parent(void) { return KERNEL(SYS_tkill, getppid(), SIGTERM); }
static int queue_parent(void) { return outcome(sigqueue(getppid(), SIGTERM, (union sigval){0})); }
static int end_thread(void *unused) {
    (void)unused;
    for (;;) syscall(SYS_exit, 0);
}
static int own_descriptors(void) {
    static char stack[16384];
    int flags = CLONE_VM | CLONE_THREAD | CLONE_SIGHAND | CLONE_FS | CLONE_SYSVSEM;
    return outcome(clone(end_thread, stack + sizeof stack, flags, NULL));
}
static int own_parent(void) { return outcome(fcntl(0, F_SETOWN, getppid())); }
static int die_by_abort(void) { abort(); }
static void *wait_for_ever(void *unused) {
    for (;;) pause();
    return unused;
}
static int cancel_thread(void) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, wait_for_ever, NULL) != 0) return -2;
    int result = pthread_cancel(thread);
    pthread_join(thread, NULL);
    return result;
}

static int trace_parent(void) { return outcome(ptrace(PTRACE_ATTACH, getppid(), NULL, NULL)); }
static int read_parent(void) {
    char byte;
    struct iovec here = {&byte, 1}, there = {(void *)&argument, 1};
    return outcome(process_vm_readv(getppid(), &here, 1, &there, 1, 0));
}
static int open_parent(void) { return KERNEL(SYS_pidfd_open, getppid(), 0); }
static int limit_parent(void) {
    struct rlimit limit = {64, 64};
    return outcome(prlimit(getppid(), RLIMIT_NOFILE, &limit, NULL));
}
static int pin_parent(void) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(0, &set);
    return outcome(sched_setaffinity(getppid(), sizeof set, &set));
}
static int slow_parent(void) { return outcome(setpriority(PRIO_PROCESS, (id_t)getppid(), 19)); }

static int memory_file(void) { return outcome(memfd_create("hidden", 0)); }
static int shared_memory(void) { return outcome(shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600)); }
static int remove_segment(void) { return outcome(shmctl(0, IPC_RMID, NULL)); }
static int read_queue(void) {
    char message[64];
    return outcome(msgrcv(0, message, sizeof message - sizeof(long), 0, IPC_NOWAIT));
}
static int use_semaphore(void) { return outcome(semctl(0, 0, GETVAL)); }
static int remove_queue(void) { return KERNEL(SYS_mq_unlink, "nobody"); }
static int take_rings(void) {
    unsigned long context = 0;
    return KERNEL(SYS_io_setup, 60000, &context);
}
static int watch(void) { return outcome(inotify_init1(IN_CLOEXEC)); }
static int watch_folder(void) { return outcome(inotify_add_watch(0, "/root", IN_CREATE)); }
static int lease(void) { return outcome(fcntl(0, F_SETLEASE, F_RDLCK)); }
static int notify(void) { return outcome(fcntl(0, F_NOTIFY, DN_CREATE)); }
static int many_timers(void) {
    for (int i = 0; i < 2000; i++) {
        struct sigevent event = {.sigev_notify = SIGEV_NONE};
        int timer;
        if (syscall(SYS_timer_create, CLOCK_MONOTONIC, &event, &timer) != 0) return errno;
    }
    return 0;
}
static int mount_tmpfs(void) { return outcome(mount("none", "/tmp", "tmpfs", 0, NULL)); }
static int change_root(void) { return outcome(chroot("/usr")); }
static int new_users(void) { return outcome(unshare(CLONE_NEWUSER)); }
static int load_bpf(void) { return KERNEL(SYS_bpf, 0, NULL, 0); }
static int count_events(void) { return KERNEL(SYS_perf_event_open, NULL, 0, -1, -1, 0); }
static int fault_pages(void) { return KERNEL(SYS_userfaultfd, 0); }
static int add_key(void) { return KERNEL(SYS_add_key, "user", "k", "v", 1, -3); }
static int make_ring(void) { return KERNEL(SYS_io_uring_setup, 1, NULL); }
static int ask_personality(void) { return KERNEL(SYS_personality, 0xFFFFFFFF); }
static int set_personality(void) { return KERNEL(SYS_personality, 0x0040000); }
static int own_filter(void) { return KERNEL(SYS_seccomp, 0, 0, NULL); }
static int outlive_host(void) { return outcome(prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0)); }
static int hide(void) { return outcome(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)); }
static int type_ahead(void) { return KERNEL(SYS_ioctl, 0, (1UL << 32) | TIOCSTI, "x"); }
static int raise_limits(void) {
    struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
    return outcome(setrlimit(RLIMIT_AS, &limit));
}

// What Swift does to learn where its main thread's stack ends.
static int ask_stack(void) {
    pthread_attr_t attributes;
    int result = pthread_getattr_np(pthread_self(), &attributes);
    if (result == 0) pthread_attr_destroy(&attributes);
    return result;
}

static int count_capabilities(void) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct sets[2];
    if (syscall(SYS_capget, &header, sets) != 0) return errno;
    uint32_t all = sets[0].permitted | sets[0].effective | sets[0].inheritable;
    return (all | sets[1].permitted | sets[1].effective | sets[1].inheritable) == 0 ? 0 : -2;
}

static int open_path(void) { return outcome(open(argument, O_RDONLY | O_CLOEXEC)); }
static int open_relative(void) {
    int folder = open("/", O_PATH | O_DIRECTORY);
    return folder < 0 ? -2 : outcome(openat(folder, argument + 1, O_RDONLY));
}
static int open_how(void) {
    struct open_how how = {.flags = O_RDONLY};
    return KERNEL(SYS_openat2, AT_FDCWD, argument, &how, sizeof how);
}
static int list_folder(void) { return outcome(open(argument, O_RDONLY | O_DIRECTORY)); }
static int write_path(void) { return outcome(open(argument, O_WRONLY | O_CREAT, 0600)); }
static int empty_path(void) { return outcome(open(argument, O_RDONLY | O_TRUNC)); }
static int truncate_path(void) { return outcome(truncate(argument, 0)); }
static int make_folder(void) { return outcome(mkdir(argument, 0700)); }
static int remove_path(void) { return outcome(unlink(argument)); }
static int rename_path(void) { return outcome(rename(argument, second)); }
static int link_path(void) { return outcome(link(argument, second)); }
static int symlink_path(void) { return outcome(symlink("/etc/passwd", argument)); }
static int make_fifo(void) { return outcome(mkfifo(argument, 0600)); }
static int change_mode(void) { return outcome(chmod(argument, 0777)); }
static int change_mode_at(void) { return KERNEL(452, AT_FDCWD, argument, 0777, 0); }
static int change_mode_of_open(void) {
    int file = open(argument, O_RDONLY);
    return file < 0 ? -2 : outcome(fchmod(file, 0777));
}
static int change_times(void) { return outcome(utimensat(AT_FDCWD, argument, NULL, 0)); }
static int wild_path(void) { return KERNEL(SYS_openat, AT_FDCWD, (char *)0xFFFFFFFFFFFFF000, O_RDONLY, 0); }
static int endless_path(void) {
    static char path[70000];
    memset(path, '/', sizeof path - 1);
    return outcome(open(path, O_RDONLY));
}
// The path ends in the last byte of a page with nothing behind it.
static int edge_path(void) {
    size_t length = strlen(argument) + 1;
    char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    munmap(pages + 4096, 4096);
    return outcome(open(strcpy(pages + 4096 - length, argument), O_RDONLY));
}

#if defined(__x86_64__)
static int call_x32(void) { return KERNEL(0x40000000 | SYS_getpid); }
static int call_32_bits(void) {
    int result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(20) : "memory");
    return result < 0 ? -result : 0;
}
#else
static int call_x32(void) { return raise(SIGSYS); }
static int call_32_bits(void) { return raise(SIGSYS); }
#endif

static void *count_up(void *total) {
    __atomic_fetch_add((int *)total, 1, __ATOMIC_SEQ_CST);
    return NULL;
}
static int forty_threads(void) {
    pthread_t threads[40];
    int total = 0;
    for (int i = 0; i < 40; i++) {
        int result = pthread_create(&threads[i], NULL, count_up, &total);
        if (result != 0) return result;
    }
    for (int i = 0; i < 40; i++) pthread_join(threads[i], NULL);
    return total == 40 ? 0 : -2;
}
static int many_threads(void) {
    for (int i = 0; i < 200; i++) {
        pthread_t thread;
        int result = pthread_create(&thread, NULL, wait_for_ever, NULL);
        if (result != 0) return i < 10 ? -2 : result;
    }
    return 0;
}
// argument: MiB.
static int take_memory(void) {
    size_t size = (size_t)atoi(argument) << 20;
    volatile char *memory = malloc(size);
    if (!memory) return ENOMEM;
    for (size_t i = 0; i < size; i += 4096) memory[i] = 1;
    return 0;
}
static int open_many(void) {
    for (int i = 0; i < 1000; i++) {
        if (open("/dev/null", O_RDONLY) < 0) return i < 10 ? -2 : errno;
    }
    return 0;
}
static int long_file(void) {
    int file = open(argument, O_WRONLY | O_CREAT, 0600);
    static char block[1 << 20];
    for (int i = 0; i < 16; i++) {
        if (write(file, block, sizeof block) < 0) return errno;
    }
    return 0;
}
// Many attempts at once: the reports of them are held back.
static int flood(void) {
    for (int i = 0; i < 500; i++) socket(AF_INET, SOCK_STREAM, 0);
    return 0;
}
// Until there is nobody who answers.
static int until_unheard(void) {
    for (int i = 0; i < 100000; i++) {
        if (socket(AF_INET, SOCK_STREAM, 0) < 0 && errno == ENOSYS) return errno;
    }
    return -2;
}
static int interrupted(void) {
    struct itimerval every = {{0, 1000}, {0, 1000}};
    signal(SIGALRM, (void (*)(int))(void *)getpid);
    setitimer(ITIMER_REAL, &every, NULL);
    int result = 0;
    for (int i = 0; i < 2000 && result == 0; i++) {
        int file = open("/dev/null", O_RDONLY);
        if (file < 0) result = errno; else close(file);
    }
    return result;
}
static int wait_long(void) { return (int)sleep(600); }
static int time_opens(void) {
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    for (int i = 0; i < 4000; i++) close(open("/etc/localtime", O_RDONLY));
    clock_gettime(CLOCK_MONOTONIC, &to);
    double microseconds = (double)(to.tv_sec - from.tv_sec) * 1e6 + (double)(to.tv_nsec - from.tv_nsec) / 1e3;
    dprintf(1, "open %.2f us\n", microseconds / 4000);
    return 0;
}

static const struct {
    const char *name;
    int (*run)(void);
} attempts[] = {
    {"socket_inet", socket_inet}, {"socket_inet6", socket_inet6}, {"socket_unix", socket_unix},
    {"socket_netlink", socket_netlink}, {"socket_pair", socket_pair}, {"connect", connect_pair},
    {"fork", by_fork}, {"raw_fork", by_raw_fork}, {"clone", by_clone}, {"clone3", by_clone3}, {"spawn", by_spawn},
    {"execve", by_exec}, {"execveat", by_execveat}, {"kill_parent", kill_parent}, {"kill_group", kill_group}, {"kill_all", kill_all},
    {"kill_self", kill_self}, {"tgkill_parent", tgkill_parent}, {"tkill_parent", tkill_parent},
    {"queue_parent", queue_parent}, {"own_parent", own_parent}, {"abort", die_by_abort},
    {"cancel_thread", cancel_thread}, {"trace_parent", trace_parent}, {"read_parent", read_parent},
    {"open_parent", open_parent}, {"limit_parent", limit_parent}, {"pin_parent", pin_parent},
    {"slow_parent", slow_parent}, {"memory_file", memory_file}, {"shared_memory", shared_memory},
    {"datagram_pair", datagram_pair}, {"raw_pair", raw_pair}, {"own_descriptors", own_descriptors},
    {"remove_segment", remove_segment}, {"read_queue", read_queue}, {"use_semaphore", use_semaphore},
    {"remove_queue", remove_queue}, {"take_rings", take_rings}, {"watch", watch}, {"watch_folder", watch_folder},
    {"lease", lease}, {"notify", notify}, {"many_timers", many_timers},
    {"mount", mount_tmpfs}, {"chroot", change_root}, {"new_users", new_users}, {"bpf", load_bpf},
    {"perf", count_events}, {"userfaultfd", fault_pages}, {"add_key", add_key}, {"io_uring", make_ring},
    {"ask_personality", ask_personality}, {"set_personality", set_personality}, {"own_filter", own_filter},
    {"outlive_host", outlive_host}, {"hide", hide}, {"type_ahead", type_ahead}, {"raise_limits", raise_limits},
    {"ask_stack", ask_stack}, {"capabilities", count_capabilities}, {"open", open_path}, {"open_relative", open_relative}, {"open_how", open_how}, {"list", list_folder},
    {"write", write_path}, {"empty", empty_path}, {"truncate", truncate_path}, {"mkdir", make_folder},
    {"unlink", remove_path}, {"rename", rename_path}, {"link", link_path}, {"symlink", symlink_path},
    {"fifo", make_fifo}, {"chmod", change_mode}, {"chmod_at", change_mode_at}, {"fchmod", change_mode_of_open},
    {"times", change_times}, {"wild_path", wild_path}, {"endless_path", endless_path}, {"edge_path", edge_path},
    {"x32", call_x32}, {"32_bits", call_32_bits}, {"forty_threads", forty_threads}, {"many_threads", many_threads},
    {"take_memory", take_memory}, {"open_many", open_many}, {"long_file", long_file}, {"flood", flood},
    {"interrupted", interrupted}, {"until_unheard", until_unheard}, {"wait", wait_long}, {"time_opens", time_opens},
};

int attempt(const char *name, const char *first_argument, const char *second_argument) {
    argument = first_argument;
    second = second_argument;
    for (size_t i = 0; i < sizeof attempts / sizeof attempts[0]; i++) {
        if (strcmp(attempts[i].name, name) == 0) return attempts[i].run();
    }
    return -1;
}
