"""A client of one vendor, answered by a model of another."""

import json

import anthropic
import openai
import pytest
from upstream import anthropic_error, cut_after, error, events, named_events, whole
from vendors import (
    ANTHROPIC_WEATHER_TOOL, PIXEL, WEATHER_TOOL, choice, chunk, completion, gemini, message, message_events, ollama,
    text_block, text_chunks, thinking_block, tool_block, tool_call, tool_delta, usage_chunk,
)

pytestmark = pytest.mark.host
HELLO = [{"role": "user", "content": "Hello"}]


# OpenAI's client and an Anthropic model

def test_openai_to_anthropic(upstream, chat):
    upstream.will(whole(message()))
    answer = chat(model="claude")
    assert answer.choices[0].message.content == "Hello there"
    assert answer.choices[0].finish_reason == "stop"
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens, answer.usage.total_tokens) == (9, 3, 12)
    assert upstream.asked["model"] == "claude-lab"
    assert upstream.asked["max_tokens"] > 0


def test_openai_to_anthropic_system_and_settings(upstream, chat):
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
def test_openai_to_anthropic_finish_reasons(upstream, chat, reason, finish):
    upstream.will(whole(message(stop_reason=reason)))
    assert chat(model="claude").choices[0].finish_reason == finish


def test_openai_to_anthropic_tools(upstream, chat):
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


def test_openai_to_anthropic_tool_answers(upstream, chat):
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


def test_openai_to_anthropic_images(upstream, chat):
    upstream.will(whole(message()))
    parts = [
        {"type": "text", "text": "What is this?"},
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PIXEL}"}},
    ]
    chat(model="claude", messages=[{"role": "user", "content": parts}])
    image = upstream.asked["messages"][0]["content"][1]
    assert image["source"] == {"type": "base64", "media_type": "image/png", "data": PIXEL}


def test_openai_to_anthropic_stream(upstream, openai_client):
    upstream.will(named_events(message_events(text_block("Hel", "lo"))))
    with openai_client.chat.completions.stream(
        model="claude", messages=HELLO, stream_options={"include_usage": True}
    ) as stream:
        answer = stream.get_final_completion()
    assert answer.choices[0].message.content == "Hello"
    assert answer.choices[0].finish_reason == "stop"
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (9, 3)


def test_openai_to_anthropic_streamed_tools(upstream, openai_client):
    blocks = text_block("So."), tool_block("toolu_1", "weather", '{"town":', '"Ulm"}'), tool_block("toolu_2", "now", "{}")
    upstream.will(named_events(message_events(*blocks, stop_reason="tool_use")))
    with openai_client.chat.completions.stream(model="claude", messages=HELLO) as stream:
        answer = stream.get_final_completion().choices[0]
    assert answer.finish_reason == "tool_calls"
    assert [(call.id, call.function.name, call.function.arguments) for call in answer.message.tool_calls] == [
        ("toolu_1", "weather", '{"town":"Ulm"}'), ("toolu_2", "now", "{}"),
    ]


def test_openai_to_anthropic_thinking_is_reasoning(upstream, chat):
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
def test_openai_to_anthropic_errors(upstream, chat, status, kind, raised):
    upstream.will(anthropic_error(status, kind, "the vendor says no"))
    with pytest.raises(raised, match="the vendor says no") as caught:
        chat(model="claude")
    assert caught.value.status_code == status


# Anthropic's client and an OpenAI model

def test_anthropic_to_openai(upstream, converse):
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
def test_anthropic_to_openai_stop_reasons(upstream, converse, finish, reason):
    upstream.will(whole(completion(choice("Hi", finish_reason=finish))))
    assert converse(model="gpt").stop_reason == reason


def test_anthropic_to_openai_tools(upstream, converse):
    call = tool_call("call_1", "weather", '{"town":"Ulm"}')
    upstream.will(whole(completion(choice(None, finish_reason="tool_calls", tool_calls=[call]))))
    answer = converse(model="gpt", tools=[ANTHROPIC_WEATHER_TOOL], tool_choice={"type": "any"})
    assert answer.stop_reason == "tool_use"
    assert [(block.type, block.id, block.input) for block in answer.content] == [("tool_use", "call_1", {"town": "Ulm"})]
    tool = upstream.asked["tools"][0]
    assert (tool["type"], tool["function"]["name"]) == ("function", "weather")
    assert tool["function"]["parameters"] == ANTHROPIC_WEATHER_TOOL["input_schema"]
    assert upstream.asked["tool_choice"] == "required"


def test_anthropic_to_openai_tool_answers(upstream, converse):
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


def test_anthropic_to_openai_images(upstream, converse):
    upstream.will(whole(completion()))
    image = {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PIXEL}}
    converse(model="gpt", messages=[{"role": "user", "content": [image, {"type": "text", "text": "What?"}]}])
    parts = upstream.asked["messages"][0]["content"]
    assert parts[0]["image_url"]["url"] == f"data:image/png;base64,{PIXEL}"
    assert parts[1] == {"type": "text", "text": "What?"}


