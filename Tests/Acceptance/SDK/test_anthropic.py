"""Messages with Anthropic's client, answered by an Anthropic upstream."""

import anthropic
import pytest
from upstream import anthropic_error, named_events, silence, whole
from vendors import (
    ANTHROPIC_WEATHER_TOOL, PIXEL, message, message_events, text_block, thinking_block, tool_block,
)

HELLO = [{"role": "user", "content": "Hello"}]


def test_answers_with_the_models_text(upstream, converse):
    upstream.will(whole(message()))
    answer = converse("Hello")
    assert (answer.type, answer.role, answer.content[0].text) == ("message", "assistant", "Hello there")
    assert answer.stop_reason == "end_turn"
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (9, 3)
    assert upstream.asked["messages"][0]["role"] == "user"
    assert upstream.asked["max_tokens"] == 64


@pytest.mark.host
def test_the_vendor_hears_its_own_key_and_a_version(upstream, converse, gateway):
    upstream.will(whole(message()))
    converse()
    assert upstream.last.headers["x-api-key"] == "lab-anthropic-key"
    assert upstream.last.headers["anthropic-version"]
    assert upstream.asked["model"] == "claude-lab"
    assert gateway.key not in str(upstream.last.headers) + upstream.last.body.decode()


def test_a_system_prompt_arrives(upstream, converse):
    upstream.will(whole(message()))
    converse(system="Be brief.")
    system = upstream.asked["system"]
    assert system == "Be brief." or [block["text"] for block in system] == ["Be brief."]


def test_a_system_prompt_of_blocks_keeps_its_cache_marks(upstream, converse):
    upstream.will(whole(message()))
    system = [{"type": "text", "text": "Long.", "cache_control": {"type": "ephemeral"}}, {"type": "text", "text": "Short."}]
    converse(system=system)
    assert upstream.asked["system"] == system


def test_settings_arrive_as_they_were_sent(upstream, converse):
    upstream.will(whole(message()))
    settings = {"temperature": 0.5, "top_p": 0.25, "top_k": 5, "stop_sequences": ["END"], "metadata": {"user_id": "ada"}}
    converse(extra_body=settings)
    assert {name: upstream.asked.get(name) for name in settings} == settings


def test_a_stop_sequence_is_named(upstream, converse):
    upstream.will(whole(message(stop_reason="stop_sequence", stop_sequence="END")))
    answer = converse(stop_sequences=["END"])
    assert (answer.stop_reason, answer.stop_sequence) == ("stop_sequence", "END")


@pytest.mark.parametrize("reason", ["end_turn", "max_tokens", "refusal"])
def test_stop_reasons_pass(upstream, converse, reason):
    upstream.will(whole(message(stop_reason=reason)))
    assert converse().stop_reason == reason


def test_images_arrive(upstream, converse):
    upstream.will(whole(message()))
    image = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PIXEL}}
    content = [image, {"type": "text", "text": "What is this?"}]
    converse(messages=[{"role": "user", "content": content}])
    assert upstream.asked["messages"][0]["content"] == content


def test_a_tool_is_called(upstream, converse):
    call = {"type": "tool_use", "id": "toolu_1", "name": "weather", "input": {"town": "Ulm"}}
    upstream.will(whole(message({"type": "text", "text": "Let me see."}, call, stop_reason="tool_use")))
    answer = converse(tools=[ANTHROPIC_WEATHER_TOOL])
    assert upstream.asked["tools"] == [ANTHROPIC_WEATHER_TOOL]
    assert answer.stop_reason == "tool_use"
    assert [block.type for block in answer.content] == ["text", "tool_use"]
    assert (answer.content[1].id, answer.content[1].input) == ("toolu_1", {"town": "Ulm"})


def test_several_tools_are_called_at_once(upstream, converse):
    calls = [{"type": "tool_use", "id": f"toolu_{n}", "name": "weather", "input": {"town": f"T{n}"}} for n in (1, 2)]
    upstream.will(whole(message(*calls, stop_reason="tool_use")))
    assert [block.input["town"] for block in converse(tools=[ANTHROPIC_WEATHER_TOOL]).content] == ["T1", "T2"]


