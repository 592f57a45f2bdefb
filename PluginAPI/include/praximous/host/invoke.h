/*
 * Calling other skills and models. Needs the permission invoke.skills or invoke.models.
 *
 * NOT IN EVERY HOST: 1.0 of prax-host does not serve this table yet. Probe, and degrade or refuse in create().
 */
#ifndef PRAXIMOUS_HOST_INVOKE_H
#define PRAXIMOUS_HOST_INVOKE_H

#include <praximous/status.h>
#include <praximous/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PRAX_EXT_HOST_INVOKE "prax.host.invoke/1"

typedef struct prax_host_invoke {
    uint32_t size;
    /** [work] Runs a child request and waits for it. target is "skill:NAME/OPERATION", "chat:MODEL" or "embed:MODEL".
     *  The child inherits the parent's deadline, cancellation, tenant and budget; the depth of such chains is limited
     *  (8 unless configured), so that two skills calling each other end with an error and not with the machine.
     *  on_event (may be NULL; other than 0 cancels the child) and on_done run on this thread before invoke returns;
     *  on_done exactly once unless invoke itself fails. Arguments are borrowed, ctx stays the plugin's. */
    prax_status (*invoke)(void *host, prax_call parent, prax_str target, prax_str request_json,
                          int32_t (*on_event)(void *ctx, prax_str kind, prax_str json),
                          void (*on_done)(void *ctx, prax_status st, prax_str json), void *ctx);
} prax_host_invoke;

#ifdef __cplusplus
}
#endif
#endif
