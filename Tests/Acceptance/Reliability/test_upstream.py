"""Cases 10, 28, 30 to 32: what comes back from upstream, and what never does."""

import asyncio
import gzip
import json
import time

import pytest
from conftest import IS_LONG, Upstream, chat_body, chunk, completion, host, url_of, whole
from wire import Connection, ask, request, resident_bytes

CHAT = "/v1/chat/completions"


def events(answer):
    """The events of a streamed answer, `[DONE]` as text."""
    found = [line[6:] for line in answer.body.decode().split("\n") if line.startswith("data: ")]
    return [text if text == "[DONE]" else json.loads(text) for text in found]


def text_of(answer):
    pieces = [event["choices"][0]["delta"].get("content") or ""
              for event in events(answer) if event != "[DONE]" and event.get("choices")]
    return "".join(pieces)


async def send_chunks(exchange, chunks, headers=None):
    await exchange.begin(headers=headers)
    for piece in [*chunks, "[DONE]"]:
        await exchange.event(piece)
    await exchange.end()


def stream(gateway, **members):
    return ask(gateway, CHAT, chat_body(stream=True, **members))


# Attempts, retries, deadline in ms, the most that upstream may be asked.
BUDGETS = [(1, 5, 5000, 1), (3, 5, 5000, 3), (6, 1, 5000, 4), (50, 10, 1500, 50)]


@pytest.mark.parametrize(("attempts", "retries", "deadline_ms", "most"), BUDGETS)
@pytest.mark.parametrize("is_streaming", [False, True], ids=["whole", "streamed"])
def test_retries_and_fallbacks_share_one_budget_and_one_deadline(attempts, retries, deadline_ms, most, is_streaming):
    upstreams = [Upstream(), Upstream()]

    async def script(exchange):
        await asyncio.sleep(0.05)
        await exchange.answer(500, {"error": {"message": "down"}})

    for upstream in upstreams:
        upstream.script = script
    route = f", attempts: {attempts}, retries: {retries}, deadline_ms: {deadline_ms}, backoff_ms: 50"
    with host(*map(url_of, upstreams), route=route) as gateway:
        start = time.monotonic()
        answer = ask(gateway, CHAT, chat_body(stream=is_streaming))
        taken = time.monotonic() - start
    asked = sum(len(upstream.asked) for upstream in upstreams)
    for upstream in upstreams:
        upstream.close()
    assert answer.status >= 500
    assert 1 <= asked <= most
    assert taken < deadline_ms / 1000 + 1


@pytest.mark.parametrize("is_streaming", [False, True], ids=["whole", "streamed"])
def test_a_bomb_of_a_gigabyte_is_given_up(gateway, upstream, is_streaming):
    # A gigabyte of blanks is a megabyte.
    bomb = b"".join([gzip.compress(b" " * (64 << 20))] * 16)

    async def script(exchange):
        await exchange.answer(200, bomb, {"Content-Encoding": "gzip"})

    upstream.script = script
    before = resident_bytes(gateway.pid)
    assert ask(gateway, CHAT, chat_body(stream=is_streaming)).status == 502
    assert resident_bytes(gateway.pid) - before < 160 << 20


@pytest.mark.parametrize("path", ["/api/v1/process", CHAT, "/v1/messages"])
def test_a_compressed_request_is_not_unpacked(gateway, path):
    body = gzip.compress(json.dumps(chat_body(max_tokens=5)).encode())
    answer = ask(gateway, path, body, headers=["Content-Encoding: gzip"])
    assert answer.status in (400, 415, 422)


# Name, status, headers, body: none of them an answer.
NO_ANSWERS = [
    ("a page", 200, {"Content-Type": "text/html"}, b"<html>Sign in to the hotel's network</html>"),
    ("nothing", 200, {}, b""), ("an empty object", 200, {}, b"{}"), ("a list", 200, {}, b"[]"),
    ("half an answer", 200, {}, json.dumps(completion()).encode()[:-20]),
    ("no choices", 200, {}, b'{"id":"x","object":"chat.completion","choices":[]}'),
    ("gzip nobody said", 200, {}, gzip.compress(json.dumps(completion()).encode())),
    ("a coding nobody knows", 200, {"Content-Encoding": "zz"}, b"zzzz"),
    ("no content", 204, {}, b""), ("a redirect", 302, {"Location": "http://127.0.0.1:9/"}, b""),
    ("reset content", 205, {}, b""), ("a page and an error", 502, {"Content-Type": "text/html"}, b"<html>Bad gateway</html>"),
    ("deep brackets", 200, {}, b"[" * 100_000), ("not UTF-8", 200, {}, b'{"id":"\xff"}'),
]


@pytest.mark.parametrize("case", NO_ANSWERS, ids=[case[0] for case in NO_ANSWERS])
@pytest.mark.parametrize("is_streaming", [False, True], ids=["whole", "streamed"])
def test_what_is_no_answer_is_told_as_a_bad_gateway(gateway, upstream, case, is_streaming):
    _, status, headers, body = case

    async def script(exchange):
        given = {"Content-Type": "text/event-stream" if is_streaming else "application/json", **headers}
        if status == 204:
            return await exchange.raw(b"HTTP/1.1 204 No Content\r\n\r\n")
        await exchange.answer(status, body, given)

    upstream.script = script
    answer = ask(gateway, CHAT, chat_body(stream=is_streaming))
    assert answer.status == 502, (answer.status, answer.body[:300])
    assert answer.json["error"]["message"]
    assert b"hotel" not in answer.body


