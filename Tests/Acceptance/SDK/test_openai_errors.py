"""What OpenAI's client raises."""

import datetime
import email.utils

import openai
import pytest
from conftest import CANARY
from upstream import error, whole
from vendors import choice, completion

TYPED = [
    (400, openai.BadRequestError), (401, openai.AuthenticationError), (403, openai.PermissionDeniedError),
    (404, openai.NotFoundError), (408, openai.APIStatusError), (409, openai.ConflictError),
    (422, openai.UnprocessableEntityError), (429, openai.RateLimitError), (500, openai.InternalServerError),
    (503, openai.InternalServerError),
]


@pytest.mark.parametrize("stream", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize(("status", "raised"), TYPED, ids=[str(status) for status, _ in TYPED])
def test_a_vendors_error_is_the_clients_typed_exception(upstream, chat, status, raised, stream):
    upstream.will(error(status, "the vendor says no"))
    with pytest.raises(raised) as caught:
        chat(stream=stream)
    assert caught.value.status_code == status
    # What a vendor says of the gateway's own key is nothing for clients: it may quote the key.
    assert "the vendor says no" in caught.value.message or status in (401, 403)
    assert len(upstream.requests) == 1


@pytest.mark.parametrize(
    ("status", "code"),
    [(400, "context_length_exceeded"), (400, "content_policy_violation"), (429, "insufficient_quota")],
)
def test_the_vendors_code_is_kept(upstream, chat, status, code):
    upstream.will(error(status, "no", code))
    with pytest.raises(openai.APIStatusError) as caught:
        chat()
    assert (caught.value.status_code, caught.value.code) == (status, code)


@pytest.mark.host
@pytest.mark.parametrize("status", [401, 403])
def test_a_vendor_that_quotes_the_gateways_key_is_not_quoted(upstream, chat, status):
    upstream.will(error(status, "Incorrect API key provided: lab-openai-key"))
    with pytest.raises(openai.APIStatusError) as caught:
        chat()
    assert "lab-openai-key" not in str(caught.value)


@pytest.mark.host
def test_a_key_that_is_not_one(upstream, openai_settings):
    client = openai.OpenAI(**{**openai_settings, "api_key": "prax_live_nobody"})
    with pytest.raises(openai.AuthenticationError) as caught:
        client.chat.completions.create(model="gpt", messages=[{"role": "user", "content": "Hello"}])
    assert caught.value.code == "invalid_api_key"
    assert "prax_live_nobody" not in caught.value.message
    assert upstream.requests == []


@pytest.mark.host
def test_a_key_that_may_only_look(upstream, openai_settings, gateway):
    key = gateway.command("keys", "create", "--name", "viewer", "--role", "viewer").stdout.strip().splitlines()[-1]
    client = openai.OpenAI(**{**openai_settings, "api_key": key})
    with pytest.raises(openai.PermissionDeniedError):
        client.chat.completions.create(model="gpt", messages=[{"role": "user", "content": "Hello"}])
    assert upstream.requests == []


@pytest.mark.host
def test_what_was_said_is_kept_nowhere(upstream, chat):
    """The end of all tests looks for the word; see conftest.py."""
    upstream.will(whole(completion(choice(CANARY))), error(500, CANARY), whole(CANARY.encode()))
    assert chat(CANARY).choices[0].message.content == CANARY
    for _ in range(2):
        with pytest.raises(openai.OpenAIError):
            chat(CANARY)


@pytest.mark.host
def test_a_model_that_is_not_there(upstream, chat):
    with pytest.raises(openai.NotFoundError) as caught:
        chat(model="no-such-model")
    assert caught.value.code == "model_not_found"
    assert "no-such-model" in caught.value.message


@pytest.mark.host
@pytest.mark.parametrize(
    "members",
    [
        {"messages": "Hello"}, {"messages": []}, {"messages": [{"content": "no role"}]}, {"model": ""}, {"stream": "yes"},
        {"n": 0}, {"messages": [7]},
    ],
    ids=lambda members: str(members)[:40],
)
def test_a_request_that_makes_no_sense(upstream, openai_client, members):
    body = {"model": "gpt", "messages": [{"role": "user", "content": "Hello"}], **members}
    with pytest.raises((openai.BadRequestError, openai.UnprocessableEntityError)) as caught:
        openai_client.post("/chat/completions", body=body, cast_to=object)
    assert caught.value.message
    assert caught.value.type == "invalid_request_error"


@pytest.mark.host
def test_a_vendor_that_is_not_there(chat):
    with pytest.raises(openai.InternalServerError) as caught:
        chat(model="nobody")
    assert caught.value.status_code == 502


@pytest.mark.host
@pytest.mark.parametrize(
    "body",
    [b"<html>Bad gateway</html>", b"", b"null", b'{"object":"list"}', b'{"choices":'],
    ids=["html", "empty", "null", "other", "half"],
)
def test_a_success_that_is_none(upstream, chat, body):
    upstream.will(whole(body, headers={"Content-Type": "text/html"}))
    with pytest.raises(openai.InternalServerError) as caught:
        chat()
    assert caught.value.status_code == 502


def test_the_client_waits_as_long_as_the_vendor_says(upstream, openai_client):
    upstream.will(error(429, "slow down", headers={"Retry-After": "1"}), whole(completion()))
    answer = openai_client.with_options(max_retries=2).chat.completions.create(
        model="gpt", messages=[{"role": "user", "content": "Hello"}]
    )
    assert answer.choices[0].message.content == "Hello there"
    first, second = upstream.requests
    assert 0.95 <= second.at - first.at <= 4


@pytest.mark.host
def test_a_date_to_wait_for_reaches_the_client(upstream, chat):
    moment = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=3)
    upstream.will(error(429, "slow down", headers={"Retry-After": email.utils.format_datetime(moment, usegmt=True)}))
    with pytest.raises(openai.RateLimitError) as caught:
        chat()
    assert 1 <= float(caught.value.response.headers["retry-after"]) <= 4


def test_the_client_retries_what_may_pass(upstream, openai_client):
    upstream.will(error(503, "busy"), error(500, "broken"), whole(completion()))
    answer = openai_client.with_options(max_retries=2).chat.completions.create(
        model="gpt", messages=[{"role": "user", "content": "Hello"}]
    )
    assert answer.choices[0].message.content == "Hello there"
    assert len(upstream.requests) == 3


def test_the_client_does_not_retry_what_will_not_pass(upstream, openai_client):
    upstream.will(error(400, "no"))
    with pytest.raises(openai.BadRequestError):
        openai_client.with_options(max_retries=2).chat.completions.create(
            model="gpt", messages=[{"role": "user", "content": "Hello"}]
        )
    assert len(upstream.requests) == 1


@pytest.mark.host
def test_a_vendors_error_names_the_request_of_the_host(upstream, chat):
    upstream.will(error(500, "broken", headers={"x-request-id": "vendor-1"}))
    with pytest.raises(openai.InternalServerError) as caught:
        chat()
    assert caught.value.request_id


@pytest.mark.host
def test_a_vendor_that_takes_too_long_is_named_by_its_code(upstream, openai_client):
    upstream.will(error(504, "gateway"))
    with pytest.raises(openai.InternalServerError) as caught:
        openai_client.chat.completions.create(model="gpt", messages=[{"role": "user", "content": "Hello"}])
    assert caught.value.status_code in (502, 504)