def test_anthropic_to_openai_stream(upstream, anthropic_client):
    upstream.will(events(text_chunks("Hel", "lo")))
    with anthropic_client.messages.stream(model="gpt", max_tokens=64, messages=HELLO) as stream:
        assert list(stream.text_stream) == ["Hel", "lo"]
        answer = stream.get_final_message()
    assert answer.stop_reason == "end_turn"
    assert answer.usage.output_tokens == 3


def test_anthropic_to_openai_streamed_tools(upstream, anthropic_client):
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


def test_anthropic_to_openai_a_cut_stream_is_a_clean_error(upstream, converse):
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
def test_anthropic_to_openai_errors(upstream, converse, status, raised, kind):
    upstream.will(error(status, "the vendor says no"))
    with pytest.raises(raised) as caught:
        converse(model="gpt")
    assert caught.value.body["error"]["type"] == kind
    assert "the vendor says no" in caught.value.body["error"]["message"]


def test_anthropic_to_openai_counts_tokens_itself(upstream, anthropic_client):
    counted = anthropic_client.messages.count_tokens(model="gpt", messages=[{"role": "user", "content": "word " * 100}])
    assert 50 <= counted.input_tokens <= 200
    assert upstream.requests == []


# OpenAI's client and a Gemini model

def test_openai_to_gemini(upstream, chat):
    upstream.will(whole(gemini()))
    answer = chat(model="gem", messages=[{"role": "system", "content": "Be brief."}, *HELLO], temperature=0.5)
    assert answer.choices[0].message.content == "Hello there"
    assert answer.usage.total_tokens == 12
    assert upstream.last.path.endswith("/models/gemini-lab:generateContent")
    assert upstream.asked["contents"][0] == {"role": "user", "parts": [{"text": "Hello"}]}
    assert upstream.asked["generationConfig"]["temperature"] == 0.5
    assert "lab-gemini-key" not in upstream.last.target


def test_openai_to_gemini_stream(upstream, chat):
    parts = [gemini({"text": "Hel"}, finish_reason=None), gemini({"text": "lo"})]
    upstream.will(events(parts, done=False))
    said = [p.choices[0].delta.content for p in chat(model="gem", stream=True) if p.choices and p.choices[0].delta.content]
    assert said == ["Hel", "lo"]
    assert upstream.last.path.endswith("/models/gemini-lab:streamGenerateContent")


def test_openai_to_gemini_tools(upstream, chat):
    upstream.will(whole(gemini({"functionCall": {"name": "weather", "args": {"town": "Ulm"}}})))
    answer = chat(model="gem", tools=[WEATHER_TOOL]).choices[0]
    assert answer.finish_reason == "tool_calls"
    assert json.loads(answer.message.tool_calls[0].function.arguments) == {"town": "Ulm"}
    assert upstream.asked["tools"][0]["functionDeclarations"][0]["name"] == "weather"


def test_openai_to_gemini_images(upstream, chat):
    upstream.will(whole(gemini()))
    image = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PIXEL}"}}
    chat(model="gem", messages=[{"role": "user", "content": [image]}])
    assert upstream.asked["contents"][0]["parts"][0]["inlineData"] == {"mimeType": "image/png", "data": PIXEL}


# OpenAI's client and an Ollama model

def test_openai_to_ollama(upstream, chat):
    upstream.will(whole(ollama()))
    answer = chat(model="llama", temperature=0.5)
    assert answer.choices[0].message.content == "Hello there"
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (9, 3)
    assert upstream.last.path.endswith("/api/chat")
    assert upstream.asked["options"]["temperature"] == 0.5


def test_openai_to_ollama_stream(upstream, chat):
    async def lines(exchange):
        await exchange.begin(headers={"Content-Type": "application/x-ndjson"})
        for part in (ollama("Hel", done=False), ollama("lo", done=False), ollama("")):
            await exchange.send(json.dumps(part) + "\n")
        await exchange.end()

    upstream.will(lines)
    said = [p.choices[0].delta.content for p in chat(model="llama", stream=True) if p.choices and p.choices[0].delta.content]
    assert said == ["Hel", "lo"]


def test_openai_to_ollama_tools(upstream, chat):
    call = {"function": {"name": "weather", "arguments": {"town": "Ulm"}}}
    upstream.will(whole(ollama("", tool_calls=[call])))
    answer = chat(model="llama", tools=[WEATHER_TOOL]).choices[0]
    assert answer.finish_reason == "tool_calls"
    assert json.loads(answer.message.tool_calls[0].function.arguments) == {"town": "Ulm"}


def test_openai_to_ollama_embeddings(upstream, openai_client):
    upstream.will(whole({"model": "llama-embed-lab", "embeddings": [[0.5, -0.25]], "prompt_eval_count": 4}))
    answer = openai_client.embeddings.create(model="llama-embed-lab", input="one")
    assert answer.data[0].embedding == [0.5, -0.25]
    assert upstream.last.path.endswith("/api/embed")
