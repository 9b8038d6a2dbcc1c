"""Any text-classification model of the transformers library, by the folder it is in or by its id on the hub."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, ClassVar, Final

import numpy as np
import numpy.typing as npt

from sentinel.errors import PluginError, SettingsError
from sentinel.post import Columns

from .scores import SCORE_COLUMNS, score_columns
from .transformer_labels import CLASSES, meanings

__all__ = ["Transformers"]

Floats = npt.NDArray[np.float64]

_LOG: Final = logging.getLogger("sentinel")
_HUB_ID: Final = re.compile(r"[\w.-]+(/[\w.-]+)?", flags=re.ASCII)
_NOT_WORDS: Final = re.compile(r"https?://\S+|www\.\S+|[@$#][\w.]+")
#: Posts are padded to one of these lengths, so that what stands beside a post in a batch changes nothing in its sums.
_LENGTHS: Final = (16, 32, 64, 128, 256, 512, 1024)
_CHARACTERS_A_TOKEN: Final = (
    20  # no more of a text is looked at than that many for each token the model takes
)
_MOST_WORDS: Final = 40  # of a text that is explained


class Transformers:
    """Tags `label`, `score`, `p_negative`, `p_neutral`, `p_positive`, `confidence`, `model`.

    Weights are read from safetensors alone and no code of the model's author is run. A folder is read without any
    network; an id is looked up on the Hugging Face hub, which is said aloud.

    Parameters
    ----------
    model : folder, or id on the hub.
    labels : what the model's labels mean, label -> negative, neutral, positive or "" (leave it out), where their
        names do not tell.
    langs : tag posts in these languages only; by default in all.
    batch_size : posts judged at once.
    max_length : tokens of a post that are read; the model may take fewer.
    device : "auto" (a GPU if there is one), "cpu", "cuda", "cuda:1", "mps".
    """

    name: ClassVar[str] = "transformers"
    columns: ClassVar[tuple[str, ...]] = SCORE_COLUMNS

    def __init__(
        self,
        model: str,
        labels: Mapping[str, str] | None = None,
        langs: Sequence[str] | None = None,
        batch_size: int = 16,
        max_length: int = 256,
        device: str = "auto",
    ) -> None:
        for name, value in (("batch_size", batch_size), ("max_length", max_length)):
            if not isinstance(value, int) or value < 1:
                raise SettingsError(f"models plug-in 'transformers': {name} is {value!r}; expected 1 or more")
        self._torch, self._tokenizer, self._model = _loaded(model)
        config = self._model.config
        names = [str(config.id2label[at]) for at in range(config.num_labels)]
        self._meanings = meanings(names, labels)
        self._names = names
        self._many = config.problem_type == "multi_label_classification"
        some = [langs] if isinstance(langs, str) else langs
        self._langs = None if some is None else {lang.lower().split("-")[0] for lang in some}
        self._batch_size = batch_size
        self._length = min(max_length, _longest(self._tokenizer, config), _LENGTHS[-1])
        self._device = _device(self._torch, device)
        self._model.to(self._device)
        self.version = f"1-{_digest(model, config)}"

    def tag(self, batch: Columns) -> Columns:
        """Scores of the posts that hold a word, in the languages of the settings."""
        texts = batch["text"]
        langs = batch.get("lang") or [None] * len(texts)
        judged = [
            at
            for at, (text, lang) in enumerate(zip(texts, langs, strict=True))
            if _has_words(text) and (self._langs is None or (lang or "und").split("-")[0] in self._langs)
        ]
        three = self._three([texts[at] for at in judged])
        return score_columns(len(texts), judged, three, f"{self.name} {self.version}")

    def explain(self, text: str) -> dict[str, Any]:
        """The probabilities, and what each word adds to positive over negative: the score less that without it."""
        if not _has_words(text):
            return {"probability": {}, "words": []}
        words = text[: self._length * _CHARACTERS_A_TOKEN].split()[:_MOST_WORDS]
        without = [" ".join(words[:at] + words[at + 1 :]) for at in range(len(words))]
        three = self._three([" ".join(words), *without])
        scores = three[:, 2] - three[:, 0]
        return {
            "probability": dict(zip(CLASSES, three[0].round(4).tolist(), strict=True)),
            "words": list(zip(words, (scores[0] - scores[1:]).round(4).tolist(), strict=True)),
        }

    def _three(self, texts: Sequence[str]) -> Floats:
        """Probabilities of negative, neutral, positive, shape (n_texts, 3)."""
        three = np.zeros((len(texts), 3))
        if not texts:
            return three
        cut = [_readable(text[: self._length * _CHARACTERS_A_TOKEN]) for text in texts]
        tokens = self._tokenizer(cut, truncation=True, max_length=self._length)["input_ids"]
        lengths = [next(length for length in _LENGTHS if length >= len(row)) for row in tokens]
        for length in sorted(set(lengths)):
            rows = [at for at, own in enumerate(lengths) if own == length]
            for first in range(0, len(rows), self._batch_size):
                chosen = rows[first : first + self._batch_size]
                # Always a whole batch: sums over matrices of another shape may differ in their last digits.
                filled = chosen + [chosen[0]] * (self._batch_size - len(chosen))
                shares = self._shares([cut[at] for at in filled], min(length, self._length))
                for at, row in zip(chosen, shares, strict=False):
                    three[at] = row
        return three

    def _shares(self, texts: Sequence[str], length: int) -> Floats:
        torch = self._torch
        given = self._tokenizer(
            list(texts), truncation=True, max_length=length, padding="max_length", return_tensors="pt"
        )
        with torch.inference_mode():
            logits = self._model(**{name: values.to(self._device) for name, values in given.items()}).logits
        own = (torch.sigmoid(logits) if self._many else torch.softmax(logits, dim=1)).double().cpu().numpy()
        if not np.isfinite(own).all():
            raise PluginError(
                "models plug-in 'transformers': the model gives no numbers; its weights are damaged"
            )
        shares = np.zeros((len(texts), 3))
        for column, meaning in enumerate(self._meanings):
            if meaning is not None:
                shares[:, meaning] += own[:, column]
        divided: Floats = shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-12)
        return divided


def _readable(text: str) -> str:
    """Without halves of characters, which tokenizers refuse."""
    return text.encode("utf-8", "replace").decode()


def _has_words(text: str) -> bool:
    return any(sign.isalpha() for sign in _NOT_WORDS.sub(" ", text[:20_000]))


def _loaded(model: str) -> tuple[Any, Any, Any]:
    """torch, the tokenizer and the model."""
    try:
        import torch
        import transformers
    except ImportError as error:
        raise PluginError(
            f"models plug-in 'transformers' needs torch and transformers ({error}): "
            "pip install 'mood-sentinel[transformers]'"
        ) from None
    folder = _folder(model)
    if folder is None:
        _LOG.warning(
            "transformers: %r is no folder here, so the Hugging Face hub is asked for it over the network",
            model,
        )
    known: dict[str, Any] = {"trust_remote_code": False, "local_files_only": folder is not None}
    transformers.utils.logging.disable_progress_bar()
    where = str(folder or model)
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(where, **known)
        made = transformers.AutoModelForSequenceClassification.from_pretrained(
            where, use_safetensors=True, dtype=torch.float32, **known
        )
    except Exception as error:  # the library raises many kinds, some of them its own
        reason = " ".join(str(error).split())
        raise PluginError(f"models plug-in 'transformers' cannot load {model!r}: {reason[:300]}") from error
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token or tokenizer.unk_token
    if made.config.pad_token_id is None:
        made.config.pad_token_id = tokenizer.pad_token_id
    return torch, tokenizer, made.eval()


def _folder(model: str) -> Path | None:
    """The folder that `model` names; ``None`` if it can only be an id on the hub."""
    folder = Path(model).expanduser()
    if model and folder.is_dir():
        if not list(folder.glob("*.safetensors")):
            raise SettingsError(
                f"models plug-in 'transformers': {model!r} holds no *.safetensors; pickled weights are never loaded"
            )
        return folder
    if not _HUB_ID.fullmatch(model) or model.startswith("."):
        raise SettingsError(
            f"models plug-in 'transformers': {model!r} is no folder, and no id on the hub either"
        )
    return None


def _longest(tokenizer: Any, config: Any) -> int:
    """Tokens the model takes; tokenizers that do not know say a very large number."""
    room = getattr(config, "max_position_embeddings", None) or _LENGTHS[-1]
    return int(min(tokenizer.model_max_length, room - 2))  # RoBERTa's first two positions are never used


def _device(torch: Any, device: str) -> Any:
    if device == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        torch.zeros(1, device=device)
        return torch.device(device)
    except (RuntimeError, AssertionError) as error:
        raise SettingsError(
            f"models plug-in 'transformers': device {device!r} cannot be used: {str(error).splitlines()[0]}"
        ) from None


def _digest(model: str, config: Any) -> str:
    """What tells these weights from others: of a folder its files, of the hub the commit."""
    folder = _folder(model)
    digest = hashlib.sha256()
    if folder is None:
        digest.update(f"{model} {getattr(config, '_commit_hash', '')}".encode())
    else:
        for path in sorted([*folder.glob("*.safetensors"), *folder.glob("*.json"), *folder.glob("*.txt")]):
            digest.update(path.name.encode())
            with path.open("rb") as stream:
                digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()[:8]
