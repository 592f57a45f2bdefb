/*
 * A skill that a test drives in a worker process: the operation says what it does, the parameter `n` how often or how
 * long. With VARIANT_serial it takes one call at a time; other variants go wrong while they are loaded.
 */
#include <praximous/plugin.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct prax_instance {
    const prax_host *host;
    const prax_host_call *calls;
    const prax_host_log *log;
    const prax_host_config *config;
    const prax_host_kv *kv;
    const prax_host_invoke *invoke;
    const prax_host_metrics *metrics;
    const prax_host_http *http;
    int32_t counter;
    atomic_int cancelled, inside, overlaps, quiesced;
};

typedef struct job {
    prax_instance *self;
    prax_call call;
    long n;
    int number;
} job;

static const prax_str none = {NULL, 0};

static int is(prax_str text, const char *word) {
    return text.len == strlen(word) && memcmp(text.ptr, word, text.len) == 0;
}

static void nap(long milliseconds) {
    struct timespec pause = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    nanosleep(&pause, NULL);
}

/* The parameter `n` of a small object such as {"n":12}. */
static long parameter(prax_str params) {
    char text[64] = "";
    memcpy(text, params.ptr, params.len < 63 ? params.len : 63);
    const char *found = strstr(text, "\"n\":");
    return found ? strtol(found + 4, NULL, 10) : 0;
}

static prax_status number(prax_instance *self, prax_call call, long value) {
    char text[64];
    prax_str json = {text, (size_t)snprintf(text, sizeof text, "%ld", value)};
    return self->calls->finish(call, json);
}

/* A JSON string of `length` bytes, quotes included. */
static prax_str long_text(long length) {
    char *text = malloc((size_t)length);
    memset(text, 'a', (size_t)length);
    text[0] = text[length - 1] = '"';
    return (prax_str){text, (size_t)length};
}

static prax_status finish_text(prax_instance *self, prax_call call, long length) {
    prax_str text = long_text(length);
    prax_status status = self->calls->finish(call, text);
    free((void *)text.ptr);
    return status;
}

static prax_status emit_number(prax_instance *self, prax_call call, long value) {
    char text[64];
    prax_str json = {text, (size_t)snprintf(text, sizeof text, "%ld", value)};
    return self->calls->emit(call, PRAX_STR("data"), json);
}

/* Events of 1000 bytes that begin with their number; the answer is how often there was no room at once. */
static prax_status stream(prax_instance *self, prax_call call, long count) {
    char text[1001];
    long full = 0;
    for (long i = 0; i < count; i++) {
        memset(text, 'e', 1000);
        int head = snprintf(text, sizeof text, "\"%ld ", i);
        text[head] = 'e';
        text[999] = '"';
        prax_str json = {text, 1000};
        prax_status status = self->calls->try_emit(call, PRAX_STR("data"), json);
        if (status == PRAX_E_WOULD_BLOCK) {
            full++;
            status = self->calls->emit(call, PRAX_STR("data"), json);
        }
        if (status != PRAX_OK) return self->calls->fail(call, status, PRAX_STR("stopped"), PRAX_STR("Stopped."), none, 0);
    }
    return number(self, call, full);
}

static void *emit_from_thread(void *argument) {
    job *work = argument;
    for (long i = 0; i < work->n; i++) {
        char text[64];
        prax_str json = {text, (size_t)snprintf(text, sizeof text, "[%d,%ld]", work->number, i)};
        if (work->self->calls->emit(work->call, PRAX_STR("data"), json) != PRAX_OK) break;
    }
    return NULL;
}

static prax_status stream_from_threads(prax_instance *self, prax_call call, long count) {
    enum { threads = 4 };
    pthread_t started[threads];
    job work[threads];
    for (int i = 0; i < threads; i++) {
        work[i] = (job){self, call, count, i};
        if (pthread_create(&started[i], NULL, emit_from_thread, &work[i]) != 0) return PRAX_E_INTERNAL;
    }
    for (int i = 0; i < threads; i++) pthread_join(started[i], NULL);
    return number(self, call, count * threads);
}