@pytest.mark.parametrize("headers", [{"Content-Type": "text/plain"}, {"Content-Type": ""}, {"Content-Encoding": "gzip"}])
def test_an_answer_with_a_wrong_label_is_judged_by_what_it_holds(gateway, upstream, headers):
    async def script(exchange):
        await exchange.answer(200, completion("plain"), headers)

    upstream.script = script
    assert ask(gateway, CHAT, chat_body()).json["choices"][0]["message"]["content"] == "plain"

    async def script(exchange):
        await exchange.answer(200, {"data": [{"index": 0, "embedding": [1, 2]}], "usage": {"prompt_tokens": 3}}, headers)

    upstream.script = script
    assert ask(gateway, "/v1/embeddings", {"model": "up0", "input": "x"}).json["data"][0]["embedding"] == [1, 2]

    async def script(exchange):
        await send_chunks(exchange, [chunk("pla"), chunk("in"), chunk(finish="stop")], headers)

    upstream.script = script
    assert text_of(stream(gateway)) == "plain"


# What the upstream says of usage that is none, or only half of one. A token costs ten cents.
PRICES = 'prices:\n  - { model: "gpt-lab", input: 100000, output: 100000 }\n'
NO_USAGES = [
    None, {}, {"prompt_tokens": "many"}, {"prompt_tokens": -5, "completion_tokens": 2}, [], 7,
    {"prompt_tokens": 2**63, "completion_tokens": 2}, {"prompt_tokens": 1.5, "completion_tokens": 2},
    {"prompt_tokens": 300, "completion_tokens": "20"}, {"prompt_tokens": 300, "completion_tokens": -20}, "much",
    {"prompt_tokens": 10_000_001, "completion_tokens": 2}, {"prompt_tokens": 300, "completion_tokens": 1e12},
    {"prompt_tokens": 300, "completion_tokens": 20, "total_tokens": -1},
    {"prompt_tokens": 300, "completion_tokens": 20, "prompt_tokens_details": {"cached_tokens": "all"}},
]


def spent(gateway):
    """Tokens of all keys together."""
    keys = json.loads(gateway.command("keys", "list", "--json").stdout)["keys"]
    return round(10 * sum(float(key["limits"].get("spent_usd") or 0) for key in keys))


def test_what_is_no_usage_is_billed_as_an_estimate_and_the_rest_as_told(upstream):
    usages = {"now": None}

    async def script(exchange):
        answer = completion("Hello", usage=None)
        if usages["now"] is not None:
            answer["usage"] = usages["now"]
        await exchange.answer(200, answer)

    upstream.script = script
    with host(url_of(upstream), prices=PRICES) as gateway:
        key = gateway.command("keys", "create", "--name", "payer", "--budget", "10000/day").stdout.split()[-1]
        before = 0
        for usages["now"] in NO_USAGES:
            answer = ask(gateway, CHAT, chat_body(max_tokens=5), key=key)
            assert answer.status == 200, usages["now"]
            now = settled(gateway, above=before)
            assert before < now < before + 100, usages["now"]
            # What the client is told is what was billed, and that nobody counted it.
            told = answer.json["usage"]
            assert told["estimated"] is True and told["total_tokens"] == now - before, (usages["now"], told)
            before = now
        # More than is needed, and a total that is left out.
        for usages["now"] in [{"prompt_tokens": 300, "completion_tokens": 20, "total_tokens": 320, "more": {"x": []}},
                              {"prompt_tokens": 300, "completion_tokens": 20}]:
            assert ask(gateway, CHAT, chat_body(max_tokens=5), key=key).status == 200
            now = settled(gateway, above=before)
            assert now == before + 320, usages["now"]
            before = now


@pytest.mark.parametrize("usage", [usage for usage in NO_USAGES if usage], ids=str)
@pytest.mark.parametrize("is_alone", [False, True], ids=["with the last word", "alone"])
def test_what_is_no_usage_in_a_stream_is_not_passed_on(gateway, upstream, usage, is_alone):
    async def script(exchange):
        pieces = [chunk("Hel"), chunk("lo"), chunk(finish="stop")]
        if is_alone:
            pieces.append({**pieces[0], "choices": []})
        pieces[-1]["usage"] = usage
        await send_chunks(exchange, pieces)

    upstream.script = script
    answer = stream(gateway, stream_options={"include_usage": True})
    assert text_of(answer) == "Hello"
    told = [event["usage"] for event in events(answer) if event != "[DONE]" and event.get("usage")]
    assert [counts["estimated"] for counts in told] == [True], answer.body
    assert 0 < told[0]["total_tokens"] < 100, told
    assert [event["choices"][0]["finish_reason"] for event in events(answer)
            if event != "[DONE]" and event["choices"]][-1] == "stop"
    message = ask(gateway, "/v1/messages", chat_body(stream=True, max_tokens=5))
    assert b'"estimated":true' in message.body, message.body
    assert not any(sign in message.body for sign in (b"-20", b"-5", b"10000001", b"1e12", b"300")), message.body


