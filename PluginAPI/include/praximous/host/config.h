/*
 * What the operator configured. Every host has this table.
 *
 * The values have passed the config_schema of skill.yaml before create() runs, defaults filled in, so a plugin never
 * checks types again. Secrets are apart: skill.yaml declares them by name, and they arrive only through secret(), so
 * that they are in no configuration dump, environment, argument list or log.
 */
#ifndef PRAXIMOUS_HOST_CONFIG_H
#define PRAXIMOUS_HOST_CONFIG_H

#include <praximous/status.h>
#include <praximous/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PRAX_EXT_HOST_CONFIG "prax.host.config/1"

typedef struct prax_host_config {
    uint32_t size;
    /** [any] Calls sink(ctx, value) once, before returning, with the JSON value at an RFC 6901 pointer; "" is the whole
     *  configuration. PRAX_E_NOT_FOUND, and no call, when nothing is there. The value is borrowed by sink. */
    prax_status (*get)(void *host, prax_str json_pointer, void (*sink)(void *ctx, prax_str json), void *ctx);
    /** [any] Same for a secret. PRAX_E_DENIED when skill.yaml does not declare the name, PRAX_E_NOT_FOUND when the
     *  operator has set no value. The host zeroes its copy when sink returns; zero yours when you are done. */
    prax_status (*secret)(void *host, prax_str name, void (*sink)(void *ctx, prax_bytes value), void *ctx);
    /** [any] A directory of the plugin's own, writable, with a quota; {NULL, 0} unless storage.dir was granted.
     *  Owned by the host, valid until destroy() returns. In a sandbox nothing else can be written, a single file grows
     *  to the quota at most (SIGXFSZ), and a plugin whose directory holds more than its quota is ended. */
    prax_str (*data_dir)(void *host);
} prax_host_config;

#ifdef __cplusplus
}
#endif
#endif
