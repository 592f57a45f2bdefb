/* What lies on the disk: other people's files, and room for more. */
#define _GNU_SOURCE
#include "hostile.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static int opens(const char *path, int flags) {
    char byte;
    int number = 0, file = open(path, flags | O_CLOEXEC, 0600);
    if (file < 0) return errno;
    /* EIO: of another process's memory, at an address where there is none. */
    if ((flags & O_ACCMODE) == O_RDONLY && read(file, &byte, 1) < 0 && errno != EIO) number = errno;
    close(file);
    return number;
}

static int read_passwd(const target *target) {
    (void)target;
    return opens("/etc/passwd", O_RDONLY);
}

static int read_config(const target *target) {
    return opens(target->config, O_RDONLY);
}

static int write_config(const target *target) {
    return opens(target->config, O_WRONLY | O_APPEND);
}

static int read_secrets(const target *target) {
    return opens(target->secrets, O_RDONLY);
}

static int open_audit(const target *target) {
    return opens(target->audit, O_RDWR);
}

static int truncate_audit(const target *target) {
    return truncate(target->audit, 0) == 0 ? 0 : errno;
}

static int delete_audit(const target *target) {
    return unlink(target->audit) == 0 ? 0 : errno;
}

static int rename_config(const target *target) {
    char away[600];
    snprintf(away, sizeof away, "%s.gone", target->config);
    return rename(target->config, away) == 0 ? 0 : errno;
}

static int link_secrets(const target *target) {
    char path[64];
    snprintf(path, sizeof path, "/tmp/prax-hostile-link-%d", (int)getpid());
    if (link(target->secrets, path) != 0) return errno;
    unlink(path);
    return 0;
}

/* Landlock does not speak of modes: those are the file's owner's, who the worker may be. */
static int list_root(const target *target) {
    DIR *folder = opendir("/root");
    (void)target;
    if (folder == NULL) return errno;
    closedir(folder);
    return 0;
}

static int of_host(const target *target, const char *name, int flags) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/%s", target->host_pid, name);
    return opens(path, flags);
}

static int host_environment(const target *target) {
    return of_host(target, "environ", O_RDONLY);
}

static int host_maps(const target *target) {
    return of_host(target, "maps", O_RDONLY);
}

static int read_host_memory(const target *target) {
    return of_host(target, "mem", O_RDONLY);
}

static int write_host_memory(const target *target) {
    return of_host(target, "mem", O_RDWR);
}

static int host_root(const target *target) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/root/etc/passwd", target->host_pid);
    return opens(path, O_RDONLY);
}

static int init_environment(const target *target) {
    (void)target;
    return opens("/proc/1/environ", O_RDONLY);
}

static int write_kernel_setting(const target *target) {
    (void)target;
    return opens("/proc/sys/kernel/core_pattern", O_WRONLY);
}

/* 8 MiB is enough to see that there is no end to it. */
static int fills(const char *folder) {
    static char piece[1 << 20];
    char path[256];
    int number = 0, file;
    snprintf(path, sizeof path, "%s/prax-hostile-%d", folder, (int)getpid());
    file = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (file < 0) return errno;
    for (int i = 0; i < 8 && number == 0; i++) {
        if (write(file, piece, sizeof piece) < 0) number = errno;
    }
    close(file);
    unlink(path);
    return number;
}

static int fill_tmp(const target *target) {
    (void)target;
    return fills("/tmp");
}

static int fill_var_tmp(const target *target) {
    (void)target;
    return fills("/var/tmp");
}

static int fill_shared_memory(const target *target) {
    (void)target;
    return fills("/dev/shm");
}

static int fill_working_folder(const target *target) {
    (void)target;
    return fills(".");
}

/* Memory that no limit of the address space counts. */
static int fill_memory_file(const target *target) {
    static char piece[1 << 20];
    int number = 0, file = memfd_create("hostile", MFD_CLOEXEC);
    (void)target;
    if (file < 0) return errno;
    for (int i = 0; i < 384 && number == 0; i++) {
        if (write(file, piece, sizeof piece) < 0) number = errno;
    }
    close(file);
    return number;
}

const attempt hostile_files[] = {
    {"read_passwd", read_passwd},
    {"read_config", read_config},
    {"write_config", write_config},
    {"rename_config", rename_config},
    {"read_secrets", read_secrets},
    {"link_secrets", link_secrets},
    {"open_audit", open_audit},
    {"truncate_audit", truncate_audit},
    {"delete_audit", delete_audit},
    {"list_root", list_root},
    {"host_environment", host_environment},
    {"host_maps", host_maps},
    {"read_host_memory", read_host_memory},
    {"write_host_memory", write_host_memory},
    {"host_root", host_root},
    {"init_environment", init_environment},
    {"write_kernel_setting", write_kernel_setting},
    {"fill_tmp", fill_tmp},
    {"fill_var_tmp", fill_var_tmp},
    {"fill_shared_memory", fill_shared_memory},
    {"fill_working_folder", fill_working_folder},
    {"fill_memory_file", fill_memory_file},
    {NULL, NULL},
};
