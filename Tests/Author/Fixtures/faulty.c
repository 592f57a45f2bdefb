/* A skill that is right, and with one macro defined wrong in one way: what `plugins test` must find. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <praximous/extras/json.h>
#include <praximous/plugin.h>

struct prax_instance {
    const prax_host_call *calls;
};

static int failed_before;
static int calls_so_far;
static char shared[64];
static void *volatile kept;

static void pause_ms(long ms) {
    struct timespec time = {ms / 1000, ms % 1000 * 1000000};
    nanosleep(&time, NULL);
}

static prax_status refuse(prax_instance *self, prax_call call) {
    prax_str absent = {NULL, 0};
    failed_before = 1;
#ifdef BAD_ERROR_CODE
    return self->calls->fail(call, PRAX_E_INVALID, PRAX_STR("Not a Word!"), PRAX_STR("'text' must be text."), absent, 0);
#else
    return self->calls->fail(call, PRAX_E_INVALID, PRAX_STR("bad_text"), PRAX_STR("'text' must be text."), absent, 0);
#endif
}

static prax_status answer(prax_instance *self, prax_call call, prax_str text) {
    prax_json_writer result = {NULL, 0, 0, 0};
    prax_status status;
    prax_json_open(&result, '{');
    prax_json_key(&result, "text");
#if defined BAD_RESULT_TYPE
    prax_json_write_int64(&result, 7);
#elif defined BAD_ESCAPES
    size_t length = 0;
    char *decoded = prax_json_decode_alloc(text, &length);
    prax_json_raw(&result, PRAX_STR("\""));
    prax_json_append(&result, decoded, length);
    prax_json_append(&result, "\"", 1);
    free(decoded);
#else
    prax_json_raw(&result, text);
#endif
    prax_json_close(&result, '}');
    status = self->calls->finish(call, prax_json_text(&result));
#ifdef BAD_SECOND_END
    /* Late enough that the host has the answer by then. */
    pause_ms(100);
    self->calls->finish(call, prax_json_text(&result));
#endif
    prax_json_free(&result);
    return status;
}

static prax_status execute(prax_instance *self, prax_call call, prax_str operation, prax_str params_json) {
    prax_str text = prax_json_member(params_json, "text");
    (void)operation;
    (void)shared;
    calls_so_far++;
#ifdef BAD_ARRAY
    if (prax_json_kind_of(text) == PRAX_JSON_ARRAY && text.len > 4) abort();
#endif
#ifdef BAD_HANG
    while (prax_json_kind_of(text) == PRAX_JSON_NULL) pause_ms(1000);
#endif
#ifdef BAD_DEPTH
    if (memmem(params_json.ptr, params_json.len, "[[[[[[[[", 8) != NULL) abort();
#endif
#ifdef BAD_LENGTH
    if (text.len > 100000) abort();
#endif
#ifdef BAD_STATE
    if (failed_before) return refuse(self, call);
#endif
#ifdef BAD_CANCEL
    if (calls_so_far == 1) pause_ms(900);
#endif
#ifdef BAD_CALL_LEAK
    kept = memset(malloc(8000), 1, 8000);
#endif
#ifdef BAD_CALL_FILE
    open("/dev/null", O_RDONLY | O_CLOEXEC);
#endif
#ifdef BAD_SOCKET
    socket(AF_INET, SOCK_STREAM, 0);
#endif
#ifdef BAD_NO_END
    return PRAX_OK;
#endif
#ifdef BAD_SHARING
    {
        char mine[64];
        static int turn;
        snprintf(mine, sizeof mine, "\"%d\"", calls_so_far > 2 ? __atomic_add_fetch(&turn, 1, __ATOMIC_RELAXED) : 0);
        memcpy(shared, mine, sizeof mine);
        text.ptr = mine;
        text.len = strlen(mine);
        return answer(self, call, text);
    }
#endif
    if (prax_json_kind_of(text) != PRAX_JSON_STRING) return refuse(self, call);
    return answer(self, call, text);
}

static prax_str describe(prax_instance *self) {
    prax_str absent = {NULL, 0};
    (void)self;
    return absent;
}

static void *idle(void *argument) {
    for (;;) pause_ms(1000);
    return argument;
}

static void handler(int number) {
    (void)number;
}

static prax_instance *create(const prax_host *host, void (*err)(void *, prax_str), void *err_ctx) {
    static int instances;
    prax_instance *self = malloc(sizeof *self);
    (void)err;
    (void)err_ctx;
    (void)idle;
    (void)handler;
    (void)kept;
    instances++;
#ifdef BAD_LOCALE
    setlocale(LC_ALL, "C.UTF-8");
#endif
#ifdef BAD_UMASK
    umask(0);
#endif
#ifdef BAD_DIRECTORY
    if (chdir("/usr/lib") != 0) abort();
#endif
#ifdef BAD_ENVIRONMENT
    setenv("FAULTY", "1", 1);
#endif
#ifdef BAD_SIGNAL
    signal(SIGUSR1, handler);
#endif
#ifdef BAD_THREAD
    {
        pthread_t thread;
        if (instances == 1) pthread_create(&thread, NULL, idle, NULL);
    }
#endif
#ifdef BAD_FILE
    if (instances == 1) open("/dev/null", O_RDONLY | O_CLOEXEC);
#endif
#ifdef BAD_LEAK
    kept = memset(malloc(4000), 1, 4000);
#endif
#ifdef BAD_SLOW_CREATE
    if (instances == 1) pause_ms(1100);
#endif
#ifdef BAD_SECOND_INSTANCE
    if (instances == 2) return NULL;
#endif
    self->calls = host->get_extension(host->ctx, PRAX_EXT_HOST_CALL);
    return self;
}

static void destroy(prax_instance *self) {
    free(self);
}

static const void *get_interface(prax_instance *self, const char *id) {
    static const prax_skill skill = {.size = sizeof(prax_skill), .describe = describe, .execute = execute};
    (void)self;
#ifdef BAD_INTERFACE
    return id == NULL ? NULL : &skill;
#endif
    return strcmp(id, PRAX_IFACE_SKILL) == 0 ? &skill : NULL;
}

const prax_plugin *prax_plugin_entry(uint32_t host_major, uint32_t host_minor) {
    static const prax_plugin plugin = {
        .magic = PRAX_MAGIC,
        .size = sizeof(prax_plugin),
        .abi_major = PRAX_ABI_MAJOR,
        .abi_minor = PRAX_ABI_MINOR,
        .flags = PRAX_F_CONCURRENT | PRAX_F_RELOADABLE,
        .id = PRAX_STR_INIT("test/faulty"),
        .version = PRAX_STR_INIT("1.0.0"),
        .create = create,
        .get_interface = get_interface,
        .destroy = destroy,
    };
    (void)host_minor;
#ifdef BAD_DESCRIPTION
    {
        static prax_plugin copies[16];
        static int next;
        prax_plugin *copy = &copies[next++ % 16];
        memcpy(copy, &plugin, sizeof plugin);
        return host_major == PRAX_ABI_MAJOR ? copy : NULL;
    }
#endif
#ifdef BAD_GENERATION
    return &plugin;
#endif
    return host_major == PRAX_ABI_MAJOR ? &plugin : NULL;
}
