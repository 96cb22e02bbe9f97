"""The small encoder is BERT: held against transformers' own."""

from __future__ import annotations

import torch
from transformers import BertConfig, BertModel

from meronym.teachers.bert import EPSILON, HEADS, last_states


def test_states_are_those_of_transformers() -> None:
    """Whatever stands behind the last token of a shorter text."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        config = BertConfig(
            vocab_size=50, hidden_size=2 * HEADS, num_hidden_layers=3, num_attention_heads=HEADS, intermediate_size=40,
            max_position_embeddings=16, layer_norm_eps=EPSILON, initializer_range=0.5,
        )  # fmt: skip
        model = BertModel(config).eval().requires_grad_(False)
    ids = torch.randint(50, (3, 9), generator=torch.Generator().manual_seed(0))
    mask = (torch.arange(9) < torch.tensor([[9], [4], [1]])).long()
    expected = model(input_ids=ids, attention_mask=mask).last_hidden_state
    got = last_states(model.state_dict(), ids, mask)
    torch.testing.assert_close(got[mask.bool()], expected[mask.bool()], rtol=1e-4, atol=1e-5)
    ids[1, 5:] = 7
    torch.testing.assert_close(last_states(model.state_dict(), ids, mask)[1, :4], got[1, :4])
