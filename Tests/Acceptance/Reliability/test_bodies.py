"""Cases 1 to 3, 11 and 12: what a body may hold, at every door."""

import json
import time

import pytest
from conftest import chat_body
from wire import Connection, ask, request

# Path, the status that a body which is no JSON gets, and a right body.
PROCESS = ("/api/v1/process", 422, {"task_type": "echo", "prompt": "hi"})
OPENAI = ("/v1/chat/completions", 400, chat_body())
ANTHROPIC = ("/v1/messages", 400, chat_body(max_tokens=8))
DOORS = [PROCESS, OPENAI, ANTHROPIC]
each_door = pytest.mark.parametrize("door", DOORS, ids=["process", "openai", "anthropic"])

NOT_JSON = [
    b"", b" ", b"{", b"[", b"nul", b"\xef\xbb\xbf{}", b"{'a':1}", b'{"a":1,}', b'{"a":01}', b'{"a":.5}', b'{"a":NaN}',
    b'{"a":Infinity}', b'{"a":-}', b'{"a":+1}', b'{"a":0x10}', b'{"a":1e}', b'{"a":"\n"}', b'{"a":"\x00"}', b'{"a":"\\x41"}',
    b'{"a":"\\ud800"}', b'{"a":"\\udc00\\ud800"}', b'{"a":"\xff"}', b'{"a":"\xc0\xaf"}', b'{"a":"\xed\xa0\x80"}',
    b'{"a":"\xf4\x90\x80\x80"}', b'{"\xff":1}', b"{}{}", b"{}x", b"{}\x00", b"\x1f\x8b\x08\x00", b"{\x00}\x00",
    b'{"a":1 "b":2}', b"<xml/>", b"a=b&c=d", b'{"a":"b}',
]
NOT_A_REQUEST = [b"[]", b"null", b"true", b"1", b'"text"', b"{}", b'[{"model":"chat"}]']


def send(gateway, path, body):
    with Connection(gateway.port) as connection:
        connection.send(request(path, gateway.key, body))
        return connection.answer()


@each_door
def test_what_is_no_json_is_refused_with_one_code(gateway, door):
    path, status, right = door
    for body in NOT_JSON + [json.dumps(right).encode()[:-1] + b',"x":' + value + b"}" for value in [b"NaN", b'"\xff"']]:
        answer = send(gateway, path, body)
        assert (answer.status, path == "/v1/messages" or answer.code) == (
            status, path == "/v1/messages" or "invalid_json"), body
        assert answer.headers["x-request-id"]


@each_door
def test_what_is_json_and_no_request_is_refused(gateway, door):
    for body in NOT_A_REQUEST:
        answer = send(gateway, door[0], body)
        assert answer.status == door[1], body
        assert answer.headers["x-request-id"]


@each_door
def test_a_member_that_comes_twice_is_refused(gateway, door):
    body = json.dumps(door[2]).encode()
    first = body[1:].split(b":", 1)[0]
    assert send(gateway, door[0], b"{" + first + b':"a",' + body[1:]).status == door[1]


@each_door
def test_a_hundred_thousand_brackets_are_refused_within_50_ms(gateway, door):
    for deep in [b"[" * 100_000, b'{"a":' * 100_000]:
        with Connection(gateway.port) as connection:
            taken = []
            for _ in range(5):
                start = time.monotonic()
                connection.send(request(door[0], gateway.key, deep))
                answer = connection.answer()
                taken.append(time.monotonic() - start)
                assert answer.status == door[1]
        assert min(taken) < 0.05, taken


@pytest.mark.parametrize("path", ["/v1/mod\x00els", "/v1/models/%00", "/v1/models/%ff", "/v1/models/%c0%af", "/v1/\xff"])
def test_a_path_that_is_no_text_is_refused(gateway, path):
    with Connection(gateway.port) as connection:
        connection.send(f"GET {path} HTTP/1.1\r\nHost: x\r\nX-API-Key: {gateway.key}\r\n\r\n".encode("latin-1"))
        answers, _ = connection.answers(1)
    assert [answer.status for answer in answers] in ([400], [404])
    assert ask(gateway, "/healthz", method="GET").status == 200


