#include "../good.h"

GOOD_PLUGIN("wrong-magic")
ENTRY(plugin.magic = 0x464C457F)
