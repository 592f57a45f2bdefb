#!/usr/bin/env python3
"""A real small language model and a real embedding model through the host, asked with OpenAI's client.

usage: model_exam.py MODEL_PYTHON WEIGHTS_FOLDER

Every check must hold; the figures are printed. Nothing here looks at what the model says, only at how it arrives.
"""

import concurrent.futures
import json
import math
import pathlib
import re
import subprocess
import sys
import time
import urllib.request

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent / "Lab"))
import openai  # noqa: E402
from gateway import Gateway  # noqa: E402

START_SECONDS = 300
PROMPT = [{"role": "user", "content": "Count from one to one hundred in words, and go on."}]
# all-MiniLM-L6-v2 of "hello world", as its authors' own library gives it.
HELLO_WORLD = [-0.03446, 0.03089, 0.00672, 0.02606, -0.03937, -0.16040]


class ModelServer:
    def __init__(self, python, kind, weights):
        command = [python, str(FOLDER / "model_server.py"), kind, weights]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )

    def address(self):
        for line in self._process.stdout:
            if line.startswith('{"url"'):
                address = json.loads(line)["url"]
                return address if address.startswith("http") else "http://" + address
        sys.exit("the model's server did not start: " + " ".join(self._process.args))

    def end(self):
        self._process.stdin.close()
        self._process.wait(20)


class Checks:
    """Prints each check as it is made and remembers whether all held."""

    def __init__(self):
        self.failed = 0

    def __call__(self, text, holds, figure=""):
        self.failed += not holds
        print(f"{'PASS' if holds else 'FAIL'}  {text}" + (f"  ({figure})" if figure else ""), flush=True)


def providers_file(chat, embeddings):
    return f"""providers:
  - {{ name: small_model, type: openai, base_url: "{chat}/v1", model: gemma-270m, priority: 1, api_key_env: "" }}
  - {{ name: minilm, type: openai, base_url: "{embeddings}/v1", model: all-minilm, priority: 2, api_key_env: "" }}
routes:
  small: {{ providers: [small_model], retries: 0, attempts: 1, first_token_ms: 120000, idle_ms: 60000, deadline_ms: 300000 }}
  vectors: {{ providers: [minilm], retries: 0, attempts: 1, first_token_ms: 120000, deadline_ms: 300000 }}
"""


def check_chat(check, client):
    answer = client.chat.completions.create(model="small", messages=PROMPT, max_tokens=24, temperature=0)
    said = answer.choices[0].message.content or ""
    check("an answer comes whole", bool(said.strip()), repr(said[:40]))
    check("it ends by its limit", answer.choices[0].finish_reason == "length", answer.choices[0].finish_reason)
    usage = answer.usage
    check("its tokens are counted", usage.completion_tokens == 24 and usage.prompt_tokens > 5, f"{usage.prompt_tokens} in, 24 out")
    return said


def check_stream(check, client, whole):
    started, first, said, usage, gaps, last = time.monotonic(), None, "", None, [], None
    for part in client.chat.completions.create(
        model="small", messages=PROMPT, max_tokens=24, temperature=0, stream=True, stream_options={"include_usage": True}
    ):
        usage = part.usage or usage
        if not part.choices or not part.choices[0].delta.content:
            continue
        now = time.monotonic()
        first = first or now - started
        gaps += [now - last] if last else []
        last = now
        said += part.choices[0].delta.content
    check("the same answer comes as a stream", said == whole, f"{len(gaps) + 1} pieces")
    rate = len(gaps) / sum(gaps) if gaps else 0
    check("word by word", len(gaps) >= 10 and rate > 0, f"first after {first:.2f} s, then {rate:.1f} tokens/s")
    check("with its tokens counted", bool(usage) and usage.completion_tokens == 24)


def busy_slots(address):
    with urllib.request.urlopen(address + "/slots", timeout=30) as answer:
        return sum(slot["is_processing"] for slot in json.load(answer))


def seconds_until_idle(address, limit=10):
    started = time.monotonic()
    while busy_slots(address):
        if time.monotonic() - started > limit:
            return math.inf
        time.sleep(0.02)
    return time.monotonic() - started


def check_cancel(check, client, address):
    stream = client.chat.completions.create(model="small", messages=PROMPT, max_tokens=2000, stream=True)
    for _, _ in zip(range(5), stream):
        pass
    check("the model is at work", busy_slots(address) == 1)
    stream.close()
    took = seconds_until_idle(address)
    check("leaving a stream stops the model within 1 s", took <= 1, f"{took:.2f} s")


def check_four_at_once(check, client):
    def ask(number):
        return client.chat.completions.create(model="small", messages=PROMPT, max_tokens=8 + number).usage.completion_tokens

    with concurrent.futures.ThreadPoolExecutor() as pool:
        counts = list(pool.map(ask, range(4)))
    check("four at once are all answered", counts == [8, 9, 10, 11], str(counts))


def cosine(one, other):
    return sum(a * b for a, b in zip(one, other)) / math.sqrt(sum(a * a for a in one) * sum(b * b for b in other))


def check_embeddings(check, client):
    texts = ["hello world", "How do I reset my password?", "Steps to recover a forgotten login", "The girl carries a baby."]
    started = time.monotonic()
    answer = client.embeddings.create(model="vectors", input=texts)
    took = time.monotonic() - started
    vectors = [item.embedding for item in answer.data]
    check("every text has a vector of 384 numbers", [len(vector) for vector in vectors] == [384] * 4, f"{took:.2f} s")
    error = max(abs(a - b) for a, b in zip(vectors[0], HELLO_WORLD))
    check("the vector is the model's own", error < 1e-3, f"differs by {error:.5f} at most")
    close, far = cosine(vectors[1], vectors[2]), cosine(vectors[1], vectors[3])
    check("what means the same lies close", close > 0.4 > far, f"{close:.2f} against {far:.2f}")
    check("its tokens are counted", answer.usage.prompt_tokens > 10, str(answer.usage.prompt_tokens))
    again = client.embeddings.create(model="vectors", input=texts[0], encoding_format="float").data[0].embedding
    check("as numbers the vector is the same", max(abs(a - b) for a, b in zip(again, vectors[0])) < 1e-5)


def main():
    python, weights = sys.argv[1:]
    check = Checks()
    servers = [ModelServer(python, kind, weights) for kind in ("chat", "embeddings")]
    try:
        chat, embeddings = [server.address() for server in servers]
        with Gateway({"config/providers.yaml": providers_file(chat, embeddings)}) as gateway:
            client = openai.OpenAI(base_url=gateway.url + "/v1", api_key=gateway.key, max_retries=0, timeout=300)
            check_stream(check, client, check_chat(check, client))
            check_cancel(check, client, chat)
            check_four_at_once(check, client)
            check_embeddings(check, client)
            check_audit(check, gateway)
    finally:
        for server in servers:
            server.end()
    print("all hold" if not check.failed else f"{check.failed} do not hold")
    sys.exit(1 if check.failed else 0)


def check_audit(check, gateway):
    told = gateway.command("audit", "list", "--json", "--limit", "50").stdout
    counted = len(re.findall(r"small_model", told))
    check("the audit names who answered", counted >= 5, f"{counted} times")
    check("and nothing of what was said", "one hundred" not in told)


if __name__ == "__main__":
    main()
