"""OpenAI's client, answered by an Ollama model."""

import json

import pytest
from upstream import whole
from vendors import WEATHER_TOOL, ollama

pytestmark = [pytest.mark.host, pytest.mark.provider("ollama")]


def test_an_answer(upstream, chat):
    upstream.will(whole(ollama()))
    answer = chat(model="llama", temperature=0.5)
    assert answer.choices[0].message.content == "Hello there"
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens) == (9, 3)
    assert upstream.last.path.endswith("/api/chat")
    assert upstream.asked["options"]["temperature"] == 0.5


def test_stream(upstream, chat):
    async def lines(exchange):
        await exchange.begin(headers={"Content-Type": "application/x-ndjson"})
        for part in (ollama("Hel", done=False), ollama("lo", done=False), ollama("")):
            await exchange.send(json.dumps(part) + "\n")
        await exchange.end()

    upstream.will(lines)
    said = [p.choices[0].delta.content for p in chat(model="llama", stream=True) if p.choices and p.choices[0].delta.content]
    assert said == ["Hel", "lo"]


def test_tools(upstream, chat):
    call = {"function": {"name": "weather", "arguments": {"town": "Ulm"}}}
    upstream.will(whole(ollama("", tool_calls=[call])))
    answer = chat(model="llama", tools=[WEATHER_TOOL]).choices[0]
    assert answer.finish_reason == "tool_calls"
    assert json.loads(answer.message.tool_calls[0].function.arguments) == {"town": "Ulm"}


def test_embeddings(upstream, openai_client):
    upstream.will(whole({"model": "llama-embed-lab", "embeddings": [[0.5, -0.25]], "prompt_eval_count": 4}))
    answer = openai_client.embeddings.create(model="llama-embed-lab", input="one")
    assert answer.data[0].embedding == [0.5, -0.25]
    assert upstream.last.path.endswith("/api/embed")
