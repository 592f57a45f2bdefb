#define _GNU_SOURCE
#include "Landlock.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

enum { CREATE_RULESET_VERSION = 1, RULE_PATH_BENEATH = 1 };

// What a file can be asked for: execute, write, read, truncate, ioctl.
static const uint64_t file_rights = 1 << 0 | 1 << 1 | 1 << 2 | 1 << 14 | 1 << 15;

// An older kernel takes the longer struct as long as what it does not know is 0.
struct ruleset_attributes {
    uint64_t files, network, scopes;
};

struct path_beneath {
    uint64_t rights;
    int32_t parent;
} __attribute__((packed));

int prax_landlock_abi(void) {
    long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, CREATE_RULESET_VERSION);
    return abi < 0 ? -errno : (int)abi;
}

int prax_landlock_create(uint64_t files, uint64_t network, uint64_t scopes) {
    struct ruleset_attributes attributes = {files, network, scopes};
    long rules = syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
    return rules < 0 ? -errno : (int)rules;
}

int prax_landlock_allow(int rules, const char *path, uint64_t rights) {
    int parent = open(path, O_PATH | O_CLOEXEC);
    if (parent < 0) return errno;
    struct stat info;
    int result = fstat(parent, &info) == 0 ? 0 : errno;
    if (result == 0) {
        struct path_beneath rule = {S_ISDIR(info.st_mode) ? rights : rights & file_rights, parent};
        if (syscall(SYS_landlock_add_rule, rules, RULE_PATH_BENEATH, &rule, 0) != 0) result = errno;
    }
    close(parent);
    return result;
}

int prax_landlock_restrict(int rules) {
    return syscall(SYS_landlock_restrict_self, rules, 0) == 0 ? 0 : errno;
}
