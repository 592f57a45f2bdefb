/*
 * The request being served. Every host has this table.
 *
 * A prax_call lives from the moment the host calls execute(), chat(), … until finish() or fail() returns. Exactly one
 * of the two ends it. Any use of the handle after that is answered with PRAX_E_NOT_FOUND (a second end with
 * PRAX_E_CONFLICT) and a line in the host's log that names the plugin: it never crashes.
 *
 * These functions take no host pointer: the handle alone says which host and which request.
 */
#ifndef PRAXIMOUS_HOST_CALL_H
#define PRAXIMOUS_HOST_CALL_H

#include <praximous/status.h>
#include <praximous/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PRAX_EXT_HOST_CALL "prax.host.call/1"

typedef struct prax_host_call {
    uint32_t size;
    /** [any] When the host gives up on this call, in nanoseconds of CLOCK_MONOTONIC. Absolute, so that it stays true
     *  while it is handed on. The host keeps to it whether or not the plugin looks. 0 for a call that has ended. */
    uint64_t (*deadline_ns)(prax_call c);
    /** [any] 1 once the caller left, an operator stopped the call, the deadline passed or the call has ended; else 0.
     *  Look at least every 50 ms while computing. Blocking services of the host return PRAX_E_CANCELLED unasked. */
    int32_t (*is_cancelled)(prax_call c);
    /** [call] Runs fn(ctx) once on cancellation, on a thread of the host; at once when that has already happened.
     *  fn returns quickly and neither blocks nor ends the call. One callback per call; NULL removes it, and when the
     *  removal has returned, fn is not running and will not run: only then may ctx be freed. ctx stays the plugin's. */
    prax_status (*on_cancel)(prax_call c, void (*fn)(void *ctx), void *ctx);
    /** [call] Streams one event to the caller. kind is "delta", "tool_call", "usage", "progress", "data" or begins with
     *  "x-". Both strings are copied before it returns. Waits, at most until the deadline, while the caller reads more
     *  slowly than the plugin writes; that is what keeps a slow reader from filling the host's memory.
     *  PRAX_E_CANCELLED: stop now. */
    prax_status (*emit)(prax_call c, prax_str kind, prax_str json);
    /** [call] As emit, for event loops: instead of waiting it returns PRAX_E_WOULD_BLOCK and sends nothing. */
    prax_status (*try_emit)(prax_call c, prax_str kind, prax_str json);
    /** [any] How many bytes try_emit would take at this moment. */
    size_t (*credit)(prax_call c);
    /** [any] Runs fn(ctx) on a thread of the host each time the credit grows from nothing. Same rules as on_cancel for
     *  blocking, removal and ctx. */
    prax_status (*on_credit)(prax_call c, void (*fn)(void *ctx), void *ctx);
    /** [call] Ends the call with its result, which is copied. PRAX_E_CONFLICT when it had already ended. A result that
     *  is too large ends the call as well, as a fault of the plugin: PRAX_E_TOO_LARGE. So does one that is not one JSON
     *  value, but the host may find that out only after this has returned PRAX_OK. What happens to the caller's
     *  connection afterwards no longer changes the outcome. */
    prax_status (*finish)(prax_call c, prax_str result_json);
    /** [call] Ends the call with an error; everything is copied.
     *  st              one of PRAX_E_*.
     *  code            a short stable word for programs: "bad_input". 1 to 64 of a-z, 0-9, "_", "." and "-"; the
     *                  host puts "plugin_failed" in the place of any other.
     *  message         a sentence for people. It reaches the caller: no secrets, no stack traces.
     *  detail_json     absent, or one JSON value with more; a JSON string is shown to people beside the message.
     *  retry_after_ms  when another attempt makes sense; 0 says unknown. */
    prax_status (*fail)(prax_call c, prax_status st, prax_str code, prax_str message, prax_str detail_json,
                        uint32_t retry_after_ms);
    /** [any] A JSON object about the request: id, trace parent, tenant, caller, locale; of embed(), `request` with what
     *  its arguments leave out. Owned by the call: valid until
     *  it ends, copy what must live longer. */
    prax_str (*context)(prax_call c);
} prax_host_call;

#ifdef __cplusplus
}
#endif
#endif
