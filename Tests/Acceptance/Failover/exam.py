#!/usr/bin/env python3
"""The failover exam: sixteen ways in which a provider fails, judged as an ordinary OpenAI client sees the stream.

usage: exam.py [--quick] [--only S08,S09] [--on-cut error|continue] [--direct]

Starts prax-host (PRAX_HOST_BIN, else dist/bin/prax-host) with two providers for each scenario, a primary that fails and a
fallback, and plays all scenarios at once: once with `on_cut: error` and once with `on_cut: continue`. --quick shortens the
long times to a quarter. --direct asks the failing provider without a gateway, to see that the exam can be failed.

Ends with 0 when every scenario came out as required: all pass with `continue`; with `error` those pass that can, and the
three whose stream is cut are safe: a clean error, never half an answer that looks whole.
"""

import argparse
import asyncio
import contextlib
import json
import pathlib
import sys
import time
import urllib.request

FOLDER = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(FOLDER), str(FOLDER.parent / "Lab")]
import openai  # noqa: E402
from gateway import Gateway  # noqa: E402
from judge import Call, Record, verdict  # noqa: E402
from report import print_row, summary  # noqa: E402
from scenarios import SCENARIOS  # noqa: E402

QUICK_SCALE = 1 / 4
CALL_INTERVAL_SECONDS = 4
PROBE_SECONDS = 10
START_INTERVAL_SECONDS = 0.1
MESSAGES = [{"role": "user", "content": "Say what a gateway is for, in sixty words."}]
BUDGET = "retries: 2, attempts: 6, backoff_ms: 500, connect_ms: 5000, retry_after_cap_ms: 5000, deadline_ms: 60000"


@contextlib.asynccontextmanager
async def fake_provider(scale):
    """Its port, while it runs as a process of its own: its pace must not depend on the clients'."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(FOLDER / "fake_provider.py"), str(scale),
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield json.loads(await process.stdout.readline())["port"]
    finally:
        process.stdin.close()
        await process.wait()


def providers_file(port, scenarios, modes, scale):
    """Entries of their own for each scenario, so that one's circuit breaker is not another's."""
    providers, routes = [], []
    limits = f"first_token_ms: {10_000 * scale:.0f}, idle_ms: {12_000 * scale:.0f}"

    def entry(name, side, model, priority):
        base = f"http://127.0.0.1:{port}/{side}/v1"
        providers.append(
            f'  - {{ name: {name}, type: openai, base_url: "{base}", model: {model}, priority: {priority}, api_key_env: "" }}'
        )

    for on_cut in modes:
        for scenario in scenarios:
            name = f"{scenario.id}-{on_cut}"
            entry(f"{name}-primary", "primary", f"{scenario.fault}.{name}", 1)
            entry(f"{name}-fallback", "fallback", f"{scenario.fallback}.{name}", 2)
            chain = f"providers: [{name}-primary, {name}-fallback]"
            options = f", {scenario.route_options}" if scenario.route_options else ""
            routes.append(f"  {name}: {{ {chain}, {BUDGET}, {limits}, on_cut: {on_cut}{options} }}")
    entry("probe", "probe", "steady.probe", 1)
    breaker = f"breaker: {{ failures: 5, window_s: 30, open_s: {int(15 * scale)} }}"
    return "\n".join(["providers:", *providers, "routes:", *routes, breaker, ""])


async def ask(client, model, limit_seconds):
    call, started = Call(), time.monotonic()
    try:
        async with asyncio.timeout(limit_seconds):
            stream = await client.chat.completions.create(
                model=model, messages=MESSAGES, stream=True, stream_options={"include_usage": True}
            )
            async for chunk in stream:
                take(call, chunk, started)
    except TimeoutError:
        call.hung = True
    except Exception as error:
        call.error = error
        call.is_clean_error = isinstance(error, openai.APIError) and bool(error.body)
    call.seconds = time.monotonic() - started
    return call


def take(call, chunk, started):
    call.model = chunk.model or call.model
    call.usage = chunk.usage or call.usage
    for choice in chunk.choices:
        if choice.delta.content:
            call.first_token_seconds = call.first_token_seconds or time.monotonic() - started
            call.text += choice.delta.content


async def play(exam, scenario, on_cut):
    """Plays one scenario and returns its row."""
    name = f"{scenario.id}-{on_cut}"
    model = exam.model(scenario, name)
    calls = [asyncio.create_task(ask(exam.client, model, scenario.limit_seconds))]
    for _ in range(scenario.calls - 1):
        await asyncio.sleep(CALL_INTERVAL_SECONDS * exam.scale)
        calls.append(asyncio.create_task(ask(exam.client, model, scenario.limit_seconds)))
    calls = [await call for call in calls]
    probe = await ask(exam.client, exam.probe, PROBE_SECONDS)
    attempts = await asyncio.to_thread(exam.attempts, name)
    record = Record(calls, attempts, f"{scenario.fallback}.{name}", exam.scale, probe.is_whole)
    outcome, reasons = verdict(scenario, record)
    return {"scenario": scenario, "on_cut": on_cut, "record": record, "outcome": outcome, "reasons": reasons}


class Exam:
    def __init__(self, port, scale, url, key, direct):
        self.port, self.scale, self.direct = port, scale, direct
        self.client = openai.AsyncOpenAI(base_url=url, api_key=key, max_retries=0, timeout=150)
        self.probe = "steady.probe" if direct else "probe"

    def model(self, scenario, name):
        return f"{scenario.fault}.{name}" if self.direct else name

    def attempts(self, name):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/attempts", timeout=10) as answer:
            return [attempt for attempt in json.load(answer) if attempt["model"].endswith("." + name)]

    async def play_all(self, scenarios, modes):
        tasks = []
        for on_cut in modes:
            for scenario in scenarios:
                tasks.append(asyncio.create_task(play(self, scenario, on_cut)))
                await asyncio.sleep(START_INTERVAL_SECONDS)
        return [await task for task in tasks]


def chosen(arguments):
    only = arguments.only.split(",") if arguments.only else None
    scenarios = [scenario for scenario in SCENARIOS if only is None or scenario.id in only]
    return scenarios, [arguments.on_cut] if arguments.on_cut else ["error", "continue"]


async def sit(arguments):
    scale = QUICK_SCALE if arguments.quick else 1
    scenarios, modes = chosen(arguments)
    async with fake_provider(scale) as port:
        if arguments.direct:
            exam = Exam(port, scale, f"http://127.0.0.1:{port}/primary/v1", "none", direct=True)
            return await exam.play_all(scenarios, modes[:1]), modes[:1]
        files = {"config/providers.yaml": providers_file(port, scenarios, modes, scale)}
        with Gateway(files) as gateway:
            exam = Exam(port, scale, gateway.url + "/v1", gateway.key, direct=False)
            rows = await exam.play_all(scenarios, modes)
            if not gateway.is_running:
                print("prax-host has ended during the exam\n" + gateway.log)
            return rows, modes


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--only", help="ids with commas between them")
    parser.add_argument("--on-cut", choices=["error", "continue"])
    parser.add_argument("--direct", action="store_true")
    rows, modes = asyncio.run(sit(parser.parse_args()))
    for on_cut in modes:
        print(f"\n== on_cut: {on_cut}")
        for row in rows:
            if row["on_cut"] == on_cut:
                print_row(row)
    print()
    for on_cut in modes:
        print(summary(rows, on_cut))
    wrong = [row for row in rows if row["outcome"] != row["scenario"].expected(row["on_cut"])]
    if wrong:
        print("not as required: " + ", ".join(f"{row['scenario'].id} ({row['on_cut']})" for row in wrong))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
