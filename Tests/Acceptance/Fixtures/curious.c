/* A skill that looks where it may not, talks in pieces, and falls over, each when it is asked to. Compiled as VARIANT_nosy
 * it looks while it is being created as well, as VARIANT_untidy it changes there what belongs to the whole process, as
 * VARIANT_slow it takes a second, and as VARIANT_unable it is not created at all. */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <praximous/plugin.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct prax_instance {
    const prax_host_call *calls;
};

static int is(prax_str text, const char *word) {
    return text.len == strlen(word) && memcmp(text.ptr, word, text.len) == 0;
}

/* 0 or errno. */
static int look(void) {
    int file = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
    if (file < 0) return errno;
    close(file);
    return 0;
}

static prax_status talk(const prax_host_call *calls, prax_call call) {
    char json[64];
    for (int piece = 1; piece <= 3; piece++) {
        int length = snprintf(json, sizeof json, "{\"piece\":%d}", piece);
        prax_str text = {json, (size_t)length};
        if (calls->emit(call, PRAX_STR("delta"), text) < 0) return PRAX_E_CANCELLED;
    }
    return calls->finish(call, PRAX_STR("{\"pieces\":3}"));
}

static prax_status execute(prax_instance *self, prax_call call, prax_str operation, prax_str params) {
    prax_str none = {NULL, 0};
    (void)params;
    if (is(operation, "talk")) return talk(self->calls, call);
    if (is(operation, "crash")) raise(SIGSEGV);
    if (is(operation, "refuse")) {
        return self->calls->fail(call, PRAX_E_INVALID, PRAX_STR("not_today"), PRAX_STR("Not today."), none, 0);
    }
    if (look() == 0) return self->calls->finish(call, PRAX_STR("{\"read\":true}"));
    return self->calls->finish(call, PRAX_STR("{\"read\":false}"));
}

static prax_instance *create(const prax_host *host, void (*err)(void *, prax_str), void *err_ctx) {
    prax_instance *self = calloc(1, sizeof *self);
#ifdef VARIANT_unable
    free(self);
    err(err_ctx, PRAX_STR("there is no dictionary"));
    return NULL;
#endif
#ifdef VARIANT_slow
    sleep(1);
#endif
    (void)err;
    (void)err_ctx;
    self->calls = host->get_extension(host->ctx, PRAX_EXT_HOST_CALL);
#ifdef VARIANT_nosy
    look();
#endif
#ifdef VARIANT_untidy
    if (chdir("/") != 0) abort();
    umask(0);
    setlocale(LC_ALL, "C.UTF-8");
    setenv("TZ", "PKT-5", 1);
#endif
    return self;
}

#define PLUGIN_ID "test/curious"
#include "skill_plugin.h"
