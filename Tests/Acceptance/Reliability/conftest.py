"""A host and a scripted upstream for all cases; a case that needs other settings starts a host of its own."""

import os
import pathlib
import sys
import threading

import pytest

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(FOLDER), str(FOLDER.parent / "Lab"), str(FOLDER.parent / "WebSocket")]
from gateway import Gateway  # noqa: E402
from http_server import ServerThread  # noqa: E402

IS_LONG = os.environ.get("PRAX_LONG") == "1"
UPSTREAM_KEY = "sk-upstream-canary-51f0"


class Upstream:
    """Answers with whatever `script`, an asynchronous function of an Exchange, says; remembers what it was asked."""

    def __init__(self, *place):
        self.script, self.asked, self._lock = None, [], threading.Lock()
        self._server = ServerThread(self._handle, *place)
        self.port = self._server.port

    async def _handle(self, exchange):
        with self._lock:
            self.asked.append(exchange)
        await (self.script or whole)(exchange)

    def forget(self):
        self.script, self.asked = None, []

    def close(self):
        self._server.close()


def completion(text="Hello", usage=(3, 2), model="gpt-lab"):
    answer = {"id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": model, "choices": [
        {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}]}
    if usage:
        answer["usage"] = {"prompt_tokens": usage[0], "completion_tokens": usage[1], "total_tokens": sum(usage)}
    return answer


def chunk(text=None, finish=None, usage=None):
    delta = {} if text is None else {"role": "assistant", "content": text}
    return {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1, "model": "gpt-lab",
            "choices": [{"index": 0, "delta": delta, "finish_reason": finish}], **({"usage": usage} if usage else {})}


async def whole(exchange):
    """The answer of an upstream that is well."""
    if not exchange.json.get("stream"):
        return await exchange.answer(200, completion())
    await exchange.begin()
    for word in ["Hel", "lo"]:
        await exchange.event(chunk(word))
    await exchange.event(chunk(finish="stop"))
    await exchange.event("[DONE]")
    await exchange.end()


def providers(*urls, route="", config="", key="LAB_KEY"):
    """config/providers.yaml with an OpenAI-compatible entry for each address, and the route `chat` over all of them."""
    lines = ["providers:"]
    for number, url in enumerate(urls):
        lines += [f"  - name: up{number}", "    type: openai", f'    base_url: "{url}"', "    model: gpt-lab",
                  f"    priority: {number}", f'    api_key_env: "{key}"']
        if config:
            lines.append(f"    config: {config}")
    names = ", ".join(f"up{number}" for number in range(len(urls)))
    # Each case looks at one failure: none of them may keep the next from the upstream.
    return "\n".join([*lines, "routes:", f"  chat: {{ providers: [{names}], persona: false{route} }}",
                      "breaker: { failures: 10000, window_s: 1, open_s: 1 }", ""])


class Host(Gateway):
    """The gateway with its port as a number."""

    @property
    def port(self):
        return int(self.url.rsplit(":", 1)[1])


def host(*urls, settings="", prices="", environment=None, **given):
    files = {"config/providers.yaml": providers(*urls, **given)}
    if settings:
        files["config/praximous.yaml"] = settings
    if prices:
        files["config/prices.yaml"] = prices
    return Host(files, environment={"LAB_KEY": UPSTREAM_KEY, **(environment or {})})


def url_of(upstream):
    return f"http://127.0.0.1:{upstream.port}/v1"


def chat_body(text="Hello", **members):
    return {"model": "chat", "messages": [{"role": "user", "content": text}], **members}


@pytest.fixture(scope="session")
def shared_upstream():
    upstream = Upstream()
    yield upstream
    upstream.close()


@pytest.fixture(scope="session")
def shared_gateway(shared_upstream):
    with host(url_of(shared_upstream), route=", retries: 0, attempts: 1") as gateway:
        yield gateway
        assert gateway.is_running, "prax-host has ended during the cases\n" + gateway.log


@pytest.fixture
def gateway(shared_gateway, shared_upstream):
    shared_upstream.forget()
    return shared_gateway


@pytest.fixture
def upstream(shared_upstream):
    shared_upstream.forget()
    return shared_upstream
