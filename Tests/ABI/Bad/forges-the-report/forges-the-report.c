#include <unistd.h>

#include "../good.h"

/* Says on the checking process's own channel that all is well, and ends it before anything can be checked. */
__attribute__((constructor)) static void forge(void) {
    static const char text[] = "{\"ok\":true}\n";
    if (write(3, text, sizeof text - 1) < 0) return;
    _exit(0);
}

GOOD_PLUGIN("forges-the-report")
ENTRY((void)0)
