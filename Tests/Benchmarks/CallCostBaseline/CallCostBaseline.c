#define _POSIX_C_SOURCE 200809L
#include "CallCostBaseline.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static char *echo(const char *text, size_t length) {
  char *copy = malloc(length);
  if (copy != NULL) memcpy(copy, text, length);
  return copy;
}

prax_baseline_echo prax_baseline_function(void) { return echo; }

static volatile char kept;

double prax_baseline_nanoseconds(prax_baseline_echo function, const char *text, size_t length, size_t rounds) {
  struct timespec start, end;
  clock_gettime(CLOCK_MONOTONIC, &start);
  for (size_t round = 0; round < rounds; round++) {
    char *copy = function(text, length);
    if (copy == NULL) return -1;
    kept = copy[round % length];
    free(copy);
  }
  clock_gettime(CLOCK_MONOTONIC, &end);
  double seconds = (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) / 1e9;
  return seconds * 1e9 / (double)rounds;
}
