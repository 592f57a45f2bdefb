"""Cases 34 to 36 and 38: clients that are slow, leave, or come from other pages."""

import asyncio
import contextlib
import json
import pathlib
import statistics
import threading
import time

import pytest
from client import Client
from conftest import IS_LONG, chat_body, chunk, completion, host, url_of
from wire import Connection, ask, request, resident_bytes

CHAT, ANTHROPIC, EMBEDDINGS, PROCESS = "/v1/chat/completions", "/v1/messages", "/v1/embeddings", "/api/v1/process"


def streamed(path=CHAT, **members):
    more = {"max_tokens": 1000} if path == ANTHROPIC else {}
    return json.dumps(chat_body(stream=True, **more, **members)).encode()


def asking(gateway, door, is_streaming=True, receive_buffer=None, credit=64):
    """The socket of a client that has asked and reads nothing yet."""
    if door == "websocket":
        client = Client(gateway.port, key=gateway.key, receive_bytes=receive_buffer)
        client.hello()
        client.say({"type": "start", "id": "s", "task_type": "chat", "params": {"prompt": "Hello"}, "credit": credit})
        return client.socket
    connection = Connection(gateway.port, receive_buffer=receive_buffer)
    body, headers = chat_body(stream=is_streaming, max_tokens=1000), []
    if door == EMBEDDINGS:
        body = {"model": "chat", "input": "Hello"}
    if door == PROCESS:
        body = {"task_type": "chat", "prompt": "Hello"}
        headers = ["Accept: text/event-stream"] if is_streaming else []
    connection.send(request(door, gateway.key, json.dumps(body).encode(), headers=headers))
    return connection.socket


def take_a_byte(socket):
    socket.setblocking(False)
    with contextlib.suppress(OSError):
        socket.recv(1)


# Where they ask, of which size the upstream's events are, and how many of them the client has credit for.
STALLED = [(CHAT, 16_000, None), (CHAT, 700, None), (ANTHROPIC, 16_000, None), (PROCESS, 16_000, None),
           ("websocket", 16_000, 1_000_000), ("websocket", 50_000, 1)]


