/* Rows 16, 17, 21, 22, 27, 29, 35: the host's tables used as the headers forbid. */
#include "fault.h"
#include <praximous/extras/json.h>
#include <pthread.h>
#include <setjmp.h>
#include <string.h>

static const prax_str none = {NULL, 0};

static prax_status cxx_exception(prax_instance *self, prax_call call, prax_str params) {
    (void)params;
    fault_throw();
    return fault_done(self, call);
}

static jmp_buf back;
static volatile int has_jumped;

static void jump(void *context, prax_str json) {
    (void)context, (void)json;
    has_jumped = 1;
    longjmp(back, 1);
}

static prax_status jumps_out(prax_instance *self, prax_call call, prax_str params) {
    prax_str whole = {"", 0};
    (void)params;
    if (setjmp(back) == 0) self->config->get(self->host->ctx, whole, jump, NULL);
    return has_jumped ? fault_done(self, call) : PRAX_E_INTERNAL;
}

static prax_status emit_after_finish(prax_instance *self, prax_call call, prax_str params) {
    (void)params;
    fault_done(self, call);
    return self->calls->emit(call, PRAX_STR("data"), PRAX_STR("1")) == PRAX_OK ? PRAX_E_INTERNAL : PRAX_OK;
}

static prax_status finish_twice(prax_instance *self, prax_call call, prax_str params) {
    (void)params;
    fault_done(self, call);
    self->calls->finish(call, PRAX_STR("{\"second\":true}"));
    return PRAX_OK;
}

static prax_status finish_often(prax_instance *self, prax_call call, prax_str params) {
    (void)params;
    for (int i = 0; i < 6; i++) fault_done(self, call);
    return PRAX_OK;
}

static prax_status never_finish(prax_instance *self, prax_call call, prax_str params) {
    (void)self, (void)call, (void)params;
    return PRAX_OK;
}

static prax_status pending_for_ever(prax_instance *self, prax_call call, prax_str params) {
    (void)self, (void)call, (void)params;
    return PRAX_PENDING;
}

/* All of it with the handle of a call that has long been answered. */
static prax_status use_after_end(prax_instance *self, prax_call call, prax_str params) {
    const prax_host_call *calls = self->calls;
    prax_call ended = {atomic_load(&self->last_call)};
    long accepted = 0;
    (void)params;
    accepted += calls->emit(ended, PRAX_STR("data"), PRAX_STR("1")) == PRAX_OK;
    accepted += calls->try_emit(ended, PRAX_STR("data"), PRAX_STR("1")) == PRAX_OK;
    accepted += calls->finish(ended, PRAX_STR("\"stolen\"")) == PRAX_OK;
    accepted += calls->fail(ended, PRAX_E_INVALID, none, none, none, 0) == PRAX_OK;
    accepted += calls->context(ended).ptr != NULL;
    accepted += calls->is_cancelled(ended) != 1;
    return fault_number(self, call, "accepted", accepted);
}

static prax_status symbol_clash(prax_instance *self, prax_call call, prax_str params) {
    (void)params;
    return fault_number(self, call, "answer", shared_answer());
}

static atomic_long heartbeats;

static void *beat(void *argument) {
    for (;;) {
        atomic_fetch_add(&heartbeats, 1);
        fault_nap(1);
    }
    return argument;
}

/* destroy() does not join it. */
static prax_status leave_thread(prax_instance *self, prax_call call, prax_str params) {
    pthread_t thread;
    (void)params;
    if (pthread_create(&thread, NULL, beat, NULL) != 0) return PRAX_E_INTERNAL;
    pthread_detach(thread);
    return fault_done(self, call);
}

typedef struct child_end {
    prax_status status;
    char code[64];
    size_t length;
} child_end;

static void on_done(void *context, prax_status status, prax_str json) {
    child_end *end = context;
    end->status = status;
    end->length = prax_json_decode(prax_json_member(json, "code"), end->code, sizeof end->code);
    if (end->length > sizeof end->code) end->length = sizeof end->code;
}

/* Calls itself, as the parameter `target` names it, and passes on the code with which that fails in the end. */
static prax_status recursion(prax_instance *self, prax_call call, prax_str params) {
    char name[128];
    prax_str target = {name, prax_json_decode(prax_json_member(params, "target"), name, sizeof name)}, code;
    child_end end = {PRAX_OK, "", 0};
    prax_status status;
    if (self->invoke == NULL || target.len > sizeof name) return PRAX_E_UNSUPPORTED;
    status = self->invoke->invoke(self->host->ctx, call, target, params, NULL, on_done, &end);
    if (status == PRAX_E_BUSY) {
        return self->calls->fail(call, PRAX_E_INVALID, PRAX_STR("busy"), PRAX_STR("The chain ended."), none, 0);
    }
    if (status != PRAX_OK) return fault_number(self, call, "invoke_status", status);
    if (end.status == PRAX_OK) return fault_done(self, call);
    code.ptr = end.code;
    code.len = end.length;
    return self->calls->fail(call, PRAX_E_INVALID, code, PRAX_STR("The chain ended."), none, 0);
}

const behaviour fault_misuses[] = {
    {"cxx_exception", cxx_exception},
    {"longjmp", jumps_out},
    {"emit_after_finish", emit_after_finish},
    {"finish_twice", finish_twice},
    {"finish_often", finish_often},
    {"never_finish", never_finish},
    {"pending_for_ever", pending_for_ever},
    {"use_after_end", use_after_end},
    {"symbol_clash", symbol_clash},
    {"leave_thread", leave_thread},
    {"recursion", recursion},
    {NULL, NULL},
};
