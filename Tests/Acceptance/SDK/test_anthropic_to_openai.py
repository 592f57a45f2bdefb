"""Anthropic's client, answered by an OpenAI model."""

import json

import anthropic
import pytest
from upstream import cut_after, error, events, whole
from vendors import (
    ANTHROPIC_WEATHER_TOOL, PIXEL, choice, chunk, completion, text_chunks, tool_call, tool_delta, usage_chunk,
)

pytestmark = [pytest.mark.host, pytest.mark.provider("openai")]
HELLO = [{"role": "user", "content": "Hello"}]


def test_an_answer(upstream, converse):
    upstream.will(whole(completion()))
    answer = converse(model="gpt", system="Be brief.", max_tokens=77, stop_sequences=["END"])
    assert (answer.type, answer.role, answer.content[0].text) == ("message", "assistant", "Hello there")
    assert answer.stop_reason == "end_turn"
    assert (answer.usage.input_tokens, answer.usage.output_tokens) == (9, 3)
    asked = upstream.asked
    assert asked["messages"][0] == {"role": "system", "content": "Be brief."}
    assert asked["messages"][1]["role"] == "user"
    assert (asked["model"], asked["stop"]) == ("gpt-lab", ["END"])
    assert 77 in (asked.get("max_tokens"), asked.get("max_completion_tokens"))


@pytest.mark.parametrize(("finish", "reason"), [("stop", "end_turn"), ("length", "max_tokens"), ("content_filter", "refusal")])
def test_stop_reasons(upstream, converse, finish, reason):
    upstream.will(whole(completion(choice("Hi", finish_reason=finish))))
    assert converse(model="gpt").stop_reason == reason


def test_tools(upstream, converse):
    call = tool_call("call_1", "weather", '{"town":"Ulm"}')
    upstream.will(whole(completion(choice(None, finish_reason="tool_calls", tool_calls=[call]))))
    answer = converse(model="gpt", tools=[ANTHROPIC_WEATHER_TOOL], tool_choice={"type": "any"})
    assert answer.stop_reason == "tool_use"
    assert [(block.type, block.id, block.input) for block in answer.content] == [("tool_use", "call_1", {"town": "Ulm"})]
    tool = upstream.asked["tools"][0]
    assert (tool["type"], tool["function"]["name"]) == ("function", "weather")
    assert tool["function"]["parameters"] == ANTHROPIC_WEATHER_TOOL["input_schema"]
    assert upstream.asked["tool_choice"] == "required"


def test_tool_answers(upstream, converse):
    upstream.will(whole(completion()))
    converse(
        model="gpt", tools=[ANTHROPIC_WEATHER_TOOL],
        messages=[
            *HELLO,
            {"role": "assistant", "content": [
                {"type": "text", "text": "So."},
                {"type": "tool_use", "id": "t1", "name": "weather", "input": {"town": "Ulm"}}]},
            {"role": "user", "content": [
                {"type": "tool_result", "tool_use_id": "t1", "content": "sunny"}, {"type": "text", "text": "And?"}]},
        ],
    )
    asked = upstream.asked["messages"]
    assert [one["role"] for one in asked] == ["user", "assistant", "tool", "user"]
    assert asked[1]["tool_calls"][0]["id"] == "t1"
    assert json.loads(asked[1]["tool_calls"][0]["function"]["arguments"]) == {"town": "Ulm"}
    assert (asked[2]["tool_call_id"], asked[2]["content"]) == ("t1", "sunny")


def test_images(upstream, converse):
    upstream.will(whole(completion()))
    image = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PIXEL}}
    converse(model="gpt", messages=[{"role": "user", "content": [image, {"type": "text", "text": "What?"}]}])
    parts = upstream.asked["messages"][0]["content"]
    assert parts[0]["image_url"]["url"] == f"data:image/png;base64,{PIXEL}"
    assert parts[1] == {"type": "text", "text": "What?"}


def test_stream(upstream, anthropic_client):
    upstream.will(events(text_chunks("Hel", "lo")))
    with anthropic_client.messages.stream(model="gpt", max_tokens=64, messages=HELLO) as stream:
        assert list(stream.text_stream) == ["Hel", "lo"]
        answer = stream.get_final_message()
    assert answer.stop_reason == "end_turn"
    assert answer.usage.output_tokens == 3


def test_streamed_tools(upstream, anthropic_client):
    deltas = [
        {"content": "So."}, tool_delta(0, "call_1", "weather"), tool_delta(0, arguments='{"town":'),
        tool_delta(0, arguments='"Ulm"}'), tool_delta(1, "call_2", "now", "{}"),
    ]
    upstream.will(events([*[chunk(delta) for delta in deltas], chunk({}, "tool_calls"), usage_chunk()]))
    with anthropic_client.messages.stream(model="gpt", max_tokens=64, messages=HELLO) as stream:
        answer = stream.get_final_message()
    assert [block.type for block in answer.content] == ["text", "tool_use", "tool_use"]
    assert [block.input for block in answer.content[1:]] == [{"town": "Ulm"}, {}]
    assert answer.stop_reason == "tool_use"


def test_a_cut_stream_is_a_clean_error(upstream, converse):
    upstream.will(cut_after(text_chunks("Hel")[:2]))
    with pytest.raises(anthropic.APIError) as caught:
        list(converse(model="gpt", stream=True))
    assert caught.value.body


@pytest.mark.parametrize(
    ("status", "raised", "kind"),
    [
        (400, anthropic.BadRequestError, "invalid_request_error"), (404, anthropic.NotFoundError, "not_found_error"),
        (429, anthropic.RateLimitError, "rate_limit_error"), (500, anthropic.InternalServerError, "api_error"),
    ],
)
def test_errors(upstream, converse, status, raised, kind):
    upstream.will(error(status, "the vendor says no"))
    with pytest.raises(raised) as caught:
        converse(model="gpt")
    assert caught.value.body["error"]["type"] == kind
    assert "the vendor says no" in caught.value.body["error"]["message"]


def test_counts_tokens_itself(upstream, anthropic_client):
    counted = anthropic_client.messages.count_tokens(model="gpt", messages=[{"role": "user", "content": "word " * 100}])
    assert 50 <= counted.input_tokens <= 200
    assert upstream.requests == []
