"""Answers as the four vendors write them."""

CREATED = 1_700_000_000
USAGE = {"prompt_tokens": 9, "completion_tokens": 3, "total_tokens": 12}
PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


# OpenAI

def choice(content="Hello there", index=0, finish_reason="stop", **message):
    said = {"role": "assistant", "content": content, **message}
    return {"index": index, "message": said, "finish_reason": finish_reason, "logprobs": None}


def completion(*choices, usage=USAGE, **members):
    return {
        "id": "chatcmpl-lab", "object": "chat.completion", "created": CREATED, "model": "gpt-lab",
        "choices": list(choices) or [choice()], "usage": usage, **members,
    }


def chunk(delta=None, finish_reason=None, index=0, **members):
    return {
        "id": "chatcmpl-lab", "object": "chat.completion.chunk", "created": CREATED, "model": "gpt-lab",
        "choices": [{"index": index, "delta": delta or {}, "finish_reason": finish_reason}], **members,
    }


def usage_chunk(usage=USAGE):
    return {**chunk(), "choices": [], "usage": usage}


def text_chunks(*words, finish_reason="stop", usage=USAGE):
    start = [chunk({"role": "assistant", "content": ""})]
    return start + [chunk({"content": word}) for word in words] + [chunk({}, finish_reason), usage_chunk(usage)]


def tool_call(identity, name, arguments):
    return {"id": identity, "type": "function", "function": {"name": name, "arguments": arguments}}


def tool_delta(index, identity=None, name=None, arguments=""):
    call = {"index": index, "function": {"arguments": arguments}}
    if identity:
        call.update(id=identity, type="function")
        call["function"]["name"] = name
    return {"tool_calls": [call]}


WEATHER_TOOL = {
    "type": "function",
    "function": {
        "name": "weather",
        "description": "The weather of a town.",
        "parameters": {
            "type": "object", "properties": {"town": {"type": "string"}}, "required": ["town"],
            "additionalProperties": False,
        },
        "strict": True,
    },
}


# Anthropic

def message(*blocks, stop_reason="end_turn", stop_sequence=None, usage=None, **members):
    return {
        "id": "msg_lab", "type": "message", "role": "assistant", "model": "claude-lab",
        "content": list(blocks) or [{"type": "text", "text": "Hello there"}],
        "stop_reason": stop_reason, "stop_sequence": stop_sequence,
        "usage": usage or {"input_tokens": 9, "output_tokens": 3}, **members,
    }


def message_events(*blocks, stop_reason="end_turn", output_tokens=3):
    """`blocks`: (the block as it starts, its deltas)."""
    start = message(stop_reason=None, usage={"input_tokens": 9, "output_tokens": 1})
    start["content"] = []
    pairs = [("message_start", {"type": "message_start", "message": start}), ("ping", {"type": "ping"})]
    for index, (block, deltas) in enumerate(blocks):
        pairs.append(
            ("content_block_start", {"type": "content_block_start", "index": index, "content_block": block})
        )
        for delta in deltas:
            pairs.append(("content_block_delta", {"type": "content_block_delta", "index": index, "delta": delta}))
        pairs.append(("content_block_stop", {"type": "content_block_stop", "index": index}))
    end = {"stop_reason": stop_reason, "stop_sequence": None}
    pairs.append(("message_delta", {"type": "message_delta", "delta": end, "usage": {"output_tokens": output_tokens}}))
    return pairs + [("message_stop", {"type": "message_stop"})]


def text_block(*words):
    return {"type": "text", "text": ""}, [{"type": "text_delta", "text": word} for word in words]


def tool_block(identity, name, *fragments):
    block = {"type": "tool_use", "id": identity, "name": name, "input": {}}
    return block, [{"type": "input_json_delta", "partial_json": text} for text in fragments]


def thinking_block(signature, *words):
    deltas = [{"type": "thinking_delta", "thinking": word} for word in words]
    return {"type": "thinking", "thinking": "", "signature": ""}, [
        *deltas, {"type": "signature_delta", "signature": signature},
    ]


ANTHROPIC_WEATHER_TOOL = {
    "name": "weather",
    "description": "The weather of a town.",
    "input_schema": {"type": "object", "properties": {"town": {"type": "string"}}, "required": ["town"]},
}


# Gemini

def gemini(*parts, finish_reason="STOP"):
    return {
        "candidates": [
            {
                "content": {"role": "model", "parts": list(parts) or [{"text": "Hello there"}]},
                "finishReason": finish_reason, "index": 0,
            }
        ],
        "usageMetadata": {"promptTokenCount": 9, "candidatesTokenCount": 3, "totalTokenCount": 12},
        "modelVersion": "gemini-lab",
        "responseId": "gemini-lab-1",
    }


# Ollama

def ollama(content="Hello there", done=True, **members):
    answer = {
        "model": "llama-lab", "created_at": "2026-01-01T00:00:00Z", "done": done,
        "message": {"role": "assistant", "content": content, **members},
    }
    if done:
        answer.update(done_reason="stop", prompt_eval_count=9, eval_count=3, total_duration=5, eval_duration=3)
    return answer
