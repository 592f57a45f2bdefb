"""A small HTTP/1.1 server for scripted upstreams: the test decides every byte, every pause and how a connection ends."""

import asyncio
import contextlib
import json
import socket
import struct
import threading
import time

MAX_HEAD_BYTES = 64 << 10


class Exchange:
    """One request and the answer to it. Times are of time.monotonic(), in seconds."""

    def __init__(self, reader, writer, method, target, headers, body):
        self._reader, self._writer = reader, writer
        self.method, self.target, self.headers, self.body = method, target, headers, body
        self.path = target.split("?", 1)[0]
        self.at = time.monotonic()
        self.gone_at = None
        self.keeps_connection = True
        self._is_chunked = False

    @property
    def json(self):
        return json.loads(self.body)

    def gone_within(self, seconds):
        """Whether the client has gone, at the latest so many seconds from now; for another thread than the server's."""
        deadline = time.monotonic() + seconds
        while self.gone_at is None and time.monotonic() < deadline:
            time.sleep(0.005)
        return self.gone_at is not None

    async def answer(self, status, body, headers=None):
        """A whole answer: bytes as they are, anything else as JSON."""
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        fields = {"Content-Type": "application/json", "Content-Length": str(len(body)), **(headers or {})}
        await self._write(self._head(status, fields) + body)

    async def begin(self, status=200, headers=None, chunked=True):
        """The head of an answer that comes piece by piece; without `chunked` the end of the connection ends it."""
        self._is_chunked = chunked
        framing = {"Transfer-Encoding": "chunked"} if chunked else {"Connection": "close"}
        fields = {"Content-Type": "text/event-stream", **framing, **(headers or {})}
        await self._write(self._head(status, fields))

    async def send(self, data):
        data = data if isinstance(data, bytes) else data.encode()
        await self._write(b"%x\r\n%s\r\n" % (len(data), data) if self._is_chunked else data)

    async def event(self, value, name=None):
        """One server-sent event with JSON, or with text as it is."""
        text = value if isinstance(value, str) else json.dumps(value)
        await self.send((f"event: {name}\n" if name else "") + f"data: {text}\n\n")

    async def raw(self, data):
        """Bytes as they are, for answers that keep no rule."""
        await self._write(data)

    async def end(self):
        if self._is_chunked:
            await self._write(b"0\r\n\r\n")
        else:
            self.cut()

    def cut(self):
        """FIN, with whatever is missing left out."""
        self.keeps_connection = False
        self._writer.close()

    def reset(self):
        """RST: what is not yet sent is thrown away."""
        self.keeps_connection = False
        lingering = struct.pack("ii", 1, 0)
        self._writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, lingering)
        self._writer.transport.abort()

    async def pause(self, seconds):
        """Waits; ends early, with ConnectionResetError, when the client goes."""
        watch = asyncio.ensure_future(self._reader.read(1))
        done, _ = await asyncio.wait([watch], timeout=seconds)
        if not done:
            watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watch
            return
        self.gone_at = time.monotonic()
        raise ConnectionResetError("the client has gone")

    async def _write(self, data):
        self._writer.write(data)
        await self._writer.drain()

    @staticmethod
    def _head(status, fields):
        lines = [f"HTTP/1.1 {status} Scripted"] + [f"{name}: {value}" for name, value in fields.items()]
        return ("\r\n".join(lines) + "\r\n\r\n").encode()


class Server:
    """Serves `handle(exchange)` on the loopback, on a free port unless one is named, on the running event loop."""

    def __init__(self, handle):
        self._handle = handle
        self.port = None

    async def start(self, address="127.0.0.1", port=0):
        self._server = await asyncio.start_server(self._connected, address, port, limit=MAX_HEAD_BYTES, backlog=512)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def _connected(self, reader, writer):
        try:
            while (exchange := await self._request(reader, writer)) is not None:
                await self._serve(exchange)
                if not exchange.keeps_connection:
                    return
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            with contextlib.suppress(Exception):
                writer.close()

    async def _serve(self, exchange):
        try:
            await self._handle(exchange)
        except ConnectionError:
            exchange.gone_at = exchange.gone_at or time.monotonic()
            raise

    @staticmethod
    async def _request(reader, writer):
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        except asyncio.IncompleteReadError:
            return None
        first, *lines = head.split("\r\n")[:-2]
        method, target, _ = first.split(" ")
        headers = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in lines)}
        if headers.get("expect", "").lower() == "100-continue":
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        body = await Server._body(reader, headers)
        return Exchange(reader, writer, method, target, headers, body)

    @staticmethod
    async def _body(reader, headers):
        if headers.get("transfer-encoding", "").lower() != "chunked":
            return await reader.readexactly(int(headers.get("content-length", 0)))
        body = b""
        while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
            body += (await reader.readexactly(size + 2))[:-2]
        await reader.readuntil(b"\r\n")
        return body


class ServerThread:
    """A `Server` with an event loop and a thread of its own, for tests that are not asynchronous."""

    def __init__(self, handle, address="127.0.0.1", port=0):
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        starting = asyncio.run_coroutine_threadsafe(Server(handle).start(address, port), self._loop)
        self.port = starting.result(10).port

    def close(self):
        asyncio.run_coroutine_threadsafe(self._end_connections(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @staticmethod
    async def _end_connections():
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
