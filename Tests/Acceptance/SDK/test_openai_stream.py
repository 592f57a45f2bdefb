"""Chat completions with OpenAI's client, streamed."""

import asyncio
import time

import openai
import pydantic
import pytest
from upstream import cut_after, endless, error, event_bytes, events, pieces, silence
from vendors import chunk, text_chunks, tool_delta, usage_chunk

HELLO = [{"role": "user", "content": "Hello"}]


def text_of(stream):
    return "".join(choice.delta.content or "" for part in stream for choice in part.choices)


def test_the_words_come_one_by_one(upstream, chat):
    upstream.will(events(text_chunks("Hel", "lo", " there")))
    parts = [part.choices[0].delta.content for part in chat(stream=True) if part.choices]
    assert [text for text in parts if text] == ["Hel", "lo", " there"]


def test_the_first_chunk_names_the_role_and_the_last_the_reason(upstream, chat):
    upstream.will(events(text_chunks("Hi", finish_reason="length")))
    parts = [part for part in chat(stream=True) if part.choices]
    assert parts[0].choices[0].delta.role == "assistant"
    assert parts[-1].choices[0].finish_reason == "length"
    assert {part.id for part in parts} == {"chatcmpl-lab"}
    assert {part.object for part in parts} == {"chat.completion.chunk"}


def test_a_word_is_passed_on_before_the_next_is_there(upstream, chat):
    upstream.will(events(text_chunks("one", "two", "three"), pace=0.15))
    times = [time.monotonic() for part in chat(stream=True) if part.choices and part.choices[0].delta.content]
    assert times[1] - times[0] > 0.08
    assert times[2] - times[1] > 0.08


def test_usage_comes_when_it_is_asked_for(upstream, chat):
    upstream.will(events(text_chunks("Hi")))
    parts = list(chat(stream=True, stream_options={"include_usage": True}))
    assert parts[-1].choices == []
    assert (parts[-1].usage.prompt_tokens, parts[-1].usage.completion_tokens) == (9, 3)


@pytest.mark.host
def test_usage_does_not_come_when_nobody_asked(upstream, chat):
    upstream.will(events(text_chunks("Hi")))
    parts = list(chat(stream=True))
    assert all(part.choices for part in parts)
    assert all(part.usage is None for part in parts)
    # The host counts in any case.
    assert upstream.asked["stream_options"] == {"include_usage": True}


def test_several_choices_come_interleaved(upstream, chat):
    chunks = [chunk({"content": text}, index=index) for index, text in [(0, "a"), (1, "x"), (0, "b"), (1, "y")]]
    upstream.will(events([*chunks, chunk({}, "stop"), chunk({}, "stop", index=1)]))
    said = {0: "", 1: ""}
    for part in chat(stream=True, n=2):
        for choice in part.choices:
            said[choice.index] += choice.delta.content or ""
    assert said == {0: "ab", 1: "xy"}


def test_reasoning_comes_beside_the_answer(upstream, chat):
    upstream.will(events([chunk({"reasoning_content": "Hm."}), *text_chunks("Hi")]))
    deltas = [part.choices[0].delta for part in chat(stream=True) if part.choices]
    assert deltas[0].model_extra["reasoning_content"] == "Hm."


def test_members_of_chunks_that_nobody_knows_come_too(upstream, chat):
    upstream.will(events([chunk({"content": "Hi"}, vendor="v"), chunk({}, "stop")]))
    assert next(iter(chat(stream=True))).model_extra["vendor"] == "v"


def test_log_probabilities_come_with_the_chunks(upstream, chat):
    part = chunk({"content": "Hi"})
    part["choices"][0]["logprobs"] = {"content": [{"token": "Hi", "logprob": -0.5, "bytes": None, "top_logprobs": []}]}
    upstream.will(events([part, chunk({}, "stop")]))
    assert next(iter(chat(stream=True, logprobs=True))).choices[0].logprobs.content[0].logprob == -0.5


def test_tool_arguments_come_in_fragments(upstream, chat):
    fragments = ['{"to', 'wn":', '"Ulm"}']
    deltas = [tool_delta(0, "call_1", "weather"), *[tool_delta(0, arguments=text) for text in fragments]]
    upstream.will(events([*[chunk(delta) for delta in deltas], chunk({}, "tool_calls"), usage_chunk()]))
    calls = [c for part in chat(stream=True) if part.choices for c in part.choices[0].delta.tool_calls or []]
    assert (calls[0].id, calls[0].function.name) == ("call_1", "weather")
    assert "".join(call.function.arguments for call in calls) == '{"town":"Ulm"}'


