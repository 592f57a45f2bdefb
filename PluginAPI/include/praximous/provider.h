/*
 * A provider: models behind somebody's API, or in the plugin itself. skill.yaml says `kind: provider`.
 *
 * The operator writes entries into config/providers.yaml, and each has an instance of its own: its configuration is the
 * entry's `config` with `base_url` and `model`, its secret is `api_key` (PRAX_E_NOT_FOUND where none is to be sent), and
 * prax.host.http/1 reaches the entry's base_url alone. create() of one must not disturb the others: set
 * PRAX_F_RELOADABLE, and PRAX_F_CONCURRENT unless one call at a time is enough.
 *
 * A plugin may offer prax.skill/1 as well; then execute() is asked for what is not in this table.
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
    /** [work] One conversation turn. request_json is prax-chat/1, the request of OpenAI's chat completions, with the
     *  model as the upstream calls it; members that you do not know are passed on, not dropped.
     *  Without `stream`, finish() with the object `chat.completion`.
     *  With `"stream":true`, emit("delta", chunk) for each whole object `chat.completion.chunk`, the one with the usage
     *  included; then finish() with {"id":…,"model":…,"finish_reason":…,"usage":{…} or null,"x_request_id":…}. Only when
     *  the upstream has said that its answer is complete: one that was cut ends with fail(PRAX_E_UPSTREAM,
     *  "upstream_cut"), whatever has been emitted.
     *  fail() has in detail_json what the upstream said: {"status":<its HTTP status>,"error":{"message":…,"type":…,
     *  "param":…,"code":…},"x_request_id":…}, without secrets. */
    prax_status (*chat)(prax_instance *i, prax_call c, prax_str request_json);
    /** [work] NULL when there are no embeddings. emit_vectors() in the order of the inputs, then finish() with
     *  {"model":…,"usage":{"prompt_tokens":n,"total_tokens":n}}. What else was asked, such as `dimensions`, is the member
     *  `request` of the call's context(). */
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
