/* Rows 10-12, 24-26: what belongs to the whole process. */
#include "fault.h"
#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void on_signal(int number) {
    (void)number;
}

static prax_status signal_handlers(prax_instance *self, prax_call call, prax_str params) {
    (void)params;
    signal(SIGSEGV, on_signal);
    signal(SIGCHLD, on_signal);
    signal(SIGPIPE, on_signal);
    return fault_done(self, call);
}

static prax_status fork_once(prax_instance *self, prax_call call, prax_str params) {
    pid_t child = fork();
    (void)params;
    /* Past the C library, whose _exit the host may have replaced. */
    if (child == 0) kill(getpid(), SIGKILL);
    if (child < 0) return fault_denied(self, call, errno);
    waitpid(child, NULL, 0);
    return fault_done(self, call);
}

/* Children that outlive the call and hold whatever was open. */
static int leave_children(int count) {
    while (count-- > 0) {
        pid_t child = fork();
        if (child < 0) return errno;
        while (child == 0) pause();
    }
    return 0;
}

static prax_status fork_lingering(prax_instance *self, prax_call call, prax_str params) {
    int number = leave_children(5);
    (void)params;
    return number != 0 ? fault_denied(self, call, number) : fault_done(self, call);
}

static prax_status fork_and_crash(prax_instance *self, prax_call call, prax_str params) {
    int number = leave_children(1);
    (void)params;
    if (number != 0) return fault_denied(self, call, number);
    abort();
}

static prax_status exec(prax_instance *self, prax_call call, prax_str params) {
    char *const arguments[] = {"sleep", "60", NULL};
    (void)params;
    execv("/bin/sleep", arguments);
    return fault_denied(self, call, errno);
}

static prax_status run_shell(prax_instance *self, prax_call call, prax_str params) {
    int status = system("exit 7");
    (void)params;
    if (status == -1) return fault_denied(self, call, errno);
    return WIFEXITED(status) && WEXITSTATUS(status) == 7 ? fault_done(self, call) : fault_denied(self, call, EPERM);
}

static prax_status process_state(prax_instance *self, prax_call call, prax_str params) {
    (void)params;
    if (chdir("/") != 0) errno = 0;
    umask(0);
    setlocale(LC_ALL, "C.UTF-8");
    /* Five hours from UTC. */
    setenv("TZ", "PKT-5", 1);
    setenv("HOME", "/nowhere", 1);
    tzset();
    return fault_done(self, call);
}

static prax_status write_stdout(prax_instance *self, prax_call call, prax_str params) {
    (void)params;
    printf("stray words on standard output\n");
    fflush(stdout);
    return fault_done(self, call);
}

static prax_status read_stdin(prax_instance *self, prax_call call, prax_str params) {
    char bytes[16];
    (void)params;
    return fault_number(self, call, "read", read(0, bytes, sizeof bytes));
}

/* More than any pipe holds. */
static prax_status stderr_flood(prax_instance *self, prax_call call, prax_str params) {
    char line[1024];
    (void)params;
    memset(line, 'e', sizeof line);
    line[sizeof line - 1] = '\n';
    for (int i = 0; i < 4096; i++) {
        if (write(2, line, sizeof line) < 0) break;
    }
    return fault_done(self, call);
}

static prax_status log_flood(prax_instance *self, prax_call call, prax_str params) {
    static char text[1 << 20];
    prax_str large = {text, sizeof text};
    (void)params;
    for (int i = 0; i < 20000; i++) {
        self->log->log(self->host->ctx, call, PRAX_LOG_WARN, PRAX_STR("a line of the flood"), NULL, 0);
    }
    memset(text, 'l', sizeof text);
    /* Until there is room for a line, which also tells how many there was none for. */
    fault_nap(200);
    self->log->log(self->host->ctx, call, PRAX_LOG_WARN, large, NULL, 0);
    return fault_done(self, call);
}

const behaviour fault_process[] = {
    {"signal_handlers", signal_handlers},
    {"fork", fork_once},
    {"fork_lingering", fork_lingering},
    {"fork_and_crash", fork_and_crash},
    {"exec", exec},
    {"system", run_shell},
    {"process_state", process_state},
    {"write_stdout", write_stdout},
    {"read_stdin", read_stdin},
    {"stderr_flood", stderr_flood},
    {"log_flood", log_flood},
    {NULL, NULL},
};
