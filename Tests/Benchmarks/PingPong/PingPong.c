#define _GNU_SOURCE
#include "PingPong.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e9 + (double)time.tv_nsec;
}

static int read_all(int file, char *bytes, size_t size) {
  for (size_t done = 0; done < size;) {
    ssize_t count = read(file, bytes + done, size - done);
    if (count <= 0) return -1;
    done += (size_t)count;
  }
  return 0;
}

static int write_all(int file, const char *bytes, size_t size) {
  for (size_t done = 0; done < size;) {
    ssize_t count = write(file, bytes + done, size - done);
    if (count <= 0) return -1;
    done += (size_t)count;
  }
  return 0;
}

struct child {
  pid_t process;
  int socket;
};

// The child runs `body` with its end of a socketpair. The caller has other threads, so the child calls nothing that takes
// a lock.
static struct child start(void (*body)(int socket, char *bytes, size_t size, size_t count), char *bytes, size_t size,
                          size_t count) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) abort();
  pid_t process = fork();
  if (process < 0) abort();
  if (process == 0) {
    close(ends[0]);
    body(ends[1], bytes, size, count);
    _exit(0);
  }
  close(ends[1]);
  return (struct child){process, ends[0]};
}

static void end(struct child child) {
  close(child.socket);
  while (waitpid(child.process, NULL, 0) < 0) {
  }
}

static void answer(int socket, char *bytes, size_t size, size_t count) {
  (void)count;
  while (read_all(socket, bytes, size) == 0 && write_all(socket, bytes, size) == 0) {
  }
}

double prax_ping_pong_nanoseconds(size_t size, size_t rounds) {
  char *bytes = calloc(1, size);
  struct child child = start(answer, bytes, size, 0);
  double begin = 0;
  for (size_t round = 0; round < rounds + rounds / 10; round++) {
    if (round == rounds / 10) begin = now();
    if (write_all(child.socket, bytes, size) != 0 || read_all(child.socket, bytes, size) != 0) abort();
  }
  double took = now() - begin;
  end(child);
  free(bytes);
  return took / (double)rounds;
}

static void write_many(int socket, char *bytes, size_t size, size_t count) {
  char go;
  if (read_all(socket, &go, 1) != 0) return;
  for (size_t written = 0; written < count && write_all(socket, bytes, size) == 0; written++) {
  }
}

double prax_writes_per_second(size_t size, size_t count) {
  enum { READ_BYTES = 64 << 10 };
  char *bytes = calloc(1, READ_BYTES > size ? READ_BYTES : size);
  struct child child = start(write_many, bytes, size, count);
  double begin = now();
  if (write_all(child.socket, bytes, 1) != 0) abort();
  for (size_t rest = size * count; rest > 0;) {
    ssize_t got = read(child.socket, bytes, READ_BYTES);
    if (got <= 0) abort();
    rest -= (size_t)got;
  }
  double took = now() - begin;
  end(child);
  free(bytes);
  return (double)count * 1e9 / took;
}

double prax_spawn_nanoseconds(const char *program, const char *argument) {
  char *arguments[] = {(char *)program, (char *)argument, NULL};
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  pid_t process;
  int status = -1;
  double begin = now();
  int result = posix_spawn(&process, program, &actions, NULL, arguments, environ);
  if (result == 0) waitpid(process, &status, 0);
  double took = now() - begin;
  posix_spawn_file_actions_destroy(&actions);
  return result == 0 && status == 0 ? took : -1;
}

static int *volatile nowhere;

static void crash(int socket, char *bytes, size_t size, size_t count) {
  (void)bytes, (void)size, (void)count;
  struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  signal(SIGSEGV, SIG_DFL);
  char go;
  if (read_all(socket, &go, 1) != 0 || write_all(socket, &go, 1) != 0 || read_all(socket, &go, 1) != 0) return;
  *nowhere = 1;
}

static void spin(int socket, char *bytes, size_t size, size_t count) {
  (void)bytes, (void)size, (void)count;
  char go = 1;
  if (write_all(socket, &go, 1) != 0) return;
  for (volatile unsigned turn = 0;; turn++) {
  }
}

double prax_crash_nanoseconds(void) {
  char byte = 1;
  struct child child = start(crash, NULL, 0, 0);
  if (write_all(child.socket, &byte, 1) != 0 || read_all(child.socket, &byte, 1) != 0) abort();
  double begin = now();
  if (write_all(child.socket, &byte, 1) != 0) abort();
  end(child);
  return now() - begin;
}

double prax_kill_nanoseconds(void) {
  char byte;
  struct child child = start(spin, NULL, 0, 0);
  if (read_all(child.socket, &byte, 1) != 0) abort();
  double begin = now();
  kill(child.process, SIGKILL);
  end(child);
  return now() - begin;
}
