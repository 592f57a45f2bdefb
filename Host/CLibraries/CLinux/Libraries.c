#define _GNU_SOURCE
#include "Libraries.h"

#include <link.h>
#include <string.h>

struct search {
    const char *name;
    char *path;
    size_t size;
};

static int compare(struct dl_phdr_info *info, size_t size, void *context) {
    (void)size;
    struct search *search = context;
    const char *slash = strrchr(info->dlpi_name, '/');
    if (!slash || strcmp(slash + 1, search->name) != 0 || strlen(info->dlpi_name) >= search->size) return 0;
    strcpy(search->path, info->dlpi_name);
    return 1;
}

int prax_find_library(const char *name, char *path, size_t size) {
    struct search search = {name, path, size};
    return dl_iterate_phdr(compare, &search);
}
