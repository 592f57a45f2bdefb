"""The protocol praximous.v1, case by case, put to a host that is running with protocol.yaml and the skill ticker.

usage: protocol.py JSON      JSON: {"port", "key", "host": path of prax-host, "root": its installation, "pid"}
"""
import concurrent.futures, json, os, signal, subprocess, sys, time, urllib.error, urllib.request
from client import CLOSE, PONG, TEXT, Client, Closed, Refused

GIVEN = json.loads(sys.argv[1])
PORT, KEY = GIVEN["port"], GIVEN["key"]
cases, last_cases = [], []


def case(function):
    cases.append(function)
    return function


def cli(*arguments):
    command = [GIVEN["host"], "--root", GIVEN["root"], *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def make_key(role="developer", *more):
    return cli("keys", "create", "--name", "test", "--role", role, *more).split()[-1]


def post(path, body, headers=()):
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}{path}", data=json.dumps(body).encode(),
                                     headers={"X-API-Key": KEY, "Content-Type": "application/json", **dict(headers)})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


def ticket():
    return post("/api/v1/ws-tickets", {})["ticket"]


def connect(hello=None, **options):
    options.setdefault("key", KEY)
    client = Client(PORT, **options)
    client.welcome = client.hello(**(hello or {}))
    return client


def ticks(client, id="s", count=3, **more):
    params = {"count": count, "interval_ms": more.pop("interval_ms", 1), "bytes": more.pop("bytes", 0),
              "fail": more.pop("fail", 0)}
    client.say({"type": "start", "id": id, "task_type": "ticker", "params": params, **more})


def until_end(client, id="s", first=1):
    """All events of a stream to its end, which are numbered without a gap."""
    events = []
    while not events or events[-1]["type"] not in ("done", "error", "cancelled"):
        event = client.hear()
        if event.get("id") == id and "seq" in event:
            events.append(event)
    assert [event["seq"] for event in events] == list(range(first, first + len(events))), events
    return events


def kinds(events):
    return [event["type"] for event in events]


def refused(status, code=None, **options):
    try:
        Client(PORT, **options)
    except Refused as refusal:
        assert refusal.status == status, refusal
        if code:
            assert json.loads(refusal.body)["error"]["code"] == code, refusal.body
        return refusal
    raise AssertionError(f"the upgrade was accepted, expected {status}")


def closed(client, code, *types):
    """The host closes with this code, after messages of these types, pings apart."""
    found, heard = client.until_closed()
    assert found == code, f"closed with {found}, expected {code}; heard {heard}"
    assert kinds(heard) == list(types), heard
    return heard


# The upgrade.

@case
def a_foreign_page_is_refused_before_the_upgrade():
    for origin in ("https://evil.example", "null", "http://127.0.0.1:1", "http://localhost.evil.example", "file://", ""):
        refused(403, "origin_refused", key=KEY, headers=[("Origin", origin)])


@case
def a_page_on_a_name_that_resolves_here_is_refused():
    host = f"rebound.example:{PORT}"
    refused(403, "origin_refused", key=KEY, host=host, headers=[("Origin", "http://" + host)])


@case
def pages_of_the_host_and_listed_ones_may_connect():
    connect(headers=[("Origin", f"http://127.0.0.1:{PORT}")])
    connect(headers=[("Origin", "https://ui.example.com")])
    connect(headers=[("Origin", f"http://localhost:{PORT}")], host=f"localhost:{PORT}")


@case
def a_key_is_shown_in_a_header_or_in_hello():
    connect(key=None, headers=[("Authorization", "Bearer " + KEY)])
    connect(key=None, hello={"token": KEY})


@case
def a_wrong_key_is_refused_before_the_upgrade():
    refused(403, "invalid_api_key", key="prax_live_nonsense")


@case
def a_ticket_is_good_once():
    given = ticket()
    connect(key=None, path="/ws/v1/process?ticket=" + given)
    refused(403, "invalid_ticket", key=None, path="/ws/v1/process?ticket=" + given)
    connect(key=None, hello={"token": ticket()})


