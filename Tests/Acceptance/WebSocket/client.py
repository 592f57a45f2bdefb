"""A WebSocket client that can break every rule of RFC 6455: the host's tests send whatever frames they want with it."""
import base64, hashlib, json, os, socket, struct, time

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10


class Closed(Exception):
    """The other side ended the connection; `code` is that of its close frame, None without one."""

    def __init__(self, code=None, reason=""):
        super().__init__(f"closed with {code} {reason}")
        self.code, self.reason = code, reason


class Refused(Exception):
    """The upgrade was answered with another status."""

    def __init__(self, status, body):
        super().__init__(f"refused with {status}: {body}")
        self.status, self.body = status, body


class Client:
    def __init__(self, port, key=None, protocol="praximous.v1", headers=(), path="/ws/v1/process", timeout=10,
                 version="13", host=None, receive_bytes=None):
        self.socket = socket.socket()
        self.socket.settimeout(timeout)
        if receive_bytes:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        self.socket.connect(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.buffer = b""
        # However much comes: no test takes longer.
        self.until = time.monotonic() + 45
        nonce = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {path} HTTP/1.1", f"Host: {host or f'127.0.0.1:{port}'}", "Upgrade: websocket",
                 "Connection: Upgrade", f"Sec-WebSocket-Key: {nonce}", f"Sec-WebSocket-Version: {version}"]
        if protocol:
            lines.append(f"Sec-WebSocket-Protocol: {protocol}")
        if key:
            lines.append(f"X-API-Key: {key}")
        lines += [f"{name}: {value}" for name, value in headers]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        while b"\r\n\r\n" not in self.buffer:
            self._fill()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        self.head = head.decode()
        status = int(self.head.split()[1])
        if status != 101:
            while True:
                try:
                    self._fill()
                except Closed:
                    raise Refused(status, self.buffer.decode())
        accept = hashlib.sha1((nonce + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
        assert base64.b64encode(accept).decode() in self.head, self.head

    def _fill(self):
        if time.monotonic() > self.until:
            raise TimeoutError("the connection goes on for too long")
        piece = self.socket.recv(1 << 16)
        if not piece:
            raise Closed()
        self.buffer += piece

    def _take(self, count):
        while len(self.buffer) < count:
            self._fill()
        taken, self.buffer = self.buffer[:count], self.buffer[count:]
        return taken

    @staticmethod
    def frame(opcode, payload=b"", fin=True, rsv=0, mask=True, length_bytes=None, claimed=None):
        """The bytes of one frame; `claimed` is the length it says it has."""
        if isinstance(payload, str):
            payload = payload.encode()
        length = len(payload) if claimed is None else claimed
        head = bytes([(0x80 if fin else 0) | rsv << 4 | opcode])
        flag = 0x80 if mask else 0
        size = length_bytes or (1 if length < 126 else 2 if length < 65536 else 8)
        if size == 1:
            head += bytes([flag | length])
        elif size == 2:
            head += bytes([flag | 126]) + struct.pack(">H", length)
        else:
            head += bytes([flag | 127]) + struct.pack(">Q", length)
        if not mask:
            return head + payload
        key = os.urandom(4)
        repeated = (key * (len(payload) // 4 + 1))[:len(payload)]
        masked = (int.from_bytes(payload, "big") ^ int.from_bytes(repeated, "big")).to_bytes(len(payload), "big")
        return head + key + masked

    def raw(self, data):
        self.socket.sendall(data)

    def send(self, opcode, payload=b"", **options):
        self.raw(self.frame(opcode, payload, **options))

    def say(self, message):
        self.send(TEXT, message if isinstance(message, (bytes, str)) else json.dumps(message))

    def receive(self):
        """The next frame: its operation code and payload; raises Closed for a close frame."""
        first, second = self._take(2)
        assert first & 0x70 == 0 and second & 0x80 == 0, "the host sends no reserved bits and no masks"
        length = second & 0x7F
        if length == 126:
            length = struct.unpack(">H", self._take(2))[0]
        elif length == 127:
            length = struct.unpack(">Q", self._take(8))[0]
        payload = self._take(length)
        opcode = first & 0x0F
        assert first & 0x80, "the host does not fragment"
        if opcode == CLOSE:
            code = struct.unpack(">H", payload[:2])[0] if len(payload) >= 2 else None
            raise Closed(code, payload[2:].decode())
        return opcode, payload

    def hear(self):
        """The next message; pings are answered."""
        while True:
            opcode, payload = self.receive()
            if opcode == PING:
                self.send(PONG, payload)
            elif opcode == TEXT:
                return json.loads(payload)

    def hello(self, **members):
        self.say({"type": "hello", "v": 1, **members})
        welcome = self.hear()
        assert welcome["type"] == "welcome", welcome
        return welcome

    def until_closed(self):
        """Reads to the end; the code it was closed with, and the messages before that."""
        heard = []
        try:
            while True:
                heard.append(self.hear())
        except Closed as closed:
            if closed.code is not None:
                try:
                    self.send(CLOSE, struct.pack(">H", 1000))
                except OSError:
                    pass
            return closed.code, heard
        except ConnectionError:
            return None, heard

    def close(self):
        self.socket.close()
