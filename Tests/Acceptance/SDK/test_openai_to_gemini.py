"""OpenAI's client, answered by a Gemini model."""

import json

import pytest
from upstream import events, whole
from vendors import PIXEL, WEATHER_TOOL, gemini

pytestmark = [pytest.mark.host, pytest.mark.provider("gemini")]
HELLO = [{"role": "user", "content": "Hello"}]


def test_an_answer(upstream, chat):
    upstream.will(whole(gemini()))
    answer = chat(model="gem", messages=[{"role": "system", "content": "Be brief."}, *HELLO], temperature=0.5)
    assert answer.choices[0].message.content == "Hello there"
    assert answer.usage.total_tokens == 12
    assert upstream.last.path.endswith("/models/gemini-lab:generateContent")
    assert upstream.asked["contents"][0] == {"role": "user", "parts": [{"text": "Hello"}]}
    assert upstream.asked["generationConfig"]["temperature"] == 0.5
    assert "lab-gemini-key" not in upstream.last.target


def test_stream(upstream, chat):
    parts = [gemini({"text": "Hel"}, finish_reason=None), gemini({"text": "lo"})]
    upstream.will(events(parts, done=False))
    said = [p.choices[0].delta.content for p in chat(model="gem", stream=True) if p.choices and p.choices[0].delta.content]
    assert said == ["Hel", "lo"]
    assert upstream.last.path.endswith("/models/gemini-lab:streamGenerateContent")


def test_tools(upstream, chat):
    upstream.will(whole(gemini({"functionCall": {"name": "weather", "args": {"town": "Ulm"}}})))
    answer = chat(model="gem", tools=[WEATHER_TOOL]).choices[0]
    assert answer.finish_reason == "tool_calls"
    assert json.loads(answer.message.tool_calls[0].function.arguments) == {"town": "Ulm"}
    assert upstream.asked["tools"][0]["functionDeclarations"][0]["name"] == "weather"


def test_images(upstream, chat):
    upstream.will(whole(gemini()))
    image = {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PIXEL}"}}
    chat(model="gem", messages=[{"role": "user", "content": [image]}])
    assert upstream.asked["contents"][0]["parts"][0]["inlineData"] == {"mimeType": "image/png", "data": PIXEL}