@pytest.mark.parametrize("wanted", [{"type": "auto"}, {"type": "any"}, {"type": "tool", "name": "weather"}], ids=str)
def test_which_tool_arrives_as_it_was_said(upstream, converse, wanted):
    upstream.will(whole(message()))
    converse(tools=[ANTHROPIC_WEATHER_TOOL], tool_choice=wanted)
    assert upstream.asked["tool_choice"] == wanted


def test_a_tools_answer_goes_back_to_the_model(upstream, converse):
    upstream.will(whole(message()))
    messages = [
        {"role": "user", "content": "The weather in Ulm?"},
        {"role": "assistant", "content": [
            {"type": "tool_use", "id": "toolu_1", "name": "weather", "input": {"town": "Ulm"}}]},
        {"role": "user", "content": [{"type": "tool_result", "tool_use_id": "toolu_1", "content": "sunny"}]},
    ]
    converse(messages=messages, tools=[ANTHROPIC_WEATHER_TOOL])
    asked = upstream.asked["messages"]
    assert asked[1]["content"][0]["input"] == {"town": "Ulm"}
    result = asked[2]["content"][0]
    assert (result["type"], result["tool_use_id"]) == ("tool_result", "toolu_1")
    assert result["content"] in ("sunny", [{"type": "text", "text": "sunny"}])


def test_thinking_comes_with_its_signature(upstream, converse):
    thought = {"type": "thinking", "thinking": "Hm.", "signature": "sig+/="}
    hidden = {"type": "redacted_thinking", "data": "EmwK"}
    upstream.will(whole(message(thought, hidden, {"type": "text", "text": "Hi"})))
    answer = converse(thinking={"type": "enabled", "budget_tokens": 1024}, max_tokens=2048)
    assert upstream.asked["thinking"] == {"type": "enabled", "budget_tokens": 1024}
    assert [block.type for block in answer.content] == ["thinking", "redacted_thinking", "text"]
    assert (answer.content[0].thinking, answer.content[0].signature) == ("Hm.", "sig+/=")
    assert answer.content[1].data == "EmwK"


def test_thinking_goes_back_with_its_signature(upstream, converse):
    upstream.will(whole(message()))
    thought = {"type": "thinking", "thinking": "Hm.", "signature": "sig+/="}
    said = {"type": "text", "text": "Hi"}
    messages = [*HELLO, {"role": "assistant", "content": [thought, said]}, {"role": "user", "content": "Go on"}]
    converse(messages=messages)
    assert upstream.asked["messages"][1]["content"] == [thought, said]


def test_cached_tokens_are_counted(upstream, converse):
    usage = {"input_tokens": 4, "output_tokens": 3, "cache_read_input_tokens": 100, "cache_creation_input_tokens": 7}
    upstream.will(whole(message(usage=usage)))
    counted = converse().usage
    assert (counted.input_tokens, counted.cache_read_input_tokens, counted.cache_creation_input_tokens) == (4, 100, 7)


def test_members_that_nobody_knows_arrive_too(upstream, converse):
    upstream.will(whole(message()))
    converse(extra_body={"vendor_switch": {"deep": [1, None]}})
    assert upstream.asked["vendor_switch"] == {"deep": [1, None]}


def test_citations_come_with_the_text(upstream, converse):
    citation = {
        "type": "char_location", "cited_text": "The sky is blue.", "document_index": 0, "document_title": "Sky",
        "start_char_index": 0, "end_char_index": 16, "file_id": None,
    }
    upstream.will(whole(message({"type": "text", "text": "Blue.", "citations": [citation]})))
    assert converse().content[0].citations[0].cited_text == "The sky is blue."


# Streams

def test_the_words_come_one_by_one(upstream, converse):
    upstream.will(named_events(message_events(text_block("Hel", "lo"))))
    events = list(converse(stream=True))
    assert [event.type for event in events if event.type != "ping"] == [
        "message_start", "content_block_start", "content_block_delta", "content_block_delta", "content_block_stop",
        "message_delta", "message_stop",
    ]
    assert [event.delta.text for event in events if event.type == "content_block_delta"] == ["Hel", "lo"]


