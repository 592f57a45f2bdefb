"""Cases 29 and 33: names, addresses, certificates, and where a key goes."""

import json
import pathlib
import socket
import ssl
import stat
import subprocess
import tempfile
import threading
import time

import pytest
from conftest import UPSTREAM_KEY, Upstream, chat_body, completion, host, providers, url_of, Host
from wire import ask

CHAT = "/v1/chat/completions"


@pytest.fixture
def folder():
    with tempfile.TemporaryDirectory(prefix="prax-lab-") as path:
        yield pathlib.Path(path)


def make_certificate(folder, name, alternative, days=("-days", "2")):
    """A certificate that signs itself; an authority of one, since that alone lets openssl 3.0 name days of the past."""
    key, certificate = folder / f"{name}.key", folder / f"{name}.crt"
    (folder / "index.txt").touch()
    (folder / "authority.conf").write_text(f"""
        [ca]\ndefault_ca = lab\n[any]\ncommonName = supplied\n[more]\nsubjectAltName = {alternative}
        [lab]\ndatabase = {folder}/index.txt\nnew_certs_dir = {folder}\nrand_serial = yes\ndefault_md = sha256
        policy = any\nx509_extensions = more\n""")
    openssl("req", "-new", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}", "-keyout", key, "-out", folder / "asked")
    openssl("ca", "-selfsign", "-batch", "-notext", "-config", folder / "authority.conf", *days, "-keyfile", key,
            "-in", folder / "asked", "-out", certificate)
    return certificate, key


def openssl(*arguments):
    subprocess.run(["openssl", *arguments], check=True, capture_output=True)


class SecureServer:
    """Answers every request over TLS with one completion; counts those that came through the handshake."""

    def __init__(self, certificate, key):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self._context, self.asked = context, 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                plain, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(plain,), daemon=True).start()

    def _answer(self, plain):
        try:
            with self._context.wrap_socket(plain, server_side=True) as secure:
                if secure.recv(65536):
                    self.asked += 1
                    body = json.dumps(completion("secret")).encode()
                    secure.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        except OSError:
            pass

    def close(self):
        self._socket.close()


EXPIRED = ("-startdate", "20200101000000Z", "-enddate", "20200201000000Z")
# Name, names in the certificate, its days, whether the operator trusts it, the host of the address.
CERTIFICATES = [
    ("self-signed", "DNS:localhost", ("-days", "2"), False, "localhost"),
    ("expired", "DNS:localhost", EXPIRED, True, "localhost"),
    ("another-name", "DNS:elsewhere.example", ("-days", "2"), True, "localhost"),
    ("no-address", "DNS:localhost", ("-days", "2"), True, "127.0.0.1"),
]


@pytest.mark.parametrize("case", CERTIFICATES, ids=[case[0] for case in CERTIFICATES])
def test_a_certificate_that_does_not_hold_is_a_bad_gateway_and_nothing_is_sent(folder, case):
    name, names, days, is_trusted, address = case
    certificate, key = make_certificate(folder, name, names, days)
    server = SecureServer(certificate, key)
    environment = {"CURL_CA_BUNDLE": str(certificate)} if is_trusted else {}
    with host(f"https://{address}:{server.port}/v1", environment=environment, route=", retries: 0, attempts: 1") as gateway:
        answer = ask(gateway, CHAT, chat_body())
        # The operator hears the reason, the caller no addresses.
        assert "certificate" in gateway.log
    server.close()
    assert (answer.status, answer.code) == (502, "upstream_unreachable"), answer.body
    assert address.encode() not in answer.body
    assert server.asked == 0


def test_a_certificate_that_holds_is_taken(folder):
    """The same server as in the other cases, so that they fail for the reason they name."""
    certificate, key = make_certificate(folder, "localhost", "DNS:localhost")
    server = SecureServer(certificate, key)
    with host(f"https://localhost:{server.port}/v1", environment={"CURL_CA_BUNDLE": str(certificate)}) as gateway:
        answer = ask(gateway, CHAT, chat_body())
    server.close()
    assert answer.status == 200, answer.body


