"""Cases 4 to 7 and 9: what a connection may do."""

import contextlib
import json
import resource
import time

import pytest
from conftest import IS_LONG, chat_body, host
from wire import Connection, ask, request, resident_bytes

PATHS = ["/api/v1/process", "/v1/chat/completions", "/v1/messages", "/v1/embeddings"]
SMUGGLED = b"GET /healthz?smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
HURRIED = "http:\n  body_timeout_s: 2\n  idle_timeout_s: 3\n"


def head(gateway, path, *lines):
    return "\r\n".join([f"POST {path} HTTP/1.1", "Host: x", f"X-API-Key: {gateway.key}", *lines, "", ""]).encode()


@pytest.mark.parametrize("path", PATHS)
def test_a_body_one_byte_over_the_limit_is_refused(gateway, path):
    with Connection(gateway.port) as connection:
        connection.send(head(gateway, path, f"Content-Length: {(4 << 20) + 1}"))
        connection.send(b" " * (1 << 20))
        assert connection.answer().status == 413


@pytest.mark.parametrize("path", PATHS[:3])
def test_a_body_without_an_end_is_refused_early_and_not_kept(gateway, path):
    before = resident_bytes(gateway.pid)
    part = b"100000\r\n" + b" " * (1 << 20) + b"\r\n"
    sent = 0
    with Connection(gateway.port) as connection:
        connection.send(head(gateway, path, "Transfer-Encoding: chunked"))
        # 10 GB, for as long as anybody takes them.
        end = time.monotonic() + 20
        while sent < 10_000 and time.monotonic() < end and connection.send(part):
            sent += 1
            connection.socket.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                connection._more()
            connection.socket.settimeout(5)
            if connection._rest:
                break
        assert connection.answer().status == 413
    assert sent < 64, f"{sent} MiB were taken before the refusal"
    assert resident_bytes(gateway.pid) - before < 96 << 20


@pytest.mark.parametrize("key", ["right", "none"])
def test_who_goes_on_sending_after_the_refusal_is_cut(gateway, key):
    """Also who has no key at all."""
    before = resident_bytes(gateway.pid)
    part = b"100000\r\n" + b" " * (1 << 20) + b"\r\n"
    start = head(gateway, PATHS[1], "Transfer-Encoding: chunked")
    with Connection(gateway.port, seconds=5) as connection:
        connection.send(start if key == "right" else start.replace(gateway.key.encode(), b""))
        sent = 0
        while sent < 2000 and connection.send(part):
            sent += 1
    assert sent < 2000, "two gigabytes were read and thrown away"
    assert resident_bytes(gateway.pid) - before < 96 << 20


def slow_starts(gateway):
    whole = json.dumps(chat_body()).encode()
    return [
        b"", b"POST /v1/chat", b"POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nX-Slow: ",
        head(gateway, PATHS[0], "Content-Length: 100") + b"{",
        head(gateway, PATHS[1], f"Content-Length: {len(whole)}") + whole[:-1],
        head(gateway, PATHS[2], "Transfer-Encoding: chunked") + b"5\r\n{",
    ]


def test_a_thousand_slow_connections_are_closed_and_others_never_wait(shared_upstream):
    """`PRAX_LONG=1` opens ten thousand."""
    count = 9_000 if IS_LONG else 1_000
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, count * 2 + 500), hard))
    with host(f"http://127.0.0.1:{shared_upstream.port}/v1", settings=HURRIED) as gateway:
        starts = slow_starts(gateway)
        slow = [Connection(gateway.port) for _ in range(count)]
        for number, connection in enumerate(slow):
            connection.send(starts[number % len(starts)])
        waits = []
        for _ in range(20):
            start = time.monotonic()
            assert ask(gateway, PATHS[0], {"task_type": "echo", "prompt": "x"}).status == 200
            assert ask(gateway, "/healthz", method="GET").status == 200
            waits.append(time.monotonic() - start)
        assert sorted(waits)[10] < 0.25, waits
        end = time.monotonic() + 15 + count / 500
        still_open = [one for one in slow if not one.closes_within(max(0.01, end - time.monotonic()))]
        assert not still_open, f"{len(still_open)} of {count} were never closed"
        for connection in slow:
            connection.socket.close()
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_a_byte_now_and_then_does_not_keep_a_request_open(shared_upstream):
    with host(f"http://127.0.0.1:{shared_upstream.port}/v1", settings=HURRIED) as gateway:
        for start in slow_starts(gateway)[2:]:
            with Connection(gateway.port) as connection:
                connection.send(start)
                begun = time.monotonic()
                while time.monotonic() - begun < 12:
                    if not connection.send(b"a") or connection.closes_within(0.5):
                        break
                assert time.monotonic() - begun < 8, start


