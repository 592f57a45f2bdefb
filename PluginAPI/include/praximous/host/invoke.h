/*
 * Calling other skills and models. Needs the permission invoke.skills or invoke.models.
 *
 * What prax-host makes of it:
 *   - NAME is a task type or owner/name. A skill that is not there and one that may not be called are PRAX_E_DENIED
 *     alike, unless every skill may be called ("*"): then the former is PRAX_E_NOT_FOUND.
 *   - The child is a request of its own: the caller's key must allow the skill, its schema is checked, and it has a row
 *     in the audit log. What it fails with comes to on_done as {"code":…,"message":…}.
 *   - A chain longer than 8 ends with PRAX_E_CONFLICT and the code too_deep. A plugin that has not set
 *     PRAX_F_CONCURRENT cannot be called by what it waits for: PRAX_E_BUSY.
 *   - A request has 16 MiB at most: PRAX_E_TOO_LARGE. Targets "chat:" and "embed:" are PRAX_E_UNSUPPORTED for now.
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
