/*
 * A provider that a test drives: the model says how it behaves. VARIANT_bare leaves out what a provider may leave out,
 * VARIANT_broken what it may not, and VARIANT_both offers a skill as well.
 */
#define _GNU_SOURCE
#include <praximous/extras/json.h>
#include <praximous/plugin.h>
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

struct prax_instance {
    const prax_host_call *calls;
    const prax_host_vector *vectors;
    const prax_host_config *config;
    const prax_host_http *http;
    const prax_host *host;
    char base_url[512];
    char api_key[256];
};

static const prax_str none = {NULL, 0};

static prax_status finish(prax_instance *self, prax_call call, const char *text) {
    return self->calls->finish(call, (prax_str){text, strlen(text)});
}

static int is_model(prax_str model, const char *name) {
    return prax_json_equals(model, (prax_str){name, strlen(name)});
}

static void *answer_later(void *context) {
    struct { prax_instance *self; prax_call call; } *job = context;
    usleep(20000);
    finish(job->self, job->call, "\"later\"");
    free(job);
    return NULL;
}

static prax_status later(prax_instance *self, prax_call call) {
    struct { prax_instance *self; prax_call call; } *job = malloc(sizeof *job);
    pthread_t thread;
    job->self = self;
    job->call = call;
    pthread_create(&thread, NULL, answer_later, job);
    pthread_detach(thread);
    return PRAX_PENDING;
}

/* The call's context, as a plugin that asks for it sees it. */
static prax_status say_context(prax_instance *self, prax_call call) {
    return self->calls->finish(call, self->calls->context(call));
}

static void on_end(void *context, prax_status status, prax_str reason) {
    struct { prax_instance *self; prax_call call; int status; } *job = context;
    char text[64];
    (void)reason;
    snprintf(text, sizeof text, "{\"http\":%d,\"end\":%d}", job->status, (int)status);
    finish(job->self, job->call, text);
    free(job);
}

static void on_head(void *context, int32_t status, const prax_kv *headers, size_t count) {
    struct { prax_instance *self; prax_call call; int status; } *job = context;
    (void)headers;
    (void)count;
    job->status = status;
}

/* Asks for what stands at the URL: the model is "get URL". */
static prax_status get(prax_instance *self, prax_call call, prax_str url) {
    static const prax_http_events events = {.size = sizeof events, .on_head = on_head, .on_end = on_end};
    struct { prax_instance *self; prax_call call; int status; } *job = calloc(1, sizeof *job);
    prax_http_request request = {.size = sizeof request, .method = PRAX_STR("GET"), .url = url};
    prax_http handle;
    job->self = self;
    job->call = call;
    prax_status status = self->http == NULL ? PRAX_E_UNSUPPORTED
                                            : self->http->start(self->host->ctx, call, &request, &events, job, &handle);
    if (status == PRAX_OK) return PRAX_PENDING;
    free(job);
    return self->calls->fail(call, status, PRAX_STR("not_started"), PRAX_STR("The exchange did not start."), none, 0);
}

static prax_status chat(prax_instance *self, prax_call call, prax_str request) {
    prax_str model = prax_json_member(request, "model");
    int streams = 0;
    char text[1024], name[16] = "";
    prax_json_bool(prax_json_member(request, "stream"), &streams);
    if (is_model(model, "limited"))
        return self->calls->fail(call, PRAX_E_RATE_LIMIT, PRAX_STR("rate_limited"), PRAX_STR("Slow down."),
                                 PRAX_STR("{\"status\":429,\"error\":{\"code\":\"rate_limit\"}}"), 2000);
    if (is_model(model, "later")) return later(self, call);
    if (is_model(model, "silent")) return PRAX_PENDING;
    if (is_model(model, "crash")) *(volatile int *)8 = 1;
    if (model.len > 6 && memcmp(model.ptr, "\"get ", 5) == 0)
        return get(self, call, (prax_str){model.ptr + 5, model.len - 6});
    if (is_model(model, "settings")) {
        snprintf(text, sizeof text, "{\"base_url\":\"%s\",\"api_key\":\"%s\"}", self->base_url, self->api_key);
        return finish(self, call, text);
    }
    if (is_model(model, "thread")) {
        pthread_getname_np(pthread_self(), name, sizeof name);
        snprintf(text, sizeof text, "\"%s\"", name);
        return finish(self, call, text);
    }
    for (int i = 0; streams && i < 3; i++) {
        snprintf(text, sizeof text, "{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"word %d \"}}]}", i);
        self->calls->emit(call, PRAX_STR("delta"), (prax_str){text, strlen(text)});
    }
    return finish(self, call,
                  streams ? "{\"id\":\"c1\",\"model\":\"fixture\",\"finish_reason\":\"stop\",\"usage\":null}"
                          : "{\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
                            "\"content\":\"Hello!\"},\"finish_reason\":\"stop\"}]}");
}

static prax_status models(prax_instance *self, prax_call call) {
    return finish(self, call, "{\"models\":[{\"id\":\"fixture\"}]}");
}

