/* The subject of the worker benchmark: an answer that is the parameters, a stream of events, and two ways to be lost. */
#include <praximous/plugin.h>
#include <string.h>

/* One event of 64 bytes. */
static const char event[] = "{\"text\":\"01234567890123456789012345678901234567890123456789012\"}";

static const prax_host_call *calls;
static int *volatile nowhere;

static int is(prax_str text, const char *word) {
  return text.len == strlen(word) && memcmp(text.ptr, word, text.len) == 0;
}

/* The first number in a text. */
static unsigned long number(prax_str text) {
  unsigned long value = 0;
  size_t at = 0;
  while (at < text.len && (text.ptr[at] < '0' || text.ptr[at] > '9')) at++;
  while (at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9') {
    value = value * 10 + (unsigned)(text.ptr[at++] - '0');
  }
  return value;
}

static prax_status execute(prax_instance *instance, prax_call call, prax_str operation, prax_str parameters) {
  (void)instance;
  if (is(operation, "stream")) {
    prax_str kind = {"delta", 5}, json = {event, 64};
    for (unsigned long count = number(parameters); count > 0; count--) {
      if (calls->emit(call, kind, json) != PRAX_OK) break;
    }
  } else if (is(operation, "crash")) {
    *nowhere = 1;
  } else if (is(operation, "stuck")) {
    for (volatile unsigned turn = 0;; turn++) {
    }
  }
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
    .id = PRAX_STR_INIT("praximous/bench-cost"),
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
