/*
 * What the files of the hostile plugin share. An attempt returns 0 when it got what it wanted, else the errno with which
 * it was refused; a bound keeps a successful one from doing lasting harm.
 */
#ifndef HOSTILE_H
#define HOSTILE_H

/* What the test tells about the host it wants harmed. */
typedef struct target {
    int host_pid;
    /* Files of the host; each attempt opens the one it is about. */
    char config[512], secrets[512], audit[512];
} target;

typedef struct attempt {
    const char *name;
    int (*run)(const target *target);
} attempt;

extern const attempt hostile_files[], hostile_processes[], hostile_kernel[];

#endif