static void *finish_later(void *argument) {
    job work = *(job *)argument;
    free(argument);
    nap(work.n);
    number(work.self, work.call, work.n);
    return NULL;
}

static prax_status later(prax_instance *self, prax_call call, long milliseconds) {
    pthread_t thread;
    job *work = malloc(sizeof *work);
    *work = (job){self, call, milliseconds, 0};
    if (pthread_create(&thread, NULL, finish_later, work) != 0) return PRAX_E_INTERNAL;
    pthread_detach(thread);
    return PRAX_PENDING;
}

static void count_cancellation(void *context) { atomic_fetch_add((atomic_int *)context, 1); }

static job *pending(prax_instance *self, prax_call call) {
    job *work = malloc(sizeof *work);
    *work = (job){self, call, 0, 0};
    return work;
}

/* Against the header it ends the call, and takes its time. */
static void fail_when_cancelled(void *context) {
    job work = *(job *)context;
    free(context);
    nap(2);
    atomic_fetch_add(&work.self->cancelled, 1);
    work.self->calls->fail(work.call, PRAX_E_CANCELLED, PRAX_STR("cancelled"), PRAX_STR("Cancelled."), none, 0);
}

/* Waits for its own callback, and for nothing else. */
static prax_status wait_for_callback(prax_instance *self, prax_call call) {
    atomic_int hears = 0;
    self->calls->on_cancel(call, count_cancellation, &hears);
    emit_number(self, call, 0);
    while (!atomic_load(&hears)) nap(1);
    atomic_fetch_add(&self->cancelled, 1);
    self->calls->on_cancel(call, NULL, NULL);
    return PRAX_E_CANCELLED;
}

struct credit {
    atomic_int inside, most, runs;
};

static void on_credit(void *context) {
    struct credit *credit = context;
    int inside = atomic_fetch_add(&credit->inside, 1) + 1, most = atomic_load(&credit->most);
    while (inside > most && !atomic_compare_exchange_weak(&credit->most, &most, inside)) continue;
    nap(60);
    atomic_fetch_sub(&credit->inside, 1);
    atomic_fetch_add(&credit->runs, 1);
}

/* Fills the window again and again while the callback is slow: how many of it ran at once, and whether any still ran
   when its removal had returned. */
static prax_status credit_callbacks(prax_instance *self, prax_call call) {
    struct credit *credit = calloc(1, sizeof *credit);
    char text[1000];
    prax_str json = {text, sizeof text};
    memset(text, 'e', sizeof text);
    text[0] = text[sizeof text - 1] = '"';
    self->calls->on_credit(call, on_credit, credit);
    for (int i = 0; i < 400; i++) {
        if (self->calls->try_emit(call, PRAX_STR("data"), json) == PRAX_E_WOULD_BLOCK) nap(2);
    }
    self->calls->on_credit(call, NULL, NULL);
    int left = atomic_load(&credit->inside);
    char answer[64];
    prax_str answer_json = {
        answer, (size_t)snprintf(answer, sizeof answer, "[%d,%d,%d]", atomic_load(&credit->most) > 1, left,
                                 atomic_load(&credit->runs) > 0)};
    prax_status status = self->calls->finish(call, answer_json);
    nap(200);
    free(credit);
    return status;
}

struct kept {
    char text[300];
    size_t length;
    long count;
    uint64_t revision;
    prax_status status;
    int ended;
};

static void keep(void *context, prax_str text) {
    struct kept *kept = context;
    kept->length = text.len;
    memcpy(kept->text, text.ptr, text.len < 255 ? text.len : 255);
    kept->text[text.len < 255 ? text.len : 255] = 0;
    kept->count++;
}

static void keep_bytes(void *context, prax_bytes bytes) { keep(context, (prax_str){(const char *)bytes.ptr, bytes.len}); }

static void keep_value(void *context, prax_bytes bytes, uint64_t revision) {
    keep_bytes(context, bytes);
    ((struct kept *)context)->revision = revision;
}

