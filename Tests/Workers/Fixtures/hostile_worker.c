/*
 * What a worker could be if its plugin had taken it over: it knows the protocol and breaks it. Its configuration says
 * how, as "behaviour"; with none it greets, says it is ready and echoes the parameters of every call.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum {
    HELLO = 1, CREATE = 2, SANDBOXED = 3, READY = 4, REFUSED = 5, CALL = 10, EVENT = 11, CREDIT = 12, END = 13, CANCEL = 14,
    RELEASED = 15, HOST_REQUEST = 20, HOST_RESPONSE = 21, LOG = 30, METRIC = 31, PING = 40, PONG = 41, DRAIN = 50, BYE = 51
};
enum { MORE = 1, FAILURE = 2, MEMORY = 4, STREAMS = 8, REQUEST = 16, MISBEHAVIOUR = 32 };

static char behaviour[64], token[128];
static unsigned char payload[1 << 20];
static uint8_t kind, flags;
static uint32_t length, number;
/* How many requests were answered with PRAX_E_BUSY. */
static int refusals;

static int is(const char *word) { return strcmp(behaviour, word) == 0; }

static void silence(void) {
    for (;;) pause();
}

static void put(const void *bytes, size_t size) {
    const char *rest = bytes;
    while (size > 0) {
        ssize_t count = send(3, rest, size, MSG_NOSIGNAL);
        if (count <= 0) _exit(0);
        rest += count;
        size -= (size_t)count;
    }
}

static void header(uint32_t size, uint8_t frame_kind, uint8_t frame_flags, uint32_t frame_number) {
    unsigned char bytes[12] = {0};
    memcpy(bytes, &size, 4);
    bytes[4] = frame_kind;
    bytes[5] = frame_flags;
    memcpy(bytes + 8, &frame_number, 4);
    put(bytes, sizeof bytes);
}

static void frame(uint8_t frame_kind, uint8_t frame_flags, uint32_t frame_number, const void *bytes, size_t size) {
    header((uint32_t)size, frame_kind, frame_flags, frame_number);
    put(bytes, size);
}

static void text(uint8_t frame_kind, uint8_t frame_flags, uint32_t frame_number, const char *words) {
    frame(frame_kind, frame_flags, frame_number, words, strlen(words));
}

/* A frame with eight descriptors. */
static void frame_with_descriptors(uint8_t frame_kind, const char *words) {
    unsigned char bytes[256] = {0};
    uint32_t size = (uint32_t)strlen(words);
    memcpy(bytes, &size, 4);
    bytes[4] = frame_kind;
    memcpy(bytes + 12, words, size);
    struct iovec part = {bytes, 12 + size};
    union {
        char room[CMSG_SPACE(8 * sizeof(int))];
        struct cmsghdr align;
    } control = {{0}};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control.room, .msg_controllen = sizeof control.room};
    struct cmsghdr *head = CMSG_FIRSTHDR(&message);
    head->cmsg_level = SOL_SOCKET;
    head->cmsg_type = SCM_RIGHTS;
    head->cmsg_len = CMSG_LEN(8 * sizeof(int));
    int file = open("/dev/null", O_RDONLY);
    for (int i = 0; i < 8; i++) memcpy(CMSG_DATA(head) + i * (int)sizeof(int), &file, sizeof(int));
    if (sendmsg(3, &message, MSG_NOSIGNAL) <= 0) _exit(0);
    close(file);
}

static void get(void *bytes, size_t size) {
    char *rest = bytes;
    while (size > 0) {
        ssize_t count = recv(3, rest, size, 0);
        if (count <= 0) _exit(0);
        rest += count;
        size -= (size_t)count;
    }
}

static void next(void) {
    unsigned char bytes[12];
    get(bytes, sizeof bytes);
    memcpy(&length, bytes, 4);
    kind = bytes[4];
    flags = bytes[5];
    memcpy(&number, bytes + 8, 4);
    get(payload, length);
}

/* The value of a member that is a string, of JSON that the host has written. */
static void member(const char *name, char *value, size_t size) {
    char key[64];
    snprintf(key, sizeof key, "\"%s\":\"", name);
    char *found = memmem(payload, length, key, strlen(key));
    if (!found) return;
    found += strlen(key);
    char *end = strchr(found, '"');
    snprintf(value, size, "%.*s", (int)(end - found), found);
}

static void hello(const char *its_token) {
    char words[256];
    snprintf(words, sizeof words, "{\"generations\":[1],\"token\":\"%s\"}", its_token);
    text(HELLO, 0, 0, words);
}

static const char layers[] = "{\"layers\":[{\"layer\":\"rlimits\",\"state\":\"applied\",\"detail\":\"none\",\"fix\":null}]}";

