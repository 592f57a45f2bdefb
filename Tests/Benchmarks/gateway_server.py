"""A server under measurement: its process, and what the process uses of the machine."""

import http.client
import json
import os
import pathlib
import re
import subprocess
import time

START_SECONDS = 120
TICKS = os.sysconf("SC_CLK_TCK")
PATH = "/v1/chat/completions"
MESSAGES = [{"role": "user", "content": "Say hello to the load test in one short sentence, please."}]


def tree(pid):
    """A process and its descendants."""
    children = {}
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                parent = int(open(f"/proc/{name}/stat").read().rsplit(")", 1)[1].split()[1])
            except OSError:
                continue
            children.setdefault(parent, []).append(int(name))
    found, left = [], [pid]
    while left:
        process = left.pop()
        found.append(process)
        left += children.get(process, [])
    return found


def cpu_seconds(pid):
    used = 0
    for process in tree(pid):
        try:
            fields = open(f"/proc/{process}/stat").read().rsplit(")", 1)[1].split()
        except OSError:
            continue
        used += (int(fields[11]) + int(fields[12])) / TICKS
    return used


def memory_mb(pid, field):
    """`VmRSS` now or `VmHWM` at most, of a process and its descendants together."""
    total = 0
    for process in tree(pid):
        try:
            total += int(re.search(field + r":\s+(\d+)", open(f"/proc/{process}/status").read())[1]) / 1024
        except (OSError, TypeError):
            continue
    return total


class Server:
    """A gateway under test, or the provider itself; its figures are collected over the rounds."""

    def __init__(self, name, port, headers, model, command=None, environment=None, folder=None):
        self.name, self.port, self.headers, self.model = name, port, headers, model
        self.command, self.environment, self.folder = command, environment or {}, folder
        self.process, self.rows, self.streams = None, [], []

    def start(self, scratch):
        self.body = self._file(scratch, "body.json", {"model": self.model, "messages": MESSAGES})
        self.stream_body = self._file(scratch, "stream.json", {"model": self.model, "stream": True, "messages": MESSAGES})
        if self.command:
            log = open(os.path.join(scratch, self.name + ".log"), "w")
            self.process = subprocess.Popen(
                self.command, cwd=self.folder or scratch, env={**os.environ, **self.environment}, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log,
            )
        started = time.monotonic()
        while True:
            status = self._status()
            if status == 200:
                break
            if time.monotonic() - started > START_SECONDS or self.process and self.process.poll() is not None:
                tail = open(os.path.join(scratch, self.name + ".log")).read()[-600:] if self.command else ""
                raise RuntimeError(f"{self.name} does not answer (last: {status})\n{tail}")
            time.sleep(0.05)
        time.sleep(1)
        self.idle_mb = memory_mb(self.process.pid, "VmRSS") if self.process else 0

    def _file(self, scratch, suffix, body):
        path = os.path.join(scratch, f"{self.name}-{suffix}")
        pathlib.Path(path).write_text(json.dumps(body, separators=(",", ":")))
        return path

    def _status(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            headers = dict(header.split(": ", 1) for header in self.headers)
            connection.request("POST", PATH, open(self.body).read(), {"Content-Type": "application/json", **headers})
            return connection.getresponse().status
        except OSError as error:
            return error
        finally:
            connection.close()

    def stop(self):
        if self.process and self.process.poll() is None:
            processes = tree(self.process.pid)
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                for process in processes:
                    try:
                        os.kill(process, 9)
                    except OSError:
                        pass
                self.process.wait()

    def peak_mb(self):
        return memory_mb(self.process.pid, "VmHWM") if self.process else 0
