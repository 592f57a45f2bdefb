/*
 * Results that are too many numbers to be JSON: embeddings from a provider, hits from a vector store.
 *
 * Every host has this table; emit_hit() belongs to prax.vectorstore/1, which 1.0 of prax-host does not ask for, and
 * answers PRAX_E_UNSUPPORTED there.
 */
#ifndef PRAXIMOUS_HOST_VECTOR_H
#define PRAXIMOUS_HOST_VECTOR_H

#include <praximous/status.h>
#include <praximous/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PRAX_EXT_HOST_VECTOR "prax.host.vector/1"

typedef struct prax_host_vector {
    uint32_t size;
    /** [call] Hands over n embeddings of dims floats each, one after the other in v, in the order of the inputs; as
     *  often as convenient. Copied before it returns. dims is 1 to 16384, every float finite: else PRAX_E_INVALID.
     *  Waits as emit() does, but not for the first 4 MiB of floats: an event loop hands over no more at a time. */
    prax_status (*emit_vectors)(prax_call c, const float *v, uint32_t dims, size_t n);
    /** [call] Hands over one hit; the best comes first. A higher score is nearer whatever the metric, so that the host
     *  can merge hits from several stores. Copied before it returns. */
    prax_status (*emit_hit)(prax_call c, prax_str id, float score, prax_str metadata_json);
} prax_host_vector;

#ifdef __cplusplus
}
#endif
#endif
