"""What RFC 6455 asks of a server, case by case: sections 1 to 7, 9 and 10 of the Autobahn test suite, put to a host that
is running. The protocol's own ping is the echo: {"type":"ping","t":X} comes back as {"type":"pong","t":X}.

usage: conformance.py PORT KEY [--full]        --full: every size and every byte; otherwise a tenth of them
"""
import json, socket, struct, sys, time
from client import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, Client, Closed

PORT, KEY, FULL = int(sys.argv[1]), sys.argv[2], "--full" in sys.argv
LIMIT = 1 << 20
cases = []


def case(number):
    return lambda function: cases.append((number, function)) or function


def each(number, values):
    """One case for each value."""
    def add(function):
        for index, value in enumerate(values, 1):
            cases.append((f"{number}.{index}", lambda value=value: function(value)))
    return add


def connect():
    client = Client(PORT, KEY)
    client.hello()
    return client


def message(text):
    return json.dumps({"type": "ping", "t": text}, ensure_ascii=False).encode()


def echoes(client, text):
    opcode, payload = client.receive()
    assert opcode == TEXT, opcode
    assert json.loads(payload) == {"type": "pong", "t": text}, payload[:100]


def lives(client):
    client.say(message("alive"))
    echoes(client, "alive")
    client.close()


def ends(client, *codes):
    """The host closes with one of these codes, and the connection ends soon after."""
    started = time.monotonic()
    code, _ = client.until_closed()
    assert code in codes, f"closed with {code}, expected {codes}"
    client.socket.settimeout(7)
    try:
        while client.socket.recv(65536):
            pass
    except ConnectionError:
        pass
    assert time.monotonic() - started < 6.5, "the connection stayed open"


# 1: messages of every size; binary ones are refused.
@each("1.1", [0, 125, 126, 127, 128, 65535, 65536, 65536])
def sizes(size):
    client = connect()
    text = "*" * size
    client.say(message(text))
    echoes(client, text)
    lives(client)


@each("1.1.8", [1, 2, 7, 997])
def chopped(step):
    client = connect()
    data = client.frame(TEXT, message("*" * 3000))
    for start in range(0, len(data), step):
        client.raw(data[start:start + step])
    echoes(client, "*" * 3000)


@each("1.2", [0, 125, 126, 65536])
def binary(size):
    client = connect()
    client.send(BINARY, b"\xfe" * size)
    ends(client, 1003)


# 2: pings and pongs.
@each("2.1", [b"", b"Hello", b"\x00\xff\xfe\xfd\xfc\xfb\x00\xff", b"*" * 125])
def ping(payload):
    client = connect()
    client.send(PING, payload)
    assert client.receive() == (PONG, payload)
    lives(client)


@case("2.5")
def ping_too_long():
    client = connect()
    client.send(PING, b"*" * 126)
    ends(client, 1002)


@case("2.6")
def ping_in_octets():
    client = connect()
    for byte in client.frame(PING, b"*" * 125):
        client.raw(bytes([byte]))
    assert client.receive() == (PONG, b"*" * 125)


@each("2.7", [b"", b"unasked"])
def unasked_pong(payload):
    client = connect()
    client.send(PONG, payload)
    lives(client)


@case("2.10")
def ten_pings():
    client = connect()
    client.raw(b"".join(client.frame(PING, str(n)) for n in range(10)))
    for n in range(10):
        assert client.receive() == (PONG, str(n).encode())


@case("2.12")
def ping_flood():
    client = connect()
    try:
        client.raw(b"".join(client.frame(PING, str(n)) for n in range(5000)))
    except ConnectionError:
        pass
    code, _ = client.until_closed()
    assert code in (4429, None), code


# 3: reserved bits.
@each("3", [(rsv, opcode) for rsv in range(1, 8) for opcode in (TEXT, PING, CLOSE, CONTINUATION)])
def reserved_bits(what):
    client = connect()
    client.send(what[1], b"" if what[1] == CLOSE else message("x")[:100], rsv=what[0])
    ends(client, 1002)


# 4: operation codes that are not in use.
@each("4", [3, 4, 5, 6, 7, 11, 12, 13, 14, 15])
def reserved_opcodes(opcode):
    for payload in (b"", b"reserved"):
        client = connect()
        client.send(opcode, payload)
        ends(client, 1002)


@each("4.3", [3, 11])
def reserved_after_message(opcode):
    client = connect()
    client.say(message("before"))
    client.send(opcode)
    client.send(PING)
    echoes(client, "before")
    ends(client, 1002)


# 5: fragments.
@each("5.1", [PING, PONG])
def fragmented_control(opcode):
    client = connect()
    client.send(opcode, "fragment1", fin=False)
    client.send(CONTINUATION, "fragment2")
    ends(client, 1002)


