/* Row 34: finds the worker's line to the host and writes on it what the test asks for. */
#include "fault.h"
#include <praximous/extras/json.h>
#include <sys/stat.h>
#include <unistd.h>

static int wire(void) {
    struct stat info;
    for (int descriptor = 3; descriptor < 64; descriptor++) {
        if (fstat(descriptor, &info) == 0 && S_ISSOCK(info.st_mode)) return descriptor;
    }
    return -1;
}

static int digit(char c) {
    return c <= '9' ? c - '0' : c - 'a' + 10;
}

static prax_status garbage(prax_instance *self, prax_call call, prax_str params) {
    char hex[4096], bytes[2048];
    size_t length = prax_json_decode(prax_json_member(params, "hex"), hex, sizeof hex), count = 0;
    int descriptor = wire();
    if (length > sizeof hex || descriptor < 0) return PRAX_E_UNSUPPORTED;
    for (size_t i = 0; i + 1 < length; i++) {
        if (hex[i] == ' ') continue;
        bytes[count++] = (char)(digit(hex[i]) << 4 | digit(hex[i + 1]));
        i++;
    }
    if (write(descriptor, bytes, count) < 0) return PRAX_E_INTERNAL;
    /* The host's turn. */
    fault_wait(self, call, 3000);
    return fault_done(self, call);
}

const behaviour fault_wire[] = {
    {"garbage", garbage},
    {NULL, NULL},
};
