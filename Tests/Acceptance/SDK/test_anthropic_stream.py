"""Messages with Anthropic's client, streamed."""

import anthropic
import pytest
from upstream import named_events, silence
from vendors import ANTHROPIC_WEATHER_TOOL, message_events, text_block, thinking_block, tool_block

pytestmark = pytest.mark.provider("anthropic")
HELLO = [{"role": "user", "content": "Hello"}]


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
    wanted = {"type": "enabled", "budget_tokens": 1024}
    with anthropic_client.messages.stream(
        model="claude", max_tokens=2048, messages=HELLO, thinking=wanted
    ) as stream:
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
