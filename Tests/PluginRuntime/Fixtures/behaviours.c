/*
 * A skill that behaves in every way a plugin can, right and wrong: the operation says how. With VARIANT_serial it takes
 * one call at a time, else calls may overlap.
 */
#include <praximous/plugin.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct prax_instance {
    const prax_host *host;
    const prax_host_call *calls;
    const prax_host_log *log;
    const prax_host_config *config;
    atomic_int inside, overlaps, cancelled;
    _Atomic uint64_t last_call;
};

typedef struct later {
    prax_instance *self;
    prax_call call;
} later;

static const prax_str none = {NULL, 0};

static int is(prax_str text, const char *word) {
    return text.len == strlen(word) && memcmp(text.ptr, word, text.len) == 0;
}

static void nap(long milliseconds) {
    struct timespec pause = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    nanosleep(&pause, NULL);
}

static prax_status done(prax_instance *self, prax_call call) {
    return self->calls->finish(call, PRAX_STR("{\"ok\":true}"));
}

static prax_status number(prax_instance *self, prax_call call, long value) {
    char text[64];
    prax_str json = {text, (size_t)snprintf(text, sizeof text, "%ld", value)};
    return self->calls->finish(call, json);
}

static void *finish_later(void *argument) {
    later *job = argument;
    nap(5);
    done(job->self, job->call);
    free(job);
    return NULL;
}

static void on_cancel(void *context) {
    atomic_fetch_add((atomic_int *)context, 1);
}

static void keep(void *context, prax_str json) {
    char *text = context;
    size_t length = json.len < 255 ? json.len : 255;
    memcpy(text, json.ptr, length);
    text[length] = 0;
}

static void keep_bytes(void *context, prax_bytes bytes) {
    prax_str text = {(const char *)bytes.ptr, bytes.len};
    keep(context, text);
}

static prax_status finish_large(prax_instance *self, prax_call call, size_t length) {
    char *text = malloc(length);
    prax_str json = {text, length};
    prax_status status;
    memset(text, 'a', length);
    text[0] = text[length - 1] = '"';
    status = self->calls->finish(call, json);
    free(text);
    return status;
}

static prax_status huge_log(prax_instance *self, prax_call call) {
    enum { fields = 1000 };
    static prax_kv list[fields];
    static char text[100000];
    prax_str whole = {text, sizeof text};
    memset(text, '\xff', sizeof text);
    for (int i = 0; i < fields; i++) list[i].key = list[i].value = whole;
    self->log->log(self->host->ctx, call, PRAX_LOG_ERROR, whole, list, fields);
    self->log->log(self->host->ctx, call, 99, none, NULL, 5);
    self->log->log(self->host->ctx, call, -99, PRAX_STR("x"), NULL, 0);
    return done(self, call);
}

static prax_status nulls(prax_instance *self, prax_call call) {
    const prax_host_call *calls = self->calls;
    prax_str absent_with_length = {NULL, 100};
    long wrong = 0;
    wrong += calls->emit(call, none, none) != PRAX_E_INVALID;
    wrong += calls->emit(call, absent_with_length, absent_with_length) != PRAX_E_INVALID;
    wrong += calls->on_cancel(call, NULL, NULL) != PRAX_OK;
    wrong += calls->on_credit(call, NULL, NULL) != PRAX_OK;
    wrong += self->host->get_extension(NULL, NULL) != NULL;
    wrong += self->host->get_extension(self->host->ctx, "prax.host.none/1") != NULL;
    wrong += self->config->get(NULL, none, keep, NULL) != PRAX_E_INVALID;
    wrong += self->config->get(self->host->ctx, none, NULL, NULL) != PRAX_E_INVALID;
    wrong += self->config->secret(NULL, none, keep_bytes, NULL) != PRAX_E_INVALID;
    wrong += self->log->enabled(NULL, 0) != 0;
    self->log->log(NULL, call, 0, none, NULL, 0);
    return number(self, call, wrong);
}

