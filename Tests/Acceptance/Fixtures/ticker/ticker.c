/* A skill that emits `count` deltas, one every `interval_ms`, each with the moment it was made at (CLOCK_MONOTONIC, ns) and
 * filled up to `bytes`; then it finishes, or fails when `fail` is 1. One thread serves all calls. */
#include <praximous/plugin.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MAX_JOBS 4096
#define MAX_BYTES 65536

struct job {
    prax_call call;
    long left, bytes, fail;
    uint64_t interval, due;
};

struct prax_instance {
    const prax_host_call *calls;
    pthread_mutex_t lock;
    pthread_t thread;
    int is_over;
    size_t count;
    struct job jobs[MAX_JOBS];
    char text[MAX_BYTES + 64];
};

static uint64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* The number behind "name": in flat JSON. */
static long number(prax_str json, const char *name, long otherwise) {
    char quoted[32], copy[1024];
    const char *found;
    size_t length = json.len < sizeof copy - 1 ? json.len : sizeof copy - 1;
    memcpy(copy, json.ptr, length);
    copy[length] = 0;
    snprintf(quoted, sizeof quoted, "\"%s\":", name);
    found = strstr(copy, quoted);
    return found ? strtol(found + strlen(quoted), NULL, 10) : otherwise;
}

static prax_status emit(prax_instance *self, const struct job *job) {
    int length = snprintf(self->text, sizeof self->text, "{\"text\":\"%llu ", (unsigned long long)now());
    while (length < job->bytes && length < MAX_BYTES) self->text[length++] = '*';
    self->text[length++] = '"';
    self->text[length++] = '}';
    prax_str json = {self->text, (size_t)length};
    return self->calls->try_emit(job->call, PRAX_STR("delta"), json);
}

/* 1 while the job goes on. */
static int serve(prax_instance *self, struct job *job) {
    prax_str none = {NULL, 0};
    if (self->calls->is_cancelled(job->call)) {
        self->calls->fail(job->call, PRAX_E_CANCELLED, PRAX_STR("cancelled"), PRAX_STR("Cancelled."), none, 0);
        return 0;
    }
    if (now() < job->due) return 1;
    if (job->left == 0) {
        if (job->fail) {
            self->calls->fail(job->call, PRAX_E_INVALID, PRAX_STR("not_today"), PRAX_STR("Not today."), none, 0);
        } else {
            self->calls->finish(job->call, PRAX_STR("{\"ticked\":true}"));
        }
        return 0;
    }
    if (emit(self, job) == PRAX_OK) {
        job->left--;
        job->due += job->interval;
    }
    return 1;
}

static void *run(void *argument) {
    prax_instance *self = argument;
    struct timespec pause = {0, 500000};
    for (;;) {
        pthread_mutex_lock(&self->lock);
        if (self->is_over) break;
        for (size_t place = 0; place < self->count;) {
            if (serve(self, &self->jobs[place])) place++;
            else self->jobs[place] = self->jobs[--self->count];
        }
        pthread_mutex_unlock(&self->lock);
        nanosleep(&pause, NULL);
    }
    pthread_mutex_unlock(&self->lock);
    return NULL;
}

static prax_status execute(prax_instance *self, prax_call call, prax_str operation, prax_str params) {
    prax_status status = PRAX_PENDING;
    struct job job = {call, number(params, "count", 3), number(params, "bytes", 0), number(params, "fail", 0),
                      (uint64_t)number(params, "interval_ms", 20) * 1000000u, 0};
    (void)operation;
    job.due = now() + job.interval;
    pthread_mutex_lock(&self->lock);
    if (self->count < MAX_JOBS) self->jobs[self->count++] = job;
    else status = PRAX_E_BUSY;
    pthread_mutex_unlock(&self->lock);
    return status;
}

static prax_instance *create(const prax_host *host, void (*err)(void *, prax_str), void *err_ctx) {
    prax_instance *self = calloc(1, sizeof *self);
    (void)err;
    (void)err_ctx;
    self->calls = host->get_extension(host->ctx, PRAX_EXT_HOST_CALL);
    pthread_mutex_init(&self->lock, NULL);
    pthread_create(&self->thread, NULL, run, self);
    return self;
}

static void destroy(prax_instance *self) {
    pthread_mutex_lock(&self->lock);
    self->is_over = 1;
    pthread_mutex_unlock(&self->lock);
    pthread_join(self->thread, NULL);
    free(self);
}

#define PLUGIN_ID "test/ticker"
#define PLUGIN_DESTROY destroy
#include "skill_plugin.h"
