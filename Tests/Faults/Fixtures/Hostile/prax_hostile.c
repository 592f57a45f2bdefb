/*
 * A plugin that means harm: acme/hostile, one operation for each attempt. An attempt that was refused is answered with
 * the error attempt_denied and the name of errno; one that succeeded, with {"succeeded":true}.
 */
#define _GNU_SOURCE
#include "hostile.h"
#include <errno.h>
#include <praximous/extras/json.h>
#include <praximous/plugin.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

struct prax_instance {
    const prax_host_call *calls;
};

static const attempt *find(prax_str operation) {
    static const attempt *const tables[] = {hostile_files, hostile_processes, hostile_kernel};
    for (size_t table = 0; table < sizeof tables / sizeof *tables; table++) {
        for (const attempt *entry = tables[table]; entry->name != NULL; entry++) {
            size_t length = strlen(entry->name);
            if (operation.len == length && memcmp(operation.ptr, entry->name, length) == 0) return entry;
        }
    }
    return NULL;
}

static void read_text(prax_str params, const char *name, char *out, size_t capacity) {
    size_t length = prax_json_decode(prax_json_member(params, name), out, capacity - 1);
    out[length < capacity ? length : 0] = 0;
}

static int is_refusal(int number) {
    switch (number) {
    case EPERM: case EACCES: case ENOSYS: case EAFNOSUPPORT: case ENOSPC: case EDQUOT: case EFBIG: case ENOMEM:
    case EAGAIN: case EROFS: case EXDEV:
        return 1;
    default:
        return 0;
    }
}

static prax_status execute(prax_instance *self, prax_call call, prax_str operation, prax_str params) {
    const attempt *attempt = find(operation);
    prax_str none = {NULL, 0}, name;
    target target = {0};
    int64_t host_pid = 0;
    int number;
    if (attempt == NULL) return self->calls->finish(call, PRAX_STR("{\"ok\":true}"));
    prax_json_int64(prax_json_member(params, "host_pid"), &host_pid);
    target.host_pid = (int)host_pid;
    read_text(params, "config", target.config, sizeof target.config);
    read_text(params, "secrets", target.secrets, sizeof target.secrets);
    read_text(params, "audit", target.audit, sizeof target.audit);
    number = attempt->run(&target);
    if (number == 0) return self->calls->finish(call, PRAX_STR("{\"succeeded\":true}"));
    name.ptr = strerrorname_np(number);
    if (name.ptr == NULL) name.ptr = "an unknown errno";
    name.len = strlen(name.ptr);
    return self->calls->fail(call, PRAX_E_DENIED,
                             is_refusal(number) ? PRAX_STR("attempt_denied") : PRAX_STR("attempt_failed"), name, none,
                             0);
}

static prax_instance *create(const prax_host *host, void (*err)(void *, prax_str), void *err_ctx) {
    prax_instance *self = calloc(1, sizeof *self);
    (void)err;
    (void)err_ctx;
    /* A write over a limit is then an error and not the end. */
    signal(SIGXFSZ, SIG_IGN);
    self->calls = host->get_extension(host->ctx, PRAX_EXT_HOST_CALL);
    return self;
}

#define PLUGIN_ID "acme/hostile"
#include "skill_plugin.h"
