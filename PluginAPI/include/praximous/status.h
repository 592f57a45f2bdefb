/*
 * Outcomes. Values are written out and never change; new ones are appended, so treat an unknown negative value as
 * PRAX_E_INTERNAL. The host turns each into one HTTP status and one row of the audit log.
 */
#ifndef PRAXIMOUS_STATUS_H
#define PRAXIMOUS_STATUS_H

#include <praximous/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef int32_t prax_status;

enum {
    PRAX_OK = 0,
    PRAX_PENDING = 1,          /* accepted: finish() or fail() follows later, from any thread */
    PRAX_E_INVALID = -1,       /* the request is wrong; sending it again unchanged is pointless */
    PRAX_E_UNSUPPORTED = -2,   /* understood, but this plugin does not do it */
    PRAX_E_DENIED = -3,        /* a permission, an allow-list or a policy says no */
    PRAX_E_NOT_FOUND = -4,     /* no such thing, or a handle whose call has ended */
    PRAX_E_CANCELLED = -5,     /* the caller left or an operator stopped it; stop working */
    PRAX_E_DEADLINE = -6,      /* time is up */
    PRAX_E_BUSY = -7,          /* no capacity at this moment; try again */
    PRAX_E_TOO_LARGE = -8,     /* over a size limit */
    PRAX_E_UPSTREAM = -9,      /* the service behind the plugin answered wrongly or broke off */
    PRAX_E_UNAVAILABLE = -10,  /* the service behind the plugin cannot be reached */
    PRAX_E_RATE_LIMIT = -11,   /* the service behind the plugin asks for patience; see retry_after_ms */
    PRAX_E_INTERNAL = -12,     /* a fault of the plugin itself */
    PRAX_E_WOULD_BLOCK = -13,  /* a non-blocking function would have had to wait */
    PRAX_E_CONFLICT = -14,     /* the state does not allow it: a second end of one call, a lost race on a revision */
    PRAX_E_AUTH = -15          /* credentials for the service behind the plugin are missing or refused */
};

#ifdef __cplusplus
}
#endif
#endif
