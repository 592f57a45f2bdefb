#include "../good.h"

/* Another plugin with a helper of this name would get this one. */
PRAX_EXPORT int helper(void);

PRAX_EXPORT int helper(void) {
    return 1;
}

GOOD_PLUGIN("second-exported-symbol")
ENTRY((void)0)
