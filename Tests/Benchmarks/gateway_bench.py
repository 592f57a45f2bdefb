#!/usr/bin/env python3
"""Measures the gateway beside its peers: the same fake provider, the same minutes, in turns. Prints each goal.

usage: gateway_bench.py PRAX_HOST REPOSITORY [--rounds N] [--only prax,nginx]

Peers that are not installed are named as missing: `make bench-peers` installs them. Keys, limits, budgets and the audit
(`group`) of the host are on.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

from gateway_peers import PROVIDER_PORT, gateways
from gateway_server import PATH, Server, cpu_seconds

sys.stdout.reconfigure(line_buffering=True)

CONNECTIONS = 64
LOAD_SECONDS, LATENCY_SECONDS = 4, 2
STREAMS, STARTS_PER_SECOND, TOKENS, INTERVAL_MS = 500, 100, 50, 20


class Bench:
    def __init__(self, binaries, scratch):
        self.client = os.path.join(binaries, "bench_client")
        self.scratch = scratch

    def _run(self, *arguments):
        done = subprocess.run([self.client, *map(str, arguments)], capture_output=True, text=True, check=True)
        return json.loads(done.stdout)

    def load(self, server, connections, seconds):
        before = cpu_seconds(server.process.pid) if server.process else 0
        row = self._run("load", server.port, PATH, server.body, connections, seconds, *server.headers)
        used = (cpu_seconds(server.process.pid) if server.process else 0) - before
        row["cpu_us"] = used * 1e6 / max(1, row["answered"])
        if row["failed"] > row["answered"] / 1000:
            print(f"{server.name}: {row['failed']} of {row['answered'] + row['failed']} requests failed")
        return row

    def stream(self, server):
        before = cpu_seconds(server.process.pid) if server.process else 0
        row = self._run(
            "stream", server.port, PATH, server.stream_body, STREAMS, STARTS_PER_SECOND, TOKENS, *server.headers
        )
        used = (cpu_seconds(server.process.pid) if server.process else 0) - before
        row["cpu_us_per_token"] = used * 1e6 / max(1, row["tokens"])
        return row

    def round(self, servers, number):
        """One turn of each, in another order each time, so that nobody always comes after the same."""
        start = number % len(servers)
        for server in servers[start:] + servers[:start]:
            busy, alone = self.load(server, CONNECTIONS, LOAD_SECONDS), self.load(server, 1, LATENCY_SECONDS)
            server.rows.append({"busy": busy, "alone": alone})


def median(values):
    return statistics.median(values)


def added(server, direct, part, key):
    """The median over the rounds of what a server adds to the provider itself."""
    return median(row[part][key] - base[part][key] for row, base in zip(server.rows, direct.rows))


def print_table(servers, direct):
    columns = ["rps", "cpu µs", "p50 ms", "p99 ms", "+p50 ms", "+p99 ms", "idle MB", "peak MB"]
    print(f"\n{CONNECTIONS} connections; + one connection, beyond the provider itself")
    print(f"{'':9} " + " ".join(f"{column:>8}" for column in columns))
    for server in servers:
        busy = [row["busy"] for row in server.rows]
        print(
            f"{server.name:9} {median(r['rps'] for r in busy):8.0f} {median(r['cpu_us'] for r in busy):8.1f} "
            f"{median(r['p50_us'] for r in busy) / 1000:8.2f} {median(r['p99_us'] for r in busy) / 1000:8.2f} "
            f"{added(server, direct, 'alone', 'p50_us') / 1000:8.3f} {added(server, direct, 'alone', 'p99_us') / 1000:8.3f} "
            f"{server.idle_mb:8.1f} {server.peak_mb():8.1f}"
        )
    columns = ["whole", "+1st p50", "+1st p99", "+lag p50", "+lag p99"]
    print(f"\n{STREAMS} streams of {TOKENS} tokens, {INTERVAL_MS} ms apart; ms beyond the provider itself")
    print(f"{'':9} " + " ".join(f"{column:>8}" for column in columns) + f" {'cpu µs/token':>13}")
    for server in servers:
        for row in server.streams:
            print(
                f"{server.name:9} {row['whole']:8} "
                + " ".join(f"{row['added_' + key] / 1000:8.2f}" for key in STREAM_KEYS)
                + f" {row['cpu_us_per_token']:13.1f}"
            )


STREAM_KEYS = ("first_p50_us", "first_p99_us", "lag_p50_us", "lag_p99_us")


def measure_streams(bench, servers, direct, rounds):
    for _ in range(rounds):
        for server in servers:
            if server.name == "litellm":
                continue
            bases = [bench.stream(direct)]
            row = bench.stream(server)
            bases.append(bench.stream(direct))
            for key in STREAM_KEYS:
                row["added_" + key] = row[key] - min(base[key] for base in bases)
            server.streams.append(row)


def goals(by_name):
    """Each: what, the figure, the goal, whether it is met; without a figure when a peer is missing."""
    prax = by_name["prax"]

    def busy(name, key):
        return median(row["busy"][key] for row in by_name[name].rows) if name in by_name else None

    def ratio(key, name):
        return busy("prax", key) / max(0.001, busy(name, key)) if name in by_name else None

    def worst(name, key):
        return median(row[key] for row in by_name[name].streams) if name in by_name and by_name[name].streams else None

    cpu = {name: ratio("cpu_us", name) for name in ("nginx", "ferrogw", "smg")}
    rate = ratio("rps", "litellm")
    lag = worst("nginx", "added_lag_p99_us")
    lag = max(worst("prax", "added_lag_p99_us"), 0) / max(lag, 1) if lag is not None else None
    alone = added(prax, by_name["direct"], "alone", "p99_us") / 1000
    whole = min(row["whole"] for row in prax.streams)
    yield "cpu per request / nginx", cpu["nginx"], "<= 4", lambda value: value <= 4
    yield "cpu per request / ferrogw", cpu["ferrogw"], "< 1", lambda value: value < 1
    yield "cpu per request / smg", cpu["smg"], "< 1", lambda value: value < 1
    yield "requests per second / litellm", rate, ">= 50", lambda value: value >= 50
    yield "added p99 at one connection, ms", alone, "<= 1", lambda value: value <= 1
    yield f"whole streams of {STREAMS}", whole, f"= {STREAMS}", lambda value: value == STREAMS
    yield "added token lag p99 / nginx", lag, "<= 2", lambda value: value <= 2
    yield "idle RSS, MB", prax.idle_mb, "<= 60", lambda value: value <= 60


def print_goals(by_name):
    print()
    for text, value, goal, is_met in goals(by_name):
        if value is None:
            print(f"MISSING  {text} (goal {goal}): that peer was not measured; make bench-peers installs it")
        else:
            print(f"{'PASS' if is_met(value) else 'MISS'}     {text}: {value:.2f} (goal {goal})")


def chosen(arguments, scratch):
    provider = Server("direct", PROVIDER_PORT, [], "bench-model", [
        os.path.join(arguments.binaries, "bench_provider"), str(PROVIDER_PORT), str(TOKENS), str(INTERVAL_MS)
    ])
    wanted = set(arguments.only.split(",")) if arguments.only else None
    servers = []
    for name, described in gateways(arguments.host, arguments.repository, scratch).items():
        if wanted and name not in wanted:
            continue
        peer = described()
        if peer.pop("missing", None):
            print(f"{name}: missing, not measured (make bench-peers installs it)")
            continue
        servers.append(Server(**peer))
    return provider, servers


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("host")
    parser.add_argument("repository")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", help="names with commas between them")
    arguments = parser.parse_args()
    arguments.binaries = os.path.join(arguments.repository, ".build-lab/bench")
    scratch = tempfile.mkdtemp(prefix="prax-bench-")
    provider, servers = chosen(arguments, scratch)
    running = [provider]
    try:
        provider.start(scratch)
        for server in list(servers):
            try:
                running.append(server)
                server.start(scratch)
            except RuntimeError as error:
                print(error)
                servers.remove(server)
        bench = Bench(arguments.binaries, scratch)
        # What the provider costs its clients without anything between.
        direct = Server("direct", PROVIDER_PORT, [], "bench-model")
        direct.body, direct.stream_body, direct.process, direct.idle_mb = provider.body, provider.stream_body, None, 0
        for server in servers:
            bench.load(server, 4, 1)
        for number in range(arguments.rounds):
            bench.round([direct, *servers], number)
        measure_streams(bench, servers, direct, max(1, arguments.rounds // 2))
        print_table([direct, *servers], direct)
        by_name = {server.name: server for server in [direct, *servers]}
        if "prax" in by_name:
            print_goals(by_name)
    finally:
        for server in reversed(running):
            server.stop()
        shutil.rmtree(scratch, ignore_errors=True)


main()
