#!/usr/bin/env python3
"""A fake OpenAI-compatible provider whose model names say what goes wrong.

usage: fake_provider.py [SCALE]

Prints its port, then serves until its standard input ends. A model is named FAULT or FAULT.ANYTHING, with FAULT one of
FAULTS below; each whole name has a state of its own. `/NAME/v1/chat/completions` is the provider NAME, which is the
same as any other but for what the log of attempts says: GET /attempts. SCALE multiplies the long times (silence, slow
first token, stall, outage), 1 when it is not given.
"""

import asyncio
import hashlib
import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "Lab"))
from answer import PROMPT_TOKENS, TEXT, TOKEN_SECONDS, TOKENS, folded  # noqa: E402
from http_server import Server  # noqa: E402

SILENCE_SECONDS = 120
SLOW_FIRST_TOKEN_SECONDS = 20
STALL_SECONDS = 30
OUTAGE_SECONDS = 60
OPEN_WITHOUT_DONE_SECONDS = 20
PREFILL_REFUSAL = "the last message must be of the user: this model does not continue an answer"


class Attempt:
    """One request for one model, as the log of attempts tells it."""

    def __init__(self, exchange, provider, number):
        request = exchange.json
        self.exchange, self.provider, self.number = exchange, provider, number
        self.model = request["model"]
        self.streams = bool(request.get("stream"))
        self.wants_usage = bool((request.get("stream_options") or {}).get("include_usage"))
        last = request["messages"][-1]
        self.prefill = last["content"] if last["role"] == "assistant" else None
        self.outcome = "open"
        self.ended_at = None

    def described(self):
        body = self.exchange.body
        return {
            "provider": self.provider, "model": self.model, "at": self.exchange.at, "ended_at": self.ended_at,
            "body_bytes": len(body), "digest": hashlib.sha256(body).hexdigest()[:12],
            "has_prefill": self.prefill is not None, "outcome": self.outcome,
        }


class FakeProvider:
    def __init__(self, scale):
        self.scale = scale
        self.attempts = []
        self.first_at = {}

    async def handle(self, exchange):
        if exchange.path == "/attempts":
            return await exchange.answer(200, [attempt.described() for attempt in self.attempts])
        provider, _, path = exchange.path.lstrip("/").partition("/")
        if path == "v1/models":
            return await exchange.answer(200, {"object": "list", "data": [{"id": "steady", "object": "model"}]})
        if path != "v1/chat/completions":
            return await refuse(exchange, 404, "not_found", f"no such path: {exchange.path}")
        model = exchange.json["model"]
        number = 1 + sum(1 for attempt in self.attempts if attempt.model == model)
        attempt = Attempt(exchange, provider, number)
        self.attempts.append(attempt)
        self.first_at.setdefault(model, exchange.at)
        try:
            await FAULTS[model.split(".")[0]](self, attempt)
            attempt.outcome = "whole" if attempt.outcome == "open" else attempt.outcome
        except ConnectionError:
            attempt.outcome += ", client left"
            raise
        finally:
            attempt.ended_at = time.monotonic()

    # What the models do.

    async def steady(self, attempt):
        await answer(attempt)

    async def no_prefill(self, attempt):
        if attempt.prefill is None:
            return await answer(attempt)
        await fail(attempt, 400, "invalid_request_error", PREFILL_REFUSAL)

    async def rate_limited_once(self, attempt):
        if attempt.number > 1:
            return await answer(attempt)
        await fail(attempt, 429, "rate_limit_exceeded", "too many requests", {"Retry-After": "2"})

    async def rate_limited(self, attempt):
        await fail(attempt, 429, "rate_limit_exceeded", "too many requests")

    async def broken_once(self, attempt):
        if attempt.number > 1:
            return await answer(attempt)
        await fail(attempt, 500, "server_error", "something broke")

    async def unavailable(self, attempt):
        await fail(attempt, 503, "overloaded", "no capacity")

    async def reset_once(self, attempt):
        if attempt.number > 1:
            return await answer(attempt)
        attempt.outcome = "reset"
        attempt.exchange.reset()

    async def silent(self, attempt):
        attempt.outcome = "silent"
        await attempt.exchange.pause(SILENCE_SECONDS * self.scale)
        attempt.exchange.cut()

    async def slow_first_token(self, attempt):
        attempt.outcome = "slow"
        await attempt.exchange.begin()
        await attempt.exchange.pause(SLOW_FIRST_TOKEN_SECONDS * self.scale)
        await answer(attempt, has_begun=True)

    async def cut_midway(self, attempt):
        await answer(attempt, tokens=40)
        attempt.outcome = "cut after 40"
        attempt.exchange.cut()

    async def ended_midway(self, attempt):
        """As `cut_midway`, where the end of the connection is also what ends a whole answer."""
        await answer(attempt, tokens=40, chunked=False)
        attempt.outcome = "cut after 40"
        attempt.exchange.cut()

    async def reset_midway(self, attempt):
        await answer(attempt, tokens=40)
        attempt.outcome = "reset after 40"
        await attempt.exchange.pause(0.2)
        attempt.exchange.reset()

    async def stalled_midway(self, attempt):
        await answer(attempt, tokens=20)
        attempt.outcome = "stalled after 20"
        await attempt.exchange.pause(STALL_SECONDS * self.scale)
        attempt.exchange.cut()

    async def bad_event(self, attempt):
        await answer(attempt, bad_event=10)

    async def no_done(self, attempt):
        await answer(attempt, done=False)
        attempt.outcome = "open without [DONE]"
        await attempt.exchange.pause(OPEN_WITHOUT_DONE_SECONDS)
        attempt.exchange.cut()

    async def context_length(self, attempt):
        await fail(attempt, 400, "context_length_exceeded", "This model's maximum context length is 16 tokens.")

    async def content_policy(self, attempt):
        await fail(attempt, 400, "content_policy_violation", "Your request was refused by the safety system.")

    async def outage(self, attempt):
        if attempt.exchange.at - self.first_at[attempt.model] >= OUTAGE_SECONDS * self.scale:
            return await answer(attempt)
        await fail(attempt, 503, "overloaded", "no capacity")


