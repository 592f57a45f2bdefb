/*
 * What a plugin can ask of the host. create() receives one prax_host; everything else hangs on it as a table that is
 * looked up by id, "prax.host.kv/1", and may be missing.
 *
 * Three tables exist in every host of this major version: call, log and config. The others belong to a host version
 * that serves them and to a plugin that may use them: an id the host does not know and a table skill.yaml did not
 * ask for are NULL alike, so the probe is also the permission check. Write the plugin so that it works with less,
 * or say in create() what is missing.
 */
#ifndef PRAXIMOUS_HOST_H
#define PRAXIMOUS_HOST_H

#include <praximous/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Filled by the host, handed to create(), the same pointer until destroy() returns. */
typedef struct prax_host {
    uint32_t size;
    /** The ABI generation the host was compiled with. */
    uint32_t abi_major, abi_minor;
    /** The `void *host` of every service function. Opaque; never NULL, never to be freed. */
    void *ctx;
    /** For log lines and user agents: "prax-host" and its version. Owned by the host, valid until destroy() returns. */
    prax_str name, version;
    /** [any] The table with this id, or NULL. The id is borrowed; the table is the host's, constant, the same pointer
     *  each time, and valid until destroy() returns. Look tables up once, in create(). */
    const void *(*get_extension)(void *ctx, const char *id);
} prax_host;

#ifdef __cplusplus
}
#endif
#endif