static int32_t keep_key(void *context, prax_str key) {
    struct kept *kept = context;
    size_t length = strlen(kept->text);
    snprintf(kept->text + length, sizeof kept->text - length, "%.*s ", (int)key.len, key.ptr);
    return 0;
}

static int32_t keep_event(void *context, prax_str kind, prax_str json) {
    struct kept *kept = context;
    (void)kind;
    (void)json;
    kept->count++;
    return 0;
}

static void keep_outcome(void *context, prax_status status, prax_str json) {
    struct kept *kept = context;
    long events = kept->count;
    keep(kept, json);
    kept->count = events;
    kept->status = status;
    kept->ended++;
}

static prax_status say(prax_instance *self, prax_call call, prax_status status, const struct kept *kept) {
    char text[600];
    prax_str json = {text, (size_t)snprintf(text, sizeof text, "{\"status\":%d,\"ended\":%d,\"count\":%ld,\"revision\":%llu,"
                                            "\"length\":%zu,\"text\":\"%s\"}",
                                            (int)status, kept->ended, kept->count, (unsigned long long)kept->revision,
                                            kept->length, strchr(kept->text, '"') ? "" : kept->text)};
    return self->calls->finish(call, json);
}

struct exchange {
    prax_instance *self;
    prax_call call;
    long pause_us, pieces;
    size_t bytes;
    int32_t status, is_out_of_order;
    unsigned char next;
    int heads;
};

static void on_head(void *context, int32_t status, const prax_kv *headers, size_t count) {
    struct exchange *exchange = context;
    exchange->status = status;
    exchange->heads += count == 1 && is(headers[0].key, "content-type");
}

static void on_body(void *context, prax_bytes piece) {
    struct exchange *exchange = context;
    for (size_t i = 0; i < piece.len; i++) {
        if (piece.ptr[i] != exchange->next++) exchange->is_out_of_order = 1;
    }
    exchange->bytes += piece.len;
    exchange->pieces++;
    if (exchange->pause_us) usleep((useconds_t)exchange->pause_us);
}

static void on_end(void *context, prax_status status, prax_str reason) {
    struct exchange *exchange = context;
    char text[200];
    prax_str json = {text, (size_t)snprintf(text, sizeof text, "{\"status\":%d,\"end\":%d,\"heads\":%d,\"bytes\":%zu,"
                                            "\"disorder\":%d,\"reason\":%zu}",
                                            exchange->status, (int)status, exchange->heads, exchange->bytes,
                                            exchange->is_out_of_order, reason.len)};
    exchange->self->calls->finish(exchange->call, json);
    free(exchange);
}

static prax_status fetch(prax_instance *self, prax_call call, long pause_us) {
    static const prax_http_events events = {
        .size = sizeof events, .on_head = on_head, .on_body = on_body, .on_end = on_end};
    prax_http handle;
    prax_kv header = {PRAX_STR("accept"), PRAX_STR("*/*")};
    prax_http_request request = {.size = sizeof request, .timeout_ms = 0, .method = PRAX_STR("GET"),
                                 .url = PRAX_STR("http://upstream.test/"), .headers = &header, .n_headers = 1};
    struct exchange *exchange = calloc(1, sizeof *exchange);
    exchange->self = self;
    exchange->call = call;
    exchange->pause_us = pause_us;
    prax_status status = self->http->start(self->host->ctx, call, &request, &events, exchange, &handle);
    if (status == PRAX_OK) return PRAX_PENDING;
    free(exchange);
    return number(self, call, status);
}

