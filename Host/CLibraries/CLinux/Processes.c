#define _GNU_SOURCE
#include "Processes.h"

#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif
#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

enum { MAX_DESCRIPTORS = 8, ALL_SEALS = F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL };

int prax_socket_pair(int ends[2]) { return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends); }

ssize_t prax_send(int socket, const struct iovec *parts, size_t count, int descriptor, int may_wait) {
    struct msghdr message = {.msg_iov = (struct iovec *)parts, .msg_iovlen = count};
    union {
        char bytes[CMSG_SPACE(sizeof(int))];
        struct cmsghdr align;
    } control;
    if (descriptor >= 0) {
        memset(&control, 0, sizeof control);
        message.msg_control = control.bytes;
        message.msg_controllen = sizeof control.bytes;
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
    }
    ssize_t sent;
    do sent = sendmsg(socket, &message, MSG_NOSIGNAL | (may_wait ? 0 : MSG_DONTWAIT));
    while (sent < 0 && errno == EINTR);
    return sent;
}

ssize_t prax_receive(int socket, void *buffer, size_t size, int *descriptor, int may_wait) {
    struct iovec part = {buffer, size};
    union {
        char bytes[CMSG_SPACE(MAX_DESCRIPTORS * sizeof(int))];
        struct cmsghdr align;
    } control;
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = control.bytes, .msg_controllen = sizeof control.bytes};
    *descriptor = -1;
    ssize_t received;
    do received = recvmsg(socket, &message, MSG_CMSG_CLOEXEC | (may_wait ? 0 : MSG_DONTWAIT));
    while (received < 0 && errno == EINTR);
    if (received < 0) return received;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < count; i++) {
            int received_descriptor;
            memcpy(&received_descriptor, CMSG_DATA(header) + i * sizeof(int), sizeof(int));
            if (*descriptor < 0) *descriptor = received_descriptor;
            else close(received_descriptor);
        }
    }
    return received;
}

static int memory_file(int is_executable) {
    unsigned kind = is_executable ? MFD_EXEC : MFD_NOEXEC_SEAL;
    int file = (int)syscall(SYS_memfd_create, "praximous", MFD_CLOEXEC | MFD_ALLOW_SEALING | kind);
    // A kernel before 6.3 does not know the kinds.
    if (file < 0 && errno == EINVAL) {
        file = (int)syscall(SYS_memfd_create, "praximous", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    }
    return file;
}

static int seal(int file) {
    if (fcntl(file, F_ADD_SEALS, ALL_SEALS) == 0) return file;
    int reason = errno;
    close(file);
    errno = reason;
    return -1;
}

int prax_sealed_memory(const void *bytes, size_t size, int is_executable) {
    int file = memory_file(is_executable);
    if (file < 0) return -1;
    size_t written = 0;
    while (written < size) {
        ssize_t count = write(file, (const char *)bytes + written, size - written);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) {
            close(file);
            return -1;
        }
        written += (size_t)count;
    }
    return seal(file);
}

int prax_sealed_copy(int source, int is_executable) {
    struct stat info;
    if (fstat(source, &info) != 0) return -1;
    int file = memory_file(is_executable);
    if (file < 0) return -1;
    off_t offset = 0;
    while (offset < info.st_size) {
        ssize_t count = sendfile(file, source, &offset, (size_t)(info.st_size - offset));
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) {
            close(file);
            return -1;
        }
    }
    return seal(file);
}

int prax_is_sealed(int file) {
    int wanted = F_SEAL_WRITE | F_SEAL_SHRINK, seals = fcntl(file, F_GET_SEALS);
    return seals >= 0 && (seals & wanted) == wanted;
}

int prax_process_open(pid_t process) { return (int)syscall(SYS_pidfd_open, process, 0); }

int prax_process_wait(int process, pid_t group, int milliseconds, int *exit_code, int *signal_number) {
    struct pollfd polled = {.fd = process, .events = POLLIN};
    int ready;
    do ready = poll(&polled, 1, milliseconds);
    while (ready < 0 && errno == EINTR);
    if (ready <= 0) return ready;
    // While the dead process still holds its number, so that the group cannot be another's.
    if (group > 0) kill(-group, SIGKILL);
    siginfo_t info;
    memset(&info, 0, sizeof info);
    if (waitid((idtype_t)3 /* P_PIDFD, unknown to older headers */, (id_t)process, &info, WEXITED) != 0) return -1;
    *exit_code = info.si_code == CLD_EXITED ? info.si_status : 0;
    *signal_number = info.si_code == CLD_EXITED ? 0 : info.si_status;
    return 1;
}

int prax_process_signal(int process, int signal_number) {
    return (int)syscall(SYS_pidfd_send_signal, process, signal_number, NULL, 0);
}

int prax_spawn_close_from(posix_spawn_file_actions_t *actions, int first) {
    return posix_spawn_file_actions_addclosefrom_np(actions, first);
}

void prax_malloc_few_arenas(void) { mallopt(M_ARENA_MAX, 2); }

// The thresholds grow with the largest block that was mapped on its own and given back; setting them would stop that.
void prax_malloc_keep(size_t bytes) {
    void *volatile block = malloc(bytes);
    free(block);
}
