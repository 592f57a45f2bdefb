/*
 * A skill that meets the test at semaphores, whose addresses its configuration holds: what the two do at the same
 * moment is then no matter of luck.
 */
#include <praximous/plugin.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#if defined(VARIANT_serial)
#define NAME "turns"
#elif defined(VARIANT_other)
#define NAME "other"
#else
#define NAME "rendezvous"
#endif

struct prax_instance {
    const prax_host *host;
    const prax_host_call *calls;
    const prax_host_config *config;
    /* The test's: posted when a call has begun, waited for before it ends, posted by destroy(). */
    sem_t *started, *go, *destroyed;
    sem_t entered, left, credit;
    prax_call call;
    atomic_long count;
};

static const prax_str none = {NULL, 0};

static void nap(void) {
    struct timespec pause = {0, 20000000};
    nanosleep(&pause, NULL);
}

static int wait_for(sem_t *semaphore) {
    struct timespec until;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += 10;
    return sem_timedwait(semaphore, &until);
}

static int is(prax_str text, const char *word) {
    return text.len == strlen(word) && memcmp(text.ptr, word, text.len) == 0;
}

static prax_status number(prax_instance *self, prax_call call, long value) {
    char text[32];
    prax_str json = {text, (size_t)snprintf(text, sizeof text, "%ld", value)};
    return self->calls->finish(call, json);
}

static prax_status fail(prax_instance *self, prax_call call) {
    return self->calls->fail(call, PRAX_E_CANCELLED, PRAX_STR("gave_up"), PRAX_STR("Gave up."), none, 0);
}

/* Callbacks, all with the instance as their context. */

static void count(void *context) {
    atomic_fetch_add(&((prax_instance *)context)->count, 1);
}

static void fail_inside(void *context) {
    prax_instance *self = context;
    atomic_store(&self->count, fail(self, self->call));
}

static void wake_and_linger(void *context) {
    prax_instance *self = context;
    sem_post(&self->entered);
    wait_for(&self->left);
    nap();
}

static void linger(void *context) {
    prax_instance *self = context;
    sem_post(&self->entered);
    nap();
    count(self);
}

static void more_credit(void *context) {
    sem_post(&((prax_instance *)context)->credit);
}

/* Operations. */

static prax_status fail_when_cancelled(prax_instance *self, prax_call call) {
    self->calls->on_cancel(call, wake_and_linger, self);
    sem_post(self->started);
    wait_for(&self->entered);
    fail(self, call);
    sem_post(&self->left);
    return PRAX_OK;
}

static prax_status clear_callback(prax_instance *self, prax_call call) {
    self->calls->on_cancel(call, linger, self);
    sem_post(self->started);
    wait_for(&self->entered);
    self->calls->on_cancel(call, NULL, NULL);
    if (atomic_load(&self->count) != 1) atomic_store(&self->count, -1);
    return PRAX_E_CANCELLED;
}

static prax_status clear_credit_callback(prax_instance *self, prax_call call) {
    self->calls->on_credit(call, linger, self);
    while (self->calls->try_emit(call, PRAX_STR("data"), PRAX_STR("1234567890")) == PRAX_OK) {}
    sem_post(self->started);
    wait_for(&self->entered);
    self->calls->on_credit(call, NULL, NULL);
    return number(self, call, atomic_load(&self->count));
}

/* An event loop: it never waits in emit, and only tries again when it is told of credit. */
static prax_status stream_by_credit(prax_instance *self, prax_call call) {
    long waits = 0;
    self->calls->on_credit(call, more_credit, self);
    for (int i = 0; i < 100; i++) {
        char text[41];
        prax_str json = {text, 40};
        snprintf(text, sizeof text, "\"%038d\"", i);
        while (self->calls->try_emit(call, PRAX_STR("data"), json) == PRAX_E_WOULD_BLOCK) {
            waits++;
            if (wait_for(&self->credit) != 0) return PRAX_E_INTERNAL;
        }
    }
    return number(self, call, waits > 0);
}

static void *fail_on_go(void *context) {
    prax_instance *self = context;
    wait_for(self->go);
    atomic_store(&self->count, fail(self, self->call));
    sem_post(self->started);
    return NULL;
}

static prax_status put_off(prax_instance *self, prax_call call) {
    pthread_t thread;
    self->call = call;
    if (pthread_create(&thread, NULL, fail_on_go, self) != 0) return PRAX_E_INTERNAL;
    pthread_detach(thread);
    return PRAX_PENDING;
}

