/* Rows 4-6: calls that never end by themselves. */
#include "fault.h"
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

static prax_status infinite_loop(prax_instance *self, prax_call call, prax_str params) {
    static volatile unsigned long turns;
    (void)self, (void)call, (void)params;
    for (;;) turns++;
}

static prax_status deadlock(prax_instance *self, prax_call call, prax_str params) {
    pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
    (void)params;
    pthread_mutex_lock(&mutex);
    pthread_mutex_lock(&mutex);
    return fault_done(self, call);
}

static void on_cancel(void *context) {
    (void)context;
}

/* Deaf to the host and to every signal that can be turned off. */
static prax_status ignore_cancel(prax_instance *self, prax_call call, prax_str params) {
    sigset_t all;
    (void)params;
    self->calls->on_cancel(call, on_cancel, NULL);
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    for (;;) pause();
}

/* The same for the whole process: only where the process is the plugin's own. */
static prax_status ignore_signals(prax_instance *self, prax_call call, prax_str params) {
    for (int number = 1; number < 32; number++) {
        if (number != SIGKILL && number != SIGSTOP && number != SIGSEGV) signal(number, SIG_IGN);
    }
    return ignore_cancel(self, call, params);
}

/* Comes back in time, though not before others have been given up. */
static prax_status slow(prax_instance *self, prax_call call, prax_str params) {
    (void)params;
    fault_nap(5000);
    return fault_done(self, call);
}

const behaviour fault_hangs[] = {
    {"slow", slow},
    {"infinite_loop", infinite_loop},
    {"deadlock", deadlock},
    {"ignore_cancel", ignore_cancel},
    {"ignore_signals", ignore_signals},
    {NULL, NULL},
};
