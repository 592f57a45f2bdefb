/* Prints what a compiler makes of the plugin ABI: the lines of PluginAPI/abi.txt below its heading. Whatever is
 * appended to a header is appended to its struct here. */
#include <stdio.h>

#include <praximous/plugin.h>

#define CONSTANT(name) printf("constant %s 0x%x\n", #name, name)
#define VALUE(name) printf("value %s %d\n", #name, (int)name)
#define ID(name) printf("id %s %s\n", #name, name)
#define STRUCT(type) printf("struct %s size %zu\n", #type, sizeof(type))
#define FIELD(type, name) \
    printf("field %s.%s offset %zu size %zu\n", #type, #name, offsetof(type, name), sizeof(((type *)NULL)->name))

int main(void) {
    CONSTANT(PRAX_MAGIC);
    CONSTANT(PRAX_ABI_MAJOR);
    CONSTANT(PRAX_ABI_MINOR);
    VALUE(PRAX_OK);
    VALUE(PRAX_PENDING);
    VALUE(PRAX_E_INVALID);
    VALUE(PRAX_E_UNSUPPORTED);
    VALUE(PRAX_E_DENIED);
    VALUE(PRAX_E_NOT_FOUND);
    VALUE(PRAX_E_CANCELLED);
    VALUE(PRAX_E_DEADLINE);
    VALUE(PRAX_E_BUSY);
    VALUE(PRAX_E_TOO_LARGE);
    VALUE(PRAX_E_UPSTREAM);
    VALUE(PRAX_E_UNAVAILABLE);
    VALUE(PRAX_E_RATE_LIMIT);
    VALUE(PRAX_E_INTERNAL);
    VALUE(PRAX_E_WOULD_BLOCK);
    VALUE(PRAX_E_CONFLICT);
    VALUE(PRAX_E_AUTH);
    VALUE(PRAX_LOG_TRACE);
    VALUE(PRAX_LOG_DEBUG);
    VALUE(PRAX_LOG_INFO);
    VALUE(PRAX_LOG_WARN);
    VALUE(PRAX_LOG_ERROR);
    VALUE(PRAX_F_CONCURRENT);
    VALUE(PRAX_F_RELOADABLE);
    VALUE(PRAX_F_NEEDS_INPROC);
    ID(PRAX_EXT_HOST_CALL);
    ID(PRAX_EXT_HOST_LOG);
    ID(PRAX_EXT_HOST_CONFIG);
    ID(PRAX_EXT_HOST_HTTP);
    ID(PRAX_EXT_HOST_KV);
    ID(PRAX_EXT_HOST_INVOKE);
    ID(PRAX_EXT_HOST_VECTOR);
    ID(PRAX_EXT_HOST_METRICS);
    ID(PRAX_EXT_HOST_MAIL);
    ID(PRAX_IFACE_SKILL);
    ID(PRAX_IFACE_PROVIDER);
    ID(PRAX_IFACE_VECTOR);

    STRUCT(prax_str);
    FIELD(prax_str, ptr);
    FIELD(prax_str, len);

    STRUCT(prax_bytes);
    FIELD(prax_bytes, ptr);
    FIELD(prax_bytes, len);

    STRUCT(prax_kv);
    FIELD(prax_kv, key);
    FIELD(prax_kv, value);

    STRUCT(prax_call);
    FIELD(prax_call, id);

    STRUCT(prax_http);
    FIELD(prax_http, id);

    STRUCT(prax_host);
    FIELD(prax_host, size);
    FIELD(prax_host, abi_major);
    FIELD(prax_host, abi_minor);
    FIELD(prax_host, ctx);
    FIELD(prax_host, name);
    FIELD(prax_host, version);
    FIELD(prax_host, get_extension);

    STRUCT(prax_host_call);
    FIELD(prax_host_call, size);
    FIELD(prax_host_call, deadline_ns);
    FIELD(prax_host_call, is_cancelled);
    FIELD(prax_host_call, on_cancel);
    FIELD(prax_host_call, emit);
    FIELD(prax_host_call, try_emit);
    FIELD(prax_host_call, credit);
    FIELD(prax_host_call, on_credit);
    FIELD(prax_host_call, finish);
    FIELD(prax_host_call, fail);
    FIELD(prax_host_call, context);

    STRUCT(prax_host_log);
    FIELD(prax_host_log, size);
    FIELD(prax_host_log, enabled);
    FIELD(prax_host_log, log);

    STRUCT(prax_host_config);
    FIELD(prax_host_config, size);
    FIELD(prax_host_config, get);
    FIELD(prax_host_config, secret);
    FIELD(prax_host_config, data_dir);

    STRUCT(prax_http_request);
    FIELD(prax_http_request, size);
    FIELD(prax_http_request, timeout_ms);
    FIELD(prax_http_request, method);
    FIELD(prax_http_request, url);
    FIELD(prax_http_request, headers);
    FIELD(prax_http_request, n_headers);
    FIELD(prax_http_request, body);
    FIELD(prax_http_request, first_byte_ms);
    FIELD(prax_http_request, idle_ms);

    STRUCT(prax_http_events);
    FIELD(prax_http_events, size);
    FIELD(prax_http_events, on_head);
    FIELD(prax_http_events, on_body);
    FIELD(prax_http_events, on_end);

    STRUCT(prax_host_http);
    FIELD(prax_host_http, size);
    FIELD(prax_host_http, start);
    FIELD(prax_host_http, cancel);

    STRUCT(prax_host_kv);
    FIELD(prax_host_kv, size);
    FIELD(prax_host_kv, get);
    FIELD(prax_host_kv, put);
    FIELD(prax_host_kv, del);
    FIELD(prax_host_kv, list);

    STRUCT(prax_host_invoke);
    FIELD(prax_host_invoke, size);
    FIELD(prax_host_invoke, invoke);

    STRUCT(prax_host_vector);
    FIELD(prax_host_vector, size);
    FIELD(prax_host_vector, emit_vectors);
    FIELD(prax_host_vector, emit_hit);

    STRUCT(prax_host_metrics);
    FIELD(prax_host_metrics, size);
    FIELD(prax_host_metrics, define);
    FIELD(prax_host_metrics, record);

    STRUCT(prax_mail);
    FIELD(prax_mail, size);
    FIELD(prax_mail, timeout_ms);
    FIELD(prax_mail, to);
    FIELD(prax_mail, n_to);
    FIELD(prax_mail, subject);
    FIELD(prax_mail, text);
    FIELD(prax_mail, html);

    STRUCT(prax_host_mail);
    FIELD(prax_host_mail, size);
    FIELD(prax_host_mail, send);

    STRUCT(prax_skill);
    FIELD(prax_skill, size);
    FIELD(prax_skill, describe);
    FIELD(prax_skill, execute);

    STRUCT(prax_provider);
    FIELD(prax_provider, size);
    FIELD(prax_provider, models);
    FIELD(prax_provider, chat);
    FIELD(prax_provider, embed);
    FIELD(prax_provider, health);
    FIELD(prax_provider, count_tokens);

    STRUCT(prax_vector_item);
    FIELD(prax_vector_item, size);
    FIELD(prax_vector_item, dims);
    FIELD(prax_vector_item, id);
    FIELD(prax_vector_item, vec);
    FIELD(prax_vector_item, metadata_json);

    STRUCT(prax_vectorstore);
    FIELD(prax_vectorstore, size);
    FIELD(prax_vectorstore, open);
    FIELD(prax_vectorstore, upsert);
    FIELD(prax_vectorstore, remove);
    FIELD(prax_vectorstore, query);
    FIELD(prax_vectorstore, flush);

    STRUCT(prax_plugin);
    FIELD(prax_plugin, magic);
    FIELD(prax_plugin, size);
    FIELD(prax_plugin, abi_major);
    FIELD(prax_plugin, abi_minor);
    FIELD(prax_plugin, min_host_minor);
    FIELD(prax_plugin, flags);
    FIELD(prax_plugin, id);
    FIELD(prax_plugin, version);
    FIELD(prax_plugin, build);
    FIELD(prax_plugin, create);
    FIELD(prax_plugin, get_interface);
    FIELD(prax_plugin, reconfigure);
    FIELD(prax_plugin, quiesce);
    FIELD(prax_plugin, destroy);
    return 0;
}