static prax_status services(prax_instance *self, prax_call call, prax_str operation, long n) {
    struct kept kept = {0};
    void *host = self->host->ctx;
    prax_str key = PRAX_STR("key");
    if (is(operation, "secret")) return say(self, call, self->config->secret(host, PRAX_STR("TOKEN"), keep_bytes, &kept), &kept);
    if (is(operation, "kv_get")) return say(self, call, self->kv->get(host, key, keep_value, &kept), &kept);
    if (is(operation, "kv_put")) {
        prax_str value = long_text(n ? n : 5);
        prax_bytes bytes = {(const uint8_t *)value.ptr, value.len};
        prax_status status = self->kv->put(host, key, bytes, 7, 60);
        free((void *)value.ptr);
        return say(self, call, status, &kept);
    }
    if (is(operation, "kv_del")) return say(self, call, self->kv->del(host, key), &kept);
    if (is(operation, "kv_list")) return say(self, call, self->kv->list(host, PRAX_STR("k"), keep_key, &kept), &kept);
    if (is(operation, "record")) {
        prax_str label = PRAX_STR("blue");
        for (long i = 0; i < n; i++) self->metrics->record(host, self->counter, 1.5, &label, 1);
        return number(self, call, self->counter);
    }
    if (is(operation, "define")) return number(self, call, self->metrics->define(host, key, 0, NULL, 0));
    if (is(operation, "log")) {
        prax_kv fields[] = {{PRAX_STR("colour"), PRAX_STR("blue\nred")}, {PRAX_STR("plugin"), PRAX_STR("other")}};
        self->log->log(host, call, PRAX_LOG_WARN, PRAX_STR("hello\nworld"), fields, 2);
        return number(self, call, self->log->enabled(host, PRAX_LOG_TRACE));
    }
    if (is(operation, "invoke")) {
        prax_str request = long_text(n ? n : 5);
        prax_status status = self->invoke->invoke(host, call, PRAX_STR("skill:other/op"), request, keep_event, keep_outcome, &kept);
        free((void *)request.ptr);
        if (status == PRAX_OK) status = kept.status;
        return say(self, call, status, &kept);
    }
    if (is(operation, "invoke_often")) {
        for (long i = 0; i < n; i++) {
            self->invoke->invoke(host, call, PRAX_STR("skill:other/op"), PRAX_STR("{}"), NULL, keep_outcome, &kept);
        }
        return number(self, call, kept.ended);
    }
    return PRAX_E_UNSUPPORTED;
}

static prax_status waits(prax_instance *self, prax_call call, prax_str operation, long n) {
    if (is(operation, "slow")) {
        nap(n);
        return number(self, call, n);
    }
    if (is(operation, "until_cancelled")) {
        emit_number(self, call, 0);
        while (!self->calls->is_cancelled(call)) nap(1);
        atomic_fetch_add(&self->cancelled, 1);
        return PRAX_E_CANCELLED;
    }
    if (is(operation, "callback")) return wait_for_callback(self, call);
    if (is(operation, "cancelled_count")) return number(self, call, atomic_load(&self->cancelled));
    if (is(operation, "deaf")) {
        emit_number(self, call, 0);
        for (;;) nap(1000);
    }
    if (is(operation, "linger")) {
        number(self, call, 1);
        nap(n);
        return PRAX_OK;
    }
    if (is(operation, "later")) return later(self, call, n);
    if (is(operation, "never")) return PRAX_PENDING;
    if (is(operation, "pending_until_cancelled")) {
        self->calls->on_cancel(call, fail_when_cancelled, pending(self, call));
        emit_number(self, call, 0);
        return PRAX_PENDING;
    }
    if (is(operation, "exclusive")) {
        if (atomic_fetch_add(&self->inside, 1) != 0) atomic_fetch_add(&self->overlaps, 1);
        nap(n);
        atomic_fetch_sub(&self->inside, 1);
        return number(self, call, atomic_load(&self->overlaps));
    }
    return services(self, call, operation, n);
}