@case
def a_key_in_the_address_is_refused():
    refused(401, "missing_api_key", key=None, path="/ws/v1/process?ticket=" + KEY)


@case
def another_version_is_told_which():
    refusal = refused(426, key=KEY, version="12")
    assert refusal.status == 426


@case
def a_request_without_upgrade_is_told_so():
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{PORT}/ws/v1/process", timeout=10)
    except urllib.error.HTTPError as error:
        assert error.code == 426 and json.load(error)["error"]["code"] == "upgrade_required"


@case
def other_upgrades_are_answered_as_plain_requests():
    request = urllib.request.Request(f"http://127.0.0.1:{PORT}/healthz",
                                     headers={"Upgrade": "h2c", "Connection": "Upgrade", "HTTP2-Settings": ""})
    with urllib.request.urlopen(request, timeout=5) as answer:
        assert json.load(answer) == {"status": "ok"}


@case
def without_the_sub_protocol_it_is_closed():
    for protocol in (None, "praximous.v2"):
        client = Client(PORT, KEY, protocol=protocol)
        closed(client, 4406)
    assert "praximous.v1" in connect(protocol="graphql-ws, praximous.v1").head


# hello.

@case
def a_client_that_says_nothing_is_closed():
    started = time.monotonic()
    closed(Client(PORT, KEY), 4408)
    assert time.monotonic() - started < 3


@case
def hello_comes_first():
    client = Client(PORT, KEY)
    client.say({"type": "start", "id": "a", "task_type": "echo"})
    closed(client, 4408)


@case
def hello_needs_a_key_that_works():
    client = Client(PORT)
    client.say({"type": "hello", "v": 1})
    assert closed(client, 4401, "error")[0]["code"] == "missing_api_key"
    client = Client(PORT)
    client.say({"type": "hello", "v": 1, "token": "prax_live_nonsense"})
    assert closed(client, 4401, "error")[0]["code"] == "invalid_api_key"


@case
def hello_of_another_version_is_refused():
    client = Client(PORT, KEY)
    client.say({"type": "hello", "v": 2})
    closed(client, 4406, "error")


@case
def a_key_that_may_call_nothing_is_refused():
    client = Client(PORT, make_key("viewer"))
    client.say({"type": "hello", "v": 1})
    assert closed(client, 4403, "error")[0]["code"] == "missing_scope"


@case
def hello_is_said_once():
    client = connect()
    client.say({"type": "hello", "v": 1})
    closed(client, 4429)


@case
def welcome_tells_the_limits():
    welcome = connect().welcome
    assert welcome["limits"] == {"max_inflight": 8, "max_frame": 1048576, "window": 64, "idle_s": 6, "max_age_s": 3600}
    assert welcome["resume_ttl_s"] == 0
    assert connect(hello={"resume": {}}).welcome["resume_ttl_s"] == 3


# Streams.

@case
def a_skill_streams_its_events():
    client = connect()
    ticks(client)
    events = until_end(client)
    assert kinds(events) == ["accepted", "delta", "delta", "delta", "done"]
    assert events[-1]["result"] == {"ticked": True} and events[-1]["finish_reason"] == "stop"
    assert events[0]["request_id"] == events[-1]["request_id"] == events[-1]["audit_id"]


@case
def many_streams_share_a_connection():
    client = connect()
    for number in range(8):
        ticks(client, id=str(number), count=20)
    sequences = {}
    ended = 0
    while ended < 8:
        event = client.hear()
        sequences.setdefault(event["id"], []).append(event["seq"])
        ended += event["type"] == "done"
    assert sequences == {str(number): list(range(1, 23)) for number in range(8)}


@case
def one_stream_too_many_is_refused():
    client = connect()
    for number in range(9):
        ticks(client, id=str(number), count=1000, interval_ms=50)
    while True:
        event = client.hear()
        if event["type"] == "error":
            break
    assert (event["id"], event["seq"], event["code"], event["retryable"]) == ("8", 1, "too_many_streams", True)
    client.close()


