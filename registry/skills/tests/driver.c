// Runs one operation of one skill without a host: driver FILE.so OPERATION JSON
//
// Prints the result, or "ERROR status code: message (detail)". Without OPERATION it prints what the
// plugin says about itself. JSON "-" reads standard input. Exit status: 0 answered (also with an
// error of the skill's), 1 the plugin broke a rule, 2 wrong usage.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <praximous/plugin.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int ends; // how often the call was ended; exactly once is right

static uint64_t deadline_ns(prax_call c) { (void)c; return UINT64_MAX; }
static int32_t is_cancelled(prax_call c) { (void)c; return getenv("DRIVER_CANCELLED") != NULL; }

static void print(prax_str text) { fwrite(text.ptr, 1, text.ptr == NULL ? 0 : text.len, stdout); }

static prax_status finish(prax_call c, prax_str result) {
    (void)c;
    if (ends++ > 0) return PRAX_E_CONFLICT;
    print(result);
    putchar('\n');
    return PRAX_OK;
}

static prax_status fail(prax_call c, prax_status status, prax_str code, prax_str message, prax_str detail,
                        uint32_t retry_after_ms) {
    (void)c;
    (void)retry_after_ms;
    if (ends++ > 0) return PRAX_E_CONFLICT;
    printf("ERROR %d ", (int)status);
    print(code);
    printf(": ");
    print(message);
    if (detail.ptr != NULL) {
        printf(" (");
        print(detail);
        printf(")");
    }
    putchar('\n');
    return PRAX_OK;
}

static const prax_host_call calls = {
    .size = sizeof(prax_host_call),
    .deadline_ns = deadline_ns,
    .is_cancelled = is_cancelled,
    .finish = finish,
    .fail = fail,
};

static const void *extension(void *ctx, const char *id) {
    (void)ctx;
    return strcmp(id, PRAX_EXT_HOST_CALL) == 0 ? &calls : NULL;
}

static void complain(void *ctx, prax_str why) {
    (void)ctx;
    fprintf(stderr, "create: %.*s\n", (int)why.len, why.ptr);
}

static char *read_all(FILE *file, size_t *length) {
    size_t capacity = 1 << 16;
    char *text = malloc(capacity);
    *length = 0;
    while (text != NULL) {
        size_t got = fread(text + *length, 1, capacity - *length, file);
        if (got == 0) break;
        *length += got;
        if (*length < capacity) continue;
        capacity *= 2;
        char *larger = realloc(text, capacity);
        if (larger == NULL) free(text);
        text = larger;
    }
    return text;
}

static int broken(const char *why) {
    fprintf(stderr, "driver: %s\n", why);
    return 1;
}

static int run(const prax_plugin *plugin, prax_instance *instance, int argc, char **argv) {
    const prax_skill *skill = plugin->get_interface(instance, PRAX_IFACE_SKILL);
    if (!PRAX_HAS(skill, execute)) return broken("no " PRAX_IFACE_SKILL " interface");
    if (argc == 2) {
        printf("%.*s %.*s\n", (int)plugin->id.len, plugin->id.ptr, (int)plugin->version.len, plugin->version.ptr);
        print(skill->describe(instance));
        return 0;
    }
    size_t length = strlen(argv[3]);
    char *text = strcmp(argv[3], "-") == 0 ? read_all(stdin, &length) : strdup(argv[3]);
    if (text == NULL) return broken("out of memory");
    prax_call call = {1};
    prax_str operation = {argv[2], strlen(argv[2])}, params = {text, length};
    prax_status status = skill->execute(instance, call, operation, params);
    free(text);
    if (ends == 1) return 0;
    if (ends == 0 && status < 0) return printf("ERROR %d : \n", (int)status) < 0;
    return broken("the call was not ended exactly once");
}

int main(int argc, char **argv) {
    if (argc != 2 && argc != 4) {
        fprintf(stderr, "usage: driver FILE.so [OPERATION JSON|-]\n");
        return 2;
    }
    void *library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) return broken(dlerror());
    const prax_plugin *(*entry)(uint32_t, uint32_t);
    *(void **)&entry = dlsym(library, "prax_plugin_entry");
    if (entry == NULL) return broken("prax_plugin_entry is missing");
    const prax_plugin *plugin = entry(PRAX_ABI_MAJOR, PRAX_ABI_MINOR);
    if (plugin == NULL || plugin->magic != PRAX_MAGIC) return broken("not a plugin of this generation");
    const prax_host host = {
        .size = sizeof(prax_host),
        .abi_major = PRAX_ABI_MAJOR,
        .abi_minor = PRAX_ABI_MINOR,
        .name = {"driver", 6},
        .version = {"1", 1},
        .get_extension = extension,
    };
    prax_instance *instance = plugin->create(&host, complain, NULL);
    if (instance == NULL) return broken("create failed");
    int status = run(plugin, instance, argc, argv);
    plugin->destroy(instance);
    return status;
}
