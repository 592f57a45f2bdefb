#define _GNU_SOURCE
#include "Blame.h"

#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <ucontext.h>
#include <unistd.h>

enum { MAX_PLUGINS = 1024, MAX_NAME = 128, MAX_RANGES = 4096, MAX_FRAMES = 64, ALTERNATE_STACK_BYTES = 64 << 10 };

struct range {
    uintptr_t start, end;
    int number;
};

_Thread_local int prax_blame_current __attribute__((tls_model("initial-exec"))) = 0;
_Thread_local int prax_blame_is_prepared __attribute__((tls_model("initial-exec"))) = 0;

// Written under `registering` and published by their counts, so that a dying thread reads them without a lock.
static char names[MAX_PLUGINS][MAX_NAME];
static _Atomic int name_count;
static struct range ranges[MAX_RANGES];
static _Atomic int range_count;
static pthread_mutex_t registering = PTHREAD_MUTEX_INITIALIZER;

static _Atomic int report_descriptor = -1;
static _Atomic pid_t owner;
static _Atomic int has_reported;

static const int fatal_signals[] = {SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGABRT, SIGSYS, SIGTRAP};
enum { FATAL_COUNT = sizeof fatal_signals / sizeof fatal_signals[0] };
static struct sigaction previous_actions[FATAL_COUNT];

int prax_blame_add_plugin(const char *name) {
    pthread_mutex_lock(&registering);
    int count = atomic_load(&name_count), number = 0;
    for (int i = 0; i < count && !number; i++) {
        if (strncmp(names[i], name, MAX_NAME - 1) == 0) number = i + 1;
    }
    if (!number && count < MAX_PLUGINS) {
        strncpy(names[count], name, MAX_NAME - 1);
        number = count + 1;
        atomic_store(&name_count, number);
    }
    pthread_mutex_unlock(&registering);
    return number;
}

int prax_blame_add_range(int number, const void *start, const void *end) {
    if (number < 1 || number > atomic_load(&name_count) || start >= end) return EINVAL;
    pthread_mutex_lock(&registering);
    int count = atomic_load(&range_count), result = count < MAX_RANGES ? 0 : ENOSPC, is_known = 0;
    for (int i = 0; i < count && !is_known; i++) {
        is_known = ranges[i].start == (uintptr_t)start && ranges[i].end == (uintptr_t)end && ranges[i].number == number;
    }
    if (is_known) {
        result = 0;
    } else if (result == 0) {
        ranges[count] = (struct range){(uintptr_t)start, (uintptr_t)end, number};
        atomic_store(&range_count, count + 1);
    }
    pthread_mutex_unlock(&registering);
    return result;
}

struct library {
    int number, result;
    uintptr_t base;
};

static int add_segments(struct dl_phdr_info *info, size_t size, void *context) {
    (void)size;
    struct library *library = context;
    if (info->dlpi_addr != library->base) return 0;
    for (int i = 0; i < info->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &info->dlpi_phdr[i];
        if (segment->p_type != PT_LOAD || !(segment->p_flags & PF_X)) continue;
        const char *start = (const char *)info->dlpi_addr + segment->p_vaddr;
        library->result = prax_blame_add_range(library->number, start, start + segment->p_memsz);
    }
    return 1;
}

int prax_blame_add_library(int number, void *handle) {
    struct link_map *map = NULL;
    if (dlinfo(handle, RTLD_DI_LINKMAP, &map) != 0 || !map) return EINVAL;
    struct library library = {number, ENOENT, map->l_addr};
    dl_iterate_phdr(add_segments, &library);
    return library.result;
}

// From here on everything that a dying thread calls is async-signal-safe.

static int plugin_at(uintptr_t address) {
    int count = atomic_load(&range_count);
    for (int i = 0; i < count; i++) {
        if (address >= ranges[i].start && address < ranges[i].end) return ranges[i].number;
    }
    return 0;
}

// Follows the chain of frame pointers: a plugin's own thread may die in a library that the plugin called. The kernel
// does the reading, so a broken chain is an end and not another fault.
static int plugin_above(uintptr_t frame) {
    for (int i = 0; i < MAX_FRAMES && frame && frame % sizeof(uintptr_t) == 0; i++) {
        uintptr_t words[2];
        struct iovec here = {words, sizeof words}, there = {(void *)frame, sizeof words};
        if (syscall(SYS_process_vm_readv, syscall(SYS_getpid), &here, 1, &there, 1, 0) != sizeof words) return 0;
        int number = plugin_at(words[1]);
        if (number) return number;
        if (words[0] <= frame) return 0;
        frame = words[0];
    }
    return 0;
}

static int plugin_of(const ucontext_t *context) {
#if defined(__x86_64__)
    uintptr_t address = (uintptr_t)context->uc_mcontext.gregs[REG_RIP];
    uintptr_t frame = (uintptr_t)context->uc_mcontext.gregs[REG_RBP];
#elif defined(__aarch64__)
    uintptr_t address = context->uc_mcontext.pc;
    uintptr_t frame = context->uc_mcontext.regs[29];
#else
#error "Say where this machine keeps its program counter and its frame pointer."
#endif
    int number = plugin_at(address);
    return number ? number : plugin_above(frame);
}

// A child of this process shares the file and must not speak for it.
static int may_report(void) {
    return atomic_load(&report_descriptor) >= 0 && syscall(SYS_getpid) == atomic_load(&owner);
}

