/*
 * The layout of the ABI as the compiler must see it, on every platform prax-host runs on (LP64). A header that was edited
 * where it should have been appended to does not compile. PluginAPI/abi.txt has the same numbers for people and scripts.
 */
#ifndef PRAXIMOUS_ABI_CHECK_H
#define PRAXIMOUS_ABI_CHECK_H

#include <praximous/plugin.h>

#if defined(__cplusplus)
#  define PRAX_STATIC_ASSERT(condition, text) static_assert(condition, text)
#else
#  define PRAX_STATIC_ASSERT(condition, text) _Static_assert(condition, text)
#endif

#if defined(__LP64__)
#define PRAX_ABI_SIZE(type, bytes) PRAX_STATIC_ASSERT(sizeof(type) == (bytes), #type " changed its size")
#define PRAX_ABI_FIELD(type, name, at, bytes)                                                   \
    PRAX_STATIC_ASSERT(offsetof(type, name) == (at) && sizeof(((type *)0)->name) == (bytes), \
                       #type "." #name " moved or changed its type")

PRAX_ABI_SIZE(prax_str, 16);
PRAX_ABI_FIELD(prax_str, ptr, 0, 8);
PRAX_ABI_FIELD(prax_str, len, 8, 8);

PRAX_ABI_SIZE(prax_bytes, 16);
PRAX_ABI_FIELD(prax_bytes, ptr, 0, 8);
PRAX_ABI_FIELD(prax_bytes, len, 8, 8);

PRAX_ABI_SIZE(prax_kv, 32);
PRAX_ABI_FIELD(prax_kv, key, 0, 16);
PRAX_ABI_FIELD(prax_kv, value, 16, 16);

PRAX_ABI_SIZE(prax_call, 8);
PRAX_ABI_FIELD(prax_call, id, 0, 8);

PRAX_ABI_SIZE(prax_http, 8);
PRAX_ABI_FIELD(prax_http, id, 0, 8);

PRAX_ABI_SIZE(prax_host, 64);
PRAX_ABI_FIELD(prax_host, size, 0, 4);
PRAX_ABI_FIELD(prax_host, abi_major, 4, 4);
PRAX_ABI_FIELD(prax_host, abi_minor, 8, 4);
PRAX_ABI_FIELD(prax_host, ctx, 16, 8);
PRAX_ABI_FIELD(prax_host, name, 24, 16);
PRAX_ABI_FIELD(prax_host, version, 40, 16);
PRAX_ABI_FIELD(prax_host, get_extension, 56, 8);

PRAX_ABI_SIZE(prax_host_call, 88);
PRAX_ABI_FIELD(prax_host_call, size, 0, 4);
PRAX_ABI_FIELD(prax_host_call, deadline_ns, 8, 8);
PRAX_ABI_FIELD(prax_host_call, is_cancelled, 16, 8);
PRAX_ABI_FIELD(prax_host_call, on_cancel, 24, 8);
PRAX_ABI_FIELD(prax_host_call, emit, 32, 8);
PRAX_ABI_FIELD(prax_host_call, try_emit, 40, 8);
PRAX_ABI_FIELD(prax_host_call, credit, 48, 8);
PRAX_ABI_FIELD(prax_host_call, on_credit, 56, 8);
PRAX_ABI_FIELD(prax_host_call, finish, 64, 8);
PRAX_ABI_FIELD(prax_host_call, fail, 72, 8);
PRAX_ABI_FIELD(prax_host_call, context, 80, 8);

PRAX_ABI_SIZE(prax_host_log, 24);
PRAX_ABI_FIELD(prax_host_log, size, 0, 4);
PRAX_ABI_FIELD(prax_host_log, enabled, 8, 8);
PRAX_ABI_FIELD(prax_host_log, log, 16, 8);

PRAX_ABI_SIZE(prax_host_config, 32);
PRAX_ABI_FIELD(prax_host_config, size, 0, 4);
PRAX_ABI_FIELD(prax_host_config, get, 8, 8);
PRAX_ABI_FIELD(prax_host_config, secret, 16, 8);
PRAX_ABI_FIELD(prax_host_config, data_dir, 24, 8);

PRAX_ABI_SIZE(prax_http_request, 80);
PRAX_ABI_FIELD(prax_http_request, size, 0, 4);
PRAX_ABI_FIELD(prax_http_request, timeout_ms, 4, 4);
PRAX_ABI_FIELD(prax_http_request, method, 8, 16);
PRAX_ABI_FIELD(prax_http_request, url, 24, 16);
PRAX_ABI_FIELD(prax_http_request, headers, 40, 8);
PRAX_ABI_FIELD(prax_http_request, n_headers, 48, 8);
PRAX_ABI_FIELD(prax_http_request, body, 56, 16);
PRAX_ABI_FIELD(prax_http_request, first_byte_ms, 72, 4);
PRAX_ABI_FIELD(prax_http_request, idle_ms, 76, 4);

PRAX_ABI_SIZE(prax_http_events, 32);
PRAX_ABI_FIELD(prax_http_events, size, 0, 4);
PRAX_ABI_FIELD(prax_http_events, on_head, 8, 8);
PRAX_ABI_FIELD(prax_http_events, on_body, 16, 8);
PRAX_ABI_FIELD(prax_http_events, on_end, 24, 8);

PRAX_ABI_SIZE(prax_host_http, 24);
PRAX_ABI_FIELD(prax_host_http, size, 0, 4);
PRAX_ABI_FIELD(prax_host_http, start, 8, 8);
PRAX_ABI_FIELD(prax_host_http, cancel, 16, 8);

PRAX_ABI_SIZE(prax_host_kv, 40);
PRAX_ABI_FIELD(prax_host_kv, size, 0, 4);
PRAX_ABI_FIELD(prax_host_kv, get, 8, 8);
PRAX_ABI_FIELD(prax_host_kv, put, 16, 8);
PRAX_ABI_FIELD(prax_host_kv, del, 24, 8);
PRAX_ABI_FIELD(prax_host_kv, list, 32, 8);

PRAX_ABI_SIZE(prax_host_invoke, 16);
PRAX_ABI_FIELD(prax_host_invoke, size, 0, 4);
PRAX_ABI_FIELD(prax_host_invoke, invoke, 8, 8);

PRAX_ABI_SIZE(prax_host_vector, 24);
PRAX_ABI_FIELD(prax_host_vector, size, 0, 4);
PRAX_ABI_FIELD(prax_host_vector, emit_vectors, 8, 8);
PRAX_ABI_FIELD(prax_host_vector, emit_hit, 16, 8);

PRAX_ABI_SIZE(prax_host_metrics, 24);
PRAX_ABI_FIELD(prax_host_metrics, size, 0, 4);
PRAX_ABI_FIELD(prax_host_metrics, define, 8, 8);
PRAX_ABI_FIELD(prax_host_metrics, record, 16, 8);

PRAX_ABI_SIZE(prax_mail, 72);
PRAX_ABI_FIELD(prax_mail, size, 0, 4);
PRAX_ABI_FIELD(prax_mail, timeout_ms, 4, 4);
PRAX_ABI_FIELD(prax_mail, to, 8, 8);
PRAX_ABI_FIELD(prax_mail, n_to, 16, 8);
PRAX_ABI_FIELD(prax_mail, subject, 24, 16);
PRAX_ABI_FIELD(prax_mail, text, 40, 16);
PRAX_ABI_FIELD(prax_mail, html, 56, 16);

PRAX_ABI_SIZE(prax_host_mail, 16);
PRAX_ABI_FIELD(prax_host_mail, size, 0, 4);
PRAX_ABI_FIELD(prax_host_mail, send, 8, 8);

PRAX_ABI_SIZE(prax_skill, 24);
PRAX_ABI_FIELD(prax_skill, size, 0, 4);
PRAX_ABI_FIELD(prax_skill, describe, 8, 8);
PRAX_ABI_FIELD(prax_skill, execute, 16, 8);

PRAX_ABI_SIZE(prax_provider, 48);
PRAX_ABI_FIELD(prax_provider, size, 0, 4);
PRAX_ABI_FIELD(prax_provider, models, 8, 8);
PRAX_ABI_FIELD(prax_provider, chat, 16, 8);
PRAX_ABI_FIELD(prax_provider, embed, 24, 8);
PRAX_ABI_FIELD(prax_provider, health, 32, 8);
PRAX_ABI_FIELD(prax_provider, count_tokens, 40, 8);

PRAX_ABI_SIZE(prax_vector_item, 48);
PRAX_ABI_FIELD(prax_vector_item, size, 0, 4);
PRAX_ABI_FIELD(prax_vector_item, dims, 4, 4);
PRAX_ABI_FIELD(prax_vector_item, id, 8, 16);
PRAX_ABI_FIELD(prax_vector_item, vec, 24, 8);
PRAX_ABI_FIELD(prax_vector_item, metadata_json, 32, 16);

PRAX_ABI_SIZE(prax_vectorstore, 48);
PRAX_ABI_FIELD(prax_vectorstore, size, 0, 4);
PRAX_ABI_FIELD(prax_vectorstore, open, 8, 8);
PRAX_ABI_FIELD(prax_vectorstore, upsert, 16, 8);
PRAX_ABI_FIELD(prax_vectorstore, remove, 24, 8);
PRAX_ABI_FIELD(prax_vectorstore, query, 32, 8);
PRAX_ABI_FIELD(prax_vectorstore, flush, 40, 8);

PRAX_ABI_SIZE(prax_plugin, 112);
PRAX_ABI_FIELD(prax_plugin, magic, 0, 4);
PRAX_ABI_FIELD(prax_plugin, size, 4, 4);
PRAX_ABI_FIELD(prax_plugin, abi_major, 8, 4);
PRAX_ABI_FIELD(prax_plugin, abi_minor, 12, 4);
PRAX_ABI_FIELD(prax_plugin, min_host_minor, 16, 4);
PRAX_ABI_FIELD(prax_plugin, flags, 20, 4);
PRAX_ABI_FIELD(prax_plugin, id, 24, 16);
PRAX_ABI_FIELD(prax_plugin, version, 40, 16);
PRAX_ABI_FIELD(prax_plugin, build, 56, 16);
PRAX_ABI_FIELD(prax_plugin, create, 72, 8);
PRAX_ABI_FIELD(prax_plugin, get_interface, 80, 8);
PRAX_ABI_FIELD(prax_plugin, reconfigure, 88, 8);
PRAX_ABI_FIELD(prax_plugin, quiesce, 96, 8);
PRAX_ABI_FIELD(prax_plugin, destroy, 104, 8);

#undef PRAX_ABI_SIZE
#undef PRAX_ABI_FIELD
#endif

#endif
