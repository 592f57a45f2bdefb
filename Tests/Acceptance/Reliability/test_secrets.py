"""Case 46: what is secret is in no file, no log, no metric and no error, whatever happened."""

import base64
import json
import uuid

from conftest import UPSTREAM_KEY, chat_body, chunk, completion, host, url_of
from wire import Connection, ask, request

CHAT, ANTHROPIC, PROCESS, VECTORS = "/v1/chat/completions", "/v1/messages", "/api/v1/process", "/v1/embeddings"


def scripts(canary):
    """Ways in which an upstream answers, some of which repeat what it was told."""

    async def refuses(exchange):
        told = exchange.headers["authorization"] + " " + exchange.body.decode()
        await exchange.answer(401, {"error": {"message": f"wrong key {told}", "code": told}})

    async def fails(exchange):
        await exchange.answer(500, {"error": {"message": exchange.headers["authorization"]}})

    async def speaks(exchange):
        if exchange.json.get("stream"):
            await exchange.begin()
            await exchange.event(chunk(canary))
            await exchange.event(chunk(finish="stop"))
            await exchange.event("[DONE]")
            return await exchange.end()
        if exchange.path.endswith("embeddings"):
            return await exchange.answer(200, {"data": [{"index": 0, "embedding": [0.5]}], "model": "gpt-lab"})
        await exchange.answer(200, completion(canary))

    async def breaks_off(exchange):
        await exchange.begin()
        await exchange.event(chunk(canary))
        await exchange.event({"error": {"message": exchange.headers["authorization"]}})
        exchange.cut()

    async def is_garbage(exchange):
        await exchange.answer(200, (exchange.headers["authorization"] + canary).encode())

    async def resets(exchange):
        exchange.reset()

    return [speaks, refuses, fails, breaks_off, is_garbage, resets]


def bodies(canary):
    return [
        (PROCESS, {"task_type": "echo", "prompt": canary}), (PROCESS, {"task_type": "chat", "prompt": canary}),
        (PROCESS, {"task_type": "nothing", "prompt": canary}), (CHAT, chat_body(canary)), (CHAT, chat_body(canary, stream=True)),
        (CHAT, chat_body(canary, temperature=canary)), (CHAT, chat_body(messages=canary)), (CHAT, [canary]),
        (ANTHROPIC, chat_body(canary, max_tokens=5)), (ANTHROPIC, chat_body(canary, max_tokens=5, stream=True)),
        (VECTORS, {"model": "chat", "input": canary}), (CHAT, canary.encode() + b"{"),
    ]


def test_keys_prompts_and_answers_are_nowhere_after_everything_that_can_happen(upstream):
    prompt, said = f"prompt-canary-{uuid.uuid4().hex}", f"answer-canary-{uuid.uuid4().hex}"
    wrong = f"prax_live_{uuid.uuid4().hex}canary"
    with host(url_of(upstream), route=", retries: 0, attempts: 1", environment={"LOG_LEVEL": "trace"}) as gateway:
        key = gateway.command("keys", "create", "--name", "lab", "--role", "admin").stdout.split()[-1]
        basic = base64.b64encode(f"me:{key}".encode()).decode()
        shown = []
        for upstream.script in scripts(said):
            for path, body in bodies(prompt):
                for headers in ([], [f"Authorization: Bearer {key}"], [f"Authorization: Basic {basic}"]):
                    with Connection(gateway.port) as connection:
                        data = body if isinstance(body, bytes) else json.dumps(body).encode()
                        connection.send(request(path, None if headers else key, data, headers=[*headers, f"Cookie: {wrong}"]))
                        shown.append(connection.answer())
            # A client that leaves in the middle, and one without a right key.
            with Connection(gateway.port) as connection:
                connection.send(request(CHAT, key, json.dumps(chat_body(prompt, stream=True)).encode()))
            shown.append(ask(gateway, CHAT, chat_body(prompt), key=wrong))
        metrics = ask(gateway, "/metrics", method="GET")
        listed = gateway.command("audit", "list", "--json", "--limit", "500")
        kept = [metrics.body.decode(), listed.stdout, gateway.command("keys", "list", "--json").stdout,
                gateway.command("config", "show").stdout, gateway.command("providers", "list", "--json").stdout,
                ask(gateway, "/openapi.json", method="GET").body.decode(), ask(gateway, "/api/v1/plugins", method="GET").body.decode()]
        assert metrics.status == 200 and listed.returncode == 0 and listed.stdout.count("request_id") > 200
        for secret in (key, gateway.key, basic, wrong, UPSTREAM_KEY, prompt, said):
            assert gateway.places_of(secret) == [], secret
            assert not [text for text in kept if secret in text], secret
        # Callers hear no keys; what they and the model said to each other is theirs.
        for secret in (key, gateway.key, basic, wrong, UPSTREAM_KEY):
            assert not [answer.body for answer in shown if secret.encode() in answer.body], secret
            assert not [answer.headers for answer in shown if secret in str(answer.headers)], secret
