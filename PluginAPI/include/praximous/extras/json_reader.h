/*
 * Reading. Nothing here copies or allocates unless its comment says so: a value is the span of text it was written in,
 * and lives as long as the text it lies in.
 *
 * The host hands over valid JSON without duplicate keys, so these functions look for structure and do not validate.
 * Any other bytes are safe all the same: nothing is read outside the span, nothing recurses, and every loop moves on.
 */
#ifndef PRAXIMOUS_EXTRAS_JSON_READER_H
#define PRAXIMOUS_EXTRAS_JSON_READER_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <praximous/types.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef enum prax_json_kind {
    PRAX_JSON_NONE = 0, /* absent, or not JSON */
    PRAX_JSON_NULL = 1,
    PRAX_JSON_BOOL = 2,
    PRAX_JSON_NUMBER = 3,
    PRAX_JSON_STRING = 4,
    PRAX_JSON_ARRAY = 5,
    PRAX_JSON_OBJECT = 6
} prax_json_kind;

static inline prax_str prax_json_absent(void) {
    prax_str none = {NULL, 0};
    return none;
}

static inline int prax_json_is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static inline size_t prax_json_skip_space(prax_str text, size_t at) {
    while (at < text.len && prax_json_is_space(text.ptr[at])) at++;
    return at;
}

/* The position after the string that begins at `at`, or 0 when it never ends. */
static inline size_t prax_json_skip_string(prax_str text, size_t at) {
    for (at++; at < text.len; at++) {
        if (text.ptr[at] == '"') return at + 1;
        if (text.ptr[at] == '\\') at++;
    }
    return 0;
}

static inline int prax_json_ends_scalar(char c) {
    return prax_json_is_space(c) || c == ',' || c == ':' || c == '"' || c == '[' || c == ']' || c == '{' || c == '}';
}

/* The position after the value that begins at `at`, or 0 when there is none. Counts brackets instead of recursing, so
 * that the depth of the input is no depth of our stack. */
static inline size_t prax_json_skip_value(prax_str text, size_t at) {
    size_t depth = 0;
    size_t start = at;
    if (at >= text.len) return 0;
    if (text.ptr[at] == '"') return prax_json_skip_string(text, at);
    if (text.ptr[at] != '{' && text.ptr[at] != '[') {
        while (at < text.len && !prax_json_ends_scalar(text.ptr[at])) at++;
        return at == start ? 0 : at;
    }
    while (at < text.len) {
        char c = text.ptr[at];
        if (c == '"') {
            at = prax_json_skip_string(text, at);
            if (at == 0) return 0;
            continue;
        }
        at++;
        if (c == '{' || c == '[') depth++;
        if ((c == '}' || c == ']') && --depth == 0) return at;
    }
    return 0;
}

/** What a value is, by its first character. */
static inline prax_json_kind prax_json_kind_of(prax_str value) {
    size_t at = value.ptr == NULL ? 0 : prax_json_skip_space(value, 0);
    if (value.ptr == NULL || at >= value.len) return PRAX_JSON_NONE;
    switch (value.ptr[at]) {
    case '{': return PRAX_JSON_OBJECT;
    case '[': return PRAX_JSON_ARRAY;
    case '"': return PRAX_JSON_STRING;
    case 't':
    case 'f': return PRAX_JSON_BOOL;
    case 'n': return PRAX_JSON_NULL;
    default: break;
    }
    return value.ptr[at] == '-' || (value.ptr[at] >= '0' && value.ptr[at] <= '9') ? PRAX_JSON_NUMBER : PRAX_JSON_NONE;
}

/* Moves *at, which is 0 at first, to the next item between `open` and its end; 0 when there is no further item. */
static inline int prax_json_advance(prax_str text, size_t *at, char open) {
    size_t here = *at;
    if (text.ptr == NULL) return 0;
    here = prax_json_skip_space(text, here);
    if (here >= text.len || text.ptr[here] != (*at == 0 ? open : ',')) return 0;
    *at = prax_json_skip_space(text, here + 1);
    return *at < text.len;
}

/** Walks an object: set `at` to 0, then call while it returns 1. `key` is the name as written, quotes and escapes
 *  included (compare it with prax_json_equals), `value` the text of the value. */