@pytest.mark.parametrize("value", [b"a\x00b", b"a\x01b", b"a\rb", b"a\x7fb"])
def test_a_header_with_control_characters_is_refused(gateway, value):
    with Connection(gateway.port) as connection:
        connection.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Text: " + value + b"\r\n\r\n")
        answers, is_closed = connection.answers(1)
    assert [answer.status for answer in answers] == [400] and is_closed


# Members of a chat that are no such thing. What only a model can judge, such as a temperature of -1, passes to it.
WRONG = [
    ("max_tokens", "many"), ("max_tokens", 1.5), ("max_tokens", 2**63), ("max_tokens", 2**64), ("max_tokens", True),
    ("temperature", "hot"), ("temperature", []), ("top_p", {}), ("stream", "yes"),
    ("stream", 1), ("messages", {}), ("messages", []), ("messages", "self"), ("messages", [1]), ("messages", [{}]),
    ("messages", [{"role": "__proto__", "content": "x"}]), ("messages", [{"role": "user", "content": 1}]),
    ("model", 1), ("model", None), ("model", ""), ("model", ["chat"]), ("tools", "none"), ("n", -1), ("n", 2**63),
]


@pytest.mark.parametrize("door", [OPENAI, ANTHROPIC], ids=["openai", "anthropic"])
def test_members_of_a_wrong_type_are_refused_and_named(gateway, upstream, door):
    for name, value in WRONG:
        if door is ANTHROPIC and name == "n":
            continue
        answer = ask(gateway, door[0], {**door[2], name: value})
        assert answer.status == 400, (name, value, answer.status, answer.body)
        assert name in answer.body.decode(), (name, value, answer.body)
    assert upstream.asked == []


@pytest.mark.parametrize("door", [OPENAI, ANTHROPIC], ids=["openai", "anthropic"])
def test_a_number_beyond_every_double_is_refused(gateway, upstream, door):
    body = json.dumps({**door[2], "max_tokens": 7}).encode().replace(b"7", b"1e400")
    assert send(gateway, door[0], body).status == 400
    assert upstream.asked == []


OVERFLOWING = ["9223372036854775807", "-9223372036854775808", "1e308", "1e400", "99999999999999999999999999"]


@pytest.mark.parametrize("operation", ["add", "subtract", "multiply", "divide"])
def test_numbers_that_overflow_do_not_end_the_host(gateway, operation):
    for a in OVERFLOWING:
        for b in OVERFLOWING + ["0", "-1"]:
            body = f'{{"task_type":"simple_math","operation":"{operation}","prompt":"","a":{a},"b":{b}}}'.encode()
            assert send(gateway, "/api/v1/process", body).status in (200, 400, 422), (a, b)
    assert gateway.is_running


# Looks like `echo` or `chat`, and is not: Cyrillic, full width, zero width, right to left, a combining mark, other cases.
LOOKALIKES = ["ech\u043e", "\uff45cho", "ec\u200bho", "\u202eohce", "echo\u0301", "ECHO", "echo ", "echo\u0000", "__proto__", ""]


def test_names_that_only_look_alike_are_not_found(gateway):
    for name in LOOKALIKES:
        answer = ask(gateway, "/api/v1/process", {"task_type": name, "prompt": "x"})
        assert answer.status in (404, 422), (name, answer.status)
    for name in ["ch\u0430t", "\uff43hat", "ch\u200bat", "\u202etahc", "chat\u0301", "CHAT", "chat ", "__proto__"]:
        answer = ask(gateway, OPENAI[0], chat_body(model=name))
        assert answer.status in (400, 404), (name, answer.status)
        # What turns the reading direction never reaches the one who reads the error.
        assert "\u202e" not in answer.json["error"]["message"], answer.body


def test_a_name_of_megabytes_is_refused_and_not_repeated(gateway):
    name = "n" * 3_000_000
    for path, body in [(PROCESS[0], {"task_type": name, "prompt": "x"}), (OPENAI[0], chat_body(model=name))]:
        answer = ask(gateway, path, body)
        assert answer.status in (400, 404, 422)
        assert len(answer.body) < 2000
