"""Cases 40 to 44: keys, limits and money over HTTP."""

import asyncio
import json
import threading
import time

import pytest
from conftest import chat_body, chunk, completion, host, url_of
from wire import Connection, ask, request

CHAT = "/v1/chat/completions"
# Ten cents a token.
PRICES = 'prices:\n  - { model: "gpt-lab", input: 100000, output: 100000 }\n  - { model: "free-lab", free: true }\n'


def new_key(gateway, *words):
    return gateway.command("keys", "create", "--name", "lab", *words).stdout.split()[-1]


def id_of(key):
    return key.split("_")[2][:12]


def spent(gateway, key):
    """In tokens."""
    keys = json.loads(gateway.command("keys", "list", "--json").stdout)["keys"]
    return round(10 * float(next(one for one in keys if one["id"] == id_of(key))["limits"]["spent_usd"]))


def at_once(count, work):
    """What `work` gives, begun by so many threads at the same moment."""
    found, barrier, lock = [], threading.Barrier(count), threading.Lock()

    def run():
        barrier.wait()
        result = work()
        with lock:
            found.append(result)

    threads = [threading.Thread(target=run) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.parametrize("is_streaming", [False, True], ids=["whole", "streamed"])
def test_of_a_hundred_at_once_with_a_budget_for_one_one_is_answered(upstream, is_streaming):
    async def script(exchange):
        await asyncio.sleep(0.3)
        if not is_streaming:
            return await exchange.answer(200, completion(usage=(20, 80)))
        await exchange.begin()
        await exchange.event(chunk("x", finish="stop", usage={"prompt_tokens": 20, "completion_tokens": 80}))
        await exchange.event("[DONE]")
        await exchange.end()

    upstream.script = script
    with host(url_of(upstream), prices=PRICES) as gateway:
        # The text, its frame and 90 tokens of answer: more than half of the budget.
        key = new_key(gateway, "--budget", "12/day")
        body = chat_body(max_tokens=90, stream=is_streaming)
        statuses = sorted(answer.status for answer in at_once(100, lambda: ask(gateway, CHAT, body, key=key)))
        assert statuses == [200] + [429] * 99 or statuses == [200] + [402] * 99, statuses
        assert len(upstream.asked) == 1
        for _ in range(50):
            if spent(gateway, key) == 100:
                break
        assert spent(gateway, key) == 100


FAILURES = ["refused", "bad answer", "cut", "reset"]


@pytest.mark.parametrize("failure", FAILURES)
def test_what_was_promised_to_a_call_that_fails_is_free_again(upstream, failure):
    async def script(exchange):
        if failure == "refused":
            return await exchange.answer(400, {"error": {"message": "no"}})
        if failure == "bad answer":
            return await exchange.answer(200, b"<html>")
        if failure == "reset":
            return exchange.reset()
        await exchange.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{")
        exchange.cut()

    with host(url_of(upstream), prices=PRICES, route=", retries: 0, attempts: 1") as gateway:
        key = new_key(gateway, "--budget", "12/day")
        for _ in range(5):
            upstream.script = script
            assert ask(gateway, CHAT, chat_body(max_tokens=90), key=key).status in (400, 502, 504)
        upstream.script = None
        assert ask(gateway, CHAT, chat_body(max_tokens=90), key=key).status == 200


def test_a_minute_has_as_many_requests_as_it_may_and_no_more(gateway, upstream):
    key = new_key(gateway, "--rpm", "25")
    statuses = at_once(64, lambda: ask(gateway, CHAT, chat_body(), key=key).status)
    assert (statuses.count(200), statuses.count(429)) == (25, 39), statuses
    refused = ask(gateway, CHAT, chat_body(), key=key)
    assert 1 <= int(refused.headers["retry-after"]) <= 61
    assert len(upstream.asked) == 25


@pytest.mark.parametrize("is_streaming", [False, True], ids=["whole", "streamed"])
def test_another_body_under_the_same_idempotency_key_is_refused_and_not_asked(gateway, upstream, is_streaming):
    word = [f"Idempotency-Key: body-{is_streaming}"]
    body = chat_body(stream=is_streaming)
    first, again = (ask(gateway, CHAT, body, headers=word) for _ in range(2))
    assert first.status == again.status == 200 and first.body == again.body
    assert again.headers["idempotent-replayed"] == "true"
    other = ask(gateway, CHAT, chat_body("Something else", stream=is_streaming), headers=word)
    assert other.status == 422, other.body
    # Another key's requests are its own.
    assert "idempotent-replayed" not in ask(gateway, CHAT, body, headers=word, key=new_key(gateway)).headers
    assert len(upstream.asked) == 2


def test_a_free_model_is_served_when_the_budget_is_spent_and_one_without_a_price_is_not(upstream):
    async def script(exchange):
        await exchange.answer(200, completion(usage=(50, 50)))

    upstream.script = script
    with host(url_of(upstream), prices=PRICES) as gateway:
        path = gateway.root + "/config/providers.yaml"
        with open(path) as file:
            text = file.read()
        with open(path, "w") as file:
            file.write(text.replace("model: gpt-lab\n", "model: gpt-lab\n    models: [free-lab, nobody-knows-it]\n"))
        key = new_key(gateway, "--budget", "12/day")
        for _ in range(200):
            if ask(gateway, CHAT, chat_body(model="free-lab")).status == 200:
                break
            time.sleep(0.02)
        assert ask(gateway, CHAT, chat_body(max_tokens=50), key=key).status == 200
        assert ask(gateway, CHAT, chat_body(max_tokens=90), key=key).status in (402, 429)
        assert ask(gateway, CHAT, chat_body(model="free-lab", max_tokens=90), key=key).status == 200
        unknown = ask(gateway, CHAT, chat_body(model="nobody-knows-it", max_tokens=1), key=key)
        assert 400 <= unknown.status < 500, unknown.body


def test_a_revoked_key_is_refused_within_a_second_and_its_streams_end(gateway, upstream):
    async def script(exchange):
        await exchange.begin()
        for _ in range(600):
            await exchange.event(chunk("x"))
            await asyncio.sleep(0.05)

    key = new_key(gateway)
    upstream.script = script
    with Connection(gateway.port) as connection:
        connection.send(request(CHAT, key, json.dumps(chat_body(stream=True)).encode()))
        assert connection.head()[0] == 200
        revoked = gateway.command("keys", "revoke", id_of(key), "--yes")
        if revoked.returncode:
            revoked = gateway.command("keys", "revoke", id_of(key))
        assert revoked.returncode == 0, revoked.stderr
        begun = time.monotonic()
        upstream_stream = upstream.asked[-1]
        assert ask(gateway, CHAT, chat_body(), key=key).status == 401
        assert time.monotonic() - begun < 1
        assert upstream_stream.gone_within(3), "its stream goes on"
        assert upstream_stream.gone_at - begun < 2
    # What is settled afterwards makes it no key again.
    assert ask(gateway, CHAT, chat_body(), key=key).status == 401
    listed = json.loads(gateway.command("keys", "list", "--json").stdout)["keys"]
    assert all(one.get("revoked_at") or one.get("status") == "revoked" for one in listed if one["id"] == id_of(key))


def test_unknown_and_damaged_keys_are_told_nothing_apart(gateway):
    key = new_key(gateway)
    damaged = [key[:-1] + ("a" if key[-1] != "a" else "b"), "prax_live_" + "x" * 40, "x", key.upper()]
    bodies = {ask(gateway, CHAT, chat_body(), key=one).body for one in damaged}
    assert len(bodies) == 1
