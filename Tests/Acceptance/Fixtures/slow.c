/* A skill that takes its time: it says so in a file, then answers when another file is there or the call is over. Compiled
 * as VARIANT_late it takes that time while it is being created as well. */
#include <praximous/plugin.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct prax_instance {
    const prax_host_call *calls;
    const prax_host_config *config;
    const prax_host *host;
    char folder[1024];
};

static void keep(void *ctx, prax_str json) {
    char *folder = ctx;
    if (json.len < 2 || json.len > 1000) return;
    memcpy(folder, json.ptr + 1, json.len - 2);
    folder[json.len - 2] = 0;
}

static void wait_for_go(prax_instance *self, const prax_call *call) {
    char path[1100];
    FILE *started;
    snprintf(path, sizeof path, "%s/started", self->folder);
    started = fopen(path, "w");
    if (started != NULL) fclose(started);
    snprintf(path, sizeof path, "%s/go", self->folder);
    while (access(path, F_OK) != 0 && !(call && self->calls->is_cancelled(*call))) {
        struct timespec pause = {0, 2000000};
        nanosleep(&pause, NULL);
    }
}

static prax_status execute(prax_instance *self, prax_call call, prax_str operation, prax_str params) {
    (void)operation;
    (void)params;
    wait_for_go(self, &call);
    return self->calls->finish(call, PRAX_STR("{\"answer\":\"at last\"}"));
}

static prax_instance *create(const prax_host *host, void (*err)(void *, prax_str), void *err_ctx) {
    prax_instance *self = calloc(1, sizeof *self);
    (void)err;
    (void)err_ctx;
    self->host = host;
    self->calls = host->get_extension(host->ctx, PRAX_EXT_HOST_CALL);
    self->config = host->get_extension(host->ctx, PRAX_EXT_HOST_CONFIG);
    self->config->get(host->ctx, PRAX_STR("/folder"), keep, self->folder);
#ifdef VARIANT_late
    if (self->folder[0]) wait_for_go(self, NULL);
#endif
    return self;
}

#define PLUGIN_ID "test/slow"
#include "skill_plugin.h"
