"""Messages with Anthropic's client, answered by an Anthropic upstream."""

import pytest
from upstream import whole
from vendors import ANTHROPIC_WEATHER_TOOL, PIXEL, message

pytestmark = pytest.mark.provider("anthropic")
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
