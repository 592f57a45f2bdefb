#include "../good.h"

/* Nothing is wrong with it but its skill.yaml: `min_host` names a host that is not out yet. */
GOOD_PLUGIN("asks-for-newer-host")
ENTRY((void)0)
