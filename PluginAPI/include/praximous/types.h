/*
 * The vocabulary of the border between prax-host and a plugin: the rules of reading that hold for every other
 * header here, and the few types all of them use.
 *
 * SIZE      A struct that crosses the border begins with `uint32_t size`, which the side that fills it sets to its
 *           own sizeof. The two sides may have been compiled years apart, so the other side touches a field only
 *           after PRAX_HAS(pointer, field). Fields are appended; none is ever removed, moved, retyped or reused.
 *           Four types have no size because they are embedded by value and therefore frozen for ever: prax_str,
 *           prax_bytes, prax_kv and the handles (prax_call, prax_http).
 * STRINGS   prax_str is a pointer and a length: UTF-8, no terminating NUL, owned by somebody else.
 *           {NULL, 0} says "absent", a non-NULL pointer with length 0 says "empty". Where a comment says JSON, the
 *           string is exactly one JSON value. Ids that are looked up (interfaces, extensions) are C strings.
 * MEMORY    What goes into a call is borrowed until the call returns; keep something by copying it. Nothing is
 *           allocated on one side and freed on the other, since the two sides may not share an allocator: results
 *           are pushed through functions of the host, which copy before they return. The exceptions say so.
 * THREADS   Every function carries one of four tags, and no others exist:
 *             [any]     from any thread, at any time, also concurrently with itself.
 *             [serial]  never overlaps itself or another [serial] function of the same instance.
 *             [work]    on a thread that the host keeps for plugin code; may block until the call's deadline.
 *             [call]    from any thread, but never from two at once for the same prax_call.
 * ERRORS    A status is PRAX_OK or negative (status.h). Nothing unwinds through the border: no C++ exception, no Rust
 *           panic, no longjmp. The other side is a language that cannot catch it, and the process would end.
 * PROCESS   A plugin is a guest in a process it does not own, so it leaves alone what belongs to the whole process:
 *           exit, abort, fork, signal handlers, locale, working directory, umask, environment, standard streams.
 * LOADING   The library is opened with RTLD_NOW | RTLD_LOCAL and stays mapped until the process ends. Constructors
 *           and static initialisers run before any check can, so they must do nothing.
 */
#ifndef PRAXIMOUS_TYPES_H
#define PRAXIMOUS_TYPES_H

#include <stddef.h>
#include <stdint.h>

#if defined(_WIN32)
#  define PRAX_EXPORT __declspec(dllexport)
#else
#  define PRAX_EXPORT __attribute__((visibility("default")))
#endif

/* "PAX1" as little-endian bytes. A library whose description starts with anything else is not ours. */
#define PRAX_MAGIC 0x31584150u
/* The meaning of what exists. A host and a plugin of different majors refuse each other. */
#define PRAX_ABI_MAJOR 1u
/* What has been appended so far. A plugin loads when the host's minor is at least the plugin's min_host_minor. */
#define PRAX_ABI_MINOR 0u

/* True when the side that filled *p knew field f. __typeof__ is what gcc and clang offer; C11 has no other form. */
#define PRAX_HAS(p, f) \
    ((p) != NULL && (size_t)(p)->size >= offsetof(__typeof__(*(p)), f) + sizeof((p)->f))

#ifdef __cplusplus
extern "C" {
#endif

/** Text somebody else owns. */
typedef struct prax_str {
    const char *ptr;
    size_t len;
} prax_str;

/** Bytes somebody else owns. */
typedef struct prax_bytes {
    const uint8_t *ptr;
    size_t len;
} prax_bytes;

/** A log field, an HTTP header. */
typedef struct prax_kv {
    prax_str key, value;
} prax_kv;

/** What create() returned. The plugin defines it and owns it; the host only carries the pointer. */
typedef struct prax_instance prax_instance;

/* Handles are a slot and a generation, not pointers: a background thread that answers a request which has long ended
 * gets PRAX_E_NOT_FOUND instead of touching freed memory. 0 is never a valid id. */

/** One request that the plugin is serving. */
typedef struct prax_call {
    uint64_t id;
} prax_call;

/** One HTTP exchange that the host runs for the plugin. */
typedef struct prax_http {
    uint64_t id;
} prax_http;

/* A prax_str from a string literal: PRAX_STR in an expression, PRAX_STR_INIT in a static initialiser, where C11 wants
 * constants only. */
#define PRAX_STR_INIT(literal) { "" literal, sizeof("" literal) - 1 }
#ifdef __cplusplus
#  define PRAX_STR(literal) (prax_str PRAX_STR_INIT(literal))
#else
#  define PRAX_STR(literal) ((prax_str)PRAX_STR_INIT(literal))
#endif

#ifdef __cplusplus
}
#endif
#endif
