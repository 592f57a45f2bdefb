// The reference of the call benchmark: a C function behind a pointer that copies a text into a new buffer.
#ifndef PRAX_CALL_COST_BASELINE_H
#define PRAX_CALL_COST_BASELINE_H

#include <stddef.h>

typedef char *(*prax_baseline_echo)(const char *text, size_t length);

prax_baseline_echo prax_baseline_function(void);

// Nanoseconds for one call through the pointer, with its malloc, copy and free.
double prax_baseline_nanoseconds(prax_baseline_echo echo, const char *text, size_t length, size_t rounds);

#endif
