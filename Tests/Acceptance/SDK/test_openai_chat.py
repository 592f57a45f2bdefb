"""Chat completions with OpenAI's client, not streamed."""

import asyncio

import openai
import pydantic
import pytest
from upstream import silence, whole
from vendors import PIXEL, USAGE, choice, completion


def test_answers_with_the_models_text(upstream, chat):
    upstream.will(whole(completion()))
    answer = chat("Hello")
    assert answer.choices[0].message.content == "Hello there"
    assert answer.choices[0].message.role == "assistant"
    assert answer.choices[0].finish_reason == "stop"
    assert answer.object == "chat.completion"


def test_messages_arrive_as_they_were_sent(upstream, chat):
    upstream.will(whole(completion()))
    messages = [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Grüße, 世界 \U0001f600", "name": "ada"},
        {"role": "assistant", "content": "Hello"},
        {"role": "user", "content": "And now?\n\ttab \"quoted\" \\ back"},
    ]
    chat(messages=messages)
    assert upstream.asked["messages"] == messages


def test_settings_arrive_as_they_were_sent(upstream, chat):
    upstream.will(whole(completion()))
    settings = {
        "temperature": 0.25, "top_p": 0.5, "seed": 7, "stop": ["END", "STOP"], "max_completion_tokens": 99,
        "presence_penalty": -0.5, "frequency_penalty": 1.5, "logit_bias": {"50256": -100}, "user": "ada",
        "metadata": {"team": "lab"}, "reasoning_effort": "low", "parallel_tool_calls": False, "service_tier": "auto",
    }
    tool = {"type": "function", "function": {"name": "f", "parameters": {"type": "object", "properties": {}}}}
    chat(tools=[tool], **settings)
    assert {name: upstream.asked.get(name) for name in settings} == settings


def test_members_that_nobody_knows_arrive_too(upstream, chat):
    upstream.will(whole(completion()))
    chat(extra_body={"vendor_switch": {"deep": [1, 2.5, None, True, "x"]}})
    assert upstream.asked["vendor_switch"] == {"deep": [1, 2.5, None, True, "x"]}


def test_members_that_nobody_knows_come_back_too(upstream, chat):
    upstream.will(whole(completion(choice(vendor_note="kept"), vendor_id="v1", system_fingerprint="fp_1")))
    answer = chat()
    assert answer.model_extra["vendor_id"] == "v1"
    assert answer.system_fingerprint == "fp_1"
    assert answer.choices[0].message.model_extra["vendor_note"] == "kept"


def test_several_choices(upstream, chat):
    upstream.will(whole(completion(choice("one"), choice("two", index=1))))
    answer = chat(n=2)
    assert upstream.asked["n"] == 2
    assert [(c.index, c.message.content) for c in answer.choices] == [(0, "one"), (1, "two")]


def test_log_probabilities_pass(upstream, chat):
    tokens = [{"token": "Hi", "logprob": -0.25, "bytes": [72, 105], "top_logprobs": []}]
    upstream.will(whole(completion({**choice("Hi"), "logprobs": {"content": tokens, "refusal": None}})))
    answer = chat(logprobs=True, top_logprobs=2)
    assert (upstream.asked["logprobs"], upstream.asked["top_logprobs"]) == (True, 2)
    assert answer.choices[0].logprobs.content[0].logprob == -0.25


def test_usage_with_cached_and_reasoning_tokens(upstream, chat):
    usage = {
        **USAGE, "prompt_tokens_details": {"cached_tokens": 5}, "completion_tokens_details": {"reasoning_tokens": 2}
    }
    upstream.will(whole(completion(usage=usage)))
    answer = chat()
    assert (answer.usage.prompt_tokens, answer.usage.completion_tokens, answer.usage.total_tokens) == (9, 3, 12)
    assert answer.usage.prompt_tokens_details.cached_tokens == 5
    assert answer.usage.completion_tokens_details.reasoning_tokens == 2


@pytest.mark.parametrize("reason", ["stop", "length", "content_filter"])
def test_finish_reasons_pass(upstream, chat, reason):
    upstream.will(whole(completion(choice("Hel", finish_reason=reason))))
    assert chat().choices[0].finish_reason == reason


def test_a_refusal_is_an_answer(upstream, chat):
    upstream.will(whole(completion(choice(None, refusal="I will not."))))
    answer = chat()
    assert answer.choices[0].message.content is None
    assert answer.choices[0].message.refusal == "I will not."