/* Handles that never were: every function answers with a code. */
static prax_status invented(prax_instance *self, prax_call call) {
    const uint64_t ids[] = {0, 1, 5000, 0xFFFFFFFF, UINT64_MAX, 1ull << 32, call.id ^ 1ull << 63, call.id + (1ull << 32), 4096, 4095};
    const prax_host_call *calls = self->calls;
    long wrong = 0;
    for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
        prax_call other = {ids[i]};
        prax_status ended = calls->finish(other, PRAX_STR("1"));
        wrong += ended != PRAX_E_NOT_FOUND && ended != PRAX_E_CONFLICT;
        ended = calls->fail(other, PRAX_E_INVALID, none, none, none, 0);
        wrong += ended != PRAX_E_NOT_FOUND && ended != PRAX_E_CONFLICT;
        wrong += calls->emit(other, PRAX_STR("data"), PRAX_STR("1")) != PRAX_E_NOT_FOUND;
        wrong += calls->try_emit(other, PRAX_STR("data"), PRAX_STR("1")) != PRAX_E_NOT_FOUND;
        wrong += calls->on_cancel(other, on_cancel, NULL) != PRAX_E_NOT_FOUND;
        wrong += calls->on_credit(other, on_cancel, NULL) != PRAX_E_NOT_FOUND;
        wrong += calls->deadline_ns(other) != 0;
        wrong += calls->is_cancelled(other) != 1;
        wrong += calls->credit(other) != 0;
        wrong += calls->context(other).ptr != NULL;
        self->log->log(self->host->ctx, other, PRAX_LOG_INFO, PRAX_STR("x"), NULL, 0);
    }
    return number(self, call, wrong);
}

static prax_status streams(prax_instance *self, prax_call call, long events) {
    long blocked = 0;
    for (long i = 0; i < events; i++) {
        char text[1100];
        prax_str json = {text, 1002};
        memset(text, 'e', sizeof text);
        text[0] = text[1001] = '"';
        if (self->calls->try_emit(call, PRAX_STR("data"), json) == PRAX_OK) continue;
        blocked++;
        if (self->calls->emit(call, PRAX_STR("data"), json) != PRAX_OK) return PRAX_E_CANCELLED;
    }
    return number(self, call, blocked);
}

static prax_status configured(prax_instance *self, prax_call call, prax_str operation) {
    char text[256] = "";
    char answer[700];
    prax_status status;
    prax_str json;
    if (is(operation, "secret")) {
        status = self->config->secret(self->host->ctx, PRAX_STR("THE_SECRET"), keep_bytes, text);
    } else if (is(operation, "other_secret")) {
        status = self->config->secret(self->host->ctx, PRAX_STR("PATH"), keep_bytes, text);
    } else {
        status = self->config->get(self->host->ctx, PRAX_STR("/list/1/a~1b"), keep, text);
    }
    json.ptr = answer;
    json.len = (size_t)snprintf(answer, sizeof answer, "{\"status\":%d,\"length\":%zu}", (int)status, strlen(text));
    return self->calls->finish(call, json);
}

