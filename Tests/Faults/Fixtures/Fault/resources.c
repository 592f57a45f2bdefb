/* Rows 7, 8, 13, 36: more than its share. Each has a bound of its own, so that a host without limits survives it. */
#include "fault.h"
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static prax_status eat_memory(prax_instance *self, prax_call call, prax_str params) {
    enum { bound_mb = 1024, mb = 1 << 20 };
    (void)params;
    for (int eaten = 0; eaten < bound_mb; eaten++) {
        /* Not looked at, as in most programs: where there is no memory, this is a fault. */
        char *volatile block = malloc(mb);
        memset(block, 1, mb);
    }
    return fault_number(self, call, "eaten_mb", bound_mb);
}

static prax_status leak_descriptors(prax_instance *self, prax_call call, prax_str params) {
    long opened = 0;
    (void)params;
    while (opened < 2000 && dup(0) >= 0) opened++;
    return fault_number(self, call, "is_limited", opened < 100 && errno == EMFILE);
}

static void *sleep_for_ever(void *argument) {
    for (;;) pause();
    return argument;
}

static long start_threads(long count) {
    pthread_attr_t attributes;
    pthread_t thread;
    long started = 0;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, 64 << 10);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    while (started < count && pthread_create(&thread, &attributes, sleep_for_ever, NULL) == 0) started++;
    return started;
}

static prax_status leak_threads(prax_instance *self, prax_call call, prax_str params) {
    (void)params;
    return fault_number(self, call, "threads", start_threads(500));
}

/* Stays, so that whoever counts threads has time to. */
static prax_status thread_bomb(prax_instance *self, prax_call call, prax_str params) {
    long started = start_threads(500);
    (void)params;
    fault_wait(self, call, 4000);
    return fault_number(self, call, "is_limited", started < 500);
}

static void keep_first(void *context, prax_bytes value, uint64_t revision) {
    (void)revision;
    *(int *)context = value.len > 0 ? value.ptr[0] : -1;
}

/* Writes until the store says no, then looks whether the first value is still there. */
static prax_status fill_store(prax_instance *self, prax_call call, prax_str params) {
    static uint8_t piece[64 << 10];
    prax_bytes value = {piece, sizeof piece};
    prax_status status = PRAX_OK;
    char text[128];
    prax_str json = {text, 0};
    int written = 0, first = -1;
    (void)params;
    if (self->kv == NULL) return PRAX_E_UNSUPPORTED;
    memset(piece, 7, sizeof piece);
    for (; written < 1024 && status == PRAX_OK; written++) {
        char name[32];
        prax_str key = {name, (size_t)snprintf(name, sizeof name, "piece/%04d", written)};
        status = self->kv->put(self->host->ctx, key, value, 0, 0);
    }
    self->kv->get(self->host->ctx, PRAX_STR("piece/0000"), keep_first, &first);
    json.len = (size_t)snprintf(text, sizeof text, "{\"refused\":%s,\"is_intact\":%s}",
                                status != PRAX_OK ? "true" : "false", first == 7 ? "true" : "false");
    return self->calls->finish(call, json);
}

const behaviour fault_resources[] = {
    {"eat_memory", eat_memory},
    {"leak_descriptors", leak_descriptors},
    {"leak_threads", leak_threads},
    {"thread_bomb", thread_bomb},
    {"fill_store", fill_store},
    {NULL, NULL},
};