def pieces(data, count):
    size = -(-len(data) // count)
    return [data[start:start + size] for start in range(0, len(data), size)]


@each("5.3", [2, 3, 10, 40])
def fragments(count):
    client = connect()
    parts = pieces(message("in pieces, " * 20), count)
    for index, part in enumerate(parts):
        client.send(TEXT if index == 0 else CONTINUATION, part, fin=index == len(parts) - 1)
    echoes(client, "in pieces, " * 20)
    lives(client)


@case("5.6")
def ping_between():
    client = connect()
    first, second = pieces(message("around a ping"), 2)
    client.send(TEXT, first, fin=False)
    client.send(PING, b"between")
    assert client.receive() == (PONG, b"between")
    client.send(CONTINUATION, second)
    echoes(client, "around a ping")


@case("5.6.2")
def empty_fragments():
    client = connect()
    client.send(TEXT, b"", fin=False)
    for _ in range(1000):
        client.send(CONTINUATION, b"", fin=False)
    client.send(CONTINUATION, message("at last"))
    echoes(client, "at last")


@each("5.9", [True, False])
def continuation_of_nothing(fin):
    client = connect()
    client.send(CONTINUATION, b"non-continuation payload", fin=fin)
    ends(client, 1002)


@case("5.9.3")
def continuation_after_end():
    client = connect()
    client.say(message("whole"))
    client.send(CONTINUATION, b"more")
    echoes(client, "whole")
    ends(client, 1002)


@each("5.18", [True, False])
def text_inside(fin):
    client = connect()
    client.send(TEXT, b'{"type"', fin=False)
    client.send(TEXT, message("x"), fin=fin)
    ends(client, 1002)


# 5.20: frames without masks.
@each("5.20", [(TEXT, message("x")), (PING, b""), (CLOSE, b"")])
def unmasked(what):
    client = connect()
    client.send(what[0], what[1], mask=False)
    ends(client, 1002)


# 6: UTF-8.
VALID = ["κόσμε", "\u0000"[:0] + "a", "\u0080", "\u0800", "\U00010000", "\u007f", "\u07ff", "\uffff", "\U0010ffff",
         "\ud7ff", "\ue000", "\ufffd", "Hello-µ@ßöäüàá-UTF-8!!", "\ufeff", "\ufdd0", "\U0001fffe"]
INVALID = [b"\x80", b"\xbf", b"\xc0\xaf", b"\xc1\xbf", b"\xe0\x80\xaf", b"\xe0\x9f\xbf", b"\xf0\x80\x80\xaf",
           b"\xf0\x8f\xbf\xbf", b"\xf4\x90\x80\x80", b"\xf8\x88\x80\x80\x80", b"\xfc\x84\x80\x80\x80\x80", b"\xfe",
           b"\xff", b"\xed\xa0\x80", b"\xed\xbf\xbf", b"\xed\xa0\x80\xed\xb0\x80", b"\xce", b"\xe2\x82", b"\xf0\x9f\x98",
           b"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80edited", b"\xc3\x28", b"\xe2\x28\xa1"]


@each("6.valid", VALID)
def valid_text(text):
    data = message(text)
    whole = connect()
    whole.say(data)
    echoes(whole, text)
    # Split over frames at every byte.
    for at in range(1, len(data)) if FULL else range(len(data) - 8, len(data)):
        whole.send(TEXT, data[:at], fin=False)
        whole.send(CONTINUATION, data[at:])
        echoes(whole, text)
    lives(whole)


@each("6.invalid", INVALID)
def invalid_text(text):
    data = b'{"type":"ping","t":"' + text + b'"}'
    client = connect()
    client.say(data)
    ends(client, 1007)
    for at in range(20, 20 + len(text)) if FULL else [20 + len(text) // 2]:
        client = connect()
        client.send(TEXT, data[:at], fin=False)
        try:
            client.send(CONTINUATION, data[at:])
        except ConnectionError:
            pass
        ends(client, 1007)


@case("6.fast")
def invalid_text_fails_before_the_end():
    client = connect()
    client.send(TEXT, b'{"type":"ping","t":"\xce\xba\xed\xa0\x80', fin=False)
    ends(client, 1007)


@case("6.cut")
def text_cut_inside_a_character():
    client = connect()
    client.send(TEXT, b'"\xce\xba\xe1\xbd')
    ends(client, 1007)


# 7: closing.
@case("7.1.1")
def close_after_message():
    client = connect()
    client.say(message("last words"))
    client.send(CLOSE, struct.pack(">H", 1000))
    echoes(client, "last words")
    ends(client, 1000)


@case("7.1.3")
def ping_after_close():
    client = connect()
    client.send(CLOSE, struct.pack(">H", 1000))
    try:
        client.send(PING)
    except ConnectionError:
        pass
    ends(client, 1000)


@case("7.1.5")
def close_inside_message():
    client = connect()
    client.send(TEXT, b'{"type', fin=False)
    client.send(CLOSE, struct.pack(">H", 1000))
    ends(client, 1000)


@each("7.3", [b"", struct.pack(">H", 1000), struct.pack(">H", 1000) + b"Hello World!",
              struct.pack(">H", 1000) + b"*" * 123])
def close_payloads(payload):
    client = connect()
    client.send(CLOSE, payload)
    ends(client, 1000)


@case("7.3.2")
def close_of_one_byte():
    client = connect()
    client.send(CLOSE, b"a")
    ends(client, 1002)


@case("7.3.6")
def close_too_long():
    client = connect()
    client.send(CLOSE, struct.pack(">H", 1000) + b"*" * 124)
    ends(client, 1002)


@case("7.5.1")
def close_reason_not_text():
    client = connect()
    client.send(CLOSE, struct.pack(">H", 1000) + b"\xce\xba\xed\xa0\x80")
    ends(client, 1007)


@each("7.7", [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999])
def close_codes(code):
    client = connect()
    client.send(CLOSE, struct.pack(">H", code))
    ends(client, code)


@each("7.9", [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535])
def wrong_close_codes(code):
    client = connect()
    client.send(CLOSE, struct.pack(">H", code))
    ends(client, 1002)


# 9: long messages, whole, in fragments and in small pieces; and what is too long.
@each("9.1", [64 << 10, 256 << 10, LIMIT - 64])
def long_messages(size):
    client = connect()
    client.say(message("*" * size))
    echoes(client, "*" * size)


@each("9.3", [64, 256, 1024, 4096, 65536] if FULL else [4096])
def long_in_fragments(step):
    client = connect()
    client.socket.settimeout(60)
    text = "*" * (LIMIT - 64)
    data = message(text)
    parts = [data[start:start + step] for start in range(0, len(data), step)]
    client.raw(b"".join(
        client.frame(TEXT if index == 0 else CONTINUATION, part, fin=index == len(parts) - 1)
        for index, part in enumerate(parts)))
    echoes(client, text)


@each("9.5", [64, 1024] if FULL else [2048])
def long_in_pieces(step):
    client = connect()
    client.socket.settimeout(60)
    data = client.frame(TEXT, message("*" * (256 << 10)))
    for start in range(0, len(data), step):
        client.raw(data[start:start + step])
    echoes(client, "*" * (256 << 10))


@each("9.7", [0, 16, 64, 256, 1024, 4096] if FULL else [16])
def many_messages(size):
    client = connect()
    for n in range(1000 if FULL else 150):
        # Below the limit on pings.
        if n % 100 == 99 and FULL:
            time.sleep(1)
        client.say(message("*" * size))
        echoes(client, "*" * size)


@each("9.too", [LIMIT + 1, 1 << 31, (1 << 63) - 1, 1 << 63, (1 << 64) - 1])
def too_long(length):
    client = connect()
    client.raw(client.frame(TEXT, b"", claimed=length))
    ends(client, 4413)


@case("9.too.fragments")
def too_long_in_fragments():
    client = connect()
    try:
        client.send(TEXT, b'"' + b"*" * (LIMIT // 2), fin=False)
        client.send(CONTINUATION, b"*" * (LIMIT // 2), fin=False)
    except ConnectionError:
        pass
    ends(client, 4413)


@case("9.lengths")
def lengths_written_long():
    client = connect()
    client.raw(client.frame(TEXT, message("x"), length_bytes=8))
    echoes(client, "x")
    client.raw(client.frame(TEXT, message("y"), length_bytes=2))
    echoes(client, "y")


# 10: a message cut into pieces by TCP.
@case("10.1")
def auto_fragmentation():
    client = connect()
    text = "*" * 65536
    data = message(text)
    parts = [data[start:start + 1300] for start in range(0, len(data), 1300)]
    for index, part in enumerate(parts):
        client.send(TEXT if index == 0 else CONTINUATION, part, fin=index == len(parts) - 1)
    echoes(client, text)


@case("11.cut")
def cut_inside_a_frame():
    client = connect()
    client.raw(client.frame(TEXT, message("x" * 100))[:50])
    client.socket.shutdown(socket.SHUT_WR)
    code, _ = client.until_closed()
    assert code is None, code


def run(number, function):
    """Whether the case passes; a line says so."""
    try:
        function()
        return True
    except (AssertionError, Closed, OSError, ValueError) as error:
        print(f"FAIL {number} {function.__name__}: {type(error).__name__} {error}", flush=True)
        return False


def main():
    started = time.monotonic()
    passed = sum(run(number, function) for number, function in cases)
    print(f"{passed} of {len(cases)} cases in {time.monotonic() - started:.1f} s")
    sys.exit(passed != len(cases))


main()