def settled(gateway, above):
    """What was spent, once that is more; the ledger is written within 10 ms."""
    for _ in range(50):
        if (now := spent(gateway)) > above:
            return now
    return spent(gateway)


WELL = {
    "an interim answer": b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n",
    "a hundred of them": b"HTTP/1.1 102 Processing\r\n\r\n" * 100,
    "a continue that nobody asked for": b"HTTP/1.1 100 Continue\r\n\r\n",
}


@pytest.mark.parametrize("name", WELL)
def test_interim_answers_are_passed_over(gateway, upstream, name):
    async def script(exchange):
        await exchange.raw(WELL[name])
        await exchange.answer(200, completion("after all"))

    upstream.script = script
    assert ask(gateway, CHAT, chat_body()).json["choices"][0]["message"]["content"] == "after all"


def test_trailers_do_no_harm(gateway, upstream):
    async def script(exchange):
        await exchange.begin()
        for event in (chunk("Hello"), chunk(finish="stop"), "[DONE]"):
            await exchange.event(event)
        await exchange.raw(b"0\r\nX-Trailer: 1\r\nContent-Length: 5\r\n\r\n")

    upstream.script = script
    for _ in range(2):
        assert text_of(stream(gateway)) == "Hello"


def test_a_line_without_an_end_is_bounded(gateway, upstream):
    gone = []

    async def script(exchange):
        await exchange.begin()
        await exchange.send("data: ")
        try:
            for _ in range(64 if not IS_LONG else 4096):
                await exchange.send("x" * (1 << 20))
        except ConnectionError:
            gone.append(True)
            raise

    upstream.script = script
    before = resident_bytes(gateway.pid)
    answer = stream(gateway)
    assert answer.status == 502 or answer.json["error"], answer.body
    assert resident_bytes(gateway.pid) - before < 64 << 20
    for _ in range(100):
        if gone:
            break
        time.sleep(0.02)
    assert gone, "the host went on reading"


# Several bytes for a character, every line ending, a comment, a name, an event of two lines.
BODY = (
    'data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":'
    '{"role":"assistant","content":"h\u00e9\\u00e9 \U0001f642"},"finish_reason":null}]}\r\n\r\n: keep-alive\n\nevent: x\n'
    'data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m",\n'
    'data: "choices":[{"index":0,"delta":{"content":" w"},"finish_reason":null}]}\n\n'
    'data:{"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},'
    '"finish_reason":"stop"}]}\r\r'
    "data: [DONE]\n\n"
).encode()


def test_a_stream_is_the_same_wherever_it_is_cut(gateway, upstream):
    def script(place):
        async def run(exchange):
            await exchange.begin(chunked=place % 2 == 0)
            await exchange.send(BODY[:place])
            await asyncio.sleep(0.002)
            await exchange.send(BODY[place:])
            await exchange.end()
        return run

    with Connection(gateway.port) as connection:
        for place in range(1, len(BODY)):
            upstream.script = script(place)
            connection.send(request(CHAT, gateway.key, json.dumps(chat_body(stream=True)).encode()))
            answer = connection.answer()
            assert text_of(answer) == "h\u00e9\u00e9 \U0001f642 w", (place, answer.body)
            assert events(answer)[-1] == "[DONE]", place


def test_a_stream_in_single_bytes_is_the_same(gateway, upstream):
    async def script(exchange):
        await exchange.begin()
        for byte in BODY:
            await exchange.send(bytes([byte]))
        await exchange.end()

    upstream.script = script
    assert text_of(stream(gateway)) == "h\u00e9\u00e9 \U0001f642 w"


def test_a_connection_that_went_stale_costs_one_request_more_at_most(gateway, upstream):
    """The server closes connections that are kept, without a word: nothing was sent yet, so the host asks again."""
    closing = {"is_wanted": False}

    async def script(exchange):
        await whole(exchange)
        if closing["is_wanted"]:
            exchange.cut()

    upstream.script = script
    assert ask(gateway, CHAT, chat_body()).status == 200
    for _ in range(5):
        closing["is_wanted"] = True
        assert ask(gateway, CHAT, chat_body()).status == 200
        closing["is_wanted"] = False
        assert ask(gateway, CHAT, chat_body()).status == 200
    assert len(upstream.asked) == 11


def test_a_request_that_was_sent_is_not_sent_again_unseen(gateway, upstream):
    """A reset after the request came: the model may have begun, so with one attempt it is asked once."""

    async def script(exchange):
        exchange.reset()

    assert ask(gateway, CHAT, chat_body()).status == 200
    upstream.script = script
    upstream.asked.clear()
    assert ask(gateway, CHAT, chat_body()).status == 502
    assert len(upstream.asked) <= 2, "more than the one repetition on a kept connection"
