"""Tools with OpenAI's client."""

import json

import pytest
from upstream import whole
from vendors import WEATHER_TOOL, choice, completion, tool_call

CALL = tool_call("call_1", "weather", '{"town":"Ulm"}')


def calling(*calls):
    return completion(choice(None, finish_reason="tool_calls", tool_calls=list(calls)))


def test_a_tool_is_called(upstream, chat):
    upstream.will(whole(calling(CALL)))
    answer = chat(tools=[WEATHER_TOOL])
    assert upstream.asked["tools"] == [WEATHER_TOOL]
    assert answer.choices[0].finish_reason == "tool_calls"
    call = answer.choices[0].message.tool_calls[0]
    assert (call.id, call.function.name, json.loads(call.function.arguments)) == ("call_1", "weather", {"town": "Ulm"})


def test_several_tools_are_called_at_once(upstream, chat):
    upstream.will(whole(calling(CALL, tool_call("call_2", "weather", '{"town":"Bonn"}'))))
    calls = chat(tools=[WEATHER_TOOL], parallel_tool_calls=True).choices[0].message.tool_calls
    assert [call.id for call in calls] == ["call_1", "call_2"]
    assert upstream.asked["parallel_tool_calls"] is True


@pytest.mark.parametrize(
    "wanted", ["auto", "none", "required", {"type": "function", "function": {"name": "weather"}}], ids=str
)
def test_which_tool_arrives_as_it_was_said(upstream, chat, wanted):
    upstream.will(whole(calling(CALL)))
    chat(tools=[WEATHER_TOOL], tool_choice=wanted)
    assert upstream.asked["tool_choice"] == wanted


def test_a_tools_answer_goes_back_to_the_model(upstream, chat):
    upstream.will(whole(completion(choice("Sunny in Ulm"))))
    messages = [
        {"role": "user", "content": "The weather in Ulm?"},
        {"role": "assistant", "content": None, "tool_calls": [CALL]},
        {"role": "tool", "tool_call_id": "call_1", "content": '{"sky":"blue"}'},
    ]
    answer = chat(messages=messages, tools=[WEATHER_TOOL])
    assert upstream.asked["messages"] == messages
    assert answer.choices[0].message.content == "Sunny in Ulm"


def test_arguments_that_are_not_json_pass(upstream, chat):
    upstream.will(whole(calling(tool_call("call_1", "weather", '{"town":'))))
    assert chat(tools=[WEATHER_TOOL]).choices[0].message.tool_calls[0].function.arguments == '{"town":'
