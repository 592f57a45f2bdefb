"""OpenAI's client, answered by an Anthropic model."""

import json

import openai
import pytest
from upstream import anthropic_error, named_events, whole
from vendors import PIXEL, WEATHER_TOOL, message, message_events, text_block, thinking_block, tool_block, tool_call

pytestmark = [pytest.mark.host, pytest.mark.provider("anthropic")]
HELLO = [{"role": "user", "content": "Hello"}]


def test_an_answer(upstream, chat):
    upstream.will(whole(message()))
    answer = chat(model="claude")
    assert answer.choices[0].message.content == "Hello there"
    assert answer.choices[0].finish_reason == "stop"
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens, answer.usage.total_tokens) == (9, 3, 12)
    assert upstream.asked["model"] == "claude-lab"
    assert upstream.asked["max_tokens"] > 0


def test_system_and_settings(upstream, chat):
    upstream.will(whole(message()))
    chat(
        model="claude", max_tokens=77, temperature=0.5, stop=["END"],
        messages=[{"role": "system", "content": "Be brief."}, *HELLO, {"role": "assistant", "content": "Hi"}, *HELLO],
    )
    asked = upstream.asked
    system = asked["system"] if isinstance(asked["system"], str) else asked["system"][0]["text"]
    assert system == "Be brief."
    assert [one["role"] for one in asked["messages"]] == ["user", "assistant", "user"]
    assert (asked["max_tokens"], asked["temperature"], asked["stop_sequences"]) == (77, 0.5, ["END"])


@pytest.mark.parametrize(
    ("reason", "finish"),
    [("end_turn", "stop"), ("stop_sequence", "stop"), ("max_tokens", "length"), ("refusal", "content_filter")],
)
def test_finish_reasons(upstream, chat, reason, finish):
    upstream.will(whole(message(stop_reason=reason)))
    assert chat(model="claude").choices[0].finish_reason == finish


def test_tools(upstream, chat):
    call = {"type": "tool_use", "id": "toolu_1", "name": "weather", "input": {"town": "Ulm"}}
    upstream.will(whole(message({"type": "text", "text": "Let me see."}, call, stop_reason="tool_use")))
    answer = chat(model="claude", tools=[WEATHER_TOOL], tool_choice="required").choices[0]
    assert answer.finish_reason == "tool_calls"
    assert answer.message.content == "Let me see."
    assert answer.message.tool_calls[0].id == "toolu_1"
    assert json.loads(answer.message.tool_calls[0].function.arguments) == {"town": "Ulm"}
    tool = upstream.asked["tools"][0]
    assert (tool["name"], tool["input_schema"]["required"]) == ("weather", ["town"])
    assert upstream.asked["tool_choice"]["type"] == "any"


def test_tool_answers(upstream, chat):
    upstream.will(whole(message()))
    calls = [tool_call("c1", "weather", '{"town":"Ulm"}'), tool_call("c2", "weather", '{"town":"Bonn"}')]
    chat(
        model="claude", tools=[WEATHER_TOOL],
        messages=[
            *HELLO, {"role": "assistant", "content": None, "tool_calls": calls},
            {"role": "tool", "tool_call_id": "c1", "content": "sunny"},
            {"role": "tool", "tool_call_id": "c2", "content": "rain"},
        ],
    )
    asked = upstream.asked["messages"]
    assert [block["input"] for block in asked[1]["content"] if block["type"] == "tool_use"] == [
        {"town": "Ulm"}, {"town": "Bonn"},
    ]
    # Anthropic wants all results in the one message that follows.
    assert [block["tool_use_id"] for block in asked[2]["content"]] == ["c1", "c2"]
    assert len(asked) == 3


def test_images(upstream, chat):
    upstream.will(whole(message()))
    parts = [
        {"type": "text", "text": "What is this?"},
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PIXEL}"}},
    ]
    chat(model="claude", messages=[{"role": "user", "content": parts}])
    image = upstream.asked["messages"][0]["content"][1]
    assert image["source"] == {"type": "base64", "media_type": "image/png", "data": PIXEL}


def test_stream(upstream, openai_client):
    upstream.will(named_events(message_events(text_block("Hel", "lo"))))
    with openai_client.chat.completions.stream(
        model="claude", messages=HELLO, stream_options={"include_usage": True}
    ) as stream:
        answer = stream.get_final_completion()
    assert answer.choices[0].message.content == "Hello"
    assert answer.choices[0].finish_reason == "stop"
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (9, 3)


def test_streamed_tools(upstream, openai_client):
    blocks = text_block("So."), tool_block("toolu_1", "weather", '{"town":', '"Ulm"}'), tool_block("toolu_2", "now", "{}")
    upstream.will(named_events(message_events(*blocks, stop_reason="tool_use")))
    with openai_client.chat.completions.stream(model="claude", messages=HELLO) as stream:
        answer = stream.get_final_completion().choices[0]
    assert answer.finish_reason == "tool_calls"
    assert [(call.id, call.function.name, call.function.arguments) for call in answer.message.tool_calls] == [
        ("toolu_1", "weather", '{"town":"Ulm"}'), ("toolu_2", "now", "{}"),
    ]


def test_thinking_is_reasoning(upstream, chat):
    upstream.will(named_events(message_events(thinking_block("sig", "Hm."), text_block("Hi"))))
    deltas = [part.choices[0].delta for part in chat(model="claude", stream=True) if part.choices]
    assert "".join((delta.model_extra or {}).get("reasoning_content") or "" for delta in deltas) == "Hm."
    assert "".join(delta.content or "" for delta in deltas) == "Hi"


@pytest.mark.parametrize(
    ("status", "kind", "raised"),
    [
        (400, "invalid_request_error", openai.BadRequestError), (401, "authentication_error", openai.AuthenticationError),
        (429, "rate_limit_error", openai.RateLimitError), (500, "api_error", openai.InternalServerError),
    ],
)
def test_errors(upstream, chat, status, kind, raised):
    upstream.will(anthropic_error(status, kind, "the vendor says no"))
    with pytest.raises(raised) as caught:
        chat(model="claude")
    assert caught.value.status_code == status
    assert "the vendor says no" in caught.value.message or status == 401