static prax_status same_tables(prax_instance *self, prax_call call) {
    const prax_host *host = self->host;
    long wrong = 0;
    wrong += host->get_extension(host->ctx, PRAX_EXT_HOST_CALL) != self->calls;
    wrong += host->get_extension(host->ctx, PRAX_EXT_HOST_CONFIG) != self->config;
    wrong += host->get_extension(host->ctx, PRAX_EXT_HOST_LOG) != host->get_extension(host->ctx, PRAX_EXT_HOST_LOG);
    wrong += host->get_extension(host->ctx, PRAX_EXT_HOST_LOG) == NULL;
    wrong += host->get_extension(host->ctx, "") != NULL;
    wrong += self->calls->size != sizeof(prax_host_call) || self->config->size != sizeof(prax_host_config);
    return number(self, call, wrong);
}

typedef struct answer {
    prax_instance *self;
    prax_call call;
} answer;

static void finish_with(void *context, prax_str json) {
    answer *to = context;
    to->self->calls->finish(to->call, json);
}

static void finish_with_length(void *context, prax_bytes bytes) {
    answer *to = context;
    number(to->self, to->call, (long)bytes.len);
}

static prax_status execute(prax_instance *self, prax_call call, prax_str operation, prax_str params) {
    const prax_host_call *calls = self->calls;
    answer to = {self, call};
    (void)params;
    if (is(operation, "ok")) return number(self, call, 0);
    if (is(operation, "count")) return number(self, call, atomic_load(&self->count));
    if (is(operation, "hold")) {
        sem_post(self->started);
        wait_for(self->go);
        return number(self, call, calls->is_cancelled(call));
    }
    if (is(operation, "until_cancelled")) {
        sem_post(self->started);
        while (!calls->is_cancelled(call)) sched_yield();
        calls->on_cancel(call, count, self);
        return PRAX_E_CANCELLED;
    }
    if (is(operation, "fail_when_cancelled")) return fail_when_cancelled(self, call);
    if (is(operation, "fail_inside_callback")) {
        self->call = call;
        calls->on_cancel(call, fail_inside, self);
        sem_post(self->started);
        return PRAX_PENDING;
    }
    if (is(operation, "clear_callback")) return clear_callback(self, call);
    if (is(operation, "clear_credit_callback")) return clear_credit_callback(self, call);
    if (is(operation, "stream_by_credit")) return stream_by_credit(self, call);
    if (is(operation, "put_off")) return put_off(self, call);
    if (is(operation, "same_tables")) return same_tables(self, call);
    if (operation.len >= 7 && memcmp(operation.ptr, "config:", 7) == 0) {
        prax_str pointer = {operation.ptr + 7, operation.len - 7};
        return self->config->get(self->host->ctx, pointer, finish_with, &to);
    }
    if (operation.len >= 7 && memcmp(operation.ptr, "secret:", 7) == 0) {
        prax_str name = {operation.ptr + 7, operation.len - 7};
        return self->config->secret(self->host->ctx, name, finish_with_length, &to);
    }
    return PRAX_E_UNSUPPORTED;
}

static void keep_address(void *context, prax_str json) {
    char text[32] = "";
    if (json.len < sizeof text) memcpy(text, json.ptr, json.len);
    *(sem_t **)context = (sem_t *)(uintptr_t)strtoull(text, NULL, 10);
}

static prax_instance *create(const prax_host *host, void (*err)(void *, prax_str), void *err_ctx) {
    prax_instance *self = calloc(1, sizeof *self);
    (void)err;
    (void)err_ctx;
    self->host = host;
    self->calls = host->get_extension(host->ctx, PRAX_EXT_HOST_CALL);
    self->config = host->get_extension(host->ctx, PRAX_EXT_HOST_CONFIG);
    self->config->get(host->ctx, PRAX_STR("/started"), keep_address, &self->started);
    self->config->get(host->ctx, PRAX_STR("/go"), keep_address, &self->go);
    self->config->get(host->ctx, PRAX_STR("/destroyed"), keep_address, &self->destroyed);
    sem_init(&self->entered, 0, 0);
    sem_init(&self->left, 0, 0);
    sem_init(&self->credit, 0, 0);
    return self;
}

static void destroy(prax_instance *self) {
    sem_t *destroyed = self->destroyed;
    free(self);
    if (destroyed != NULL) sem_post(destroyed);
}

#define PLUGIN_ID "test/" NAME
#define PLUGIN_DESTROY destroy
#ifdef VARIANT_serial
#define PLUGIN_FLAGS 0
#endif
#include "skill_plugin.h"