@case
def what_a_skill_refuses_is_an_error():
    client = connect()
    ticks(client, fail=1)
    end = until_end(client)[-1]
    assert (end["type"], end["code"], end["retryable"]) == ("error", "not_today", False)
    client.say({"type": "start", "id": "s", "task_type": "nosuch"})
    assert [(event["type"], event.get("code")) for event in until_end(client)] == [
        ("accepted", None), ("error", "unknown_task_type")]
    client.say({"type": "start", "id": "s", "prompt": "hi"})
    assert until_end(client)[-1]["code"] == "invalid_request"


@case
def an_id_is_one_stream_at_a_time():
    client = connect()
    ticks(client, count=1000, interval_ms=20)
    assert client.hear()["type"] == "accepted"
    ticks(client)
    while (event := client.hear())["type"] == "delta":
        pass
    assert (event["code"], event["id"], "seq" in event) == ("duplicate_id", "s", False)
    client.say({"type": "cancel", "id": "s"})
    while client.hear()["type"] != "cancelled":
        pass
    ticks(client)
    assert kinds(until_end(client))[-1] == "done"


@case
def cancel_ends_a_stream_at_once():
    for count in (1000, 0):
        client = connect()
        ticks(client, count=count, interval_ms=100 if count else 60000)
        client.hear()
        client.say({"type": "cancel", "id": "s"})
        started = time.monotonic()
        while client.hear()["type"] != "cancelled":
            pass
        took = time.monotonic() - started
        assert took < 1, f"it took {took:.3f} s"
        client.say({"type": "cancel", "id": "s"})
        client.say({"type": "cancel", "id": "unknown"})
        client.say({"type": "ping", "t": 1})
        assert client.hear() == {"type": "pong", "t": 1}


@case
def the_window_holds_a_stream_until_there_is_credit():
    client = connect()
    ticks(client, count=100)
    for number in range(1, 66):
        assert client.hear()["seq"] == number
    client.say({"type": "ping", "t": "quiet"})
    time.sleep(0.3)
    assert client.hear()["type"] == "pong"
    client.say({"type": "credit", "id": "s", "n": 36})
    assert [event["type"] for event in until_end(client, first=66)] == ["delta"] * 36 + ["done"]


@case
def a_stream_as_long_as_its_window_ends_without_credit():
    client = connect()
    ticks(client, count=5, credit=5)
    assert kinds(until_end(client)) == ["accepted"] + ["delta"] * 5 + ["done"]


@case
def a_stream_without_credit_is_given_up():
    client = connect()
    ticks(client, count=5, credit=2)
    end = until_end(client)[-1]
    assert (end["seq"], end["code"]) == (4, "slow_consumer")


@case
def a_client_that_does_not_read_is_given_up():
    # With little room on the way the host has to wait soon.
    client = connect(receive_bytes=4096)
    ticks(client, count=100000, bytes=60000, credit=1000000)
    ticks(client, id="t", count=100000, bytes=60000, credit=1000000)
    time.sleep(6)
    ends = []
    while len(ends) < 2:
        event = client.hear()
        if event["type"] != "delta" and event["type"] != "accepted":
            ends.append(event.get("code"))
    assert ends == ["slow_consumer"] * 2, ends


@case
def a_limit_of_the_key_throttles_its_streams():
    client = connect(key=make_key("developer", "--concurrency", "1"))
    ticks(client, id="a", count=1000, interval_ms=20)
    assert client.hear()["type"] == "accepted"
    ticks(client, id="b")
    messages = []
    while not messages or messages[-1]["type"] != "error":
        message = client.hear()
        if message["id"] == "b":
            messages.append(message)
    assert kinds(messages) == ["accepted", "throttle", "error"], messages
    assert messages[1] == {"type": "throttle", "id": "b", "retry_after_ms": 1000}, messages
    assert messages[2]["code"] == "too_many_concurrent" and messages[2]["retry_after_ms"] == 1000, messages
    client.say({"type": "cancel", "id": "a"})
    while client.hear()["type"] != "cancelled":
        pass
    for _ in range(100):
        ticks(client, id="c")
        if until_end(client, id="c")[-1]["type"] == "done":
            return
        time.sleep(0.02)
    raise AssertionError("the place was not given back")


