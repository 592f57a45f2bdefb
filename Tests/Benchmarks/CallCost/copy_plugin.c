/* The subject of the call benchmark: a skill whose answer is its parameters, so that the copy is the only work. */
#include <praximous/plugin.h>

static const prax_host_call *calls;

static prax_status execute(prax_instance *instance, prax_call call, prax_str operation, prax_str parameters) {
  (void)instance;
  (void)operation;
  calls->finish(call, parameters);
  return PRAX_OK;
}

static prax_str describe(prax_instance *instance) {
  (void)instance;
  prax_str absent = {NULL, 0};
  return absent;
}

static const prax_skill skill = {sizeof(prax_skill), describe, execute};
static int instance;

static prax_instance *create(const prax_host *host, void (*err)(void *, prax_str), void *err_ctx) {
  (void)err;
  (void)err_ctx;
  calls = (const prax_host_call *)host->get_extension(host->ctx, PRAX_EXT_HOST_CALL);
  return calls == NULL ? NULL : (prax_instance *)&instance;
}

static const void *get_interface(prax_instance *self, const char *id) {
  (void)self;
  (void)id;
  return &skill;
}

static void destroy(prax_instance *self) { (void)self; }

static const prax_plugin plugin = {
    .magic = PRAX_MAGIC,
    .size = sizeof(prax_plugin),
    .abi_major = PRAX_ABI_MAJOR,
    .abi_minor = PRAX_ABI_MINOR,
    .flags = PRAX_F_CONCURRENT,
    .id = PRAX_STR_INIT("praximous/bench-copy"),
    .version = PRAX_STR_INIT("1.0.0"),
    .build = PRAX_STR_INIT(""),
    .create = create,
    .get_interface = get_interface,
    .destroy = destroy,
};

PRAX_EXPORT const prax_plugin *prax_plugin_entry(uint32_t host_major, uint32_t host_minor) {
  (void)host_major;
  (void)host_minor;
  return &plugin;
}
