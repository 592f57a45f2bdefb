/*
 * A plugin that does harm: acme/faults, one operation for each row of the fault table, and `ok` and `whoami`, which do
 * none. Compiled with -DVARIANT_x it does harm at other moments than in a call.
 */
#define _GNU_SOURCE
#include "fault.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifndef FAULT_ID
#define FAULT_ID "acme/faults"
#endif
#ifndef FAULT_VERSION
#define FAULT_VERSION "1.0.0"
#endif
#ifdef VARIANT_clash
#define ANSWER 2
#else
#define ANSWER 1
#endif

#ifdef VARIANT_exports_more
__attribute__((visibility("default")))
#endif
int shared_answer(void) {
    return ANSWER;
}

#ifdef VARIANT_constructor_crashes
__attribute__((constructor)) static void at_load(void) {
    abort();
}
#endif
#ifdef VARIANT_constructor_writes
__attribute__((constructor)) static void at_load(void) {
    int file = open(FAULT_MARKER, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    if (file >= 0) close(file);
}
#endif

void fault_nap(long milliseconds) {
    struct timespec pause = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    nanosleep(&pause, NULL);
}

void fault_wait(prax_instance *self, prax_call call, long milliseconds) {
    for (long passed = 0; passed < milliseconds && !self->calls->is_cancelled(call); passed += 10) fault_nap(10);
}

prax_status fault_done(prax_instance *self, prax_call call) {
    return self->calls->finish(call, PRAX_STR("{\"ok\":true}"));
}

prax_status fault_number(prax_instance *self, prax_call call, const char *name, long value) {
    char text[128];
    prax_str json = {text, (size_t)snprintf(text, sizeof text, "{\"%s\":%ld}", name, value)};
    return self->calls->finish(call, json);
}

prax_status fault_denied(prax_instance *self, prax_call call, int number) {
    const char *name = strerrorname_np(number);
    prax_str none = {NULL, 0}, message = {name ? name : "?", name ? strlen(name) : 1};
    return self->calls->fail(call, PRAX_E_DENIED, PRAX_STR("attempt_denied"), message, none, 0);
}

static prax_status whoami(prax_instance *self, prax_call call) {
    char text[128];
    prax_str json = {text, 0};
    json.len = (size_t)snprintf(text, sizeof text, "{\"pid\":%d,\"version\":\"" FAULT_VERSION "\",\"answer\":%d}",
                                (int)getpid(), shared_answer());
    return self->calls->finish(call, json);
}

static int is(prax_str text, const char *word) {
    return text.len == strlen(word) && memcmp(text.ptr, word, text.len) == 0;
}

static prax_status execute(prax_instance *self, prax_call call, prax_str operation, prax_str params) {
    static const behaviour *const tables[] = {fault_endings, fault_hangs,   fault_resources, fault_streams,
                                              fault_misuses, fault_results, fault_process,   fault_wire};
    if (is(operation, "ok")) {
        atomic_store(&self->last_call, call.id);
        return fault_done(self, call);
    }
#ifdef VARIANT_other_runtime
    if (is(operation, "other_runtime")) return fault_number(self, call, "words", fault_other_runtime());
#endif
    if (is(operation, "whoami")) return whoami(self, call);
    for (size_t table = 0; table < sizeof tables / sizeof *tables; table++) {
        for (const behaviour *entry = tables[table]; entry->name != NULL; entry++) {
            if (is(operation, entry->name)) return entry->run(self, call, params);
        }
    }
    return PRAX_E_UNSUPPORTED;
}

#ifdef VARIANT_signals_in_create
static void on_signal(int number) {
    (void)number;
}
#endif

static prax_instance *create(const prax_host *host, void (*err)(void *, prax_str), void *err_ctx) {
    prax_instance *self = calloc(1, sizeof *self);
    (void)err;
    (void)err_ctx;
#ifdef VARIANT_signals_in_create
    signal(SIGSEGV, on_signal);
    signal(SIGTERM, on_signal);
#endif
    self->host = host;
    self->calls = host->get_extension(host->ctx, PRAX_EXT_HOST_CALL);
    self->log = host->get_extension(host->ctx, PRAX_EXT_HOST_LOG);
    self->config = host->get_extension(host->ctx, PRAX_EXT_HOST_CONFIG);
    self->kv = host->get_extension(host->ctx, PRAX_EXT_HOST_KV);
    self->invoke = host->get_extension(host->ctx, PRAX_EXT_HOST_INVOKE);
    return self;
}

#define PLUGIN_ID FAULT_ID
#define PLUGIN_VERSION FAULT_VERSION
#ifdef VARIANT_serial
#define PLUGIN_FLAGS PRAX_F_RELOADABLE
#else
#define PLUGIN_FLAGS (PRAX_F_CONCURRENT | PRAX_F_RELOADABLE)
#endif
#include "skill_plugin.h"
