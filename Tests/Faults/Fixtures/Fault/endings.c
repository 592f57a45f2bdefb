/* Rows 1-3, 9, 14, 15, 33: the process ends, or should have. */
#include "fault.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Through a volatile, so that the compiler does not see what is about to happen. */
static char *volatile place;

static prax_status segfault(prax_instance *self, prax_call call, prax_str params) {
    (void)params;
    place = NULL;
    *place = 1;
    return fault_done(self, call);
}

static prax_status aborts(prax_instance *self, prax_call call, prax_str params) {
    (void)self, (void)call, (void)params;
    abort();
}

/* What a failed precondition of Swift does: a sentence, then an instruction that does not exist. */
static prax_status trap(prax_instance *self, prax_call call, prax_str params) {
    (void)self, (void)call, (void)params;
    fputs("Fatal error: last words of the plugin\n", stderr);
    fflush(stderr);
    __builtin_trap();
}

static prax_status exit_zero(prax_instance *self, prax_call call, prax_str params) {
    (void)self, (void)call, (void)params;
    exit(0);
}

static prax_status exit_now(prax_instance *self, prax_call call, prax_str params) {
    (void)self, (void)call, (void)params;
    _exit(0);
}

static long descend(long depth) {
    volatile char frame[4096];
    frame[depth % 4096] = (char)depth;
    return depth < 0 ? 0 : descend(depth + 1) + frame[(depth + 1) % 4096];
}

static prax_status stack_overflow(prax_instance *self, prax_call call, prax_str params) {
    (void)params;
    return fault_number(self, call, "depth", descend(0));
}

/* Over the ends of neighbours, whichever of them are neighbours; the allocator notices when they are freed. */
static prax_status heap_overflow(prax_instance *self, prax_call call, prax_str params) {
    enum { count = 32, size = 5000 };
    char *blocks[count];
    (void)params;
    for (int i = 0; i < count; i++) blocks[i] = malloc(size);
    for (int i = 0; i < count; i++) {
        place = blocks[i];
        memset(place, 0xff, size + 64);
    }
    for (int i = 0; i < count; i++) free(blocks[i]);
    return fault_done(self, call);
}

static prax_status double_free(prax_instance *self, prax_call call, prax_str params) {
    char *block = malloc(100);
    (void)params;
    place = block;
    free(block);
    free(place);
    return fault_done(self, call);
}

static prax_status write_after_free(prax_instance *self, prax_call call, prax_str params) {
    char *block = malloc(5000);
    (void)params;
    place = block;
    free(block);
    place[2000] = 1;
    return fault_done(self, call);
}

static prax_status small_overrun(prax_instance *self, prax_call call, prax_str params) {
    (void)params;
    place = malloc(24);
    memset(place, 0, 32);
    return fault_done(self, call);
}

static prax_status stop_self(prax_instance *self, prax_call call, prax_str params) {
    (void)params;
    kill(getpid(), SIGSTOP);
    /* Another thread may be the one that hears of it first. */
    fault_nap(100);
    return fault_done(self, call);
}

const behaviour fault_endings[] = {
    {"segfault", segfault},
    {"abort", aborts},
    {"trap", trap},
    {"exit_zero", exit_zero},
    {"exit_now", exit_now},
    {"stack_overflow", stack_overflow},
    {"heap_overflow", heap_overflow},
    {"double_free", double_free},
    {"write_after_free", write_after_free},
    {"small_overrun", small_overrun},
    {"stop_self", stop_self},
    {NULL, NULL},
};