static size_t log_line(unsigned char *bytes, const char *key, const char *value) {
    size_t at = 0;
    const char *texts[] = {"a line", key, value};
    bytes[at++] = 6;
    for (int i = 0; i < 3; i++) {
        uint16_t size = (uint16_t)strlen(texts[i]);
        if (i == 1) bytes[at++] = 1;
        memcpy(bytes + at, &size, 2);
        memcpy(bytes + at + 2, texts[i], size);
        at += 2u + size;
    }
    return at;
}

/* Each frame has a number of its own. */
static void flood(uint8_t frame_kind, uint8_t frame_flags, uint32_t count, const void *bytes, size_t size) {
    static unsigned char many[64 << 10];
    static uint32_t last;
    size_t at = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t frame_size = (uint32_t)size, frame_number = ++last;
        memset(many + at, 0, 12);
        memcpy(many + at, &frame_size, 4);
        many[at + 4] = frame_kind;
        many[at + 5] = frame_flags;
        memcpy(many + at + 8, &frame_number, 4);
        memcpy(many + at + 12, bytes, size);
        at += 12 + size;
        if (at + 12 + size > sizeof many) {
            put(many, at);
            at = 0;
        }
    }
    put(many, at);
}

static void before_hello(void) {
    if (is("garbage")) {
        for (unsigned i = 0; i < sizeof payload; i++) payload[i] = (unsigned char)(i * 2654435761u >> 13);
        put(payload, sizeof payload);
        silence();
    }
    if (is("silence")) silence();
    if (is("frame before hello")) text(READY, 0, 0, "{}");
    if (is("huge frame")) header(UINT32_MAX, HELLO, 0, 0);
    if (is("half a hello")) {
        header(100, HELLO, 0, 0);
        put("{\"gen", 5);
        silence();
    }
    if (is("wrong token")) hello("0");
    if (is("hello without token")) text(HELLO, 0, 0, "{\"generations\":[1]}");
    if (is("hello that is none")) text(HELLO, 0, 0, "[]");
    if (is("exit")) _exit(3);
    hello(token);
}

static void before_ready(void) {
    if (is("hello twice")) hello(token);
    if (is("unknown kind")) header(0, 99, 0, 0);
    if (is("frame of the host")) header(0, DRAIN, 0, 0);
    if (is("credit for a call")) frame(CREDIT, 0, 1, "\0\0\0\0", 4);
    if (is("end without a call")) text(END, 0, 1, "1");
    if (is("event without a call")) text(EVENT, 0, 1, "1");
    if (is("part of an end without a call")) flood(END, MORE, 100000, "1", 1);
    if (is("layers that are none")) text(SANDBOXED, 0, 0, "{}");
    if (is("refusal that is none")) text(REFUSED, 0, 0, "{\"reason\":\"nonsense\"}");
    if (is("bad log line")) frame(LOG, 0, 0, "\xff", 1);
    if (is("bad metric")) frame(METRIC, 0, 0, "", 0);
    if (is("bad pong")) frame(PONG, 0, 0, "1", 1);
    if (is("bad request")) frame(HOST_REQUEST, 0, 1, "\x63", 1);
    if (is("request that is too long")) frame(HOST_REQUEST, 0, 1, "\x09\0\0\0\0\0", 6);
    if (is("endless parts")) flood(HOST_REQUEST, MORE, 2000000, "", 0);
    if (is("endless message")) {
        for (int i = 0; i < 18; i++) frame(HOST_REQUEST, MORE, 1, payload, sizeof payload);
    }
    if (is("close before ready")) {
        close(3);
        silence();
    }
    if (is("refuses and stays")) {
        text(REFUSED, 0, 0, "{\"reason\":\"create\",\"message\":\"no\",\"fix\":\"none\"}");
        silence();
    }
    if (is("never ready")) {
        text(SANDBOXED, 0, 0, layers);
        silence();
    }
    if (is("descriptors")) {
        for (int i = 0; i < 2000; i++) frame_with_descriptors(PONG, "0123456789abcdef");
    }
    if (is("ready before the layers")) text(READY, 0, 0, "{}");
    text(SANDBOXED, 0, 0, layers);
    if (is("layers twice")) text(SANDBOXED, 0, 0, layers);
}

/* Puts one MiB under the key `key`, in as many frames as that takes. */
static void put_value(uint32_t request) {
    static unsigned char bytes[1 << 20];
    unsigned char rest[20] = {0};
    memset(bytes, 0, 20);
    memcpy(bytes, "\x03\x03\0\0\0key", 8);
    frame(HOST_REQUEST, MORE, request, bytes, sizeof bytes);
    frame(HOST_REQUEST, 0, request, rest, sizeof rest);
}

