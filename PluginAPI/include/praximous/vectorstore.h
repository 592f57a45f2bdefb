/*
 * A vector store: collections of embeddings with metadata, searched by nearness.
 *
 * NOT IN EVERY HOST: 1.0 of prax-host does not ask for this interface yet; a plugin that offers it beside another
 * loads all the same.
 */
#ifndef PRAXIMOUS_VECTORSTORE_H
#define PRAXIMOUS_VECTORSTORE_H

#include <praximous/status.h>
#include <praximous/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PRAX_IFACE_VECTOR "prax.vectorstore/1"

/** Filled by the host, borrowed by the plugin with everything it points to. */
typedef struct prax_vector_item {
    uint32_t size;
    uint32_t dims;
    prax_str id;
    const float *vec;
    prax_str metadata_json;
} prax_vector_item;

/** Filled by the plugin; constant data of the library. Arguments are borrowed until the function returns. Each function
 *  ends its call with finish() or fail(), at once or after PRAX_PENDING, as execute() of a skill does. */
typedef struct prax_vectorstore {
    uint32_t size;
    /** [work] Makes the collection or opens it; dims and metric ("cosine", "dot" or "l2") are fixed by the first
     *  open. */
    prax_status (*open)(prax_instance *i, prax_call c, prax_str collection, uint32_t dims, prax_str metric);
    /** [work] Adds or replaces by id. An array of pointers, since a newer host's items may be longer than the
     *  plugin's. */
    prax_status (*upsert)(prax_instance *i, prax_call c, prax_str collection, const prax_vector_item *const *items,
                          size_t n);
    /** [work] Removes by id; an id that is not there is no error. */
    prax_status (*remove)(prax_instance *i, prax_call c, prax_str collection, const prax_str *ids, size_t n);
    /** [work] emit_hit() for the k nearest that pass the filter (absent: all), best first, then finish(). */
    prax_status (*query)(prax_instance *i, prax_call c, prax_str collection, const float *q, uint32_t dims, uint32_t k,
                         prax_str filter_json);
    /** [work] Returns, by finish(), when what was written before is on disk. */
    prax_status (*flush)(prax_instance *i, prax_call c, prax_str collection);
} prax_vectorstore;

#ifdef __cplusplus
}
#endif
#endif
