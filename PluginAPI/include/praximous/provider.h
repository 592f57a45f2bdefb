/*
 * A provider: models behind somebody's API, or in the plugin itself.
 *
 * NOT IN EVERY HOST: 1.0 of prax-host does not ask for this interface yet; a plugin that offers it beside another
 * loads all the same.
 */
#ifndef PRAXIMOUS_PROVIDER_H
#define PRAXIMOUS_PROVIDER_H

#include <praximous/status.h>
#include <praximous/types.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PRAX_IFACE_PROVIDER "prax.provider/1"

/** Filled by the plugin; constant data of the library. Arguments are borrowed until the function returns. Each
 *  function that receives a call ends it with finish() or fail(), at once or after PRAX_PENDING, as execute() of a
 *  skill does. */
typedef struct prax_provider {
    uint32_t size;
    /** [work] finish() with {"models":[{"id":…,"context":…,"modalities":[…],"embedding_dims":…}]}. */
    prax_status (*models)(prax_instance *i, prax_call c);
    /** [work] One conversation turn; request and result are prax-chat/1, the JSON of OpenAI's chat completions. When
     *  the request says stream, emit("delta", …) for each piece; finish() has the whole message, usage and
     *  finish_reason in both cases. */
    prax_status (*chat)(prax_instance *i, prax_call c, prax_str request_json);
    /** [work] NULL when there are no embeddings. emit_vectors() in the order of the inputs, then finish() with
     *  usage. */
    prax_status (*embed)(prax_instance *i, prax_call c, prax_str model, const prax_str *inputs, size_t n_inputs);
    /** [work] NULL is always healthy. Within two seconds, finish() with
     *  {"status":"ok|degraded|down","latency_ms":n}. */
    prax_status (*health)(prax_instance *i, prax_call c);
    /** [any] NULL, or an estimate without I/O; negative says unknown. */
    int64_t (*count_tokens)(prax_instance *i, prax_str model, prax_str text);
} prax_provider;

#ifdef __cplusplus
}
#endif
#endif
