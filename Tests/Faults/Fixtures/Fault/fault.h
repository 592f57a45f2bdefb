/*
 * What the files of the fault plugin share. Each holds the behaviours of one kind, in a table that ends with a NULL
 * name; prax_fault.c looks an operation up in all of them.
 */
#ifndef FAULT_H
#define FAULT_H

#include <praximous/plugin.h>
#include <stdatomic.h>

struct prax_instance {
    const prax_host *host;
    const prax_host_call *calls;
    const prax_host_log *log;
    const prax_host_config *config;
    /* NULL where the host does not offer them. */
    const prax_host_kv *kv;
    const prax_host_invoke *invoke;
    /* The id of the last `ok` call, which has ended. */
    _Atomic uint64_t last_call;
    /* What became of the last stream_flood. */
    atomic_long emitted;
    atomic_int emit_ended;
};

typedef struct behaviour {
    const char *name;
    prax_status (*run)(prax_instance *self, prax_call call, prax_str params);
} behaviour;

extern const behaviour fault_endings[], fault_hangs[], fault_resources[], fault_streams[], fault_misuses[],
    fault_results[], fault_process[], fault_wire[];

/** Ends the call with {"ok":true}. */
prax_status fault_done(prax_instance *self, prax_call call);
/** Ends the call with {"name":value}. */
prax_status fault_number(prax_instance *self, prax_call call, const char *name, long value);
/** Ends the call as what an operating system refuses should end: code attempt_denied, the name of errno as message. */
prax_status fault_denied(prax_instance *self, prax_call call, int number);
void fault_nap(long milliseconds);
/** Comes back when the call is over, or after so many milliseconds. */
void fault_wait(prax_instance *self, prax_call call, long milliseconds);

/** Throws a C++ exception that nobody catches. */
void fault_throw(void);

/** Uses a C++ library of its own. */
long fault_other_runtime(void);

/* In two plugins at once, with another answer in each. */
int shared_answer(void);

#endif
