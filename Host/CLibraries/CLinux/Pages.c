#define _GNU_SOURCE
#include "Pages.h"

#include <link.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <unistd.h>

// How many objects there were when the program began: itself and what it is linked with.
static int linked;

static int count(struct dl_phdr_info *object, size_t size, void *context) {
    (void)object;
    (void)size;
    ++*(int *)context;
    return 0;
}

__attribute__((constructor)) static void count_linked(void) { dl_iterate_phdr(count, &linked); }

// Whether the loader has written to pages that are not marked as writable: they could not be read again.
static int has_text_relocations(const struct dl_phdr_info *object) {
    for (int i = 0; i < object->dlpi_phnum; i++) {
        if (object->dlpi_phdr[i].p_type != PT_DYNAMIC) continue;
        const ElfW(Dyn) *entry = (const void *)(object->dlpi_addr + object->dlpi_phdr[i].p_vaddr);
        for (; entry->d_tag != DT_NULL; entry++) {
            if (entry->d_tag == DT_TEXTREL) return 1;
            if (entry->d_tag == DT_FLAGS && entry->d_un.d_val & DF_TEXTREL) return 1;
        }
    }
    return 0;
}

struct visit {
    ElfW(Addr) page;
    int number;
};

// Objects come in the order in which they were loaded, and those of the start are never unloaded.
static int leave(struct dl_phdr_info *object, size_t size, void *context) {
    (void)size;
    struct visit *visit = context;
    ElfW(Addr) page = visit->page;
    if (visit->number++ >= linked) return 1;
    // The kernel's own object, which no file is behind.
    if (object->dlpi_addr == getauxval(AT_SYSINFO_EHDR) || has_text_relocations(object)) return 0;
    for (int i = 0; i < object->dlpi_phnum; i++) {
        const ElfW(Phdr) *segment = &object->dlpi_phdr[i];
        if (segment->p_type != PT_LOAD || segment->p_flags & PF_W) continue;
        // The last page may be shared with a segment that is written to.
        ElfW(Addr) start = (object->dlpi_addr + segment->p_vaddr) & ~(page - 1);
        ElfW(Addr) end = (object->dlpi_addr + segment->p_vaddr + segment->p_filesz) & ~(page - 1);
        if (start < end) madvise((void *)start, end - start, MADV_DONTNEED);
    }
    return 0;
}

void prax_leave_start_pages(void) {
    struct visit visit = {(ElfW(Addr))sysconf(_SC_PAGESIZE), 0};
    dl_iterate_phdr(leave, &visit);
}
