/* A skill that starts a program and says whether it could. */
#include <praximous/plugin.h>
#include <stdlib.h>
#include <sys/wait.h>

struct prax_instance {
    const prax_host_call *calls;
};

static prax_status execute(prax_instance *self, prax_call call, prax_str operation, prax_str params) {
    int status = system("exit 7");
    (void)operation;
    (void)params;
    if (status != -1 && WIFEXITED(status) && WEXITSTATUS(status) == 7) {
        return self->calls->finish(call, PRAX_STR("{\"started\":true}"));
    }
    return self->calls->finish(call, PRAX_STR("{\"started\":false}"));
}

static prax_instance *create(const prax_host *host, void (*err)(void *, prax_str), void *err_ctx) {
    prax_instance *self = calloc(1, sizeof *self);
    (void)err;
    (void)err_ctx;
    self->calls = host->get_extension(host->ctx, PRAX_EXT_HOST_CALL);
    return self;
}

#define PLUGIN_ID "test/programs"
#include "skill_plugin.h"