static void after_ready(void) {
    unsigned char line[256];
    if (is("ready twice")) text(READY, 0, 0, "{}");
    if (is("refused after ready")) text(REFUSED, 0, 0, "{\"reason\":\"create\",\"message\":\"no\",\"fix\":\"none\"}");
    if (is("close")) {
        close(3);
        silence();
    }
    if (is("half a frame")) {
        header(1000, END, 0, 1);
        put("12345", 5);
        silence();
    }
    if (is("descriptors")) {
        for (int i = 0; i < 2000; i++) frame_with_descriptors(PONG, "0123456789abcdef");
    }
    if (is("log flood")) {
        size_t size = log_line(line, "key", "value");
        flood(LOG, 0, 300000, line, size);
    }
    if (is("misbehaviour flood")) {
        size_t size = log_line(line, "what", "ended a call twice");
        flood(LOG, MISBEHAVIOUR, 3000, line, size);
    }
    if (is("another's name")) {
        frame(LOG, 0, 0, line, log_line(line, "plugin", "other/plugin"));
        frame(LOG, 0, 0, line, log_line(line, "request.id", "another-request"));
        frame(LOG, 0, 0, line, log_line(line, "two\nlines", "x\ny"));
    }
    if (is("questions without end")) flood(HOST_REQUEST, 0, 2000000, "\x02\x03\0\0\0key", 8);
    for (uint32_t i = 1; is("puts without end") && i <= 60; i++) put_value(i);
    // Answers that nobody reads for a while.
    for (int i = 0; is("questions in batches") && i < 40; i++) {
        flood(HOST_REQUEST, 0, 100, "\x02\x03\0\0\0key", 8);
        usleep(5000);
    }
}

/* The parameters of a call: behind everything else, which the tests know the size of. */
static const unsigned char *parameters(size_t *size) {
    size_t at = 12;
    for (int i = 0; i < 3; i++) {
        uint16_t text_size;
        memcpy(&text_size, payload + at, 2);
        at += 2u + text_size;
    }
    *size = length - at;
    return payload + at;
}

/* An exchange on behalf of a call. */
static void exchange(uint32_t request, uint32_t call) {
    unsigned char bytes[64] = {8};
    memcpy(bytes + 1, &call, 4);
    size_t at = 5;
    for (int i = 0; i < 2; i++) {
        bytes[at] = 1;
        bytes[at + 2] = 'x';
        at += 3;
    }
    frame(HOST_REQUEST, 0, request, bytes, at + 14);
}

static void answer_call(void) {
    size_t size;
    const unsigned char *given = parameters(&size);
    if (is("no answer")) return;
    if (is("puts without end")) {
        char words[16];
        if (memmem(payload, length, "more", 4)) put_value(100);
        snprintf(words, sizeof words, "%d", refusals);
        return text(END, 0, number, words), (void)0;
    }
    if (is("answers twice")) frame(END, 0, number, given, size);
    if (is("answers another")) frame(END, 0, number + 1, given, size);
    if (is("answer that is no JSON")) return text(END, 0, number, "{\"a\":"), (void)0;
    if (is("failure that is none")) text(END, FAILURE, number, "{\"kind\":\"nonsense\"}");
    if (is("failure with a number")) {
        return text(END, FAILURE, number,
                    "{\"kind\":\"unauthenticated\",\"code\":\"c\",\"message\":\"m\",\"retry_after_ms\":9223372036854775807}"),
               (void)0;
    }
    if (is("releases")) frame(RELEASED, 0, number, "", 0);
    if (is("events without credit")) {
        unsigned char event[1000] = {1, 0, 'd', '"'};
        memset(event + 4, 'e', sizeof event - 5);
        event[sizeof event - 1] = '"';
        for (int i = 0; i < 1000; i++) frame(EVENT, 0, number, event, sizeof event);
    }
    if (is("event that is no JSON")) frame(EVENT, 0, number, "\x01\0d{\"a\":", 8);
    if (is("event cut short")) frame(EVENT, 0, number, "\x09\0d", 3);
    if (is("exchange after the end") || is("exchange of another call")) exchange(1, is("exchange of another call") ? 99 : number);
    if (is("one number for two")) {
        exchange(1, number);
        exchange(1, number);
        return;
    }
    if (is("exchange after the end")) {
        // Once the host has started it.
        do next();
        while (kind != HOST_RESPONSE);
        frame(END, 0, 1, "1", 1);
        return;
    }
    frame(END, 0, number, given, size);
}

int main(void) {
    next();
    member("token", token, sizeof token);
    next();
    member("behaviour", behaviour, sizeof behaviour);
    before_hello();
    before_ready();
    text(READY, 0, 0, "{\"concurrent\":true}");
    after_ready();
    for (;;) {
        next();
        if (kind == CALL) answer_call();
        if (kind == HOST_RESPONSE && length >= 5 && memcmp(payload, "\x05\xf9\xff\xff\xff", 5) == 0) refusals++;
        if (kind == BYE) _exit(0);
        if (kind == PING) {
            unsigned char pong[16] = {0};
            memcpy(pong, payload, 8);
            if (is("old pongs")) memset(pong, 0, 8);
            frame(PONG, 0, 0, pong, sizeof pong);
        }
    }
}
