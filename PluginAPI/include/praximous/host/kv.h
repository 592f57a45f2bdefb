/*
 * A small store of the plugin's own: a private name space with a quota that outlives restarts and upgrades. Needs the
 * permission storage.kv.
 *
 * What prax-host makes of it: a key has 1 to 1024 bytes, a value 1 MiB at most, a plugin 100,000 of them, and keys and
 * values together what storage.kv grants as quota_mb; beyond that it is PRAX_E_TOO_LARGE. A full disk is
 * PRAX_E_UNAVAILABLE and leaves the store as it was. A value that has outlived its ttl_s is not there.
 */
#ifndef PRAXIMOUS_HOST_KV_H
#define PRAXIMOUS_HOST_KV_H

#include <praximous/status.h>
#include <praximous/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PRAX_EXT_HOST_KV "prax.host.kv/1"

/** Every function may wait for the disk, keys and values are copied, and what a callback receives is borrowed by it. */
typedef struct prax_host_kv {
    uint32_t size;
    /** [work] Calls sink once, before returning, with the value and its revision; PRAX_E_NOT_FOUND when there is
     *  none. */
    prax_status (*get)(void *host, prax_str key, void (*sink)(void *ctx, prax_bytes value, uint64_t rev), void *ctx);
    /** [work] expect_rev 0 writes whatever is there; another value writes only over that revision, PRAX_E_CONFLICT
     *  otherwise, which is how two writers avoid losing an update. ttl_s 0 keeps it for ever. PRAX_E_TOO_LARGE:
     *  quota. */
    prax_status (*put)(void *host, prax_str key, prax_bytes val, uint64_t expect_rev, uint32_t ttl_s);
    /** [work] PRAX_OK also when there was nothing to delete. */
    prax_status (*del)(void *host, prax_str key);
    /** [work] Calls each for every key with the prefix, in byte order, until it returns other than 0. More than 10,000
     *  such keys are PRAX_E_TOO_LARGE, and no call: a list cut short would pass for the whole. */
    prax_status (*list)(void *host, prax_str prefix, int32_t (*each)(void *ctx, prax_str key), void *ctx);
} prax_host_kv;

#ifdef __cplusplus
}
#endif
#endif
