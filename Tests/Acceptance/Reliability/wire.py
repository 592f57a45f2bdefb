"""HTTP/1.1 as bytes: what a client that keeps no rule sends, and what comes back."""

import json
import socket
import time


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    @property
    def json(self):
        return json.loads(self.body)

    @property
    def code(self):
        """The stable code of a failure, in whichever dialect it is told."""
        error = self.json.get("error") or self.json
        return error.get("code") or error.get("type")


class Connection:
    """One socket; `with` closes it."""

    def __init__(self, port, seconds=20, receive_buffer=None):
        self.socket = socket.socket()
        if receive_buffer:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(seconds)
        self.socket.connect(("127.0.0.1", port))
        self._rest = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        """Sends, and says whether the other side still took it."""
        try:
            self.socket.sendall(data)
            return True
        except OSError:
            return False

    def _more(self):
        part = self.socket.recv(65536)
        if not part:
            raise EOFError("closed")
        self._rest += part

    def _until(self, mark):
        while mark not in self._rest:
            self._more()
        found, self._rest = self._rest.split(mark, 1)
        return found

    def _exactly(self, count):
        while len(self._rest) < count:
            self._more()
        found, self._rest = self._rest[:count], self._rest[count:]
        return found

    def head(self):
        """Status and headers (names in lower case), interim answers included."""
        first, *lines = self._until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        headers = [tuple(part.strip() for part in line.split(":", 1)) for line in lines]
        return int(first.split(" ")[1]), {name.lower(): value for name, value in headers}

    def answer(self):
        status, headers = self.head()
        if headers.get("transfer-encoding") == "chunked":
            body = b""
            while size := int(self._until(b"\r\n"), 16):
                body += self._exactly(size + 2)[:-2]
            self._until(b"\r\n")
        else:
            body = self._exactly(int(headers.get("content-length", 0)))
        return Answer(status, headers, body)

    def answers(self, seconds=3):
        """Every answer that comes until the connection ends or is silent for so long, and whether it ended."""
        self.socket.settimeout(seconds)
        found = []
        try:
            while True:
                found.append(self.answer())
        except TimeoutError:
            return found, False
        except (EOFError, ConnectionError):
            return found, True

    def closes_within(self, seconds):
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.socket.settimeout(left)
            try:
                if not self.socket.recv(65536):
                    return True
            except TimeoutError:
                return False
            except ConnectionError:
                return True
        return False


def request(path, key=None, body=None, method="POST", headers=()):
    """One whole request; `headers` are lines as they are."""
    lines = [f"{method} {path} HTTP/1.1", "Host: lab"]
    if key:
        lines.append(f"X-API-Key: {key}")
    lines += headers
    if body is not None:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n" + (body or b"")


def ask(gateway, path, body=None, method="POST", headers=(), key=None):
    """Asks once, on a connection of its own."""
    if body is not None and not isinstance(body, bytes):
        body = json.dumps(body).encode()
    with Connection(gateway.port) as connection:
        connection.send(request(path, key or gateway.key, body, method, headers))
        return connection.answer()


def resident_bytes(pid):
    with open(f"/proc/{pid}/statm") as file:
        return int(file.read().split()[1]) * 4096