def test_two_tools_come_in_one_stream(upstream, openai_client):
    deltas = [
        tool_delta(0, "call_1", "weather", '{"town":'), tool_delta(1, "call_2", "clock", "{}"),
        tool_delta(0, arguments='"Ulm"}'),
    ]
    upstream.will(events([*[chunk(delta) for delta in deltas], chunk({}, "tool_calls")]))
    with openai_client.chat.completions.stream(model="gpt", messages=HELLO) as stream:
        calls = stream.get_final_completion().choices[0].message.tool_calls
    assert [(call.id, call.function.name, call.function.arguments) for call in calls] == [
        ("call_1", "weather", '{"town":"Ulm"}'), ("call_2", "clock", "{}"),
    ]


def test_the_clients_helper_puts_the_answer_together(upstream, openai_client):
    upstream.will(events(text_chunks("Hel", "lo")))
    with openai_client.chat.completions.stream(
        model="gpt", messages=HELLO, stream_options={"include_usage": True}
    ) as stream:
        said = [event.delta for event in stream if event.type == "content.delta" and event.delta]
        answer = stream.get_final_completion()
    assert said == ["Hel", "lo"]
    assert answer.choices[0].message.content == "Hello"
    assert answer.usage.total_tokens == 12


class Town(pydantic.BaseModel):
    name: str


def test_structured_output_is_parsed_from_the_stream(upstream, openai_client):
    upstream.will(events(text_chunks('{"name"', ': "Ulm"}')))
    with openai_client.chat.completions.stream(model="gpt", messages=HELLO, response_format=Town) as stream:
        assert stream.get_final_completion().choices[0].message.parsed == Town(name="Ulm")
    assert upstream.asked["response_format"]["type"] == "json_schema"


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64])
def test_events_may_be_split_anywhere(upstream, chat, size):
    upstream.will(pieces(event_bytes(text_chunks("Grüße ", "世界 \U0001f600", "\n\ndata: [DONE]")), size))
    assert text_of(chat(stream=True)) == "Grüße 世界 \U0001f600\n\ndata: [DONE]"


def test_comments_and_carriage_returns_of_the_vendor_are_not_content(upstream, chat):
    data = b": keep-alive\r\n\r\n" + event_bytes(text_chunks("Hel", "lo"), "\r\n")
    upstream.will(pieces(data, 50))
    assert text_of(chat(stream=True)) == "Hello"


def test_an_error_amid_the_stream_is_an_error(upstream, chat):
    told = {"error": {"message": "the vendor broke", "type": "server_error", "param": None, "code": "broken"}}
    upstream.will(events([*text_chunks("Hel")[:2], told], done=False))
    with pytest.raises(openai.APIError, match="the vendor broke"):
        list(chat(stream=True))


@pytest.mark.host
def test_a_stream_that_is_cut_is_a_clean_error(upstream, chat):
    upstream.will(cut_after(text_chunks("Hel")[:2]))
    with pytest.raises(openai.APIError) as raised:
        list(chat(stream=True))
    assert raised.value.body
    assert not isinstance(raised.value, openai.APIConnectionError)


def test_a_failure_before_the_first_word_has_its_status(upstream, chat):
    upstream.will(error(429, "slow down", "rate_limit_exceeded"))
    with pytest.raises(openai.RateLimitError):
        chat(stream=True)


def test_the_asynchronous_stream(upstream, openai_settings, run):
    upstream.will(events(text_chunks("Hel", "lo")))

    async def ask():
        async with openai.AsyncOpenAI(**openai_settings) as client:
            stream = await client.chat.completions.create(model="gpt", messages=HELLO, stream=True)
            return "".join([part.choices[0].delta.content or "" async for part in stream if part.choices])

    assert run(ask()) == "Hello"


def test_closing_the_stream_ends_the_upstreams_work(upstream, chat):
    upstream.will(endless(chunk({"content": "word "})))
    stream = chat(stream=True)
    for _, _ in zip(range(4), stream):
        pass
    stream.close()
    assert upstream.last.gone_within(1)


def test_leaving_before_the_first_word_ends_the_upstreams_work(upstream, openai_settings, run):
    upstream.will(silence())

    async def leave():
        async with openai.AsyncOpenAI(**openai_settings) as client:
            call = asyncio.create_task(client.chat.completions.create(model="gpt", messages=HELLO, stream=True))
            while not upstream.requests:
                await asyncio.sleep(0.01)
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call

    run(leave())
    assert upstream.last.gone_within(1)


def test_fifty_streams_at_once_are_whole(upstream, openai_settings, run):
    words = [f"w{number} " for number in range(20)]
    upstream.will(*[events(text_chunks(*words), pace=0.01)] * 50)

    async def one(client):
        stream = await client.chat.completions.create(model="gpt", messages=HELLO, stream=True)
        return "".join([part.choices[0].delta.content or "" async for part in stream if part.choices])

    async def ask():
        async with openai.AsyncOpenAI(**openai_settings) as client:
            return await asyncio.gather(*[one(client) for _ in range(50)])

    assert run(ask()) == ["".join(words)] * 50
