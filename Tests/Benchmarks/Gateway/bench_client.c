/* Asks an HTTP server on the loopback, and prints one line of JSON.
 *
 * usage: bench_client load PORT PATH BODY_FILE CONNECTIONS SECONDS [HEADER]...
 *        bench_client stream PORT PATH BODY_FILE STREAMS STARTS_PER_SECOND TOKENS [HEADER]...
 *
 * load: each connection asks again as soon as it has its answer. stream: opens event streams at a pace and times every
 * "@T<CLOCK_MONOTONIC in ns>@" in them; a stream is whole when it has all tokens and ends as one should. Microseconds. */
#define _GNU_SOURCE
#include "http_answer.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MAX_STREAM_SECONDS = 40, MARK_BYTES = 64 };

struct client {
  int file;
  int64_t started;
  struct answer answer;
  int tokens, is_done;
  char mark[MARK_BYTES]; /* the end of the body so far, from the last '@' or '[' on */
  size_t mark_bytes;
};

struct samples {
  int64_t *values;
  size_t count, capacity;
};

static char *request;
static size_t request_bytes;
static int epoll_file, port, is_stream;
static size_t answered, failed, open_clients;
static struct samples latencies, lags;

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void add(struct samples *samples, int64_t value) {
  if (samples->count == samples->capacity) {
    samples->capacity = samples->capacity ? 2 * samples->capacity : 4096;
    samples->values = realloc(samples->values, samples->capacity * sizeof *samples->values);
    if (!samples->values) exit(1);
  }
  samples->values[samples->count++] = value;
}

static int compare(const void *one, const void *other) {
  int64_t a = *(const int64_t *)one, b = *(const int64_t *)other;
  return (a > b) - (a < b);
}

static double percentile(struct samples *samples, double part) {
  if (samples->count == 0) return 0;
  return (double)samples->values[(size_t)(part * (double)(samples->count - 1))] / 1000;
}

/* A byte of the body; tokens and the end of the stream are marks that begin with '@' or '['. */
static void take_byte(struct client *client, char byte) {
  if (byte == '[' || (byte == '@' && (client->mark_bytes == 0 || client->mark[0] != '@'))) client->mark_bytes = 0;
  else if (client->mark_bytes == 0) return;
  if (client->mark_bytes == MARK_BYTES - 1) { client->mark_bytes = 0; return; }
  client->mark[client->mark_bytes++] = byte;
  client->mark[client->mark_bytes] = '\0';
  if (byte == ']' && strcmp(client->mark, "[DONE]") == 0) client->is_done = 1;
  if (byte != '@' || client->mark_bytes < 4 || client->mark[1] != 'T') return;
  int64_t time = now();
  if (client->tokens++ == 0) add(&latencies, time - client->started);
  add(&lags, time - strtoll(client->mark + 2, NULL, 10));
  client->mark_bytes = 0;
}

static void take_body(void *context, const char *bytes, size_t count) {
  for (size_t at = 0; at < count; at++) take_byte(context, bytes[at]);
}

static void ask(struct client *client) {
  answer_start(&client->answer);
  client->started = now();
  if (send(client->file, request, request_bytes, MSG_NOSIGNAL) != (ssize_t)request_bytes) failed++;
}

static void open_client(struct client *client) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int on = 1;
  memset(client, 0, sizeof *client);
  client->file = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (connect(client->file, (struct sockaddr *)&address, sizeof address)) {
    perror("bench_client");
    exit(1);
  }
  setsockopt(client->file, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
  epoll_ctl(epoll_file, EPOLL_CTL_ADD, client->file, &event);
  open_clients++;
  ask(client);
}

static void close_client(struct client *client) {
  close(client->file);
  open_clients--;
}

static void finish(struct client *client, int tokens) {
  int is_good = client->answer.state == IS_DONE && client->answer.status == 200;
  if (!is_stream) {
    add(&latencies, now() - client->started);
    if (is_good) answered++; else failed++;
    return ask(client);
  }
  if (is_good && client->is_done && client->tokens == tokens) answered++; else failed++;
  close_client(client);
}

