#!/usr/bin/env python3
"""Measures the host beside a reference taken in the same run, and prints one line a figure with its goal.

usage: bench.py PRAX_HOST BARE_ROUTE CALL_COST COPY_PLUGIN_FOLDER WORKER_COST COST_LIBRARY
"""

import http.client
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time

sys.stdout.reconfigure(line_buffering=True)

ROUNDS = 5
SECONDS = 5
BODY = json.dumps({"task_type": "echo", "prompt": "x" * 150})
SANDBOXED_ECHO = "plugins:\n  praximous/echo: { isolation: sandbox }\n"
TICKS = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid):
    """Of a process and the workers it has started."""
    tasks = f"/proc/{pid}/task"
    workers = [child for task in os.listdir(tasks) for child in open(f"{tasks}/{task}/children").read().split()]
    used = 0
    for process in [pid, *workers]:
        fields = open(f"/proc/{process}/stat").read().rsplit(")", 1)[1].split()
        used += (int(fields[11]) + int(fields[12])) / TICKS
    return used


def resident_mb(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", open(f"/proc/{pid}/status").read())[1]) / 1024


def post(port, path, key):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("POST", path, BODY, {"X-API-Key": key, "Content-Type": "application/json"})
        return connection.getresponse().status
    finally:
        connection.close()


def wait_for_200(port, path, key, started):
    while time.monotonic() - started < 10:
        try:
            if post(port, path, key) == 200:
                return time.monotonic() - started
        except OSError:
            time.sleep(0.001)
    sys.exit(f"no answer from 127.0.0.1:{port}{path} within 10 s")


def load(port, path, key, pid):
    """Requests per second and requests per CPU-second of the server under wrk at 64 connections."""
    script = (
        f'wrk.method="POST"\nwrk.body=[[{BODY}]]\n'
        f'wrk.headers["Content-Type"]="application/json"\nwrk.headers["X-API-Key"]="{key}"\n'
    )
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        before = cpu_seconds(pid)
        output = subprocess.run(
            ["wrk", "-t1", "-c64", f"-d{SECONDS}s", "-s", file.name, f"http://127.0.0.1:{port}{path}"],
            capture_output=True, text=True, check=True,
        ).stdout
        used = cpu_seconds(pid) - before
    if "Non-2xx" in output:
        sys.exit(output)
    count = int(re.search(r"(\d+) requests in", output)[1])
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", output)[1])
    return rate, count / used


def make_root(binary, root, config=None):
    """Makes an installation and returns a key for it."""
    if config is not None:
        os.makedirs(os.path.join(root, "config"), exist_ok=True)
        with open(os.path.join(root, "config", "praximous.yaml"), "w") as file:
            file.write(config)
    created = subprocess.run(
        [binary, "--root", root, "keys", "create", "--name", "bench"], capture_output=True, text=True, check=True
    )
    return created.stdout.strip().splitlines()[-1]


def start_host(binary, root, port):
    environment = {**os.environ, "LOG_LEVEL": "error"}
    log = open(os.path.join(root, "serve.log"), "w")
    command = [binary, "--root", root, "serve", "--port", str(port)]
    return subprocess.Popen(command, stdout=log, stderr=log, env=environment), time.monotonic()


def measure_starts(host, root, key):
    starts = []
    for number in range(9):
        process, started = start_host(host, root, 18100 + number)
        starts.append(wait_for_200(18100 + number, "/api/v1/process", key, started) * 1000)
        process.terminate()
        process.wait()
    print(f"start_to_first_200_ms median {statistics.median(starts):.0f} worst {max(starts):.0f} (goal <= 150)")


def measure_load(host, bare, root, sandboxed_root):
    """The echo of the host, the same in a sandboxed worker, and a bare route, under load in turn."""
    key, sandboxed_key = make_root(host, root), make_root(host, sandboxed_root, SANDBOXED_ECHO)
    measure_starts(host, root, key)
    process, started = start_host(host, root, 18120)
    wait_for_200(18120, "/api/v1/process", key, started)
    time.sleep(1)
    print(f"idle_rss_mb {resident_mb(process.pid):.1f} (goal <= 60)")
    sandboxed, started = start_host(host, sandboxed_root, 18122)
    wait_for_200(18122, "/api/v1/process", sandboxed_key, started)
    reference = subprocess.Popen([bare, "18121"])
    wait_for_200(18121, "/echo", key, time.monotonic())
    figures = {"host": [], "sandbox": [], "bare": []}
    for _ in range(ROUNDS):
        figures["bare"].append(load(18121, "/echo", key, reference.pid))
        figures["host"].append(load(18120, "/api/v1/process", key, process.pid))
        figures["sandbox"].append(load(18122, "/api/v1/process", sandboxed_key, sandboxed.pid))
    print(f"loaded_rss_mb {resident_mb(process.pid):.1f}")
    for server in (process, sandboxed, reference):
        server.terminate()
        server.wait()
    print_load(figures)


def print_load(figures):
    rate = {name: statistics.median(f[0] for f in values) for name, values in figures.items()}
    per_cpu = {name: statistics.median(f[1] for f in values) for name, values in figures.items()}
    print(
        f"process_echo_rps {rate['host']:.0f}  bare_route_rps {rate['bare']:.0f}  "
        f"ratio {rate['host'] / rate['bare']:.2f} (goal >= 0.6)"
    )
    print(
        f"process_echo_requests_per_cpu_second {per_cpu['host']:.0f}  bare {per_cpu['bare']:.0f}  "
        f"ratio {per_cpu['host'] / per_cpu['bare']:.2f}"
    )
    print(
        f"sandbox_echo_rps {rate['sandbox']:.0f}  inproc_rps {rate['host']:.0f}  "
        f"ratio {rate['sandbox'] / rate['host']:.2f} (goal >= 0.6)"
    )
    print(
        f"sandbox_echo_requests_per_cpu_second {per_cpu['sandbox']:.0f}  inproc {per_cpu['host']:.0f}  "
        f"ratio {per_cpu['sandbox'] / per_cpu['host']:.2f}"
    )


def main():
    host, bare, call_cost, copy_plugin, worker_cost, cost_library = sys.argv[1:]
    subprocess.run([call_cost, copy_plugin], check=True)
    subprocess.run([worker_cost, host, cost_library], check=True)
    with tempfile.TemporaryDirectory() as root, tempfile.TemporaryDirectory() as sandboxed_root:
        measure_load(host, bare, root, sandboxed_root)


main()