@case
def a_repeated_start_runs_once():
    client = connect()
    ticks(client, count=3, idempotency_key="ws-1")
    first = until_end(client)
    ticks(client, id="again", count=3, idempotency_key="ws-1", credit=1)
    assert [client.hear()["type"] for _ in range(2)] == ["accepted", "delta"]
    client.say({"type": "credit", "id": "again", "n": 2})
    rest = until_end(client, id="again", first=3)
    assert kinds(rest) == ["delta", "delta", "done"] and rest[-1]["replayed"] is True, rest
    assert rest[-1]["request_id"] == first[-1]["request_id"] and rest[-1]["result"] == {"ticked": True}
    ticks(client, count=4, idempotency_key="ws-1")
    assert until_end(client)[-1]["code"] == "idempotency_key_reused"
    stranger = connect(key=make_key())
    ticks(stranger, count=4, idempotency_key="ws-1")
    assert "replayed" not in until_end(stranger)[-1]
    ticks(client, idempotency_key="x" * 256)
    assert until_end(client)[-1]["code"] == "invalid_idempotency_key"


@case
def a_repeat_of_what_runs_or_was_cancelled_is_none():
    client = connect()
    ticks(client, id="a", count=1000, interval_ms=20, idempotency_key="ws-2")
    client.hear()
    ticks(client, id="b", count=1000, interval_ms=20, idempotency_key="ws-2")
    assert until_end(client, id="b")[-1]["code"] == "idempotency_in_progress"
    client.say({"type": "cancel", "id": "a"})
    while client.hear()["type"] != "cancelled":
        pass
    # Its client may be told that it is cancelled before it has ended.
    for number in range(100):
        ticks(client, id=f"c{number}", count=1000, interval_ms=20, idempotency_key="ws-2")
        heard = [client.hear() for _ in range(2)]
        if heard[1].get("code") != "idempotency_in_progress":
            break
        time.sleep(0.02)
    assert kinds(heard) == ["accepted", "delta"], heard
    # What is wrong with a request stays wrong; what fails otherwise may be asked again.
    for _ in range(2):
        client.say({"type": "start", "id": "d", "task_type": "ticker", "params": {"operation": "nosuch"},
                    "idempotency_key": "ws-3"})
        end = until_end(client, id="d")[-1]
    assert end.get("code") == "unsupported_operation" and end["replayed"] is True, end


@case
def a_stream_ends_with_its_deadline():
    client = connect()
    ticks(client, count=1000, interval_ms=100, deadline_ms=500)
    end = until_end(client)[-1]
    assert end["code"] == "deadline_exceeded" and end["seq"] < 25


@case
def an_application_ping_is_answered():
    client = connect()
    for value in (17, "text", None, {"deep": [1]}):
        client.say({"type": "ping", "t": value})
        assert client.hear() == {"type": "pong", "t": value}


@case
def three_bad_messages_are_enough():
    client = connect()
    for bad in ("not json", {"type": "unheard-of"}, ["array"]):
        client.say(bad)
    heard = closed(client, 4400, "error", "error", "error")
    assert [event["code"] for event in heard] == ["bad_message"] * 3


@case
def unknown_members_do_no_harm():
    client = connect(hello={"colour": "blue"})
    client.say({"type": "start", "id": "s", "task_type": "echo", "prompt": "hi", "colour": "blue"})
    assert until_end(client)[-1]["result"]["echoed_prompt"] == "hi"


# Connections that end.