static inline int prax_json_next_member(prax_str object, size_t *at, prax_str *key, prax_str *value) {
    size_t end;
    if (!prax_json_advance(object, at, '{') || object.ptr[*at] != '"') return 0;
    end = prax_json_skip_string(object, *at);
    if (end == 0) return 0;
    key->ptr = object.ptr + *at;
    key->len = end - *at;
    *at = prax_json_skip_space(object, end);
    if (*at >= object.len || object.ptr[*at] != ':') return 0;
    *at = prax_json_skip_space(object, *at + 1);
    end = prax_json_skip_value(object, *at);
    if (end == 0) return 0;
    value->ptr = object.ptr + *at;
    value->len = end - *at;
    *at = end;
    return 1;
}

/** Walks an array in the same way. */
static inline int prax_json_next_element(prax_str array, size_t *at, prax_str *value) {
    size_t end;
    if (!prax_json_advance(array, at, '[')) return 0;
    end = prax_json_skip_value(array, *at);
    if (end == 0) return 0;
    value->ptr = array.ptr + *at;
    value->len = end - *at;
    *at = end;
    return 1;
}

static inline int32_t prax_json_hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

/* Four hexadecimal digits at `at`, or -1. */
static inline int32_t prax_json_hex4(prax_str text, size_t at) {
    int32_t value = 0;
    size_t i;
    if (text.len < 4 || at > text.len - 4) return -1;
    for (i = at; i < at + 4; i++) {
        int32_t digit = prax_json_hex_digit(text.ptr[i]);
        if (digit < 0) return -1;
        value = value * 16 + digit;
    }
    return value;
}