def test_the_clients_helper_puts_the_answer_together(upstream, anthropic_client):
    upstream.will(named_events(message_events(text_block("Hel", "lo"))))
    with anthropic_client.messages.stream(model="claude", max_tokens=64, messages=HELLO) as stream:
        assert list(stream.text_stream) == ["Hel", "lo"]
        answer = stream.get_final_message()
    assert answer.content[0].text == "Hello"
    assert (answer.stop_reason, answer.usage.input_tokens, answer.usage.output_tokens) == ("end_turn", 9, 3)


def test_tool_arguments_come_in_fragments(upstream, anthropic_client):
    blocks = text_block("Let me see."), tool_block("toolu_1", "weather", '{"to', 'wn": "U', 'lm"}')
    upstream.will(named_events(message_events(*blocks, stop_reason="tool_use")))
    with anthropic_client.messages.stream(
        model="claude", max_tokens=64, messages=HELLO, tools=[ANTHROPIC_WEATHER_TOOL]
    ) as stream:
        answer = stream.get_final_message()
    assert [block.type for block in answer.content] == ["text", "tool_use"]
    assert (answer.content[1].id, answer.content[1].input) == ("toolu_1", {"town": "Ulm"})
    assert answer.stop_reason == "tool_use"


def test_several_tools_come_in_one_stream(upstream, anthropic_client):
    blocks = tool_block("toolu_1", "weather", '{"town":"A"}'), tool_block("toolu_2", "weather", '{"town":"B"}')
    upstream.will(named_events(message_events(*blocks, stop_reason="tool_use")))
    with anthropic_client.messages.stream(model="claude", max_tokens=64, messages=HELLO) as stream:
        assert [block.input["town"] for block in stream.get_final_message().content] == ["A", "B"]


def test_thinking_is_streamed_with_its_signature(upstream, anthropic_client):
    blocks = thinking_block("sig+/=", "Hm", "."), text_block("Hi")
    upstream.will(named_events(message_events(*blocks)))
    with anthropic_client.messages.stream(model="claude", max_tokens=2048, messages=HELLO) as stream:
        answer = stream.get_final_message()
    assert [block.type for block in answer.content] == ["thinking", "text"]
    assert (answer.content[0].thinking, answer.content[0].signature) == ("Hm.", "sig+/=")


def test_an_error_amid_the_stream_is_an_error(upstream, converse):
    told = {"type": "error", "error": {"type": "overloaded_error", "message": "too much to do"}}
    upstream.will(named_events([*message_events(text_block("Hel"))[:4], ("error", told)]))
    with pytest.raises(anthropic.APIError, match="too much to do"):
        list(converse(stream=True))


@pytest.mark.host
def test_a_stream_that_is_cut_is_a_clean_error(upstream, converse):
    upstream.will(named_events(message_events(text_block("Hel", "lo"))[:4], cut=True))
    with pytest.raises(anthropic.APIError) as raised:
        list(converse(stream=True))
    assert raised.value.body


def test_the_asynchronous_stream(upstream, anthropic_settings, run):
    upstream.will(named_events(message_events(text_block("Hel", "lo"))))

    async def ask():
        async with anthropic.AsyncAnthropic(**anthropic_settings) as client:
            async with client.messages.stream(model="claude", max_tokens=64, messages=HELLO) as stream:
                return await stream.get_final_text()

    assert run(ask()) == "Hello"


def test_closing_the_stream_ends_the_upstreams_work(upstream, converse):
    async def endless(exchange):
        await exchange.begin()
        for name, data in message_events(text_block())[:3]:
            await exchange.event(data, name)
        delta = {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "word "}}
        while True:
            await exchange.event(delta, "content_block_delta")
            await exchange.pause(0.02)

    upstream.will(endless)
    stream = converse(stream=True)
    for _, _ in zip(range(6), stream):
        pass
    stream.close()
    assert upstream.last.gone_within(1)


def test_the_clients_patience_ends_the_upstreams_work(upstream, anthropic_client):
    upstream.will(silence())
    with pytest.raises(anthropic.APITimeoutError):
        anthropic_client.with_options(timeout=0.5).messages.create(model="claude", max_tokens=64, messages=HELLO)
    assert upstream.last.gone_within(1.5)


# Counting, errors, headers

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
    assert "the vendor says no" in str(caught.value)
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
