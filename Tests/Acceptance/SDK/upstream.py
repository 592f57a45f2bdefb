"""The scripted upstream of all four vendors: a test says what the next request is answered with, and reads what was asked."""

import asyncio
import json

from http_server import ServerThread

MODEL_LISTS = {
    "/v1/models": {"object": "list", "data": [{"id": "gpt-lab", "object": "model", "created": 1, "owned_by": "lab"}]},
    "/api/tags": {"models": [{"name": "llama-lab", "model": "llama-lab"}]},
    "/v1beta/models": {"models": [{"name": "models/gemini-lab", "supportedGenerationMethods": ["generateContent"]}]},
}


class Upstream:
    """`/openai`, `/anthropic`, `/gemini` and `/ollama` are the vendors' base URLs."""

    def __init__(self):
        self.requests, self._replies = [], []
        self._server = ServerThread(self._handle)
        self.port = self._server.port

    def base_url(self, vendor):
        return f"http://127.0.0.1:{self.port}/{vendor}"

    def forget(self):
        self.requests, self._replies = [], []

    def close(self):
        self._server.close()

    def will(self, *replies):
        """The answers to the next requests, in order; each is a coroutine function of an `Exchange`."""
        self._replies += replies

    @property
    def last(self):
        return self.requests[-1]

    @property
    def asked(self):
        """The body of the last request."""
        return self.last.json

    async def _handle(self, exchange):
        if exchange.method == "GET":
            known = [body for path, body in MODEL_LISTS.items() if exchange.path.endswith(path)]
            return await exchange.answer(200 if known else 404, known[0] if known else {})
        self.requests.append(exchange)
        if not self._replies:
            return await exchange.answer(418, {"error": {"message": "the test has no answer for this request"}})
        await self._replies.pop(0)(exchange)


def whole(body, status=200, headers=None):
    async def reply(exchange):
        await exchange.answer(status, body, headers)

    return reply


def error(status, message, code=None, kind="lab_error", headers=None):
    """An error in OpenAI's form."""
    body = {"error": {"message": message, "type": kind, "param": None, "code": code}}
    return whole(body, status, headers)


def anthropic_error(status, kind, message, headers=None):
    return whole({"type": "error", "error": {"type": kind, "message": message}}, status, headers)


def events(chunks, done=True, headers=None, pace=0.0):
    """OpenAI's event stream; text among the chunks is the data of an event as it is."""

    async def reply(exchange):
        await exchange.begin(headers=headers)
        for chunk in chunks:
            await exchange.event(chunk)
            await exchange.pause(pace)
        if done:
            await exchange.event("[DONE]")
        await exchange.end()

    return reply


def named_events(pairs, cut=False):
    """Anthropic's event stream: (name, data)."""

    async def reply(exchange):
        await exchange.begin()
        for name, data in pairs:
            await exchange.event(data, name)
        exchange.cut() if cut else await exchange.end()

    return reply


def pieces(data, size, headers=None):
    """An event stream of exactly these bytes, `size` of them at a time."""

    async def reply(exchange):
        await exchange.begin(headers=headers)
        for start in range(0, len(data), size):
            await exchange.send(data[start:start + size])
            await asyncio.sleep(0)
        await exchange.end()

    return reply


def cut_after(chunks):
    async def reply(exchange):
        await exchange.begin()
        for chunk in chunks:
            await exchange.event(chunk)
        await exchange.pause(0.1)
        exchange.cut()

    return reply


def endless(chunk, seconds=30):
    """The same chunk again and again, until the client goes."""

    async def reply(exchange):
        await exchange.begin()
        for _ in range(int(seconds / 0.02)):
            await exchange.event(chunk)
            await exchange.pause(0.02)

    return reply


def silence(seconds=30):
    async def reply(exchange):
        await exchange.pause(seconds)

    return reply


def event_bytes(chunks, line_end="\n"):
    texts = [chunk if isinstance(chunk, str) else json.dumps(chunk, ensure_ascii=False) for chunk in chunks]
    return "".join(f"data: {text}{line_end}{line_end}" for text in [*texts, "[DONE]"]).encode()