static inline size_t prax_json_put_utf8(uint32_t scalar, char out[4]) {
    if (scalar < 0x80) {
        out[0] = (char)scalar;
        return 1;
    }
    if (scalar < 0x800) {
        out[0] = (char)(0xC0 | (scalar >> 6));
        out[1] = (char)(0x80 | (scalar & 0x3F));
        return 2;
    }
    if (scalar < 0x10000) {
        out[0] = (char)(0xE0 | (scalar >> 12));
        out[1] = (char)(0x80 | ((scalar >> 6) & 0x3F));
        out[2] = (char)(0x80 | (scalar & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | (scalar >> 18));
    out[1] = (char)(0x80 | ((scalar >> 12) & 0x3F));
    out[2] = (char)(0x80 | ((scalar >> 6) & 0x3F));
    out[3] = (char)(0x80 | (scalar & 0x3F));
    return 4;
}

/* Decodes \uXXXX at *at (the position of the u), pairs of surrogates included; a lone one becomes U+FFFD. */
static inline size_t prax_json_decode_unicode(prax_str text, size_t *at, char out[4]) {
    int32_t unit = prax_json_hex4(text, *at + 1);
    int32_t low;
    if (unit < 0) return 0;
    *at += 5;
    if (unit < 0xD800 || unit > 0xDFFF) return prax_json_put_utf8((uint32_t)unit, out);
    if (unit < 0xDC00 && *at + 1 < text.len && text.ptr[*at] == '\\' && text.ptr[*at + 1] == 'u') {
        low = prax_json_hex4(text, *at + 2);
        if (low >= 0xDC00 && low <= 0xDFFF) {
            *at += 6;
            return prax_json_put_utf8(0x10000u + (((uint32_t)unit - 0xD800u) << 10) + ((uint32_t)low - 0xDC00u), out);
        }
    }
    return prax_json_put_utf8(0xFFFD, out);
}

/* Decodes one character of a string at *at and moves on. Returns how many bytes of `out` it is, 0 when it is wrong. */
static inline size_t prax_json_decode_one(prax_str text, size_t *at, char out[4]) {
    static const char written[] = "\"\\/bfnrt";
    static const char meant[] = "\"\\/\b\f\n\r\t";
    const char *found;
    out[0] = text.ptr[*at];
    if (out[0] != '\\') {
        ++*at;
        return 1;
    }
    ++*at;
    if (*at >= text.len) return 0;
    if (text.ptr[*at] == 'u') return prax_json_decode_unicode(text, at, out);
    found = (const char *)memchr(written, text.ptr[*at], sizeof written - 1);
    if (found == NULL) return 0;
    out[0] = meant[found - written];
    ++*at;
    return 1;
}

/* What lies between the quotes of a string value; absent when it is no string. */
static inline prax_str prax_json_inside(prax_str value) {
    prax_str inside;
    size_t start, end;
    if (prax_json_kind_of(value) != PRAX_JSON_STRING) return prax_json_absent();
    start = prax_json_skip_space(value, 0);
    end = prax_json_skip_string(value, start);
    if (end == 0) return prax_json_absent();
    inside.ptr = value.ptr + start + 1;
    inside.len = end - start - 2;
    return inside;
}

/** Decodes a string value into out, as much as fits, and ends it with NUL when there is room. Returns the length of the
 *  whole text without the NUL, so that more than `capacity` tells how much to get; SIZE_MAX when it is no string.
 *  The text may contain NUL characters. */
static inline size_t prax_json_decode(prax_str value, char *out, size_t capacity) {
    prax_str text = prax_json_inside(value);
    size_t at = 0, total = 0, n, i;
    char bytes[4];
    if (text.ptr == NULL) return SIZE_MAX;
    while (at < text.len) {
        n = prax_json_decode_one(text, &at, bytes);
        if (n == 0) return SIZE_MAX;
        for (i = 0; i < n; i++)
            if (total + i < capacity) out[total + i] = bytes[i];
        total += n;
    }
    if (total < capacity) out[total] = 0;
    return total;
}

/** The same into memory from malloc, which the caller frees; NULL when it is no string or memory is short. */
static inline char *prax_json_decode_alloc(prax_str value, size_t *len) {
    /* A decoded text is never longer than it was written, and the quotes leave room for the NUL. */
    char *out = value.len < 2 ? NULL : (char *)malloc(value.len);
    size_t n = out == NULL ? SIZE_MAX : prax_json_decode(value, out, value.len);
    if (n == SIZE_MAX) {
        free(out);
        return NULL;
    }
    *len = n;
    return out;
}

/** 1 when the value is a string with this text, however it was written. */
static inline int prax_json_equals(prax_str value, prax_str text) {
    prax_str inside = prax_json_inside(value);
    size_t at = 0, seen = 0, n;
    char bytes[4];
    if (inside.ptr == NULL) return 0;
    while (at < inside.len) {
        n = prax_json_decode_one(inside, &at, bytes);
        if (n == 0 || n > text.len - seen || memcmp(text.ptr + seen, bytes, n) != 0) return 0;
        seen += n;
    }
    return seen == text.len;
}

/** The value of the object's member `name`, as written; absent when there is none. */
static inline prax_str prax_json_member(prax_str object, const char *name) {
    prax_str wanted, key, value;
    size_t at = 0;
    wanted.ptr = name;
    wanted.len = strlen(name);
    while (prax_json_next_member(object, &at, &key, &value))
        if (prax_json_equals(key, wanted)) return value;
    return prax_json_absent();
}

/** 1 and *out for true and false; else 0. */
static inline int prax_json_bool(prax_str value, int *out) {
    if (value.ptr == NULL) return 0;
    *out = value.len == 4 && memcmp(value.ptr, "true", 4) == 0;
    return *out || (value.len == 5 && memcmp(value.ptr, "false", 5) == 0);
}

/** 1 and *out for a number without fraction or exponent that fits; else 0. */
static inline int prax_json_int64(prax_str value, int64_t *out) {
    int negative = value.len > 0 && value.ptr[0] == '-';
    uint64_t limit = negative ? (uint64_t)INT64_MAX + 1 : (uint64_t)INT64_MAX;
    uint64_t sum = 0;
    size_t i = negative ? 1 : 0;
    if (value.ptr == NULL || i == value.len) return 0;
    for (; i < value.len; i++) {
        uint64_t digit = (uint64_t)(unsigned char)value.ptr[i] - '0';
        if (digit > 9 || sum > (limit - digit) / 10) return 0;
        sum = sum * 10 + digit;
    }
    *out = negative ? (sum == limit ? INT64_MIN : -(int64_t)sum) : (int64_t)sum;
    return 1;
}

/** 1 and *out for a number; else 0. It reads what strtod reads in the C locale, the one every host runs in. A number of
 *  more than 63 characters is copied to memory from malloc meanwhile. */
static inline int prax_json_double(prax_str value, double *out) {
    char small[64];
    char *copy = small, *end;
    int ok;
    if (prax_json_kind_of(value) != PRAX_JSON_NUMBER) return 0;
    if (value.len >= sizeof small) copy = (char *)malloc(value.len + 1);
    if (copy == NULL) return 0;
    memcpy(copy, value.ptr, value.len);
    copy[value.len] = 0;
    *out = strtod(copy, &end);
    ok = end == copy + value.len;
    if (copy != small) free(copy);
    return ok;
}

#ifdef __cplusplus
}
#endif
#endif
