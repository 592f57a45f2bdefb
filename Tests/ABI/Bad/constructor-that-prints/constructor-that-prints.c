#include <unistd.h>

#include "../good.h"

/* Runs inside dlopen, before any check can stop it. */
__attribute__((constructor)) static void print(void) {
    static const char text[] = "Loading the best plugin in the world...\n";
    if (write(STDOUT_FILENO, text, sizeof text - 1) < 0) return;
}

GOOD_PLUGIN("constructor-that-prints")
ENTRY((void)0)
