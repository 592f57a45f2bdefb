// The pages of code and constants that a process has in memory.
#ifndef PRAX_PAGES_H
#define PRAX_PAGES_H

// Gives the unwritable pages of the program and of the libraries it is linked with back to the page cache; not of what
// was loaded later, since a plugin may have written to its own code. A start touches most of them, its relocations and
// one-time work 64 KiB at a time, and what runs afterwards few: those come back from the page cache with a minor fault
// each. For once a process has started; breakpoints that a debugger has set by then are lost.
void prax_leave_start_pages(void);

#endif