static prax_status execute(prax_instance *self, prax_call call, prax_str operation, prax_str params) {
    const prax_host_call *calls = self->calls;
    prax_status second;
    if (is(operation, "ok")) return done(self, call);
    if (is(operation, "params")) return calls->finish(call, params);
    if (is(operation, "context")) return calls->finish(call, calls->context(call));
    if (is(operation, "finish_twice")) {
        done(self, call);
        second = done(self, call);
        return second == PRAX_E_CONFLICT ? PRAX_OK : PRAX_E_INTERNAL;
    }
    if (is(operation, "fail_twice")) {
        calls->fail(call, PRAX_E_DENIED, PRAX_STR("first"), PRAX_STR("First."), none, 0);
        calls->fail(call, PRAX_E_BUSY, PRAX_STR("second"), PRAX_STR("Second."), none, 0);
        return PRAX_OK;
    }
    if (is(operation, "fail_then_finish")) {
        calls->fail(call, PRAX_E_RATE_LIMIT, PRAX_STR("slow_down"), PRAX_STR("Slow down."), PRAX_STR("\"soon\""), 1500);
        done(self, call);
        return PRAX_OK;
    }
    if (is(operation, "finish_then_negative")) {
        done(self, call);
        return PRAX_E_INTERNAL;
    }
    if (is(operation, "no_end")) return PRAX_OK;
    if (is(operation, "positive")) return 77;
    if (is(operation, "negative")) return PRAX_E_UNAVAILABLE;
    if (is(operation, "most_negative")) return INT32_MIN;
    if (is(operation, "fail_with_success")) return calls->fail(call, PRAX_OK, none, none, none, 0), PRAX_OK;
    if (is(operation, "fail_with_nonsense")) {
        return calls->fail(call, -9999, PRAX_STR("\xff\n"), PRAX_STR("\xc3("), PRAX_STR("{not json"), UINT32_MAX), PRAX_OK;
    }
    if (is(operation, "emit_after_end")) {
        done(self, call);
        return calls->emit(call, PRAX_STR("data"), PRAX_STR("1")) == PRAX_E_NOT_FOUND ? PRAX_OK : PRAX_E_INTERNAL;
    }
    if (is(operation, "not_json")) return calls->finish(call, PRAX_STR("{\"a\":")), PRAX_OK;
    if (is(operation, "two_values")) return calls->finish(call, PRAX_STR("{} {}")), PRAX_OK;
    if (is(operation, "empty")) return calls->finish(call, PRAX_STR("")), PRAX_OK;
    if (is(operation, "absent")) return calls->finish(call, none), PRAX_OK;
    if (is(operation, "not_utf8")) return calls->finish(call, PRAX_STR("\"\xff\"")), PRAX_OK;
    if (is(operation, "endless_length")) {
        prax_str endless = {"x", SIZE_MAX};
        return calls->finish(call, endless), PRAX_OK;
    }
    if (is(operation, "large")) return finish_large(self, call, 20 << 20), PRAX_OK;
    if (is(operation, "just_right")) return finish_large(self, call, 1 << 20);
    if (is(operation, "huge_log")) return huge_log(self, call);
    if (is(operation, "nulls")) return nulls(self, call);
    if (is(operation, "invented")) return invented(self, call);
    if (is(operation, "remember")) {
        atomic_store(&self->last_call, call.id);
        return done(self, call);
    }
    if (is(operation, "stale")) {
        prax_call stale = {atomic_load(&self->last_call)};
        return number(self, call, calls->finish(stale, PRAX_STR("\"stolen\"")));
    }
    if (is(operation, "stream")) return streams(self, call, 300);
    if (is(operation, "secret") || is(operation, "other_secret") || is(operation, "config")) {
        return configured(self, call, operation);
    }
    if (is(operation, "later")) {
        pthread_t thread;
        later *job = malloc(sizeof *job);
        *job = (later){self, call};
        if (pthread_create(&thread, NULL, finish_later, job) != 0) return PRAX_E_INTERNAL;
        pthread_detach(thread);
        return PRAX_PENDING;
    }
    if (is(operation, "finish_then_pending")) {
        done(self, call);
        return PRAX_PENDING;
    }
    if (is(operation, "never")) return PRAX_PENDING;
    if (is(operation, "until_cancelled")) {
        while (!calls->is_cancelled(call)) nap(1);
        second = done(self, call);
        return second < 0 ? second : PRAX_E_INTERNAL;
    }
    if (is(operation, "callback")) {
        atomic_store(&self->cancelled, 0);
        calls->on_cancel(call, on_cancel, &self->cancelled);
        while (!calls->is_cancelled(call)) nap(1);
        for (int i = 0; i < 5000 && atomic_load(&self->cancelled) == 0; i++) nap(1);
        return PRAX_E_CANCELLED;
    }
    if (is(operation, "callback_cleared")) {
        atomic_store(&self->cancelled, 0);
        calls->on_cancel(call, on_cancel, &self->cancelled);
        calls->on_cancel(call, NULL, NULL);
        while (!calls->is_cancelled(call)) nap(1);
        nap(20);
        return PRAX_E_CANCELLED;
    }
    if (is(operation, "cancelled_count")) return number(self, call, atomic_load(&self->cancelled));
    if (is(operation, "deaf")) {
        nap(700);
        return done(self, call);
    }
    if (is(operation, "exclusive")) {
        if (atomic_fetch_add(&self->inside, 1) != 0) atomic_fetch_add(&self->overlaps, 1);
        for (int i = 0; i < 20; i++) sched_yield();
        atomic_fetch_sub(&self->inside, 1);
        return done(self, call);
    }
    if (is(operation, "overlaps")) return number(self, call, atomic_load(&self->overlaps));
    return PRAX_E_UNSUPPORTED;
}

static prax_instance *create(const prax_host *host, void (*err)(void *, prax_str), void *err_ctx) {
    prax_instance *self = calloc(1, sizeof *self);
    (void)err;
    (void)err_ctx;
    self->host = host;
    self->calls = host->get_extension(host->ctx, PRAX_EXT_HOST_CALL);
    self->log = host->get_extension(host->ctx, PRAX_EXT_HOST_LOG);
    self->config = host->get_extension(host->ctx, PRAX_EXT_HOST_CONFIG);
    return self;
}

#ifdef VARIANT_serial
#define PLUGIN_ID "test/serial"
#define PLUGIN_FLAGS 0
#else
#define PLUGIN_ID "test/plain"
#endif
#include "skill_plugin.h"
