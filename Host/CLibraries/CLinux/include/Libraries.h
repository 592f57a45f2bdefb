// What the loader has put into this process.
#ifndef PRAX_LIBRARIES_H
#define PRAX_LIBRARIES_H

#include <stddef.h>

// Stores the path, with its NUL, of the loaded library with this file name. Returns 1; 0 when there is none or its path
// is longer than `size` allows.
int prax_find_library(const char *name, char *path, size_t size);

#endif