def test_images_in_the_prompt_arrive(upstream, chat):
    upstream.will(whole(completion()))
    parts = [
        {"type": "text", "text": "What is this?"},
        {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{PIXEL}", "detail": "low"}},
        {"type": "image_url", "image_url": {"url": "https://example.com/cat.png"}},
    ]
    chat(messages=[{"role": "user", "content": parts}])
    assert upstream.asked["messages"][0]["content"] == parts


def test_audio_and_files_in_the_prompt_arrive(upstream, chat):
    upstream.will(whole(completion()))
    parts = [
        {"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}},
        {"type": "file", "file": {"filename": "a.pdf", "file_data": "data:application/pdf;base64,JVBERg=="}},
    ]
    chat(messages=[{"role": "user", "content": parts}])
    assert upstream.asked["messages"][0]["content"] == parts


def test_json_mode(upstream, chat):
    upstream.will(whole(completion(choice('{"a": 1}'))))
    answer = chat(response_format={"type": "json_object"})
    assert upstream.asked["response_format"] == {"type": "json_object"}
    assert answer.choices[0].message.content == '{"a": 1}'


class Town(pydantic.BaseModel):
    name: str
    inhabitants: int


def test_structured_output_is_parsed_by_the_client(upstream, openai_client):
    upstream.will(whole(completion(choice('{"name": "Ulm", "inhabitants": 129000}'))))
    answer = openai_client.chat.completions.parse(
        model="gpt", messages=[{"role": "user", "content": "A town"}], response_format=Town
    )
    assert answer.choices[0].message.parsed == Town(name="Ulm", inhabitants=129_000)
    asked = upstream.asked["response_format"]
    assert asked["type"] == "json_schema"
    assert asked["json_schema"]["strict"] is True
    assert asked["json_schema"]["schema"]["required"] == ["name", "inhabitants"]


def test_structured_output_that_was_cut_short_is_the_clients_own_error(upstream, openai_client):
    upstream.will(whole(completion(choice('{"name": "Ul', finish_reason="length"))))
    with pytest.raises(openai.LengthFinishReasonError):
        openai_client.chat.completions.parse(
            model="gpt", messages=[{"role": "user", "content": "A town"}], response_format=Town
        )


def test_an_answer_of_a_megabyte(upstream, chat):
    text = "Wörter " * 150_000
    upstream.will(whole(completion(choice(text))))
    assert chat().choices[0].message.content == text


def test_numbers_keep_their_digits(upstream, chat):
    body = b'{"id":"c","object":"chat.completion","created":1700000000,"model":"gpt-lab","big":12345678901234567890,' \
        b'"small":0.1,"choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"x"}}]}'
    upstream.will(whole(body))
    answer = chat()
    assert answer.model_extra["big"] == 12_345_678_901_234_567_890
    assert answer.model_extra["small"] == 0.1


@pytest.mark.host
def test_the_vendor_hears_its_own_key_and_never_the_clients(upstream, chat, gateway):
    upstream.will(whole(completion()))
    chat()
    assert upstream.last.headers["authorization"] == "Bearer lab-openai-key"
    assert gateway.key not in str(upstream.last.headers) + upstream.last.body.decode()


@pytest.mark.host
@pytest.mark.parametrize(
    ("model", "asked"),
    [
        ("gpt", "gpt-lab"), ("openai_up", "gpt-lab"), ("openai_up/gpt-lab-mini", "gpt-lab-mini"),
        ("gpt-lab", "gpt-lab"), ("gpt-lab-mini", "gpt-lab-mini"),
    ],
)
def test_a_model_is_a_route_an_entry_or_a_vendors_model(upstream, chat, model, asked):
    upstream.will(whole(completion()))
    chat(model=model)
    assert upstream.asked["model"] == asked


def test_headers_name_the_request(upstream, openai_client):
    upstream.will(whole(completion(), headers={"x-request-id": "vendor-1"}))
    raw = openai_client.chat.completions.with_raw_response.create(
        model="gpt", messages=[{"role": "user", "content": "Hello"}]
    )
    assert raw.headers["x-request-id"]
    assert raw.headers["content-type"].startswith("application/json")
    assert raw.parse().choices[0].message.content == "Hello there"
    assert raw.parse()._request_id


def test_the_asynchronous_client(upstream, openai_settings, run):
    upstream.will(whole(completion()))

    async def ask():
        async with openai.AsyncOpenAI(**openai_settings) as client:
            return await client.chat.completions.create(model="gpt", messages=[{"role": "user", "content": "Hello"}])

    assert run(ask()).choices[0].message.content == "Hello there"


def test_forty_requests_at_once_get_their_own_answers(upstream, openai_settings, run):
    async def echo(exchange):
        text = exchange.json["messages"][0]["content"]
        await exchange.pause(0.05)
        await exchange.answer(200, completion(choice("said " + text)))

    upstream.will(*[echo] * 40)

    async def ask():
        async with openai.AsyncOpenAI(**openai_settings) as client:
            calls = [
                client.chat.completions.create(model="gpt", messages=[{"role": "user", "content": str(number)}])
                for number in range(40)
            ]
            return [answer.choices[0].message.content for answer in await asyncio.gather(*calls)]

    assert run(ask()) == [f"said {number}" for number in range(40)]


def test_the_clients_patience_ends_the_upstreams_work(upstream, openai_client):
    upstream.will(silence())
    with pytest.raises(openai.APITimeoutError):
        openai_client.with_options(timeout=0.5).chat.completions.create(
            model="gpt", messages=[{"role": "user", "content": "Hello"}]
        )
    assert upstream.last.gone_within(1.5)
