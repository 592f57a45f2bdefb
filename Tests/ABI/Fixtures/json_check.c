/* Checks <praximous/extras/json.h>: a table of ordinary cases, then broken bytes. Built with the sanitisers, and every
 * input lies in memory of exactly its size, so that reading one byte too far ends the program. */
#include <assert.h>
#include <stdio.h>

#include <praximous/extras/json.h>

static prax_str text(const char *s) {
    prax_str result = {s, strlen(s)};
    return result;
}

static void expect(const char *what, prax_str found, const char *wanted) {
    if (wanted == NULL && found.ptr == NULL) return;
    if (wanted != NULL && found.ptr != NULL && found.len == strlen(wanted) && memcmp(found.ptr, wanted, found.len) == 0)
        return;
    printf("%s: %s expected, found %.*s\n", what, wanted == NULL ? "nothing" : wanted, (int)found.len, found.ptr);
    exit(1);
}

static void expect_true(const char *what, int condition) {
    if (condition) return;
    printf("%s\n", what);
    exit(1);
}

static void check_members(void) {
    static const struct { const char *object, *name, *wanted; } table[] = {
        {"{\"a\":1}", "a", "1"},
        {" { \"a\" : [1, {\"b\":\"]\"}] , \"b\" : 2 } ", "b", "2"},
        {"{\"a\":{\"x\":1},\"x\":\"\\\"}\"}", "x", "\"\\\"}\""},
        {"{\"\\u0061\":true}", "a", "true"},
        {"{\"ab\":1}", "a", NULL},
        {"{\"a\":1}", "ab", NULL},
        {"{}", "a", NULL},
        {"", "a", NULL},
        {"[\"a\",1]", "a", NULL},
        {"{\"a\":", "a", NULL},
        {"{\"a\":\"", "a", NULL},
        {"{\"a\":[", "a", NULL},
        {"{\"a\" 1}", "a", NULL},
        {"{\"a\":-1.5e3,\"b\":null}", "a", "-1.5e3"},
        {"{\"a\":1,,\"b\":2}", "b", NULL},
    };
    size_t i;
    for (i = 0; i < sizeof table / sizeof *table; i++)
        expect(table[i].object, prax_json_member(text(table[i].object), table[i].name), table[i].wanted);
    expect("absent object", prax_json_member(prax_json_absent(), "a"), NULL);
}

static void check_kinds(void) {
    static const struct { const char *value; prax_json_kind kind; } table[] = {
        {"null", PRAX_JSON_NULL},  {"true", PRAX_JSON_BOOL}, {" false", PRAX_JSON_BOOL}, {"-0", PRAX_JSON_NUMBER},
        {"\"\"", PRAX_JSON_STRING}, {"[]", PRAX_JSON_ARRAY},  {"{}", PRAX_JSON_OBJECT},   {"", PRAX_JSON_NONE},
        {"x", PRAX_JSON_NONE},      {" ", PRAX_JSON_NONE},
    };
    size_t i;
    for (i = 0; i < sizeof table / sizeof *table; i++)
        expect_true(table[i].value, prax_json_kind_of(text(table[i].value)) == table[i].kind);
}

static void check_strings(void) {
    static const struct { const char *written, *meant; } table[] = {
        {"\"plain\"", "plain"},
        {"\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\/\b\f\n\r\t"},
        {"\"\\u00e9\\u20AC\\ud83d\\ude00\"", "\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"},
        {"\"\\ud83d\"", "\xEF\xBF\xBD"},
        {"\"\\ude00x\"", "\xEF\xBF\xBDx"},
        {"\"\\ud83d\\u0041\"", "\xEF\xBF\xBD" "A"},
        {"\"\"", ""},
        {"\"\\x\"", NULL},
        {"\"\\u12\"", NULL},
        {"\"\\", NULL},
        {"\"", NULL},
        {"1", NULL},
    };
    char small[4];
    char *one = malloc(1);
    prax_str short_text = {NULL, 1};
    size_t i, length;
    assert(one != NULL);
    for (i = 0; i < sizeof table / sizeof *table; i++) {
        char *decoded = prax_json_decode_alloc(text(table[i].written), &length);
        prax_str found = {decoded, decoded == NULL ? 0 : length};
        expect(table[i].written, found, table[i].meant);
        if (table[i].meant != NULL)
            expect_true(table[i].written, prax_json_equals(text(table[i].written), text(table[i].meant)));
        free(decoded);
    }
    short_text.ptr = memcpy(one, "a", 1);
    expect_true("a longer text is another text", !prax_json_equals(text("\"aa\""), short_text));
    free(one);
    expect_true("the length is that of the whole text", prax_json_decode(text("\"abcdef\""), small, sizeof small) == 6);
    expect_true("and has what fits", memcmp(small, "abcd", 4) == 0);
    expect_true("NUL ends what fits", prax_json_decode(text("\"abc\""), small, sizeof small) == 3 && small[3] == 0);
}

