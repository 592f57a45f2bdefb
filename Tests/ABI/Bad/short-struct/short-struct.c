#include "../good.h"

/* Says that it ends before the name: nothing behind the first four numbers may be read. */
GOOD_PLUGIN("short-struct")
ENTRY(plugin.size = 16)