@pytest.mark.parametrize("door, size, credit", STALLED)
def test_clients_that_stand_still_hold_little_memory_and_are_cut(shared_upstream, door, size, credit):
    """`PRAX_LONG=1` has two hundred of them, which read a byte a second, for the 30 s they get."""
    count, limit = (200, 30) if IS_LONG else (24, 2)
    piece = f"data: {json.dumps(chunk('x' * size))}\n\n".encode()
    pieces = piece * max(1, 16_000 // len(piece))

    async def script(exchange):
        exchange.sent, exchange.sent_at = 0, time.monotonic()
        await exchange.begin()
        while exchange.sent < 64 << 20:
            await exchange.send(pieces)
            exchange.sent, exchange.sent_at = exchange.sent + len(pieces), time.monotonic()

    shared_upstream.forget()
    settings = f"streams: {{ stall: {limit}s }}\nwebsocket: {{ stall: {limit}s }}\n"
    with host(url_of(shared_upstream), settings=settings, route=", idle_ms: 120000") as gateway:
        # A host that has just begun has not yet used what it keeps.
        assert ask(gateway, CHAT, chat_body()).status == 200
        shared_upstream.forget()
        shared_upstream.script = script
        before = most = resident_bytes(gateway.pid)
        asked, slow = shared_upstream.asked, []
        for number in range(count):
            slow.append(asking(gateway, door, receive_buffer=4096, credit=credit))
            # One after the other, so that the moment shows from which on each stands still.
            while len(asked) <= number or time.monotonic() - asked[number].sent_at < 0.05:
                time.sleep(0.01)
        end = time.monotonic() + limit + 20
        while any(one.gone_at is None for one in asked) and time.monotonic() < end:
            most = max(most, resident_bytes(gateway.pid))
            if IS_LONG:
                for socket in slow:
                    take_a_byte(socket)
            time.sleep(1 if IS_LONG else 0.1)
        assert ask(gateway, "/healthz", method="GET").status == 200
        gone = [one for one in asked if one.gone_at]
        assert len(gone) == count, f"{len(gone)} of {count} upstreams were let go"
        late = max(one.gone_at - one.sent_at for one in gone) - limit
        assert late < 2, f"{late:.1f} s after its limit"
        # The kernel's buffer between the upstream and the host holds nearly all of it.
        assert max(one.sent for one in asked) < 16 << 20
        # A quarter of a MiB for each, above the 90 KiB that any open stream takes of a debug host; and what a host that
        # has just begun takes for its first few streams, however many follow.
        assert most - before < (16 << 20) + count * (400 << 10), f"{(most - before) >> 10} KiB for {count}"
        assert audited(gateway, "chat").count("slow_consumer") == count
        for socket in slow:
            socket.close()
    shared_upstream.forget()


def audited(gateway, task_type):
    """How the latest requests ended, as the audit has it: a code, or None."""
    listed = json.loads(gateway.command("audit", "list", "--json", "--limit", "500").stdout)["events"]
    return [event["error_code"] for event in listed if event["task_type"] == task_type]


# What a client waits for when it leaves, and how the upstream behaves.
MOMENTS = ["before the head", "before the first token", "in the middle"]
# Where it asks, and whether for a stream.
LEAVING = [(CHAT, True), (CHAT, False), (ANTHROPIC, True), (ANTHROPIC, False), (PROCESS, True), (PROCESS, False),
           (EMBEDDINGS, False), ("websocket", True)]


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("door, is_streaming", LEAVING)
def test_a_client_that_leaves_takes_the_upstream_along_within_a_second(gateway, upstream, door, is_streaming, moment):
    asked = threading.Event()

    async def script(exchange):
        if moment == "before the head":
            asked.set()
            return await exchange.pause(10)
        if is_streaming:
            await exchange.begin()
            if moment == "in the middle":
                await exchange.event(chunk("Hel"))
        else:
            await exchange.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
            if moment == "in the middle":
                await exchange.raw(b'{"id":')
        asked.set()
        await exchange.pause(10)

    upstream.script = script
    client = asking(gateway, door, is_streaming)
    assert asked.wait(5)
    if is_streaming and moment == "in the middle":
        client.settimeout(5)
        heard = b""
        while b"Hel" not in heard:
            heard += client.recv(4096)
    left = time.monotonic()
    client.close()
    assert upstream.asked[-1].gone_within(5)
    assert upstream.asked[-1].gone_at - left < 1
    upstream.script = None
    assert ask(gateway, CHAT, chat_body()).status == 200


def test_clients_that_leave_cost_a_provider_nothing_of_its_name(upstream):
    """The breaker opens after two failures here, and twenty clients have left."""

    async def script(exchange):
        await exchange.begin()
        await exchange.event(chunk("Hel"))
        await exchange.pause(10)

    upstream.script = script
    with host(url_of(upstream)) as gateway:
        file = pathlib.Path(gateway.root, "config/providers.yaml")
        file.write_text(file.read_text().replace("failures: 10000, window_s: 1, open_s: 1", "failures: 2, window_s: 60, open_s: 60"))
        time.sleep(1.5)
        for _ in range(20):
            with Connection(gateway.port) as connection:
                connection.send(request(CHAT, gateway.key, streamed()))
                assert connection.head()[0] == 200
        assert all(exchange.gone_within(5) for exchange in upstream.asked)
        upstream.script = None
        assert ask(gateway, CHAT, chat_body()).status == 200


def test_what_came_until_a_client_left_is_paid_for_and_the_rest_is_free_again(upstream):
    prices = 'prices:\n  - { model: "gpt-lab", input: 100000, output: 100000 }\n'

    async def script(exchange):
        await exchange.begin()
        await exchange.event(chunk("four words of text " * 20))
        await exchange.pause(10)

    with host(url_of(upstream), prices=prices) as gateway:
        key = gateway.command("keys", "create", "--name", "payer", "--budget", "120/day").stdout.split()[-1]
        upstream.script = script
        with Connection(gateway.port) as connection:
            connection.send(request(CHAT, key, streamed(max_tokens=1000)))
            assert connection.head()[0] == 200
            connection._until(b"four words")
        assert upstream.asked[-1].gone_within(5)
        upstream.script = None
        # 1,000 tokens were promised and some 100 came: another promise of 500 finds its place.
        for _ in range(50):
            answer = ask(gateway, CHAT, chat_body(max_tokens=500), key=key)
            if answer.status == 200:
                break
        assert answer.status == 200, answer.body
        spent = [one["limits"]["spent_usd"] for one in json.loads(gateway.command("keys", "list", "--json").stdout)["keys"]
                 if one["name"] == "payer"]
        assert 5 < float(spent[0]) < 40, spent


class Reader:
    """Reads streams, many at a time, and notes how long each token was on its way."""

    def __init__(self, port, key, count, tokens):
        self.port, self.key, self.count, self.tokens = port, key, count, tokens
        self.late, self.whole = [], 0

    def run(self):
        asyncio.run(self._all())

    async def _all(self):
        await asyncio.gather(*(self._one() for _ in range(self.count)))

    async def _one(self):
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(request(CHAT, self.key, streamed()))
        seen = 0
        while True:
            line = await reader.readline()
            if not line or b"[DONE]" in line:
                break
            if line.startswith(b"data: ") and b'"at ' in line:
                self.late.append(time.monotonic() - float(line.split(b'"at ')[1].split(b'"')[0]))
                seen += 1
        self.whole += seen == self.tokens
        writer.close()


def test_paced_streams_arrive_whole_and_without_the_stalls_of_small_packets(gateway, upstream):
    """Nagle's algorithm and delayed acknowledgements would hold every second piece back for 40 ms."""
    count, tokens, pace = (512, 40, 0.05) if IS_LONG else (100, 20, 0.05)

    async def script(exchange):
        await exchange.begin()
        for _ in range(tokens):
            await exchange.event(chunk(f"at {time.monotonic()}"))
            await asyncio.sleep(pace)
        await exchange.event(chunk(finish="stop"))
        await exchange.event("[DONE]")
        await exchange.end()

    # One stream alone: no load of the test machine blurs what is looked for.
    upstream.script = script
    alone = Reader(gateway.port, gateway.key, 1, tokens)
    alone.run()
    assert alone.whole == 1
    late = sorted(alone.late[1:])
    assert statistics.median(late) < 0.01, late
    assert late[-2] < 0.03, late
    many = Reader(gateway.port, gateway.key, count, tokens)
    many.run()
    assert many.whole == count


@pytest.mark.parametrize("origin", ["null", "https://evil.example", "http://127.0.0.1.evil.example", "file://", "http://localhost:1"])
def test_a_page_from_elsewhere_opens_no_socket(gateway, origin):
    headers = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13", f"Origin: {origin}",
               "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol: praximous.v1"]
    answer = ask(gateway, "/ws/v1/process", method="GET", headers=headers)
    assert answer.status == 403, answer.status


@pytest.mark.parametrize("name", ["rebound.evil.example", "127.0.0.1.nip.io"])
def test_a_name_that_was_turned_to_this_machine_opens_no_socket(gateway, name):
    """DNS rebinding: page and host have the same name, so the origin must be an address or be listed."""
    headers = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13",
               f"Origin: http://{name}:{gateway.port}", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
               "Sec-WebSocket-Protocol: praximous.v1"]
    lines = ["GET /ws/v1/process HTTP/1.1", f"Host: {name}:{gateway.port}", f"X-API-Key: {gateway.key}", *headers, "", ""]
    with Connection(gateway.port) as connection:
        connection.send("\r\n".join(lines).encode())
        assert connection.answer().status == 403
