"""What Anthropic's client raises, what it counts, and what it reads in headers."""

import anthropic
import pytest
from upstream import anthropic_error, whole
from vendors import message

pytestmark = pytest.mark.provider("anthropic")
HELLO = [{"role": "user", "content": "Hello"}]


@pytest.mark.host
def test_tokens_are_counted_before_asking(upstream, anthropic_client):
    async def count(exchange):
        await exchange.answer(200, {"input_tokens": 14})

    upstream.will(count)
    counted = anthropic_client.messages.count_tokens(model="claude", messages=[{"role": "user", "content": "Hello " * 20}])
    assert counted.input_tokens > 0


TYPED = [
    (400, "invalid_request_error", anthropic.BadRequestError),
    (401, "authentication_error", anthropic.AuthenticationError),
    (403, "permission_error", anthropic.PermissionDeniedError),
    (404, "not_found_error", anthropic.NotFoundError),
    (409, "conflict_error", anthropic.ConflictError),
    (413, "request_too_large", anthropic.APIStatusError),
    (422, "invalid_request_error", anthropic.UnprocessableEntityError),
    (429, "rate_limit_error", anthropic.RateLimitError),
    (500, "api_error", anthropic.InternalServerError),
    (503, "api_error", anthropic.APIStatusError),
    (529, "overloaded_error", anthropic.APIStatusError),
]


@pytest.mark.parametrize(("status", "kind", "raised"), TYPED, ids=[str(row[0]) for row in TYPED])
def test_a_vendors_error_is_the_clients_typed_exception(upstream, converse, status, kind, raised):
    upstream.will(anthropic_error(status, kind, "the vendor says no"))
    with pytest.raises(raised) as caught:
        converse()
    assert caught.value.status_code == status
    # What a vendor says of the gateway's own key is nothing for clients: it may quote the key.
    assert "the vendor says no" in str(caught.value) or status in (401, 403)
    assert caught.value.body["type"] == "error"
    assert len(upstream.requests) == 1


@pytest.mark.host
def test_a_key_that_is_not_one(upstream, anthropic_settings):
    client = anthropic.Anthropic(**{**anthropic_settings, "api_key": "prax_live_nobody"})
    with pytest.raises(anthropic.AuthenticationError) as caught:
        client.messages.create(model="claude", max_tokens=64, messages=HELLO)
    assert caught.value.body["error"]["type"] == "authentication_error"
    assert upstream.requests == []


@pytest.mark.host
def test_a_model_that_is_not_there(upstream, converse):
    with pytest.raises(anthropic.NotFoundError) as caught:
        converse(model="no-such-model")
    assert caught.value.body["error"]["type"] == "not_found_error"


@pytest.mark.host
@pytest.mark.parametrize("members", [{"max_tokens": 0}, {"messages": []}, {"messages": "Hello"}, {"model": 7}], ids=str)
def test_a_request_that_makes_no_sense(upstream, anthropic_client, members):
    body = {"model": "claude", "max_tokens": 64, "messages": HELLO, **members}
    with pytest.raises((anthropic.BadRequestError, anthropic.UnprocessableEntityError)) as caught:
        anthropic_client.post("/v1/messages", body=body, cast_to=object)
    assert caught.value.body["error"]["type"] == "invalid_request_error"


def test_the_client_waits_as_long_as_the_vendor_says(upstream, anthropic_client):
    upstream.will(anthropic_error(429, "rate_limit_error", "slow down", {"Retry-After": "1"}), whole(message()))
    answer = anthropic_client.with_options(max_retries=1).messages.create(model="claude", max_tokens=64, messages=HELLO)
    assert answer.content[0].text == "Hello there"
    first, second = upstream.requests
    assert 0.95 <= second.at - first.at <= 4


def test_headers_name_the_request(upstream, anthropic_client):
    upstream.will(whole(message(), headers={"request-id": "req_vendor"}))
    raw = anthropic_client.messages.with_raw_response.create(model="claude", max_tokens=64, messages=HELLO)
    assert raw.headers.get("request-id") or raw.headers.get("x-request-id")
    assert raw.parse().content[0].text == "Hello there"
