"""Many WebSockets: idle ones and what each costs; and many streams at once, of which every frame must arrive.

usage: websocket_bench.py HOST TICKER [SOCKETS] [STREAMS]
       HOST: a prax-host; TICKER: the folder of the plugin in Tests/Acceptance/Fixtures/ticker, built
"""
import json, os, re, resource, selectors, shutil, signal, socket, subprocess, sys, tempfile, time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../Acceptance/WebSocket"))
from client import PONG, TEXT, Client

HOST, TICKER = sys.argv[1], sys.argv[2]
SOCKETS = int(sys.argv[3]) if len(sys.argv) > 3 else 10_000
STREAMS = int(sys.argv[4]) if len(sys.argv) > 4 else 500
TOKENS, INTERVAL_MS = 50, 20


class Host:
    """A host of its own, from an empty installation."""

    def __enter__(self):
        self.root = tempfile.mkdtemp(prefix="prax-ws-")
        os.mkdir(self.root + "/config")
        with open(self.root + "/config/praximous.yaml", "w") as file:
            # Idle sockets are to be idle while they are counted.
            file.write("isolation: { local: inproc }\nwebsocket: { ping_interval: 600s, hello_timeout: 60s }\n")
        command = [HOST, "--root", self.root, "serve", "--port", "0", "--plugin", TICKER]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        banner = ""
        while "Try, in another terminal" not in banner:
            line = self.process.stdout.readline()
            assert line, "the host did not start: " + banner
            banner += line
        self.port = int(re.search(r"at http://[^:]+:([0-9]+)", banner)[1])
        self.key = re.search(r"PRAX_KEY=(\S+)", banner)[1]
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        shutil.rmtree(self.root, ignore_errors=True)

    def resident_kb(self):
        with open(f"/proc/{self.process.pid}/status") as file:
            return int(re.search(r"VmRSS:\s+([0-9]+)", file.read())[1])

    def cpu_seconds(self):
        with open(f"/proc/{self.process.pid}/stat") as file:
            fields = file.read().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def idle(host):
    Client(host.port, host.key).hello()
    before = host.resident_kb()
    started, cpu = time.monotonic(), host.cpu_seconds()
    clients = []
    for _ in range(SOCKETS):
        client = Client(host.port, host.key)
        client.hello()
        clients.append(client)
    opened, opening = time.monotonic() - started, host.cpu_seconds() - cpu
    after = host.resident_kb()
    cpu = host.cpu_seconds()
    time.sleep(10)
    resting = (host.cpu_seconds() - cpu) / 10
    # All of them are there.
    for client in clients:
        client.say({"type": "ping", "t": 1})
    alive = sum(client.hear() == {"type": "pong", "t": 1} for client in clients)
    for client in clients:
        client.close()
    print(f"{len(clients)} idle sockets: opened in {opened:.1f} s ({opening / SOCKETS * 1e6:.0f} us of CPU each), "
          f"RSS {before / 1024:.0f} -> {after / 1024:.0f} MiB, {(after - before) / SOCKETS:.1f} KiB each; "
          f"{resting * 100:.1f} % of a core at rest; {alive} answered a ping")
    time.sleep(2)
    print(f"  RSS after they left: {host.resident_kb() / 1024:.0f} MiB")
    assert alive == SOCKETS


def percentile(values, part):
    return values[min(len(values) - 1, int(len(values) * part))]


def streams(host):
    clients = []
    for _ in range(STREAMS):
        client = Client(host.port, host.key)
        client.hello()
        clients.append(client)
    selector = selectors.DefaultSelector()
    for client in clients:
        client.pieces = []
        client.socket.setblocking(False)
        selector.register(client.socket, selectors.EVENT_READ, client)
    cpu, started = host.cpu_seconds(), time.monotonic()
    start = json.dumps({"type": "start", "id": "s", "task_type": "ticker",
                        "params": {"count": TOKENS, "interval_ms": INTERVAL_MS}}).encode()
    for index, client in enumerate(clients):
        # Spread over one interval, as requests of many people are.
        time.sleep(INTERVAL_MS / 1000 / STREAMS)
        client.socket.send(client.frame(TEXT, start))
    open_clients = len(clients)
    until = time.monotonic() + 60
    while open_clients and time.monotonic() < until:
        for key, _ in selector.select(1):
            data = key.fileobj.recv(1 << 16)
            key.data.pieces.append((time.monotonic_ns(), data))
            if b'"type":"done"' in data or b'"type":"error"' in data or not data:
                selector.unregister(key.fileobj)
                open_clients -= 1
    took, used = time.monotonic() - started, host.cpu_seconds() - cpu
    lags, whole, frames = [], 0, 0
    for client in clients:
        text = b"".join(data for _, data in client.pieces)
        sequences = [int(found) for found in re.findall(rb'"seq":([0-9]+)', text)]
        whole += sequences == list(range(1, TOKENS + 3)) and b'"type":"done"' in text
        frames += len(sequences)
        for arrived, data in client.pieces:
            lags += [(arrived - int(made)) / 1e6 for made in re.findall(rb'"text":"([0-9]+) ', data)]
    lags.sort()
    print(f"{STREAMS} streams of {TOKENS} tokens at {INTERVAL_MS} ms: {whole} whole, {frames} frames in {took:.2f} s, "
          f"{used / max(1, frames) * 1e6:.0f} us of CPU a frame; "
          f"token lag p50 {percentile(lags, .5):.2f} ms, p99 {percentile(lags, .99):.2f} ms, max {lags[-1]:.2f} ms")
    assert whole == STREAMS, "frames are missing"


def main():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    assert hard > SOCKETS + 100, f"the limit on open files is {hard}"
    with Host() as host:
        streams(host)
        idle(host)


main()