static prax_status execute(prax_instance *self, prax_call call, prax_str operation, prax_str params) {
    if (is(operation, "echo")) return self->calls->finish(call, params);
    long n = parameter(params);
    if (is(operation, "context")) return self->calls->finish(call, self->calls->context(call));
    if (is(operation, "length")) return number(self, call, (long)params.len);
    if (is(operation, "large")) return finish_text(self, call, n);
    if (is(operation, "no_end")) return PRAX_OK;
    if (is(operation, "not_json")) return self->calls->finish(call, PRAX_STR("{\"a\":"));
    if (is(operation, "fail")) {
        return self->calls->fail(call, PRAX_E_RATE_LIMIT, PRAX_STR("slow_down"), PRAX_STR("Slow down."),
                                 PRAX_STR("{\"queue\":[1,2]}"), 1500);
    }
    if (is(operation, "fail_large")) {
        prax_str detail = long_text(n);
        prax_status status = self->calls->fail(call, PRAX_E_INVALID, PRAX_STR("bad"), PRAX_STR("Bad."), detail, 0);
        free((void *)detail.ptr);
        return status;
    }
    if (is(operation, "stream")) return stream(self, call, n);
    if (is(operation, "threads")) return stream_from_threads(self, call, n);
    if (is(operation, "emit_large")) {
        prax_str json = long_text(n);
        prax_status status = self->calls->emit(call, PRAX_STR("data"), json);
        free((void *)json.ptr);
        return number(self, call, status);
    }
    if (is(operation, "credit_callbacks")) return credit_callbacks(self, call);
    if (is(operation, "fetch")) return fetch(self, call, n);
    if (is(operation, "crash")) raise(SIGSEGV);
    if (is(operation, "exit")) _exit((int)n);
    if (is(operation, "stop")) {
        kill(getpid(), SIGSTOP);
        // Another thread may take the signal, and this one go on for a moment.
        for (;;) nap(1000);
    }
    if (is(operation, "close_socket")) {
        close(3);
        for (;;) nap(1000);
    }
    if (is(operation, "quiesced")) return number(self, call, atomic_load(&self->quiesced));
    return waits(self, call, operation, n);
}

static prax_instance *create(const prax_host *host, void (*err)(void *, prax_str), void *err_ctx) {
    prax_instance *self = calloc(1, sizeof *self);
    (void)err;
    (void)err_ctx;
    self->host = host;
    self->calls = host->get_extension(host->ctx, PRAX_EXT_HOST_CALL);
    self->log = host->get_extension(host->ctx, PRAX_EXT_HOST_LOG);
    self->config = host->get_extension(host->ctx, PRAX_EXT_HOST_CONFIG);
    self->kv = host->get_extension(host->ctx, PRAX_EXT_HOST_KV);
    self->invoke = host->get_extension(host->ctx, PRAX_EXT_HOST_INVOKE);
    self->metrics = host->get_extension(host->ctx, PRAX_EXT_HOST_METRICS);
    self->http = host->get_extension(host->ctx, PRAX_EXT_HOST_HTTP);
    if (self->metrics) {
        prax_str label = PRAX_STR("colour");
        self->counter = self->metrics->define(host->ctx, PRAX_STR("things"), 0, &label, 1);
    }
#ifdef VARIANT_fails
    err(err_ctx, PRAX_STR("it will not"));
    return NULL;
#endif
#ifdef VARIANT_endless
    for (;;) nap(1000);
#endif
    return self;
}

#ifdef VARIANT_bombs
static void *sleep_for_ever(void *nothing) {
    for (;;) nap(1000);
    return nothing;
}

__attribute__((constructor)) static void bomb(void) {
    pthread_t thread;
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 128 << 10);
    for (int i = 0; i < 200; i++) pthread_create(&thread, &small, sleep_for_ever, NULL);
    sleep_for_ever(NULL);
}
#endif

#ifdef VARIANT_forges
/* A frame that says the plugin is ready, which it will never be. */
__attribute__((constructor)) static void forge(void) {
    static const unsigned char ready[] = {2, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, '{', '}'};
    if (write(3, ready, sizeof ready) != sizeof ready) _exit(1);
    for (;;) nap(1000);
}
#endif

#ifdef VARIANT_crashes
__attribute__((constructor)) static void crash(void) { raise(SIGSEGV); }
#endif

static void quiesce(prax_instance *self, uint64_t deadline) { atomic_store(&self->quiesced, deadline > 0); }

#define PLUGIN_ID "test/serving"
#define PLUGIN_QUIESCE quiesce
#ifdef VARIANT_serial
#define PLUGIN_FLAGS 0
#endif
#include "skill_plugin.h"