static size_t append(char *line, size_t length, const char *text) {
    while (*text) line[length++] = *text++;
    return length;
}

// Writes `NAME WORD VALUE\n`, once: the first thread to die is the one that matters.
static void report(int number, const char *word, int value) {
    if (number < 1 || number > atomic_load(&name_count) || atomic_exchange(&has_reported, 1)) return;
    char line[MAX_NAME + 64], digits[12];
    size_t length = append(line, 0, names[number - 1]), count = 0;
    length = append(line, length, word);
    unsigned rest = value < 0 ? 0u - (unsigned)value : (unsigned)value;
    do digits[count++] = (char)('0' + rest % 10);
    while (rest /= 10);
    if (value < 0) line[length++] = '-';
    while (count) line[length++] = digits[--count];
    line[length++] = '\n';
    ssize_t written = write(atomic_load(&report_descriptor), line, length);
    (void)written;
}

static void on_fatal_signal(int number, siginfo_t *info, void *context) {
    int saved = errno;
    // Sent by another process, such as a watchdog's SIGABRT: no plugin is to blame for where it struck.
    int is_from_outside = info->si_code <= 0 && info->si_pid != (pid_t)syscall(SYS_getpid);
    if (may_report() && !is_from_outside) {
        report(prax_blame_current ? prax_blame_current : plugin_of(context), " signal ", number);
    }
    for (int i = 0; i < FATAL_COUNT; i++) {
        if (fatal_signals[i] != number) continue;
        if (previous_actions[i].sa_handler == SIG_IGN) previous_actions[i].sa_handler = SIG_DFL;
        sigaction(number, &previous_actions[i], NULL);
    }
    // A fault comes again by itself, with its address; whatever else was raised is raised again.
    int is_fault = number == SIGSEGV || number == SIGBUS || number == SIGILL || number == SIGFPE;
    if (info->si_code <= 0 || info->si_code == SI_KERNEL || !is_fault) {
        syscall(SYS_tgkill, syscall(SYS_getpid), syscall(SYS_gettid), number);
    }
    errno = saved;
}

static void report_exit(int code, const void *caller) {
    if (!may_report()) return;
    report(prax_blame_current ? prax_blame_current : plugin_at((uintptr_t)caller), " exit ", code);
}

static void on_ordinary_exit(int code, void *unused) {
    (void)unused;
    report_exit(code, NULL);
}

__attribute__((noreturn)) static void leave(const char *function, int code) {
    void (*real)(int) = (void (*)(int))dlsym(RTLD_NEXT, function);
    if (real) real(code);
    for (;;) syscall(SYS_exit_group, code);
}

// These stand before the C library's in the search order of every plugin, because the executable comes first.
__attribute__((visibility("default"))) void exit(int code) {
    report_exit(code, __builtin_return_address(0));
    leave("exit", code);
}

__attribute__((visibility("default"))) void quick_exit(int code) {
    report_exit(code, __builtin_return_address(0));
    leave("quick_exit", code);
}

__attribute__((visibility("default"))) void _exit(int code) {
    report_exit(code, __builtin_return_address(0));
    for (;;) syscall(SYS_exit_group, code);
}

__attribute__((visibility("default"))) void _Exit(int code) {
    report_exit(code, __builtin_return_address(0));
    for (;;) syscall(SYS_exit_group, code);
}

static pthread_key_t stack_key;
static pthread_once_t stack_key_once = PTHREAD_ONCE_INIT;

static void free_stack(void *memory) {
    stack_t none = {.ss_flags = SS_DISABLE};
    sigaltstack(&none, NULL);
    munmap(memory, ALTERNATE_STACK_BYTES);
}

static void make_stack_key(void) { pthread_key_create(&stack_key, free_stack); }

int prax_blame_prepare_thread(void) {
    stack_t stack;
    // Once, also when it fails: the next call would fail as well.
    prax_blame_is_prepared = 1;
    if (sigaltstack(NULL, &stack) == 0 && !(stack.ss_flags & SS_DISABLE)) return 0;
    void *memory = mmap(NULL, ALTERNATE_STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return errno;
    stack = (stack_t){.ss_sp = memory, .ss_size = ALTERNATE_STACK_BYTES};
    if (sigaltstack(&stack, NULL) != 0) {
        int reason = errno;
        munmap(memory, ALTERNATE_STACK_BYTES);
        return reason;
    }
    pthread_once(&stack_key_once, make_stack_key);
    return pthread_setspecific(stack_key, memory);
}

static int install_handlers(void) {
    struct sigaction action = {.sa_flags = SA_SIGINFO | SA_ONSTACK};
    action.sa_sigaction = on_fatal_signal;
    sigfillset(&action.sa_mask);
    for (int i = 0; i < FATAL_COUNT; i++) {
        if (sigaction(fatal_signals[i], &action, &previous_actions[i]) != 0) return errno;
    }
    return on_exit(on_ordinary_exit, NULL) == 0 ? 0 : ENOMEM;
}

int prax_blame_install(const char *path) {
    int file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0) return errno;
    int before = atomic_exchange(&report_descriptor, file);
    if (before >= 0) close(before);
    atomic_store(&has_reported, 0);
    pid_t process = getpid();
    if (atomic_exchange(&owner, process) == process) return 0;
    int result = prax_blame_prepare_thread();
    return result ? result : install_handlers();
}
