/* Row 23: answers that are none. */
#include "fault.h"
#include <stdlib.h>
#include <string.h>

static prax_status answer(prax_instance *self, prax_call call, const char *text, size_t length) {
    prax_str json = {text, length};
    self->calls->finish(call, json);
    return PRAX_OK;
}

static prax_status invalid_utf8(prax_instance *self, prax_call call, prax_str params) {
    (void)params;
    return answer(self, call, "\"\xff\xc3(\"", 5);
}

static prax_status nul_inside(prax_instance *self, prax_call call, prax_str params) {
    (void)params;
    return answer(self, call, "\"before\0after\"", 14);
}

static prax_status half_a_value(prax_instance *self, prax_call call, prax_str params) {
    (void)params;
    return answer(self, call, "{\"half\":", 8);
}

static prax_status huge_length(prax_instance *self, prax_call call, prax_str params) {
    (void)params;
    return answer(self, call, "\"x\"", (size_t)1 << 63);
}

static prax_status text_of(prax_instance *self, prax_call call, size_t length) {
    char *text = malloc(length);
    prax_status status;
    if (text == NULL) return PRAX_E_INTERNAL;
    memset(text, 'a', length);
    text[0] = text[length - 1] = '"';
    status = answer(self, call, text, length);
    free(text);
    return status;
}

static prax_status too_large_result(prax_instance *self, prax_call call, prax_str params) {
    (void)params;
    return text_of(self, call, 17 << 20);
}

/* Larger than one frame, and allowed. */
static prax_status large_result(prax_instance *self, prax_call call, prax_str params) {
    (void)params;
    return text_of(self, call, 3 << 20);
}

const behaviour fault_results[] = {
    {"invalid_utf8", invalid_utf8},
    {"nul_inside", nul_inside},
    {"half_a_value", half_a_value},
    {"huge_length", huge_length},
    {"too_large_result", too_large_result},
    {"large_result", large_result},
    {NULL, NULL},
};
