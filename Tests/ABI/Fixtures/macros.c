/* The macros of types.h in the places where authors put them. Compiled as C and as C++. */
#include <praximous/plugin.h>

static const prax_str constant = PRAX_STR_INIT("constant");

prax_str text_of(const prax_host *host, const prax_host_call *calls, prax_host_log *log);

prax_str text_of(const prax_host *host, const prax_host_call *calls, prax_host_log *log) {
    if (!PRAX_HAS(host, get_extension) || !PRAX_HAS(calls, context)) return constant;
    return PRAX_HAS(log, log) ? PRAX_STR("in an expression") : PRAX_STR("");
}