/* Of each input a vector of its number and its length; other models are other mistakes. */
static prax_status embed(prax_instance *self, prax_call call, prax_str model, const prax_str *inputs, size_t count) {
    char text[64];
    prax_status status = PRAX_OK;
    if (model.len == 5 && memcmp(model.ptr, "large", 5) == 0) {
        size_t total = (size_t)16384 * 100;
        float *all = malloc(total * sizeof(float));
        for (size_t i = 0; i < total; i++) all[i] = (float)i;
        status = self->vectors->emit_vectors(call, all, 16384, 100);
        free(all);
    } else if (model.len == 3 && memcmp(model.ptr, "nan", 3) == 0) {
        float bad[2] = {1, __builtin_nanf("")};
        status = self->vectors->emit_vectors(call, bad, 2, 1);
    } else if (model.len == 4 && memcmp(model.ptr, "wide", 4) == 0) {
        float one = 1;
        status = self->vectors->emit_vectors(call, &one, 16385, 1);
    } else if (model.len == 3 && memcmp(model.ptr, "hit", 3) == 0) {
        status = self->vectors->emit_hit(call, PRAX_STR("a"), 1, none);
    } else if (model.len == 7 && memcmp(model.ptr, "context", 7) == 0) {
        return say_context(self, call);
    } else {
        for (size_t i = 0; i < count; i++) {
            float vector[2] = {(float)i, (float)inputs[i].len};
            self->vectors->emit_vectors(call, vector, 2, 1);
        }
    }
    snprintf(text, sizeof text, "{\"status\":%d,\"count\":%zu}", (int)status, count);
    return finish(self, call, text);
}

static prax_status health(prax_instance *self, prax_call call) {
    return finish(self, call, "{\"status\":\"degraded\"}");
}

static prax_status execute(prax_instance *self, prax_call call, prax_str operation, prax_str params) {
    char text[64];
    (void)params;
    snprintf(text, sizeof text, "\"skill %.*s\"", (int)operation.len, operation.ptr);
    return finish(self, call, text);
}

static void keep_base_url(void *context, prax_str text) {
    prax_instance *self = context;
    /* JSON: in quotes. */
    if (text.len > 2 && text.len < sizeof self->base_url) memcpy(self->base_url, text.ptr + 1, text.len - 2);
}

static void keep_key(void *context, prax_bytes bytes) {
    prax_instance *self = context;
    if (bytes.len < sizeof self->api_key) memcpy(self->api_key, bytes.ptr, bytes.len);
}

static prax_instance *create(const prax_host *host, void (*err)(void *, prax_str), void *err_ctx) {
    prax_instance *self = calloc(1, sizeof *self);
    self->host = host;
    self->calls = host->get_extension(host->ctx, PRAX_EXT_HOST_CALL);
    self->vectors = host->get_extension(host->ctx, PRAX_EXT_HOST_VECTOR);
    self->config = host->get_extension(host->ctx, PRAX_EXT_HOST_CONFIG);
    self->http = host->get_extension(host->ctx, PRAX_EXT_HOST_HTTP);
    self->config->get(host->ctx, PRAX_STR("/base_url"), keep_base_url, self);
    self->config->secret(host->ctx, PRAX_STR("api_key"), keep_key, self);
    if (strstr(self->base_url, "/refuse") != NULL) {
        err(err_ctx, PRAX_STR("this base_url is not for me"));
        free(self);
        return NULL;
    }
    return self;
}

static void destroy(prax_instance *self) { free(self); }

static const void *get_interface(prax_instance *self, const char *id) {
    static const prax_provider provider = {
        .size = sizeof(prax_provider), .models = models,
#ifndef VARIANT_broken
        .chat = chat,
#endif
#ifndef VARIANT_bare
        .embed = embed, .health = health,
#endif
    };
    static const prax_skill skill = {.size = sizeof(prax_skill), .execute = execute};
    (void)self;
    (void)skill;
    (void)chat;
    (void)embed;
    (void)health;
    if (strcmp(id, PRAX_IFACE_PROVIDER) == 0) return &provider;
#ifdef VARIANT_both
    if (strcmp(id, PRAX_IFACE_SKILL) == 0) return &skill;
#endif
    return NULL;
}

const prax_plugin *prax_plugin_entry(uint32_t major, uint32_t minor) {
    static const prax_plugin plugin = {
        .magic = PRAX_MAGIC, .size = sizeof(prax_plugin), .abi_major = PRAX_ABI_MAJOR, .abi_minor = PRAX_ABI_MINOR,
        .flags = PRAX_F_CONCURRENT | PRAX_F_RELOADABLE, .id = PRAX_STR_INIT("test/provider"),
        .version = PRAX_STR_INIT("1.0.0"), .create = create, .get_interface = get_interface, .destroy = destroy,
    };
    (void)major;
    (void)minor;
    (void)execute;
    return &plugin;
}
