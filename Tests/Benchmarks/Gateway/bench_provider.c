/* A fake OpenAI-compatible provider that costs as little as can be: one thread, epoll.
 *
 * usage: bench_provider PORT [TOKENS] [INTERVAL_MS]
 *
 * A POST whose body says "stream":true is answered with TOKENS chunks, INTERVAL_MS apart, the first at once; each token is
 * "@T<CLOCK_MONOTONIC in ns>@ ", so that a client on the same machine knows how long it was under way. Any other POST is
 * answered with a whole completion, any GET with a list of models. */
#define _GNU_SOURCE
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MAX_CONNECTIONS = 16384, MAX_REQUEST_BYTES = 64 << 10, CHUNK_BYTES = 512 };

struct connection {
  char *request;
  size_t request_bytes;
  int tokens_left; /* 0: no stream is under way */
  int64_t due;
  int next; /* in the queue of streams, by when they are due; -1 at its end */
  uint32_t generation;
};

static struct connection connections[MAX_CONNECTIONS];
static int queue_head = -1, queue_tail = -1, epoll_file, tokens = 50;
static int64_t interval = 20000000;

static const char completion[] =
    "{\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion\",\"created\":1700000000,\"model\":\"bench-model\","
    "\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hello, this is a short answer of the "
    "model that the bench asks.\",\"refusal\":null},\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":{"
    "\"prompt_tokens\":17,\"completion_tokens\":14,\"total_tokens\":31}}";
static const char models[] = "{\"object\":\"list\",\"data\":[{\"id\":\"bench-model\",\"object\":\"model\"}]}";

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void end(int file) {
  connections[file].tokens_left = 0;
  connections[file].request_bytes = 0;
  connections[file].generation++;
  close(file);
}

static int send_all(int file, const char *bytes, size_t count) {
  /* Small answers to clients that read: a full socket buffer is a client that is gone. */
  if (send(file, bytes, count, MSG_NOSIGNAL) == (ssize_t)count) return 0;
  end(file);
  return -1;
}

static int send_body(int file, const char *body) {
  char answer[2048];
  int count = snprintf(answer, sizeof answer,
                       "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
                       strlen(body), body);
  return send_all(file, answer, (size_t)count);
}

static size_t put_event(char *to, const char *data) {
  return (size_t)sprintf(to, "%zx\r\ndata: %s\n\n\r\n", strlen(data) + 8, data);
}

static size_t put_chunk(char *to, const char *delta, const char *finish_reason) {
  char data[CHUNK_BYTES];
  snprintf(data, sizeof data,
           "{\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":"
           "\"bench-model\",\"choices\":[{\"index\":0,\"delta\":%s,\"finish_reason\":%s}]}",
           delta, finish_reason);
  return put_event(to, data);
}

static void enqueue(int file, int64_t due) {
  connections[file].due = due;
  connections[file].next = -1;
  if (queue_tail >= 0) connections[queue_tail].next = file;
  else queue_head = file;
  queue_tail = file;
}

/* Sends one token, and after the last what ends a stream. */
static void send_token(int file) {
  char out[4 * CHUNK_BYTES + 512], delta[96];
  snprintf(delta, sizeof delta, "{\"content\":\"@T%lld@ \"}", (long long)now());
  size_t count = put_chunk(out, delta, "null");
  if (--connections[file].tokens_left == 0) {
    count += put_chunk(out + count, "{}", "\"stop\"");
    count += put_event(out + count, "{\"id\":\"chatcmpl-bench\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,"
                                    "\"model\":\"bench-model\",\"choices\":[],\"usage\":{\"prompt_tokens\":17,"
                                    "\"completion_tokens\":50,\"total_tokens\":67}}");
    count += put_event(out + count, "[DONE]");
    count += (size_t)sprintf(out + count, "0\r\n\r\n");
  }
  send_all(file, out, count);
}

/* Every stream waits equally long between two tokens, so the queue is in the order in which they are due. */
static void send_due_tokens(void) {
  int64_t time = now();
  while (queue_head >= 0 && connections[queue_head].due <= time) {
    int file = queue_head;
    queue_head = connections[file].next;
    if (queue_head < 0) queue_tail = -1;
    if (connections[file].tokens_left > 0) send_token(file);
    if (connections[file].tokens_left > 0) enqueue(file, connections[file].due + interval);
  }
}

static void start_stream(int file) {
  static const char head[] =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n";
  char out[sizeof head + CHUNK_BYTES];
  memcpy(out, head, sizeof head - 1);
  size_t count = sizeof head - 1;
  count += put_chunk(out + count, "{\"role\":\"assistant\",\"content\":\"\"}", "null");
  if (send_all(file, out, count) < 0) return;
  connections[file].tokens_left = tokens;
  send_token(file);
  if (connections[file].tokens_left > 0) enqueue(file, now() + interval);
}

static size_t body_bytes(const char *request, const char *head_end) {
  const char *field = strcasestr(request, "\r\ncontent-length:");
  return field && field < head_end ? strtoul(field + 17, NULL, 10) : 0;
}

/* Answers the requests that are whole. */
static void answer_requests(int file) {
  struct connection *connection = &connections[file];
  uint32_t generation = connection->generation;
  char *head_end;
  while (connection->request_bytes > 0 && (head_end = strstr(connection->request, "\r\n\r\n"))) {
    size_t whole = (size_t)(head_end + 4 - connection->request) + body_bytes(connection->request, head_end);
    if (connection->request_bytes < whole) return;
    int is_stream = strstr(head_end, "\"stream\":true") || strstr(head_end, "\"stream\": true");
    if (connection->request[0] == 'G') send_body(file, models);
    else if (is_stream) start_stream(file);
    else send_body(file, completion);
    if (connection->generation != generation) return;
    connection->request_bytes -= whole;
    memmove(connection->request, connection->request + whole, connection->request_bytes + 1);
  }
}

static void receive(int file) {
  struct connection *connection = &connections[file];
  ssize_t count = recv(file, connection->request + connection->request_bytes,
                       MAX_REQUEST_BYTES - connection->request_bytes, 0);
  if (count <= 0) {
    if (count == 0 || (errno != EAGAIN && errno != EINTR)) end(file);
    return;
  }
  connection->request_bytes += (size_t)count;
  connection->request[connection->request_bytes] = '\0';
  answer_requests(file);
}

static void accept_all(int listener) {
  int file, on = 1;
  while ((file = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
    if (file >= MAX_CONNECTIONS) { close(file); continue; }
    setsockopt(file, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (!connections[file].request) connections[file].request = malloc(MAX_REQUEST_BYTES + 1);
    connections[file].request_bytes = 0;
    struct epoll_event event = {.events = EPOLLIN, .data.fd = file};
    epoll_ctl(epoll_file, EPOLL_CTL_ADD, file, &event);
  }
}

static int listen_on(int port) {
  int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), on = 1;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 4096)) {
    perror("bench_provider");
    exit(1);
  }
  return listener;
}

int main(int count, char **arguments) {
  if (count < 2) return fprintf(stderr, "usage: bench_provider PORT [TOKENS] [INTERVAL_MS]\n"), 2;
  if (count > 2) tokens = atoi(arguments[2]);
  if (count > 3) interval = atoi(arguments[3]) * 1000000LL;
  struct rlimit limit = {MAX_CONNECTIONS, MAX_CONNECTIONS};
  setrlimit(RLIMIT_NOFILE, &limit);
  signal(SIGPIPE, SIG_IGN);
  int listener = listen_on(atoi(arguments[1]));
  epoll_file = epoll_create1(EPOLL_CLOEXEC);
  struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[256];
  epoll_ctl(epoll_file, EPOLL_CTL_ADD, listener, &event);
  for (;;) {
    int64_t wait = queue_head < 0 ? -1 : connections[queue_head].due - now();
    int ready = epoll_wait(epoll_file, events, 256, wait < 0 ? (queue_head < 0 ? -1 : 0) : (int)((wait + 999999) / 1000000));
    for (int index = 0; index < ready; index++) {
      if (events[index].data.fd == listener) accept_all(listener);
      else receive(events[index].data.fd);
    }
    send_due_tokens();
  }
}
