"""The embedding model's weights in llama.cpp's file format, from the safetensors in its Python package."""

import json
import pathlib

import gguf
import numpy
from safetensors.numpy import load_file

NAME = "all-MiniLM-L6-v2"

# The tensor names of llama.cpp's BERT graph, beside those of the original.
EMBEDDINGS = {
    "token_embd": "embeddings.word_embeddings",
    "position_embd": "embeddings.position_embeddings",
    "token_types": "embeddings.token_type_embeddings",
    "token_embd_norm": "embeddings.LayerNorm",
}
LAYER = {
    "attn_q": "attention.self.query",
    "attn_k": "attention.self.key",
    "attn_v": "attention.self.value",
    "attn_output": "attention.output.dense",
    "attn_output_norm": "attention.output.LayerNorm",
    "ffn_up": "intermediate.dense",
    "ffn_down": "output.dense",
    "layer_output_norm": "output.LayerNorm",
}
SPECIAL_TOKENS = {"bos": "[CLS]", "eos": "[SEP]", "sep": "[SEP]", "unk": "[UNK]", "pad": "[PAD]", "mask": "[MASK]"}


def write(source, target):
    """`source`: the folder with config.json, vocab.txt and model.safetensors; `target`: the file to make."""
    source = pathlib.Path(source)
    config = json.loads((source / "config.json").read_text())
    writer = gguf.GGUFWriter(str(target), "bert")
    _write_settings(writer, config)
    _write_vocabulary(writer, (source / "vocab.txt").read_text(encoding="utf-8").splitlines())
    _write_tensors(writer, load_file(source / "model.safetensors"), config["num_hidden_layers"])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _write_settings(writer, config):
    writer.add_name(NAME)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_layer_norm_eps(config["layer_norm_eps"])
    writer.add_causal_attention(False)
    writer.add_pooling_type(gguf.PoolingType.MEAN)
    writer.add_token_type_count(config["type_vocab_size"])


def _write_vocabulary(writer, words):
    tokens, kinds = [], []
    for word in words:
        text, kind = _token(word)
        tokens.append(text)
        kinds.append(kind)
    writer.add_tokenizer_model("bert")
    writer.add_tokenizer_pre("jina-v2-en")
    writer.add_token_list(tokens)
    writer.add_token_types(kinds)
    for role, word in SPECIAL_TOKENS.items():
        getattr(writer, f"add_{role}_token_id")(words.index(word))
    writer.add_add_bos_token(True)


def _token(word):
    """llama.cpp marks the beginning of a word, WordPiece what is not one."""
    if word in SPECIAL_TOKENS.values():
        return word, gguf.TokenType.UNKNOWN if word == "[UNK]" else gguf.TokenType.CONTROL
    if word.startswith("[unused"):
        return word, gguf.TokenType.UNUSED
    return (word[2:] if word.startswith("##") else "\u2581" + word), gguf.TokenType.NORMAL


def _write_tensors(writer, tensors, layers):
    names = dict(EMBEDDINGS)
    for layer in range(layers):
        names |= {f"blk.{layer}.{ours}": f"encoder.layer.{layer}.{theirs}" for ours, theirs in LAYER.items()}
    for ours, theirs in names.items():
        for part in ("weight", "bias"):
            tensor = tensors.get(f"bert.{theirs}.{part}", tensors.get(f"{theirs}.{part}"))
            if tensor is None:
                continue
            # Large matrices at half the size; what is small or added stays exact.
            is_matrix = tensor.ndim == 2 and ours not in ("position_embd", "token_types")
            writer.add_tensor(f"{ours}.{part}", tensor.astype(numpy.float16 if is_matrix else numpy.float32))