FAULTS = {
    name.replace("_", "-"): value
    for name, value in vars(FakeProvider).items()
    if not name.startswith("_") and name != "handle"
}


async def refuse(exchange, status, code, message, headers=None):
    kind = "invalid_request_error" if status < 429 else "server_error"
    error = {"message": message, "type": kind, "param": None, "code": code}
    await exchange.answer(status, {"error": error}, headers)


async def fail(attempt, status, code, message, headers=None):
    attempt.outcome = f"{status} {code}" + (", prefill" if attempt.prefill is not None else "")
    await refuse(attempt.exchange, status, code, message, headers)


async def answer(attempt, tokens=None, bad_event=None, done=True, has_begun=False, chunked=True):
    """The answer, or its first `tokens`; a prefill that the answer begins with is continued and not repeated."""
    exchange = attempt.exchange
    words = continued(attempt.prefill)
    if not attempt.streams:
        return await exchange.answer(200, completion(attempt, "".join(words)))
    if not has_begun:
        await exchange.begin(chunked=chunked)
    await exchange.event(chunk(attempt, {"role": "assistant", "content": ""}))
    for number, word in enumerate(words[:tokens], start=2):
        if number == bad_event:
            await exchange.event('{"id":"chatcmpl-lab","object":"chat.completion.chunk","choices":[{"delta":{"cont')
        await exchange.pause(TOKEN_SECONDS)
        await exchange.event(chunk(attempt, {"content": word}))
    if tokens is not None:
        return
    await exchange.event(chunk(attempt, {}, finish_reason="stop"))
    if attempt.wants_usage:
        await exchange.event({**chunk(attempt, {}), "choices": [], "usage": usage(len(words))})
    if done:
        await exchange.event("[DONE]")
        await exchange.end()


def continued(prefill):
    if not prefill or not TEXT.startswith(prefill):
        return TOKENS
    rest = TEXT[len(prefill):]
    words = folded(rest).split(" ") if rest.strip() else []
    return [(" " if number or rest.startswith(" ") else "") + word for number, word in enumerate(words)]


def usage(tokens):
    return {"prompt_tokens": PROMPT_TOKENS, "completion_tokens": tokens, "total_tokens": PROMPT_TOKENS + tokens}


def chunk(attempt, delta, finish_reason=None):
    return {
        "id": f"chatcmpl-lab-{attempt.number}", "object": "chat.completion.chunk", "created": 1_700_000_000,
        "model": attempt.model, "choices": [{"index": 0, "delta": delta, "finish_reason": finish_reason}],
    }


def completion(attempt, text):
    return {
        "id": f"chatcmpl-lab-{attempt.number}", "object": "chat.completion", "created": 1_700_000_000,
        "model": attempt.model, "usage": usage(len(text.split())),
        "choices": [
            {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop", "logprobs": None}
        ],
    }


async def main():
    scale = float(sys.argv[1]) if len(sys.argv) > 1 else 1
    server = await Server(FakeProvider(scale).handle).start()
    print(json.dumps({"port": server.port}), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
