"""Embeddings and models with OpenAI's client."""

import base64
import struct

import openai
import pytest
from upstream import error

VECTORS = {"one": [0.5, -0.25, 1.0], "two": [0.0, 0.125, -1.0], "drei äöü": [2.0, 3.0, -4.5]}


async def embed(exchange):
    """As OpenAI: floats, or base64 of little-endian float32, whichever is asked for."""
    asked = exchange.json
    texts = [asked["input"]] if isinstance(asked["input"], str) else asked["input"]
    data = []
    for index, text in enumerate(texts):
        vector = VECTORS[text][:asked.get("dimensions") or 3]
        if asked.get("encoding_format") == "base64":
            vector = base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()
        data.append({"object": "embedding", "index": index, "embedding": vector})
    usage = {"prompt_tokens": 4 * len(texts), "total_tokens": 4 * len(texts)}
    await exchange.answer(200, {"object": "list", "data": data, "model": "embed-lab", "usage": usage})


def test_a_text_has_a_vector(upstream, openai_client):
    upstream.will(embed)
    answer = openai_client.embeddings.create(model="embed-lab", input="one")
    assert answer.data[0].embedding == [0.5, -0.25, 1.0]
    assert answer.object == "list"
    assert answer.data[0].object == "embedding"


def test_many_texts_have_their_vectors_in_order(upstream, openai_client):
    upstream.will(embed)
    answer = openai_client.embeddings.create(model="embed-lab", input=["two", "drei äöü", "one"])
    assert [item.embedding for item in answer.data] == [VECTORS["two"], VECTORS["drei äöü"], VECTORS["one"]]
    assert [item.index for item in answer.data] == [0, 1, 2]


def test_vectors_as_numbers(upstream, openai_client):
    upstream.will(embed)
    answer = openai_client.embeddings.create(model="embed-lab", input="one", encoding_format="float")
    assert answer.data[0].embedding == [0.5, -0.25, 1.0]


def test_vectors_as_base64(upstream, openai_client):
    upstream.will(embed)
    answer = openai_client.embeddings.create(model="embed-lab", input="one", encoding_format="base64")
    assert struct.unpack("<3f", base64.b64decode(answer.data[0].embedding)) == (0.5, -0.25, 1.0)


def test_shorter_vectors_are_asked_for(upstream, openai_client):
    upstream.will(embed)
    answer = openai_client.embeddings.create(model="embed-lab", input="one", dimensions=2)
    assert upstream.asked["dimensions"] == 2
    assert answer.data[0].embedding == [0.5, -0.25]


def test_tokens_of_embeddings_are_counted(upstream, openai_client):
    upstream.will(embed)
    answer = openai_client.embeddings.create(model="embed-lab", input=["one", "two"])
    assert (answer.usage.prompt_tokens, answer.usage.total_tokens) == (8, 8)


@pytest.mark.parametrize(("status", "raised"), [(400, openai.BadRequestError), (429, openai.RateLimitError)])
def test_a_vendors_error_on_embeddings(upstream, openai_client, status, raised):
    upstream.will(error(status, "no vectors"))
    with pytest.raises(raised, match="no vectors"):
        openai_client.embeddings.create(model="vectors", input="one")


@pytest.mark.host
@pytest.mark.parametrize("given", ["", [], [""], [7.5], 7, None], ids=str)
def test_what_has_no_vector(upstream, openai_client, given):
    with pytest.raises((openai.BadRequestError, openai.UnprocessableEntityError)):
        openai_client.post("/embeddings", body={"model": "embed-lab", "input": given}, cast_to=object)
    assert upstream.requests == []


@pytest.mark.host
def test_the_models_are_listed(openai_client):
    models = openai_client.models.list().data
    assert {"gpt", "gpt-lab"} <= {model.id for model in models}
    assert {model.object for model in models} == {"model"}
    assert len({model.id for model in models}) == len(models)


@pytest.mark.host
def test_a_model_is_described(openai_client):
    assert openai_client.models.retrieve("gpt").id == "gpt"


@pytest.mark.host
def test_a_model_that_is_not_there_is_not_described(openai_client):
    with pytest.raises(openai.NotFoundError) as caught:
        openai_client.models.retrieve("no-such-model")
    assert caught.value.code == "model_not_found"