static void check_numbers(void) {
    static const struct { const char *written; int ok; int64_t value; } table[] = {
        {"0", 1, 0},
        {"-1", 1, -1},
        {"9223372036854775807", 1, INT64_MAX},
        {"9223372036854775808", 0, 0},
        {"-9223372036854775808", 1, INT64_MIN},
        {"-9223372036854775809", 0, 0},
        {"99999999999999999999999", 0, 0},
        {"1.0", 0, 0},
        {"1e3", 0, 0},
        {"-", 0, 0},
        {"", 0, 0},
        {"\"1\"", 0, 0},
    };
    const char *long_one = "0.00000000000000000000000000000000000000000000000000000000000000000000000000000001";
    size_t i;
    int64_t whole;
    double real;
    int flag;
    for (i = 0; i < sizeof table / sizeof *table; i++) {
        whole = 0;
        expect_true(table[i].written, prax_json_int64(text(table[i].written), &whole) == table[i].ok);
        expect_true(table[i].written, whole == table[i].value);
    }
    expect_true("-1.5e3", prax_json_double(text("-1.5e3"), &real) && real == -1500.0);
    expect_true("a number of more than 63 characters", prax_json_double(text(long_one), &real));
    expect_true("is not cut", real > 0 && real < 1e-70);
    expect_true("no number", !prax_json_double(text("\"1\""), &real) && !prax_json_double(text("-"), &real));
    expect_true("true", prax_json_bool(text("true"), &flag) && flag);
    expect_true("false", prax_json_bool(text("false"), &flag) && !flag);
    expect_true("null is no bool", !prax_json_bool(text("null"), &flag));
}

static void check_elements(void) {
    prax_str array = text(" [1, \"a,b\" ,[2,3],{\"c\":4}] ");
    prax_str value;
    size_t at = 0;
    expect_true("first", prax_json_next_element(array, &at, &value));
    expect("first", value, "1");
    expect_true("second", prax_json_next_element(array, &at, &value));
    expect("second", value, "\"a,b\"");
    expect_true("third", prax_json_next_element(array, &at, &value));
    expect("third", value, "[2,3]");
    expect_true("fourth", prax_json_next_element(array, &at, &value));
    expect("fourth", value, "{\"c\":4}");
    expect_true("no fifth", !prax_json_next_element(array, &at, &value));
}

static void check_writer(void) {
    prax_json_writer w = {NULL, 0, 0, 0};
    int i;
    prax_json_open(&w, '{');
    prax_json_key(&w, "text");
    prax_json_string(&w, text("\"\\\n\x01/\xC3\xA9\xFF\xED\xA0\x80"));
    prax_json_key(&w, "list");
    prax_json_open(&w, '[');
    prax_json_write_int64(&w, INT64_MIN);
    prax_json_write_double(&w, 0.5);
    prax_json_write_double(&w, 1e308 * 10);
    prax_json_write_bool(&w, 1);
    prax_json_raw(&w, text("{\"raw\":null}"));
    prax_json_close(&w, ']');
    prax_json_key(&w, "empty");
    prax_json_open(&w, '{');
    prax_json_close(&w, '}');
    prax_json_close(&w, '}');
    expect("writer", prax_json_text(&w),
           "{\"text\":\"\\\"\\\\\\n\\u0001/\xC3\xA9\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\","
           "\"list\":[-9223372036854775808,0.5,null,true,{\"raw\":null}],\"empty\":{}}");
    for (i = 0; i < 10000; i++) prax_json_string(&w, text("grows"));
    expect_true("grows", w.len > 80000 && !w.failed);
    prax_json_free(&w);
    expect_true("a size that cannot be had", !prax_json_reserve(&w, SIZE_MAX));
    expect("is remembered", prax_json_text(&w), NULL);
}

/* Everything that reads, on one input. Only the sanitisers judge. */
static void exercise(prax_str input) {
    prax_json_writer w = {NULL, 0, 0, 0};
    prax_str key, value;
    size_t at = 0, length;
    double real;
    int64_t whole;
    int flag;
    char small[5];
    (void)prax_json_member(input, "name");
    while (prax_json_next_member(input, &at, &key, &value)) {
        free(prax_json_decode_alloc(key, &length));
        (void)prax_json_decode(value, small, sizeof small);
        (void)prax_json_double(value, &real);
        (void)prax_json_int64(value, &whole);
        (void)prax_json_bool(value, &flag);
        prax_json_raw(&w, key);
    }
    at = 0;
    while (prax_json_next_element(input, &at, &value)) prax_json_string(&w, value);
    prax_json_string(&w, input);
    prax_json_free(&w);
}

static uint32_t next_random(uint32_t *state) {
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static void check_broken_bytes(uint32_t rounds) {
    static const char *seeds[] = {
        "{\"name\":\"A\\u0064a\\ud83d\\ude00\",\"n\":[1,-2.5e10,{\"x\":[[]]}],\"t\":true}",
        "[1,\"two\",[3],{\"four\":4},null,false]",
        "{\"\\\\\":\"\\\"\",\"name\":{\"name\":\"name\"}}",
    };
    static const char likely[] = "{}[]\",:\\u019aeE+-. \n\x00\x7F\x80\xFF\xED";
    uint32_t state = 2463534242u, round;
    for (round = 0; round < rounds; round++) {
        const char *seed = seeds[next_random(&state) % 3];
        size_t length = next_random(&state) % (strlen(seed) + 1);
        uint32_t changes = next_random(&state) % 4;
        char *copy = malloc(length == 0 ? 1 : length);
        prax_str input = {copy, length};
        assert(copy != NULL);
        memcpy(copy, seed, length);
        while (length > 0 && changes-- > 0)
            copy[next_random(&state) % length] = likely[next_random(&state) % (sizeof likely - 1)];
        exercise(input);
        free(copy);
    }
}

static void check_depth(void) {
    size_t length = 4 << 20;
    char *deep = malloc(length);
    prax_str input = {deep, length};
    assert(deep != NULL);
    memset(deep, '[', length);
    exercise(input);
    memset(deep + length / 2, ']', length / 2);
    exercise(input);
    free(deep);
}

int main(void) {
    check_members();
    check_kinds();
    check_strings();
    check_numbers();
    check_elements();
    check_writer();
    check_broken_bytes(200000);
    check_depth();
    return 0;
}
