#include "../good.h"

static prax_instance *refuse(const prax_host *host, void (*err)(void *, prax_str), void *err_ctx) {
    (void)host;
    err(err_ctx, PRAX_STR("the moon is in the wrong phase"));
    return NULL;
}

GOOD_PLUGIN("fails-create")
ENTRY(plugin.create = refuse)
