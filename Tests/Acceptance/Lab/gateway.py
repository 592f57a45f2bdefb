"""The real prax-host on a free port, with an installation of its own in a temporary folder."""

import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import threading

REPOSITORY = pathlib.Path(__file__).resolve().parents[3]
START_SECONDS = 60


def default_binary():
    """`PRAX_HOST_BIN`, else the built tree."""
    return os.environ.get("PRAX_HOST_BIN") or str(REPOSITORY / "dist/bin/prax-host")


class GatewayDidNotStart(Exception):
    pass


class Gateway:
    """Starts with the `with` block and ends with it; `files` are written below the root first."""

    def __init__(self, files, binary=None, environment=None):
        self._files, self._binary = files, binary or default_binary()
        self._environment = {**os.environ, "LOG_LEVEL": "warning", **(environment or {})}
        for name in ("http_proxy", "https_proxy", "all_proxy"):
            self._environment.pop(name, None)
            self._environment.pop(name.upper(), None)
        self._log = []

    def __enter__(self):
        self.root = tempfile.mkdtemp(prefix="prax-lab-")
        for name, text in self._files.items():
            path = pathlib.Path(self.root, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _start(self):
        self._process = subprocess.Popen(
            [self._binary, "--root", self.root, "serve", "--port", "0"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self._environment,
        )
        threading.Thread(target=self._log.extend, args=(self._process.stderr,), daemon=True).start()
        timer = threading.Timer(START_SECONDS, self._process.kill)
        timer.start()
        banner = ""
        for line in self._process.stdout:
            banner += line
            if "Try, in another terminal:" in line:
                break
        timer.cancel()
        address = re.search(r"at (http://[^\s:]+:\d+)/?", banner)
        key = re.search(r"export PRAX_KEY=(\S+)", banner)
        if not address or not key:
            self._process.wait(5)
            raise GatewayDidNotStart(f"{self._binary} did not start\n{banner}\n{self.log}")
        threading.Thread(target=self._process.stdout.read, daemon=True).start()
        self.url, self.key = address[1], key[1]

    def __exit__(self, *_):
        process = getattr(self, "_process", None)
        if process and process.poll() is None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        shutil.rmtree(self.root, ignore_errors=True)

    @property
    def pid(self):
        return self._process.pid

    @property
    def is_running(self):
        return self._process.poll() is None

    @property
    def log(self):
        return "".join(self._log)

    def has_plugin(self, name):
        """Whether a plugin of this name ships with the host."""
        beside = pathlib.Path(self._binary).resolve().parents[1] / "lib/praximous/plugins"
        return pathlib.Path(self._environment.get("PRAX_BUNDLED_PLUGINS", beside), name).is_dir()

    def places_of(self, secret):
        """Where a text stands that may stand nowhere: in the log, or in a file below the root."""
        files = [path for path in pathlib.Path(self.root).rglob("*") if path.is_file()]
        found = [str(path.relative_to(self.root)) for path in files if secret.encode() in path.read_bytes()]
        return found + (["the log"] if secret in self.log else [])

    def command(self, *arguments):
        """What a command of the host prints about this installation."""
        return subprocess.run(
            [self._binary, "--root", self.root, *arguments], capture_output=True, text=True, env=self._environment
        )
