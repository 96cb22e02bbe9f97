"""BERT's encoder, as small as sentences need it (Devlin et al., NAACL 2019).

transformers has it too, but takes seconds to be imported, which is longer than a question about a finished result may take.
"""

from __future__ import annotations

from collections.abc import Mapping

from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

HEADS = 12
EPSILON = 1e-12
"""Of layer normalisation."""


def last_states(weights: Mapping[str, Tensor], ids: Int[Tensor, "b n"], mask: Int[Tensor, "b n"]) -> Float[Tensor, "b n d"]:
    """The states of the last layer for tokens of one kind; `weights` are named as in transformers, `mask` is 1 at tokens."""

    def linear(name: str, state: Tensor) -> Tensor:
        moved: Tensor = functional.linear(state, weights[f"{name}.weight"], weights[f"{name}.bias"])
        return moved

    def norm(name: str, state: Tensor) -> Tensor:
        scale, shift = weights[f"{name}.weight"], weights[f"{name}.bias"]
        scaled: Tensor = functional.layer_norm(state, state.shape[-1:], scale, shift, EPSILON)
        return scaled

    def heads(state: Tensor) -> Tensor:
        split: Tensor = state.unflatten(-1, (HEADS, -1))
        return split.transpose(1, 2)

    word, place, kind = (weights[f"embeddings.{name}_embeddings.weight"] for name in ("word", "position", "token_type"))
    state = norm("embeddings.LayerNorm", word[ids] + place[: ids.shape[1]] + kind[0])
    shown = mask.bool()[:, None, None]
    for layer in range(sum(name.endswith("query.weight") for name in weights)):
        at = f"encoder.layer.{layer}"
        query, key, value = (heads(linear(f"{at}.attention.self.{name}", state)) for name in ("query", "key", "value"))
        seen = functional.scaled_dot_product_attention(query, key, value, shown).transpose(1, 2).flatten(2)
        state = norm(f"{at}.attention.output.LayerNorm", state + linear(f"{at}.attention.output.dense", seen))
        inner = functional.gelu(linear(f"{at}.intermediate.dense", state))
        state = norm(f"{at}.output.LayerNorm", state + linear(f"{at}.output.dense", inner))
    return state
