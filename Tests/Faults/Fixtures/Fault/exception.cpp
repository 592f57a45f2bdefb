// Row 16: nothing between here and the thread's first function can catch it.
extern "C" void fault_throw(void) { throw "an exception of the plugin"; }
