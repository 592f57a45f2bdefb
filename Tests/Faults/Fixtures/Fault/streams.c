/* Rows 18-20: events too fast for the reader, and too slow. */
#include "fault.h"
#include <stdio.h>
#include <string.h>

/* For ever, or until emit says that it is over. */
static prax_status stream_flood(prax_instance *self, prax_call call, prax_str params) {
    char text[1024];
    prax_str json = {text, sizeof text};
    prax_status status = PRAX_OK;
    (void)params;
    memset(text, 'f', sizeof text);
    text[0] = text[sizeof text - 1] = '"';
    atomic_store(&self->emitted, 0);
    atomic_store(&self->emit_ended, 0);
    while (status == PRAX_OK) {
        status = self->calls->emit(call, PRAX_STR("data"), json);
        atomic_fetch_add(&self->emitted, 1);
    }
    atomic_store(&self->emit_ended, status);
    return status;
}

static prax_status flood_state(prax_instance *self, prax_call call, prax_str params) {
    char text[128];
    prax_str json = {text, 0};
    (void)params;
    json.len = (size_t)snprintf(text, sizeof text, "{\"emitted\":%ld,\"ended\":%d}", atomic_load(&self->emitted),
                                atomic_load(&self->emit_ended));
    return self->calls->finish(call, json);
}

static prax_status late_first_event(prax_instance *self, prax_call call, prax_str params) {
    (void)params;
    fault_wait(self, call, 30000);
    return PRAX_E_DEADLINE;
}

static prax_status gap(prax_instance *self, prax_call call, prax_str params) {
    self->calls->emit(call, PRAX_STR("data"), PRAX_STR("\"first and only\""));
    return late_first_event(self, call, params);
}

const behaviour fault_streams[] = {
    {"stream_flood", stream_flood},
    {"flood_state", flood_state},
    {"late_first_event", late_first_event},
    {"gap", gap},
    {NULL, NULL},
};
