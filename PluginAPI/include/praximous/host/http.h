/*
 * HTTP through the host, which owns proxies, TLS roots, the allow-list, connection reuse and size limits. Needs the
 * permission network.http, which lists hosts and methods in skill.yaml. In a sandbox it is the only way out.
 *
 * It is event-driven: five thousand open streams must not need five thousand threads.
 *
 * What prax-host makes of it:
 *   - A host or a method off the list is PRAX_E_DENIED from start(), and so is, at on_end, a name that leads to this
 *     machine or a private network, unless the operator allows it (allow_private_hosts). Link-local addresses are
 *     never reached.
 *   - Redirects are not followed: a 3xx is a response like any other. The body comes as the server sends it, so ask
 *     only for encodings you decode.
 *   - Certificates are always verified. Connection, Content-Length, Expect, Host, TE, Trailer, Transfer-Encoding and
 *     Upgrade are the host's to state: PRAX_E_INVALID.
 *   - At most 1024 exchanges of a plugin at one time (PRAX_E_BUSY); URL 16 KiB, method 32 bytes, 256 headers of 256
 *     bytes and 16 KiB each and 64 KiB in all, request body 16 MiB (PRAX_E_TOO_LARGE, or PRAX_E_INVALID); response
 *     head 64 KiB (PRAX_E_UPSTREAM), response body 1 GiB (PRAX_E_TOO_LARGE).
 *   - The host's own limits of time are 10 s to connect, 120 s until the head, 60 s between two pieces of the body.
 */
#ifndef PRAXIMOUS_HOST_HTTP_H
#define PRAXIMOUS_HOST_HTTP_H

#include <praximous/status.h>
#include <praximous/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PRAX_EXT_HOST_HTTP "prax.host.http/1"

/** Filled by the plugin; copied by start(). */
typedef struct prax_http_request {
    uint32_t size;
    /** Limit for the whole exchange; 0 is whatever remains until the call's deadline. */
    uint32_t timeout_ms;
    prax_str method, url;
    const prax_kv *headers;
    size_t n_headers;
    prax_bytes body;
    /** Limits until the response head and between two pieces of the body; 0 is the host's own. */
    uint32_t first_byte_ms, idle_ms;
} prax_http_request;

/** Filled by the plugin, must stay valid until on_end returns. The host calls them one at a time for one exchange, on
 *  any of its threads: return soon, never block. It stops reading from upstream while the caller's window is used up,
 *  so an emit() inside on_body does not wait, and while 256 KiB wait for on_body. */
typedef struct prax_http_events {
    uint32_t size;
    /** [serial] per exchange. At most once, first. headers are borrowed until it returns. */
    void (*on_head)(void *ctx, int32_t status, const prax_kv *headers, size_t n_headers);
    /** [serial] per exchange. A piece of the body, cut anywhere, borrowed until it returns. */
    void (*on_body)(void *ctx, prax_bytes chunk);
    /** [serial] per exchange. Exactly once, last; ctx may be freed in it. PRAX_OK only when the body was complete:
     *  a cut connection is PRAX_E_UPSTREAM, a limit PRAX_E_DEADLINE, a host off the list PRAX_E_DENIED.
     *  reason is for the log, borrowed until it returns. */
    void (*on_end)(void *ctx, prax_status st, prax_str reason);
} prax_http_events;

typedef struct prax_host_http {
    uint32_t size;
    /** [any] Starts an exchange that belongs to call c and ends with it at the latest. *out is the handle. When start
     *  itself fails, no event will come. ctx stays the plugin's. */
    prax_status (*start)(void *host, prax_call c, const prax_http_request *rq, const prax_http_events *ev, void *ctx,
                         prax_http *out);
    /** [any] Ends it early; on_end(PRAX_E_CANCELLED) still comes, once. */
    prax_status (*cancel)(void *host, prax_http x);
} prax_host_http;

#ifdef __cplusplus
}
#endif
#endif