def audited(request_id):
    for _ in range(40):
        for line in json.loads(cli("audit", "list", "--limit", "200", "--json"))["events"]:
            if line.get("request_id") == request_id:
                return line
        time.sleep(0.05)
    raise AssertionError("no audit event")


@case
def a_lost_client_cancels_its_streams():
    for interval in (50, 60000):
        client = connect()
        started = time.monotonic()
        ticks(client, count=1000, interval_ms=interval)
        request = client.hear()["request_id"]
        time.sleep(0.3)
        client.close()
        lost = time.monotonic() - started
        event = audited(request)
        assert event["error_code"] == "cancelled", event
        assert event["latency_us"] / 1e6 - lost < 1, (event, lost)


@case
def a_dead_client_is_closed():
    client = connect()
    # Pings come and are not answered.
    seen = 0
    started = time.monotonic()
    try:
        while True:
            seen += client.receive()[0] == 9
    except Closed as end:
        assert end.code == 4408, end
    assert seen == 2 and 5 < time.monotonic() - started < 12, (seen, time.monotonic() - started)


@case
def a_client_that_answers_pings_stays():
    client = connect()
    client.socket.settimeout(8)
    until = time.monotonic() + 7.5
    pings = 0
    while time.monotonic() < until:
        try:
            opcode, payload = client.receive()
        except TimeoutError:
            break
        if opcode == 9:
            pings += 1
            client.send(PONG, payload)
    assert pings >= 3


@case
def a_stream_goes_on_on_another_connection():
    client = connect(hello={"resume": {}})
    ticks(client, count=150, interval_ms=10, credit=1000)
    heard = [client.hear() for _ in range(20)]
    client.close()
    time.sleep(0.5)
    again = connect(hello={"resume": {"session": client.welcome["session"]}})
    assert again.welcome["resumed"] is True and again.welcome["session"] == client.welcome["session"]
    again.say({"type": "resume", "id": "s", "after_seq": 20})
    rest = until_end(again, first=21)
    assert kinds(heard + rest) == ["accepted"] + ["delta"] * 150 + ["done"]


@case
def a_stream_that_ended_meanwhile_is_told_to_its_end():
    client = connect(hello={"resume": {}})
    ticks(client, count=20, interval_ms=5)
    client.hear()
    client.close()
    time.sleep(0.5)
    again = connect(hello={"resume": {"session": client.welcome["session"]}})
    again.say({"type": "resume", "id": "s", "after_seq": 1})
    assert kinds(until_end(again, first=2)) == ["delta"] * 20 + ["done"]


@case
def a_connection_can_be_taken_over():
    client = connect(hello={"resume": {}})
    ticks(client, count=50, interval_ms=20)
    client.hear()
    again = connect(hello={"resume": {"session": client.welcome["session"]}})
    again.say({"type": "resume", "id": "s", "after_seq": 1})
    code, _ = client.until_closed()
    assert code == 4409, code
    assert kinds(until_end(again, first=2))[-1] == "done"


@case
def acknowledged_events_are_gone():
    client = connect(hello={"resume": {}})
    ticks(client, count=200, interval_ms=20)
    for _ in range(10):
        client.hear()
    client.say({"type": "ack", "id": "s", "seq": 8})
    client.hear()
    client.close()
    again = connect(hello={"resume": {"session": client.welcome["session"]}})
    again.say({"type": "resume", "id": "s", "after_seq": 7})
    gone = again.hear()
    assert (gone["type"], gone["code"], gone["id"]) == ("error", "resume_gone", "s")


@case
def a_session_is_gone_after_its_time():
    client = connect(hello={"resume": {}})
    ticks(client, count=1000, interval_ms=50)
    request = client.hear()["request_id"]
    client.close()
    time.sleep(5)
    assert audited(request)["error_code"] == "cancelled"
    again = connect(hello={"resume": {"session": client.welcome["session"]}})
    assert again.welcome["resumed"] is False
    again.say({"type": "resume", "id": "s", "after_seq": 1})
    assert again.hear()["code"] == "resume_gone"