def test_a_name_that_is_none_is_a_bad_gateway():
    with host("http://nowhere.invalid:8080/v1", route=", retries: 0, attempts: 1") as gateway:
        start = time.monotonic()
        answer = ask(gateway, CHAT, chat_body())
        assert (answer.status, answer.code) == (502, "upstream_unreachable"), answer.body
        assert time.monotonic() - start < 12


class SilentPort:
    """Takes no connection: its queue is full, so that whoever connects waits."""

    def __init__(self, address, port=0):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self._socket = socket.socket(family)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind((address, port))
        self._socket.listen(0)
        self.port = self._socket.getsockname()[1]
        self._clients = []
        for _ in range(4):
            client = socket.socket(family)
            client.setblocking(False)
            client.connect_ex((address, self.port))
            self._clients.append(client)

    def close(self):
        for one in [*self._clients, self._socket]:
            one.close()


def test_an_address_that_takes_no_connection_costs_the_connect_limit_and_no_more(upstream):
    silent = SilentPort("127.0.0.1")
    with host(f"http://127.0.0.1:{silent.port}/v1", url_of(upstream), route=", connect_ms: 700") as gateway:
        start = time.monotonic()
        assert ask(gateway, CHAT, chat_body()).headers["x-praximous-provider"] == "up1"
        assert 0.5 < time.monotonic() - start < 3
    silent.close()


def own_names(folder, hosts="", resolver=None):
    """A host that reads its own /etc/hosts and /etc/resolv.conf, in a mount namespace; skips where there is none."""
    (folder / "hosts").write_text("127.0.0.1 localhost\n" + hosts)
    (folder / "resolv.conf").write_text(resolver or pathlib.Path("/etc/resolv.conf").read_text())
    inner = f"mount --bind {folder}/hosts /etc/hosts && mount --bind {folder}/resolv.conf /etc/resolv.conf"
    if subprocess.run(["unshare", "--map-root-user", "--mount", "sh", "-c", inner], capture_output=True).returncode:
        pytest.skip("this machine lets nobody mount in a namespace of their own")
    script = folder / "prax-host"
    program = Host({})._binary
    script.write_text(f'#!/bin/sh\nexec unshare --map-root-user --mount sh -c \'{inner} && exec "$0" "$@"\' {program} "$@"\n')
    script.chmod(script.stat().st_mode | stat.S_IXUSR)
    return str(script)


def test_a_name_whose_first_address_is_a_black_hole_is_reached_by_the_second(folder, upstream):
    try:
        silent = SilentPort("::1", upstream.port)
    except OSError:
        pytest.skip("this machine has no IPv6")
    binary = own_names(folder, "::1 twofold.test\n127.0.0.1 twofold.test\n")
    files = {"config/providers.yaml": providers(f"http://twofold.test:{upstream.port}/v1")}
    with Host(files, binary=binary, environment={"LAB_KEY": UPSTREAM_KEY}) as gateway:
        start = time.monotonic()
        answer = ask(gateway, CHAT, chat_body())
        assert answer.status == 200, answer.body
        assert time.monotonic() - start < 2
    silent.close()


def test_a_name_that_changes_its_address_is_followed_within_seconds(folder):
    """Where a connection ends anyway: one that goes on to serve is kept, as every client keeps it."""

    async def script(exchange):
        exchange.keeps_connection = False
        await exchange.answer(200, completion(), {"Connection": "close"})

    old = Upstream("127.0.0.2")
    new = Upstream("127.0.0.3", old.port)
    old.script = new.script = script
    binary = own_names(folder, "127.0.0.2 moving.test\n")
    files = {"config/providers.yaml": providers(f"http://moving.test:{old.port}/v1")}
    with Host(files, binary=binary, environment={"LAB_KEY": UPSTREAM_KEY}) as gateway:
        assert ask(gateway, CHAT, chat_body()).status == 200
        assert (len(old.asked), len(new.asked)) == (1, 0)
        # In its place: the host sees this file and not another of its name.
        (folder / "hosts").write_text("127.0.0.1 localhost\n127.0.0.3 moving.test\n")
        moved = time.monotonic()
        while not new.asked and time.monotonic() - moved < 20:
            assert ask(gateway, CHAT, chat_body()).status == 200
            time.sleep(0.2)
        assert time.monotonic() - moved < 10
    old.close()
    new.close()


