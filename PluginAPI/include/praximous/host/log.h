/*
 * The host's log. Every host has this table. Lines written here carry the plugin's name and the request's id, and obey
 * the operator's level. Anything printed to standard output is nobody's and may corrupt what the host prints there.
 */
#ifndef PRAXIMOUS_HOST_LOG_H
#define PRAXIMOUS_HOST_LOG_H

#include <praximous/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PRAX_EXT_HOST_LOG "prax.host.log/1"

enum {
    PRAX_LOG_TRACE = 0,
    PRAX_LOG_DEBUG = 1,
    PRAX_LOG_INFO = 2,
    PRAX_LOG_WARN = 3,
    PRAX_LOG_ERROR = 4
};

typedef struct prax_host_log {
    uint32_t size;
    /** [any] 1 when a line of this level would be kept. Ask before building an expensive one. */
    int32_t (*enabled)(void *host, int32_t level);
    /** [any] Writes one line; msg and fields are copied. c_or_0 is the request it is about, or {0}. Keep msg
     *  constant and put what varies into fields, so that lines can be searched. No prompts, keys or tokens. Never
     *  blocks: lines above the host's rate, 100 a second unless configured, are dropped and counted. */
    void (*log)(void *host, prax_call c_or_0, int32_t level, prax_str msg, const prax_kv *fields, size_t n_fields);
} prax_host_log;

#ifdef __cplusplus
}
#endif
#endif
