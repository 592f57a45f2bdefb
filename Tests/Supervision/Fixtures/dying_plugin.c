// Code of a plugin, as far as blame is concerned: one function that dies in a chosen way.
#define _GNU_SOURCE
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int sink;

static int overflow(int depth) {
    volatile char room[4096];
    room[0] = (char)depth;
    return sink == 1 ? 0 : overflow(depth + 1) + room[0];
}

__attribute__((noinline)) static void segv(void) { *(volatile int *)(intptr_t)8 = 1; }

// Compiled with frame pointers, as Swift code is; dies in the C library.
__attribute__((noinline)) static void die_in_library(void) {
    raise(SIGABRT);
    sink = 1;
}

static void in_child(void (*end)(void)) {
    pid_t child = fork();
    if (child == 0) end();
    int status;
    waitpid(child, &status, 0);
}

static void exit_7(void) { _exit(7); }

static void *thread_of_its_own(void *way) {
    if (strcmp(way, "thread-segv") == 0) segv();
    if (strcmp(way, "thread-library") == 0) die_in_library();
    if (strcmp(way, "thread-exit") == 0) _exit(5);
    return NULL;
}

void die(const char *way) {
    if (strcmp(way, "segv") == 0) segv();
    if (strcmp(way, "abort") == 0) abort();
    if (strcmp(way, "trap") == 0) __builtin_trap();
    if (strcmp(way, "fpe") == 0) raise(SIGFPE);
    if (strcmp(way, "sys") == 0) raise(SIGSYS);
    if (strcmp(way, "overflow") == 0) sink = overflow(0);
    if (strcmp(way, "exit") == 0) exit(0);
    if (strcmp(way, "_exit") == 0) _exit(3);
    if (strcmp(way, "_Exit") == 0) _Exit(4);
    if (strcmp(way, "quick_exit") == 0) quick_exit(6);
    if (strcmp(way, "kill") == 0) syscall(SYS_kill, getpid(), SIGKILL);
    if (strcmp(way, "child-exit") == 0) in_child(exit_7);
    if (strcmp(way, "child-segv") == 0) in_child(segv);
    if (strncmp(way, "thread-", 7) == 0) {
        pthread_t thread;
        pthread_create(&thread, NULL, thread_of_its_own, (void *)way);
        pthread_join(thread, NULL);
    }
}

void handlers(void) {
    signal(SIGTERM, SIG_IGN);
    signal(SIGSEGV, SIG_DFL);
}
