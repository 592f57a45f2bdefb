/*
 * Writing. A prax_json_writer grows by realloc and puts the commas itself:
 *
 *     prax_json_writer w = {0};
 *     prax_json_open(&w, '{');
 *     prax_json_key(&w, "greeting");
 *     prax_json_string(&w, name);
 *     prax_json_close(&w, '}');
 *     status = calls->finish(call, prax_json_text(&w));
 *     prax_json_free(&w);
 *
 * Memory that runs out is remembered: later writes do nothing, and prax_json_text is absent, which finish() refuses.
 */
#ifndef PRAXIMOUS_EXTRAS_JSON_WRITER_H
#define PRAXIMOUS_EXTRAS_JSON_WRITER_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <praximous/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct prax_json_writer {
    char *ptr;
    size_t len;
    size_t capacity;
    int failed;
} prax_json_writer;

/** Room for `more` bytes; 0 when there is none to be had. Calling it with a good guess first saves reallocation. */
static inline int prax_json_reserve(prax_json_writer *w, size_t more) {
    size_t wanted;
    char *grown;
    if (w->failed) return 0;
    if (more <= w->capacity - w->len) return 1;
    if (more > SIZE_MAX / 4 || w->len > SIZE_MAX / 4) {
        w->failed = 1;
        return 0;
    }
    wanted = w->len + more;
    if (wanted < w->capacity * 2) wanted = w->capacity * 2;
    if (wanted < 128) wanted = 128;
    grown = (char *)realloc(w->ptr, wanted);
    if (grown == NULL) {
        w->failed = 1;
        return 0;
    }
    w->ptr = grown;
    w->capacity = wanted;
    return 1;
}

static inline void prax_json_append(prax_json_writer *w, const char *bytes, size_t n) {
    if (n == 0 || !prax_json_reserve(w, n)) return;
    memcpy(w->ptr + w->len, bytes, n);
    w->len += n;
}

/* A value that follows another one needs a comma. What was written last tells: no value ends in one of these four. */
static inline void prax_json_separate(prax_json_writer *w) {
    char last = w->len == 0 ? '[' : w->ptr[w->len - 1];
    if (last != '[' && last != '{' && last != ':' && last != ',') prax_json_append(w, ",", 1);
}

/** Begins an object with '{' or an array with '['. */
static inline void prax_json_open(prax_json_writer *w, char bracket) {
    prax_json_separate(w);
    prax_json_append(w, &bracket, 1);
}

/** Ends it with '}' or ']'. */
static inline void prax_json_close(prax_json_writer *w, char bracket) {
    prax_json_append(w, &bracket, 1);
}

/** A value that is JSON already, such as one that prax_json_member found. */
static inline void prax_json_raw(prax_json_writer *w, prax_str json) {
    prax_json_separate(w);
    prax_json_append(w, json.ptr, json.len);
}

/* How many bytes of valid UTF-8 the character at `at` is; 0 when it is none. */
static inline size_t prax_json_utf8_length(prax_str text, size_t at) {
    const unsigned char *s = (const unsigned char *)text.ptr + at;
    size_t left = text.len - at;
    if (s[0] < 0x80) return 1;
    if (left >= 2 && s[0] >= 0xC2 && s[0] <= 0xDF && (s[1] & 0xC0) == 0x80) return 2;
    if (left < 3 || s[0] < 0xE0 || (s[1] & 0xC0) != 0x80 || (s[2] & 0xC0) != 0x80) return 0;
    if (s[0] <= 0xEF) return (s[0] == 0xE0 && s[1] < 0xA0) || (s[0] == 0xED && s[1] > 0x9F) ? 0 : 3;
    if (left < 4 || s[0] > 0xF4 || (s[3] & 0xC0) != 0x80) return 0;
    return (s[0] == 0xF0 && s[1] < 0x90) || (s[0] == 0xF4 && s[1] > 0x8F) ? 0 : 4;
}

static inline void prax_json_escape_control(prax_json_writer *w, unsigned char c) {
    char escape[7];
    switch (c) {
    case '\b': prax_json_append(w, "\\b", 2); return;
    case '\f': prax_json_append(w, "\\f", 2); return;
    case '\n': prax_json_append(w, "\\n", 2); return;
    case '\r': prax_json_append(w, "\\r", 2); return;
    case '\t': prax_json_append(w, "\\t", 2); return;
    default: break;
    }
    snprintf(escape, sizeof escape, "\\u%04x", (unsigned)c);
    prax_json_append(w, escape, 6);
}

/* The text escaped, without quotes. What is not UTF-8 becomes U+FFFD, as the host would refuse the whole result. */
static inline void prax_json_escaped(prax_json_writer *w, prax_str text) {
    size_t at = 0, plain = 0, n;
    while (at < text.len) {
        unsigned char c = (unsigned char)text.ptr[at];
        n = prax_json_utf8_length(text, at);
        if (n != 0 && c >= 0x20 && c != '"' && c != '\\') {
            at += n;
            continue;
        }
        prax_json_append(w, text.ptr + plain, at - plain);
        if (n == 0) prax_json_append(w, "\xEF\xBF\xBD", 3);
        else if (c == '"') prax_json_append(w, "\\\"", 2);
        else if (c == '\\') prax_json_append(w, "\\\\", 2);
        else prax_json_escape_control(w, c);
        plain = ++at;
    }
    if (text.len > plain) prax_json_append(w, text.ptr + plain, text.len - plain);
}

/** A string value. */
static inline void prax_json_string(prax_json_writer *w, prax_str text) {
    prax_json_separate(w);
    prax_json_append(w, "\"", 1);
    prax_json_escaped(w, text);
    prax_json_append(w, "\"", 1);
}

/** The name of an object's next member. */
static inline void prax_json_key(prax_json_writer *w, const char *name) {
    prax_str text;
    text.ptr = name;
    text.len = strlen(name);
    prax_json_string(w, text);
    prax_json_append(w, ":", 1);
}

/** A whole number. */
static inline void prax_json_write_int64(prax_json_writer *w, int64_t value) {
    char text[32];
    int n = snprintf(text, sizeof text, "%lld", (long long)value);
    prax_json_separate(w);
    if (n > 0) prax_json_append(w, text, (size_t)n);
}

/** A number, written so that reading gives the same one; null for what JSON cannot say (NaN, infinity). */
static inline void prax_json_write_double(prax_json_writer *w, double value) {
    char text[32];
    int n = value - value == 0 ? snprintf(text, sizeof text, "%.17g", value) : snprintf(text, sizeof text, "null");
    prax_json_separate(w);
    if (n > 0) prax_json_append(w, text, (size_t)n);
}

/** true or false. */
static inline void prax_json_write_bool(prax_json_writer *w, int value) {
    prax_json_separate(w);
    if (value) prax_json_append(w, "true", 4);
    else prax_json_append(w, "false", 5);
}

/** What has been written; the writer's until it is freed. Absent when memory ran out. */
static inline prax_str prax_json_text(const prax_json_writer *w) {
    prax_str text = {NULL, 0};
    if (w->failed) return text;
    text.ptr = w->ptr;
    text.len = w->len;
    return text;
}

/** Frees the text and makes the writer as new. */
static inline void prax_json_free(prax_json_writer *w) {
    free(w->ptr);
    memset(w, 0, sizeof *w);
}

#ifdef __cplusplus
}
#endif
#endif
