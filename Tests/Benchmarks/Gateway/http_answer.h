/* An HTTP/1.1 answer, read as it comes: status, Content-Length or chunks, and the body's bytes without their framing. */
#pragma once

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum answer_state { IN_HEAD, IN_BODY, IN_CHUNK_SIZE, IN_CHUNK, AFTER_CHUNK, IN_TRAILER, IS_DONE, IS_BAD };

struct answer {
  enum answer_state state;
  int status;
  int is_chunked;
  size_t remaining;
  size_t line_bytes;
  char line[512];
};

/* Called with what the body holds, in order; the bytes live only during the call. */
typedef void (*body_sink)(void *context, const char *bytes, size_t count);

static inline void answer_start(struct answer *answer) { memset(answer, 0, sizeof *answer); }

static inline void answer_head_line(struct answer *answer) {
  const char *line = answer->line;
  if (answer->status == 0) {
    answer->status = strlen(line) >= 12 ? atoi(line + 9) : -1;
  } else if (line[0] == '\0') {
    answer->state = answer->is_chunked ? IN_CHUNK_SIZE : answer->remaining ? IN_BODY : IS_DONE;
  } else if (strncasecmp(line, "content-length:", 15) == 0) {
    answer->remaining = strtoul(line + 15, NULL, 10);
  } else if (strncasecmp(line, "transfer-encoding:", 18) == 0) {
    answer->is_chunked = strcasestr(line, "chunked") != NULL;
  }
}

static inline void answer_line(struct answer *answer) {
  switch (answer->state) {
  case IN_HEAD: answer_head_line(answer); break;
  case IN_CHUNK_SIZE:
    answer->remaining = strtoul(answer->line, NULL, 16);
    answer->state = answer->remaining ? IN_CHUNK : IN_TRAILER;
    break;
  case AFTER_CHUNK: answer->state = IN_CHUNK_SIZE; break;
  case IN_TRAILER:
    if (answer->line[0] == '\0') answer->state = IS_DONE;
    break;
  default: answer->state = IS_BAD;
  }
}

/* Takes in bytes; how many belonged to this answer. */
static inline size_t answer_feed(struct answer *answer, const char *bytes, size_t count, body_sink sink, void *context) {
  size_t at = 0;
  while (at < count && answer->state != IS_DONE && answer->state != IS_BAD) {
    if (answer->state == IN_BODY || answer->state == IN_CHUNK) {
      size_t part = count - at < answer->remaining ? count - at : answer->remaining;
      if (sink) sink(context, bytes + at, part);
      at += part;
      answer->remaining -= part;
      if (answer->remaining == 0) answer->state = answer->state == IN_BODY ? IS_DONE : AFTER_CHUNK;
      continue;
    }
    char byte = bytes[at++];
    if (byte == '\n') {
      answer->line[answer->line_bytes] = '\0';
      answer->line_bytes = 0;
      answer_line(answer);
    } else if (byte != '\r' && answer->line_bytes < sizeof answer->line - 1) {
      answer->line[answer->line_bytes++] = byte;
    }
  }
  return at;
}