@pytest.mark.parametrize("address", ["169.254.169.254", "fe80::1", "::ffff:169.254.169.254", "224.0.0.1", "0.0.0.0"])
def test_a_name_that_stands_for_a_clouds_address_is_refused_when_it_connects(folder, address):
    binary = own_names(folder, f"{address} metadata.test\n")
    files = {"config/providers.yaml": providers("http://metadata.test:80/v1", route=", retries: 0, attempts: 1")}
    with Host(files, binary=binary, environment={"LAB_KEY": UPSTREAM_KEY}) as gateway:
        answer = ask(gateway, CHAT, chat_body())
    assert answer.status in (403, 502), answer.body
    assert answer.code in ("address_refused", "upstream_unreachable"), answer.body


def test_a_resolver_that_never_answers_holds_up_nobody_else(folder, upstream):
    try:
        resolver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        resolver.bind(("127.5.5.5", 53))
    except OSError:
        pytest.skip("only an administrator can be a resolver")
    binary = own_names(folder, resolver="nameserver 127.5.5.5\n")
    files = {"config/providers.yaml": providers(
        "http://slow.example:80/v1", url_of(upstream), route=", connect_ms: 600, retries: 0")}
    with Host(files, binary=binary, environment={"LAB_KEY": UPSTREAM_KEY}) as gateway:
        for _ in range(3):
            start = time.monotonic()
            assert ask(gateway, CHAT, chat_body()).headers["x-praximous-provider"] == "up1"
            assert time.monotonic() - start < 3
            start = time.monotonic()
            assert ask(gateway, CHAT, chat_body(model="up1")).status == 200
            assert time.monotonic() - start < 0.5
    resolver.close()


# Every spelling of where clouds keep their keys, and of addresses that are nobody's.
NEVER = [
    "169.254.169.254", "2852039166", "0xa9fea9fe", "0251.0376.0251.0376", "0xa9.254.0251.254", "169.254.43518",
    "[::ffff:169.254.169.254]", "[::ffff:a9fe:a9fe]", "[fe80::1]", "[64:ff9b::a9fe:a9fe]", "[2002:a9fe:a9fe::]",
    "169.254.0.1", "224.0.0.1", "255.255.255.255", "[ff02::1]", "169.254.169.254.", "2852039166.", "0xa9fea9fe.",
    "0251.0376.0251.0376.", "169%2e254.169.254.",
]


def test_an_address_where_clouds_keep_their_keys_is_no_base_url():
    with host("http://127.0.0.1:9/v1") as gateway:
        file = pathlib.Path(gateway.root, "config/providers.yaml")
        for address in NEVER:
            file.write_text(providers(f"http://{address}/v1"))
            result = gateway.command("config", "check")
            assert result.returncode != 0, address
            assert "base_url" in result.stdout + result.stderr, address
        file.write_text(providers("http://user:password@127.0.0.1/v1"))
        assert gateway.command("config", "check").returncode != 0


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed_and_the_key_stays(gateway, upstream, status):
    other = Upstream()

    async def script(exchange):
        await exchange.answer(status, {}, {"Location": f"http://127.0.0.1:{other.port}/v1/chat/completions"})

    upstream.script = script
    answer = ask(gateway, CHAT, chat_body())
    other.close()
    assert answer.status == 502, answer.body
    assert other.asked == []
    assert upstream.asked[0].headers["authorization"] == "Bearer " + UPSTREAM_KEY


def test_a_vendors_usual_key_goes_to_the_vendors_own_address_alone(upstream):
    text = "\n".join(line for line in providers(url_of(upstream)).split("\n") if "api_key_env" not in line)
    with Host({"config/providers.yaml": text}, environment={"OPENAI_API_KEY": UPSTREAM_KEY}) as gateway:
        ask(gateway, CHAT, chat_body())
    assert len(upstream.asked) == 1
    assert "authorization" not in upstream.asked[0].headers
    assert UPSTREAM_KEY not in str(upstream.asked[0].headers)