def test_who_drips_on_after_the_refusal_is_cut(gateway):
    """The answer came after the head; what follows it a byte at a time is nobody's request."""
    with Connection(gateway.port) as connection:
        connection.send(head(gateway, PATHS[1], "Content-Length: 1000").replace(gateway.key.encode(), b""))
        assert connection.answer().status == 401
        begun = time.monotonic()
        while time.monotonic() - begun < 20 and connection.send(b"a") and not connection.closes_within(0.2):
            pass
        assert time.monotonic() - begun < 10


# Heads that two servers could read as two different requests. All lines but the first two.
AMBIGUOUS = {
    "both lengths": ["Content-Length: 6", "Transfer-Encoding: chunked"],
    "both lengths, the other way": ["Transfer-Encoding: chunked", "Content-Length: 6"],
    "two lengths": ["Content-Length: 5", "Content-Length: 6"],
    "a list of lengths": ["Content-Length: 5, 6"],
    "a negative length": ["Content-Length: -5"],
    "a signed length": ["Content-Length: +5"],
    "a hexadecimal length": ["Content-Length: 0x5"],
    "a length with a blank in it": ["Content-Length: 1 5"],
    "an empty length": ["Content-Length: "],
    "a length of 2^64": ["Content-Length: 18446744073709551616"],
    "a blank before the colon of the length": ["Content-Length : 5"],
    "a blank before the colon of the coding": ["Transfer-Encoding : chunked"],
    "a tab before the colon": ["Transfer-Encoding\t: chunked"],
    "a coding nobody knows": ["Transfer-Encoding: xchunked"],
    "a coding with another before": ["Transfer-Encoding: identity, chunked"],
    "a coding with another behind": ["Transfer-Encoding: chunked, identity"],
    "two codings": ["Transfer-Encoding: chunked", "Transfer-Encoding: identity"],
    "a quoted coding": ['Transfer-Encoding: "chunked"'],
    "a coding with a control character": ["Transfer-Encoding: \x0bchunked"],
    "a coding on a folded line": ["Transfer-Encoding:", " chunked"],
    "a folded line": ["X-Folded: a", " b"],
    "a folded first line": [" X-Folded: a"],
    "a name with an underscore beside the real one": ["Transfer_Encoding: chunked", "Content-Length: -1"],
    "a bare line feed that hides a header": ["X-Hidden: a\nTransfer-Encoding: chunked", "Content-Length: 5"],
    "a bare carriage return": ["X-Hidden: a\rTransfer-Encoding: chunked", "Content-Length: 5"],
    "an empty name": [": chunked", "Content-Length: 5"],
    "a line without a colon": ["Transfer-Encoding chunked", "Content-Length: 5"],
    "a NUL in the coding": ["Transfer-Encoding: chunked\x00", "Content-Length: 5"],
}


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_a_request_that_could_be_read_as_two_is_never_two(gateway, name):
    with Connection(gateway.port) as connection:
        connection.send(head(gateway, PATHS[1], *AMBIGUOUS[name]) + b"0\r\n\r\n" + SMUGGLED)
        answers, is_closed = connection.answers(1.5)
    statuses = [answer.status for answer in answers]
    assert 200 not in statuses, (statuses, is_closed)
    assert len(statuses) <= 1 and all(400 <= status < 500 or status == 501 for status in statuses), statuses
    assert is_closed, statuses


