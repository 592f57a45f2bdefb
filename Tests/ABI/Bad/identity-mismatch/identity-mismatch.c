#include "../good.h"

GOOD_PLUGIN("somebody-else")
ENTRY((void)0)
