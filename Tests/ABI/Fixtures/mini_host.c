/* The smallest host: loads one library, makes an instance, runs one operation and prints what came out of it.
 *
 *     mini_host FILE.so OPERATION PARAMS_JSON [cancelled]
 *
 * It shows that the ABI is enough to write a host against, and tests plugins without prax-host. */
#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

#include <praximous/plugin.h>

static int cancelled;
static int ends;

static uint64_t deadline_ns(prax_call c) { return c.id == 1 ? UINT64_MAX / 4 : 0; }
static int32_t is_cancelled(prax_call c) { return c.id != 1 || cancelled; }
static prax_status finish(prax_call c, prax_str json) {
    if (c.id != 1 || ends++ > 0) return PRAX_E_CONFLICT;
    printf("finish %.*s\n", (int)json.len, json.ptr);
    return PRAX_OK;
}
static prax_status fail(prax_call c, prax_status st, prax_str code, prax_str message, prax_str detail, uint32_t retry) {
    (void)retry;
    if (c.id != 1 || ends++ > 0) return PRAX_E_CONFLICT;
    printf("fail %d %.*s: %.*s", st, (int)code.len, code.ptr, (int)message.len, message.ptr);
    if (detail.ptr != NULL) printf(" (%.*s)", (int)detail.len, detail.ptr);
    printf("\n");
    return PRAX_OK;
}
static int32_t enabled(void *host, int32_t level) {
    (void)host;
    return level >= PRAX_LOG_TRACE;
}
static void write_log(void *host, prax_call c, int32_t level, prax_str msg, const prax_kv *fields, size_t n) {
    (void)host, (void)c, (void)fields;
    fprintf(stderr, "log %d %.*s, %zu fields\n", level, (int)msg.len, msg.ptr, n);
}
static void on_error(void *ctx, prax_str message) {
    (void)ctx;
    printf("create: %.*s\n", (int)message.len, message.ptr);
}

static const void *get_extension(void *ctx, const char *id) {
    static const prax_host_call calls = {
        .size = sizeof calls, .deadline_ns = deadline_ns, .is_cancelled = is_cancelled, .finish = finish, .fail = fail};
    static const prax_host_log log = {.size = sizeof log, .enabled = enabled, .log = write_log};
    (void)ctx;
    if (strcmp(id, PRAX_EXT_HOST_CALL) == 0) return &calls;
    return strcmp(id, PRAX_EXT_HOST_LOG) == 0 ? &log : NULL;
}

static int run(const prax_plugin *plugin, const char *operation, const char *params) {
    prax_host host = {.size = sizeof host, .abi_major = PRAX_ABI_MAJOR, .abi_minor = PRAX_ABI_MINOR};
    prax_instance *instance;
    const prax_skill *skill;
    prax_status status;
    host.name = host.version = PRAX_STR("test");
    host.get_extension = get_extension;
    host.ctx = &host;
    instance = plugin->create(&host, on_error, NULL);
    if (instance == NULL) return 1;
    skill = (const prax_skill *)plugin->get_interface(instance, PRAX_IFACE_SKILL);
    status = skill->execute(instance, (prax_call){1}, (prax_str){operation, strlen(operation)},
                            (prax_str){params, strlen(params)});
    plugin->destroy(instance);
    printf("status %d, ended %d times\n", status, ends);
    return 0;
}

int main(int argc, char **argv) {
    const prax_plugin *(*entry)(uint32_t, uint32_t);
    const prax_plugin *plugin;
    void *library = argc < 4 ? NULL : dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) return fprintf(stderr, "%s\n", argc < 4 ? "three arguments expected" : dlerror()), 2;
    *(void **)&entry = dlsym(library, "prax_plugin_entry");
    if (entry == NULL || (plugin = entry(PRAX_ABI_MAJOR, PRAX_ABI_MINOR)) == NULL) return 3;
    cancelled = argc > 4;
    return run(plugin, argv[2], argv[3]);
}
