#include "../good.h"

/* Nothing is wrong with the source: the test writes the other machine's number into the ELF header. */
GOOD_PLUGIN("wrong-arch")
ENTRY((void)0)
