/*
 * A skill to start from. Copy the folder, rename it, and change it from the top to the bottom; the README says how to
 * build and try it. Every rule mentioned here has its reason in <praximous/types.h>.
 */
#define _POSIX_C_SOURCE 200809L /* clock_gettime, under -std=c11 */

#include <stdio.h>
#include <time.h>

#include <praximous/extras/json.h>
#include <praximous/plugin.h>

/* 1. What one instance knows. The host makes one in create() and hands it to every function; there is no need for a
 *    global variable, and with two instances during a reload there is no room for one either. */
struct prax_instance {
    const prax_host *host;
    const prax_host_call *calls;
    const prax_host_log *log;
};

/* 2. Logging. Ask for the level first, so that a line nobody keeps costs nothing. The message is constant, what varies
 *    is in the fields, and the host adds the plugin's name and the request's id. Never log what the user sent. */
static void log_time_left(prax_instance *self, prax_call call) {
    struct timespec now;
    char milliseconds[32];
    prax_kv field = {PRAX_STR_INIT("time_left_ms"), {NULL, 0}};
    int64_t left;
    int n;
    if (!self->log->enabled(self->host->ctx, PRAX_LOG_DEBUG)) return;

    /* The deadline is a moment on the monotonic clock, not a duration: it stays true while work is handed around. */
    clock_gettime(CLOCK_MONOTONIC, &now);
    left = (int64_t)self->calls->deadline_ns(call) - ((int64_t)now.tv_sec * 1000000000 + now.tv_nsec);
    n = snprintf(milliseconds, sizeof milliseconds, "%lld", (long long)(left / 1000000));
    if (n <= 0) return;
    field.value.ptr = milliseconds;
    field.value.len = (size_t)n;
    self->log->log(self->host->ctx, call, PRAX_LOG_DEBUG, PRAX_STR("running"), &field, 1);
}

/* 3. Errors. A status for the machine that routes, a short stable word for the program that called, a sentence for the
 *    person in front of it. fail() ends the call: whatever it returns is what execute() returns. */
static prax_status reject_prompt(prax_instance *self, prax_call call) {
    return self->calls->fail(call, PRAX_E_INVALID, PRAX_STR("bad_prompt"), PRAX_STR("Invalid Prompt"),
                             PRAX_STR("\"'prompt' must be a string.\""), 0);
}

static prax_status stop(prax_instance *self, prax_call call) {
    prax_str no_details = {NULL, 0};
    return self->calls->fail(call, PRAX_E_CANCELLED, PRAX_STR("cancelled"), PRAX_STR("Stopped before the end."),
                             no_details, 0);
}

static int is_request_member(prax_str key) {
    return prax_json_equals(key, PRAX_STR("prompt")) || prax_json_equals(key, PRAX_STR("operation"));
}

/* 4. The work. The host has already checked the parameters against parameters_schema of skill.yaml, so the JSON is
 *    valid and what is required is there. Values are spans of params_json and end with it; the writer copies. */
static prax_status default_operation(prax_instance *self, prax_call call, prax_str params_json) {
    prax_json_writer result = {NULL, 0, 0, 0};
    prax_str prompt = prax_json_member(params_json, "prompt");
    prax_str key, value, text;
    prax_status status;
    size_t at = 0, length;
    char *decoded = prax_json_decode_alloc(prompt, &length);
    if (decoded == NULL) return reject_prompt(self, call);
    text.ptr = decoded;
    text.len = length;

    prax_json_open(&result, '{');
    prax_json_key(&result, "message");
    prax_json_raw(&result, PRAX_STR("\"Executed default operation with prompt: "));
    prax_json_escaped(&result, text);
    prax_json_append(&result, "\"", 1);
    free(decoded);

    prax_json_key(&result, "params_received");
    prax_json_open(&result, '{');
    while (prax_json_next_member(params_json, &at, &key, &value)) {
        /* 5. Cancellation. The caller may be gone, or the time may be up: look before each piece of work, at least
         *    every 50 ms. Services of the host that wait, such as emit(), stop by themselves. */
        if (self->calls->is_cancelled(call)) {
            prax_json_free(&result);
            return stop(self, call);
        }
        if (is_request_member(key)) continue;
        prax_json_raw(&result, key);
        prax_json_append(&result, ":", 1);
        prax_json_raw(&result, value);
    }
    prax_json_close(&result, '}');
    prax_json_close(&result, '}');

    /* 6. The result. finish() copies it and ends the call, so the memory is ours to free. A skill that streams calls
     *    emit(call, "delta", json) as often as it likes before this. */
    status = self->calls->finish(call, prax_json_text(&result));
    prax_json_free(&result);
    return status;
}

/* 7. One function for all operations of the skill. `operation` is a name from skill.yaml; the host has answered the
 *    requests for any other. */
static prax_status execute(prax_instance *self, prax_call call, prax_str operation, prax_str params_json) {
    (void)operation;
    log_time_left(self, call);
    return default_operation(self, call, params_json);
}

/* An absent text says: see skill.yaml. A plugin that makes its operations up at run time returns them here. */
static prax_str describe(prax_instance *self) {
    prax_str as_in_skill_yaml = {NULL, 0};
    (void)self;
    return as_in_skill_yaml;
}

/* 8. The beginning of an instance. Look up what you need from the host, and say in one sentence what is missing. call
 *    and log are in every host; others, such as prax.host.http/1, need a permission in skill.yaml and may be NULL. */
static prax_instance *create(const prax_host *host, void (*err)(void *, prax_str), void *err_ctx) {
    prax_instance *self = malloc(sizeof *self);
    if (self == NULL) {
        err(err_ctx, PRAX_STR("out of memory"));
        return NULL;
    }
    self->host = host;
    self->calls = host->get_extension(host->ctx, PRAX_EXT_HOST_CALL);
    self->log = host->get_extension(host->ctx, PRAX_EXT_HOST_LOG);
    if (PRAX_HAS(self->calls, fail) && PRAX_HAS(self->log, log)) return self;
    err(err_ctx, PRAX_STR("the host does not offer " PRAX_EXT_HOST_CALL " and " PRAX_EXT_HOST_LOG));
    free(self);
    return NULL;
}

/* 9. The end of it: no call is running any more. Join the threads you started, free what you hold. */
static void destroy(prax_instance *self) {
    free(self);
}

static const void *get_interface(prax_instance *self, const char *id) {
    static const prax_skill skill = {.size = sizeof(prax_skill), .describe = describe, .execute = execute};
    (void)self;
    return strcmp(id, PRAX_IFACE_SKILL) == 0 ? &skill : NULL;
}

/* 10. The one symbol the world sees. id and version are those of skill.yaml, letter for letter. Without
 *     PRAX_F_CONCURRENT the host runs one call at a time on an instance; set it when execute() touches nothing that two
 *     threads could fight over, as here, where an instance does not change after create(). */
const prax_plugin *prax_plugin_entry(uint32_t host_major, uint32_t host_minor) {
    static const prax_plugin plugin = {
        .magic = PRAX_MAGIC,
        .size = sizeof(prax_plugin),
        .abi_major = PRAX_ABI_MAJOR,
        .abi_minor = PRAX_ABI_MINOR,
        .min_host_minor = 0,
        .flags = PRAX_F_CONCURRENT | PRAX_F_RELOADABLE,
        .id = PRAX_STR_INIT("praximous/template"),
        .version = PRAX_STR_INIT("1.0.0"),
        .create = create,
        .get_interface = get_interface,
        .destroy = destroy,
    };
    (void)host_minor;
    return host_major == PRAX_ABI_MAJOR ? &plugin : NULL;
}
