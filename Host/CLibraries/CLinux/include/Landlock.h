// Landlock (landlock(7)) through its three calls: Debian 12's header knows neither network rules nor scopes.
#ifndef PRAX_LANDLOCK_H
#define PRAX_LANDLOCK_H

#include <stdint.h>

// The version of Landlock that the running kernel offers, from 1; or an errno, negated: ENOSYS when the kernel was built
// without it, EOPNOTSUPP when it was switched off at boot.
int prax_landlock_abi(void);

// Makes a rule set that refuses the given rights wherever no rule grants them. A right that the kernel does not know is
// refused with EINVAL or E2BIG. Returns a descriptor, closed on exec; or an errno, negated.
int prax_landlock_create(uint64_t files, uint64_t network, uint64_t scopes);

// Grants rights on a file, or on a folder with everything in it. Those that only a folder can have are left out for a
// file. Returns 0 or an errno: ENOENT when there is no such path.
int prax_landlock_allow(int rules, const char *path, uint64_t rights);

// Puts the calling thread, and those that it starts from here on, under the rules for good. It must have given up new
// privileges first. Returns 0 or an errno.
int prax_landlock_restrict(int rules);

#endif
