#include <signal.h>

#include "../good.h"

static prax_instance *crash(const prax_host *host, void (*err)(void *, prax_str), void *err_ctx) {
    (void)host, (void)err, (void)err_ctx;
    raise(SIGSEGV);
    return NULL;
}

GOOD_PLUGIN("crashes-in-create")
ENTRY(plugin.create = crash)
