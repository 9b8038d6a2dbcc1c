"""A small BERT in torch, as much as the teacher needs; torch is wanted here and nowhere else in training."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file
from torch import nn
from torch.nn import functional

__all__ = ["WIDTH", "Encoder", "load_encoder"]

WIDTH = 384
_HEADS, _LAYERS, _INNER, _WORDS, _PLACES = 12, 6, 1536, 30522, 512


class Layer(nn.Module):  # type: ignore[misc,unused-ignore]
    """Attention, then two dense layers, each added to what came in."""

    def __init__(self) -> None:
        super().__init__()
        self.attend = nn.Linear(WIDTH, 3 * WIDTH)
        self.mix = nn.Linear(WIDTH, WIDTH)
        self.first = nn.LayerNorm(WIDTH, eps=1e-12)
        self.widen = nn.Linear(WIDTH, _INNER)
        self.narrow = nn.Linear(_INNER, WIDTH)
        self.second = nn.LayerNorm(WIDTH, eps=1e-12)
        self.drop = nn.Dropout(0.1)

    def forward(self, x: Any, mask: Any) -> Any:
        n, length, width = x.shape
        parts = self.attend(x).view(n, length, 3, _HEADS, width // _HEADS).permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(parts[0], parts[1], parts[2], attn_mask=mask)
        x = self.first(x + self.drop(self.mix(seen.transpose(1, 2).reshape(n, length, width))))
        return self.second(x + self.drop(self.narrow(functional.gelu(self.widen(x)))))


class Encoder(nn.Module):  # type: ignore[misc,unused-ignore]
    """Texts as vectors: the mean of their word pieces beside the first of them, shape (n, 2 * WIDTH)."""

    def __init__(self) -> None:
        super().__init__()
        self.words = nn.Embedding(_WORDS, WIDTH)
        self.places = nn.Embedding(_PLACES, WIDTH)
        self.side = nn.Parameter(torch.zeros(WIDTH))
        self.norm = nn.LayerNorm(WIDTH, eps=1e-12)
        self.drop = nn.Dropout(0.1)
        self.layers = nn.ModuleList([Layer() for _ in range(_LAYERS)])

    def forward(self, pieces: Any, there: Any) -> Any:
        x = self.words(pieces) + self.places.weight[: pieces.shape[1]] + self.side
        x = self.drop(self.norm(x))
        for layer in self.layers:
            x = layer(x, there[:, None, None, :])
        weights = there[:, :, None].to(x.dtype)
        return torch.cat([(x * weights).sum(1) / weights.sum(1), x[:, 0]], 1)


def load_encoder(folder: Path) -> Encoder:
    """The encoder with the weights of ``model.safetensors`` in the layout of BERT, as all-MiniLM-L6-v2 has it."""
    given = load_file(folder / "model.safetensors")
    encoder = Encoder()
    named = {
        "words.weight": given["embeddings.word_embeddings.weight"],
        "places.weight": given["embeddings.position_embeddings.weight"],
        "side": given["embeddings.token_type_embeddings.weight"][0],
        "norm.weight": given["embeddings.LayerNorm.weight"],
        "norm.bias": given["embeddings.LayerNorm.bias"],
    }
    names = {
        "mix": "attention.output.dense",
        "first": "attention.output.LayerNorm",
        "widen": "intermediate.dense",
        "narrow": "output.dense",
        "second": "output.LayerNorm",
    }
    for at in range(_LAYERS):
        theirs = f"encoder.layer.{at}"
        for end in ("weight", "bias"):
            three = [given[f"{theirs}.attention.self.{part}.{end}"] for part in ("query", "key", "value")]
            named[f"layers.{at}.attend.{end}"] = torch.cat(three)
            for ours, name in names.items():
                named[f"layers.{at}.{ours}.{end}"] = given[f"{theirs}.{name}.{end}"]
    encoder.load_state_dict({name: weights.float() for name, weights in named.items()})
    return encoder