@case
def a_session_is_its_key_s_alone():
    client = connect(hello={"resume": {}})
    session = client.welcome["session"]
    assert connect(key=make_key(), hello={"resume": {"session": session}}).welcome["resumed"] is False


@case
def a_client_that_closes_properly_is_done():
    client = connect(hello={"resume": {}})
    ticks(client, count=1000, interval_ms=50)
    request = client.hear()["request_id"]
    client.send(CLOSE, b"\x03\xe8")
    client.until_closed()
    assert audited(request)["error_code"] == "cancelled"


@case
def a_revoked_key_ends_its_connections():
    key = make_key()
    client = connect(key=key)
    ticks(client, count=1000, interval_ms=100)
    cli("keys", "revoke", key.split("_")[2])
    started = time.monotonic()
    code, heard = client.until_closed()
    end = [event for event in heard if event["type"] == "error"]
    assert code == 4401 and [event["code"] for event in end] == ["key_revoked"], (code, end)
    assert time.monotonic() - started < 3


# Server-sent events: the same, over HTTP.

@case
def the_twin_sends_the_same_events():
    request = urllib.request.Request(
        f"http://127.0.0.1:{PORT}/api/v1/process",
        data=json.dumps({"task_type": "ticker", "count": 3, "interval_ms": 10}).encode(),
        headers={"X-API-Key": KEY, "Accept": "text/event-stream"})
    with urllib.request.urlopen(request, timeout=20) as answer:
        assert answer.headers["X-Accel-Buffering"] == "no" and answer.headers["Cache-Control"] == "no-store"
        messages = answer.read().decode().strip().split("\n\n")
    fields = [dict(line.split(": ", 1) for line in message.split("\n")) for message in messages]
    assert [field["event"] for field in fields] == ["accepted", "delta", "delta", "delta", "done"]
    assert [field["id"] for field in fields] == ["1", "2", "3", "4", "5"]
    assert set(json.loads(fields[1]["data"])) == {"text"}


@case
def the_twin_is_heard_of_while_it_is_silent():
    request = urllib.request.Request(
        f"http://127.0.0.1:{PORT}/api/v1/process",
        data=json.dumps({"task_type": "ticker", "count": 0, "interval_ms": 17000}).encode(),
        headers={"X-API-Key": KEY, "Accept": "text/event-stream"})
    started = time.monotonic()
    with urllib.request.urlopen(request, timeout=40) as answer:
        first = answer.readline()
        assert first == b"event: accepted\n" and 14 < time.monotonic() - started < 16.9, (first, time.monotonic())
        assert b"event: done" in answer.read()


# At last: the host stops.

def a_host_that_stops_lets_streams_end():
    idle, busy = connect(), connect()
    ticks(busy, count=40, interval_ms=50)
    busy.hear()
    os.kill(GIVEN["pid"], signal.SIGTERM)
    code, heard = idle.until_closed()
    assert code == 1001 and kinds(heard) == ["goaway"], (code, heard)
    refused_start = False
    events = []
    while True:
        event = busy.hear()
        if event["type"] == "goaway":
            assert event["reason"] == "drain" and event["deadline_ms"] > 0
            ticks(busy, id="late")
            continue
        if event["id"] == "late":
            refused_start = (event["type"], event["code"]) == ("error", "going_away")
            continue
        events.append(event)
        if event["type"] == "done":
            break
    assert refused_start and kinds(events) == ["delta"] * 40 + ["done"]
    code, _ = busy.until_closed()
    assert code == 1001, code


def run(function):
    """What went wrong, or nil."""
    try:
        function()
        return None
    except Exception as error:
        return f"FAIL {function.__name__.replace('_', ' ')}: {type(error).__name__} {error}"


def main():
    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        results = list(pool.map(run, cases))
    results.append(run(a_host_that_stops_lets_streams_end))
    for result in results:
        if result:
            print(result)
    print(f"{results.count(None)} of {len(results)} cases")
    sys.exit(results.count(None) != len(results))


main()