BROKEN_CHUNKS = {
    "a size that is no number": b"zz\r\n",
    "a negative size": b"-1\r\n",
    "a size in the C way": b"0x5\r\nhello\r\n",
    "a size of 2^64": b"10000000000000000\r\n",
    "a blank before the size": b" 5\r\nhello\r\n",
    "a chunk longer than its size": b"2\r\nhello\r\n",
    "a chunk that ends in a line feed": b"5\r\nhelloX\n",
}


@pytest.mark.parametrize("name", BROKEN_CHUNKS)
def test_a_broken_chunk_ends_the_connection(gateway, name):
    with Connection(gateway.port) as connection:
        connection.send(head(gateway, PATHS[1], "Transfer-Encoding: chunked") + BROKEN_CHUNKS[name] + b"0\r\n\r\n" + SMUGGLED)
        answers, is_closed = connection.answers(1.5)
    assert 200 not in [answer.status for answer in answers]
    assert is_closed


@pytest.mark.parametrize("expectation", ["200-ok", "100-continue, x", "x" * 1000])
def test_an_expectation_that_is_unknown_does_no_harm(gateway, expectation):
    body = json.dumps(chat_body()).encode()
    answer = ask(gateway, PATHS[1], body, headers=[f"Expect: {expectation}"])
    assert answer.status in (200, 417)


def test_a_client_that_expects_100_and_sends_at_once_is_answered_once(gateway):
    body = json.dumps(chat_body()).encode()
    with Connection(gateway.port) as connection:
        connection.send(request(PATHS[1], gateway.key, body, headers=["Expect: 100-continue"]))
        answers, _ = connection.answers(1)
    assert [answer.status for answer in answers] in ([100, 200], [200])


def test_a_body_where_none_belongs_is_not_the_next_request(gateway):
    """The length says nothing is to come, or the method has no use for it: what comes is read as what it is."""
    with Connection(gateway.port) as connection:
        connection.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % len(SMUGGLED) + SMUGGLED)
        answers, _ = connection.answers(1)
    assert [answer.status for answer in answers] == [200]


REFLECTED = "evil\r\nX-Injected: yes\r\n\r\n<script>"


def test_nothing_reflected_becomes_a_header(gateway, upstream):
    async def script(exchange):
        answer = {"id": REFLECTED, "object": "chat.completion", "model": REFLECTED, "choices": [
            {"index": 0, "message": {"role": "assistant", "content": "x"}, "finish_reason": "stop"}]}
        await exchange.answer(200, answer, {"x-request-id": "up\x0bstream"})

    upstream.script = script
    asked = [
        ask(gateway, PATHS[1], chat_body()), ask(gateway, PATHS[1], chat_body(model=REFLECTED)),
        ask(gateway, PATHS[2], chat_body(max_tokens=5, model=REFLECTED)),
        ask(gateway, PATHS[0], {"task_type": REFLECTED, "prompt": "x"}),
        ask(gateway, "/v1/models/evil%0d%0aX-Injected:%20yes", method="GET"),
        ask(gateway, "/api/v1/skills/evil%0d%0aX-Injected:%20yes/capabilities", method="GET"),
        ask(gateway, PATHS[1], chat_body(), headers=["Idempotency-Key: a%0d%0aX-Injected: yes", "X-Request-ID: mine"]),
    ]
    for answer in asked:
        assert "x-injected" not in answer.headers, answer.headers
        assert answer.headers["x-request-id"] != "mine"


@pytest.mark.parametrize("path", PATHS[:3])
def test_headers_and_addresses_have_limits(gateway, path):
    body = json.dumps(chat_body()).encode()
    assert ask(gateway, path, body, headers=["X-Long: " + "h" * 65_536]).status == 431
    assert ask(gateway, path, body, headers=[f"X-{number}: v" for number in range(200)]).status == 431
    assert ask(gateway, path + "?" + "u" * 40_000, body).status in (414, 431)


def test_headers_without_an_end_are_not_kept(gateway):
    before = resident_bytes(gateway.pid)
    with Connection(gateway.port, seconds=2) as connection:
        connection.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\n")
        sent = 0
        while sent < 1000 and connection.send(b"X-More: " + b"m" * 65_536 + b"\r\n"):
            sent += 1
    assert sent < 1000
    assert resident_bytes(gateway.pid) - before < 48 << 20
