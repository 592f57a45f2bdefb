// A host, as far as blame is concerned: `dying_host REPORT LIBRARY WAY [call|load|none]`.
#include "Blame.h"

#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void (*die)(const char *);
static const char *way;
static int number;
static int is_blamed;

static void *call(void *unused) {
    (void)unused;
    prax_blame_prepare_thread();
    int previous = is_blamed ? prax_blame_enter(number) : 0;
    die(way);
    if (is_blamed) prax_blame_leave(previous);
    return NULL;
}

int main(int count, char **arguments) {
    if (count != 5) return 2;
    // Whoever runs tests may have blocked some.
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    if (prax_blame_install(arguments[1]) != 0) return 2;
    void *library = dlopen(arguments[2], RTLD_NOW | RTLD_LOCAL);
    if (!library) return 2;
    *(void **)&die = dlsym(library, "die");
    way = arguments[3];
    is_blamed = strcmp(arguments[4], "call") == 0;
    prax_blame_add_plugin("acme/innocent");
    number = prax_blame_add_plugin("acme/dying");
    if (number != prax_blame_add_plugin("acme/dying")) return 2;
    if (strcmp(arguments[4], "none") != 0 && prax_blame_add_library(number, library) != 0) return 2;
    if (strcmp(way, "wait") == 0) {
        prax_blame_enter(number);
        puts("ready");
        fflush(stdout);
        pause();
    }
    pthread_t thread;
    pthread_create(&thread, NULL, call, NULL);
    pthread_join(thread, NULL);
    puts("alive");
    return 0;
}