static void receive(struct client *client, int tokens) {
  static char bytes[64 << 10];
  ssize_t count = recv(client->file, bytes, sizeof bytes, MSG_DONTWAIT);
  if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
  if (count <= 0) {
    /* A server may close a connection; the request that was under way is lost. */
    failed++;
    close_client(client);
    if (!is_stream) open_client(client);
    return;
  }
  answer_feed(&client->answer, bytes, (size_t)count, is_stream ? take_body : NULL, client);
  if (client->answer.state >= IS_DONE) finish(client, tokens);
}

static void wait_for_answers(int milliseconds, int tokens) {
  struct epoll_event events[256];
  int ready = epoll_wait(epoll_file, events, 256, milliseconds);
  for (int index = 0; index < ready; index++) receive(events[index].data.ptr, tokens);
}

static void load(struct client *clients, int connections, double seconds) {
  int64_t started = now(), until = started + (int64_t)(seconds * 1e9);
  for (int index = 0; index < connections; index++) open_client(&clients[index]);
  while (now() < until) wait_for_answers(50, 0);
  double took = (double)(now() - started) / 1e9;
  qsort(latencies.values, latencies.count, sizeof(int64_t), compare);
  printf("{\"answered\":%zu,\"failed\":%zu,\"rps\":%.1f,\"p50_us\":%.1f,\"p99_us\":%.1f}\n", answered, failed,
         (double)answered / took, percentile(&latencies, 0.5), percentile(&latencies, 0.99));
}

static void stream(struct client *clients, int streams, double per_second, int tokens) {
  int64_t started = now(), until = started + MAX_STREAM_SECONDS * 1000000000LL;
  int opened = 0;
  while ((opened < streams || open_clients > 0) && now() < until) {
    while (opened < streams && (double)(now() - started) / 1e9 * per_second >= opened) open_client(&clients[opened++]);
    wait_for_answers(opened < streams ? 1 : 50, tokens);
  }
  qsort(latencies.values, latencies.count, sizeof(int64_t), compare);
  qsort(lags.values, lags.count, sizeof(int64_t), compare);
  printf("{\"whole\":%zu,\"failed\":%zu,\"unfinished\":%zu,\"tokens\":%zu,\"first_p50_us\":%.1f,\"first_p99_us\":%.1f,"
         "\"lag_p50_us\":%.1f,\"lag_p99_us\":%.1f}\n",
         answered, failed, open_clients, lags.count, percentile(&latencies, 0.5), percentile(&latencies, 0.99),
         percentile(&lags, 0.5), percentile(&lags, 0.99));
}

static void make_request(const char *path, const char *body_file, char **headers, int count) {
  static char body[32 << 10];
  FILE *file = fopen(body_file, "r");
  size_t bytes = file ? fread(body, 1, sizeof body, file) : 0;
  if (file) fclose(file);
  request = malloc(sizeof body + (16 << 10));
  int head = sprintf(request, "POST %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n",
                     path, port, bytes);
  for (int index = 0; index < count; index++) head += sprintf(request + head, "%.1000s\r\n", headers[index]);
  head += sprintf(request + head, "\r\n");
  memcpy(request + head, body, bytes);
  request_bytes = (size_t)head + bytes;
}

int main(int count, char **arguments) {
  if (count < 7) return fprintf(stderr, "usage: see the source\n"), 2;
  is_stream = strcmp(arguments[1], "stream") == 0;
  int fixed = is_stream ? 8 : 7, clients = atoi(arguments[5]);
  port = atoi(arguments[2]);
  struct rlimit limit = {16384, 16384};
  setrlimit(RLIMIT_NOFILE, &limit);
  epoll_file = epoll_create1(EPOLL_CLOEXEC);
  make_request(arguments[3], arguments[4], arguments + fixed, count > fixed + 8 ? 8 : count - fixed);
  struct client *all = calloc((size_t)clients, sizeof *all);
  if (is_stream) stream(all, clients, atof(arguments[6]), atoi(arguments[7]));
  else load(all, clients, atof(arguments[6]));
  return 0;
}
