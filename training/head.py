"""Train the built-in teacher's head on kept features.

    python -m training.head --features build/features --out src/meronym/teachers/builtin_head.safetensors

Every step draws pixels and a way to name all parts of all kinds: coarse or fine, a synonym or the usual word, with or without
the word for the whole. Losses: tell a pixel's part from the other parts of its own kind and from "none of these" (a quarter of
the pixels have their own name withheld), from the parts of all other families, and its whole from all other wholes.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from rich.progress import track
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional

from meronym.io.files import atomic
from meronym.teachers.builtin import FORMS_WITH_CATEGORY, HEAD, Head
from meronym.teachers.text import TextEncoder
from meronym_synthetic.kinds import KINDS

Synonyms = Mapping[str, Mapping[str, tuple[str, ...]]]
"""Kind -> part name -> other names."""
SYNONYMS: Synonyms = {name: kind.synonyms for name, kind in KINDS.items()}

KINDS_A_STEP = 32
MEMBERS: tuple[dict[str, int], ...] = ({"hidden": 512, "steps": 8000}, {"hidden": 1024, "steps": 9000})
"""The shipped head is the sum of these."""
WITHHELD = 0.25
"""Share of the pixels whose own name is not offered, so that "none of these" is right."""

Key = tuple[str, str]
"""Kind and part path: ("person", "arm/forearm")."""


@dataclass(frozen=True, eq=False)
class Pixels:
    """Training pixels of all kinds."""

    feature: Tensor
    """Half [n d]."""
    key: Tensor
    """[n] index into keys."""
    shape: Tensor
    """[n] number of the shape within its kind."""
    keys: tuple[Key, ...]


def load(folder: Path, kinds: Collection[str], shapes: int | None = None) -> Pixels:
    """All pixels of these kinds, or those of the first `shapes` shapes of each."""
    features, rows, numbers, keys = [], [], [], {}
    for kind in sorted(kinds):
        for path in sorted(folder.glob(f"{kind}.*.npz")):
            with np.load(path) as file:
                feature, part, shape, names = file["feature"], file["part"], file["shape"], file["names"].tolist()
            keep = slice(None) if shapes is None else shape < shapes
            ids = np.array([keys.setdefault((kind, name), len(keys)) for name in names])
            features.append(torch.from_numpy(feature[keep]))
            rows.append(torch.from_numpy(ids[part[keep]]))
            numbers.append(torch.from_numpy(shape[keep]))
    return Pixels(torch.cat(features), torch.cat(rows), torch.cat(numbers), tuple(keys))


class Phrasebook:
    """Random ways to name parts and wholes, with their sentence embeddings."""

    def __init__(self, encoder: TextEncoder, synonyms: Synonyms = SYNONYMS) -> None:
        self.encoder, self.synonyms = encoder, synonyms
        self.known: dict[str, Tensor] = {}

    def embed(self, phrases: list[str]) -> Tensor:
        """Unit vectors [p d]; every phrase is encoded once."""
        new = [phrase for phrase in dict.fromkeys(phrases) if phrase not in self.known]
        for start in range(0, len(new), 256):
            chunk = new[start : start + 256]
            self.known.update(zip(chunk, self.encoder(chunk).clone(), strict=True))
        return torch.stack([self.known[phrase] for phrase in phrases])

    def draw(self, keys: tuple[Key, ...], rng: np.random.Generator) -> list[str]:
        """One phrase for each key; within a kind no two parts share a phrase unless they are one part at this level."""
        phrases: list[str] = [""] * len(keys)
        by_kind: dict[str, list[int]] = {}
        for index, (kind, _) in enumerate(keys):
            by_kind.setdefault(kind, []).append(index)
        for kind, members in by_kind.items():
            coarse, plain = rng.random() < 0.25, rng.random() < 0.35
            whole = str(rng.choice(KINDS[kind].names)) if rng.random() < 0.5 else KINDS[kind].names[0]
            form = "{p}" if plain else str(rng.choice(FORMS_WITH_CATEGORY))
            names = [keys[i][1].split("/")[0 if coarse else -1] for i in members]
            taken = set(names)
            for name in sorted(set(names)):
                word = self._word(kind, name, taken, rng)
                taken.add(word)
                for i, own in zip(members, names, strict=True):
                    if own == name:
                        phrases[i] = form.format(p=word, c=whole)
        return phrases

    def _word(self, kind: str, name: str, taken: set[str], rng: np.random.Generator) -> str:
        options = [word for word in self.synonyms[kind].get(name, ()) if word not in taken]
        return str(rng.choice(options)) if options and rng.random() < 0.5 else name


@dataclass(frozen=True, eq=False)
class Bank:
    """One draw of the phrasebook, ready for the loss."""

    part: Tensor
    """Embeddings [q d] of the distinct (kind, phrase) pairs."""
    entry: Tensor
    """[keys] -> row of part."""
    kind: Tensor
    """[q] kind of each row."""
    rival: Tensor
    """Bool [kinds q]: rows of other families, phrased with their whole, so that they can be told apart."""
    whole: Tensor
    """Embeddings [kinds d]."""


def make_bank(book: Phrasebook, keys: tuple[Key, ...], kinds: list[str], rng: np.random.Generator) -> Bank:
    """Draw phrases for all parts and wholes."""
    phrases = book.draw(keys, rng)
    rows: dict[tuple[str, str], int] = {}
    entry = [rows.setdefault((kind, phrase), len(rows)) for (kind, _), phrase in zip(keys, phrases, strict=True)]
    families = [KINDS[kind].family for kind in kinds]
    row_family = [KINDS[kind].family for kind, _ in rows]
    named = [any(name in phrase for name in KINDS[kind].names) for kind, phrase in rows]
    rival = [[n and f != family for f, n in zip(row_family, named, strict=True)] for family in families]
    wholes = [str(rng.choice(KINDS[kind].names)) for kind in kinds]
    wholes = [whole if rng.random() < 0.6 else f"a {whole}" for whole in wholes]
    return Bank(
        book.embed([phrase for _, phrase in rows]),
        torch.tensor(entry),
        torch.tensor([kinds.index(kind) for kind, _ in rows]),
        torch.tensor(rival),
        book.embed(wholes),
    )


def loss(
    head: Head, feature: Tensor, key: Tensor, kind: Tensor, bank: Bank, generator: torch.Generator, text_noise: float
) -> Tensor:
    """Per-pixel loss [b]: own parts with "none of these", rivals among the kinds of the batch, wholes."""

    def noisy(text: Tensor) -> Tensor:
        noise = torch.randn(text.shape, generator=generator) * (text_noise / text.shape[1] ** 0.5)
        return functional.normalize(text + noise, dim=-1)

    rows = torch.isin(bank.kind, kind.unique()).nonzero()[:, 0]
    target = torch.searchsorted(rows, bank.entry[key])
    embedded = head(feature)
    scale = head.log_scale.exp()
    logit = embedded @ noisy(bank.part[rows]).T * scale
    own = bank.kind[rows] == kind[:, None]
    withheld = torch.rand(len(key), generator=generator) < WITHHELD
    hidden = torch.zeros_like(own).scatter_(1, target[:, None], withheld[:, None])
    among_own = torch.cat([logit.masked_fill(~own | hidden, -1e4), head.none.expand(len(logit), 1)], 1)
    goal = torch.where(withheld, len(rows), target)
    rivals = bank.rival[:, rows][kind].scatter(1, target[:, None], True)
    wholes = embedded @ noisy(bank.whole).T * scale
    return (
        functional.cross_entropy(among_own, goal, reduction="none")
        + 0.3 * functional.cross_entropy(logit.masked_fill(~rivals, -1e4), target, reduction="none")
        + 0.3 * functional.cross_entropy(wholes, kind, reduction="none")
    )


def train(
    pixels: Pixels,
    text: TextEncoder,
    *,
    steps: int = 4000,
    batch: int = 1024,
    rate: float = 2e-3,
    banks: int = 24,
    text_noise: float = 0.3,
    hidden: int = 512,
    synonyms: Synonyms = SYNONYMS,
    seed: int = 0,
) -> Head:
    """A trained head; the same seed gives the same head. Every kind is drawn equally often, KINDS_A_STEP a step."""
    rng, generator = np.random.default_rng(seed), torch.Generator().manual_seed(seed)
    kinds = sorted({kind for kind, _ in pixels.keys})
    kind_of_key = torch.tensor([kinds.index(kind) for kind, _ in pixels.keys])
    of_kind = kind_of_key[pixels.key]
    members = [(of_kind == k).nonzero()[:, 0] for k in range(len(kinds))]
    book = Phrasebook(text, synonyms)
    drawn = [make_bank(book, pixels.keys, kinds, rng) for _ in range(banks)]
    rarity = pixels.key.bincount(minlength=len(pixels.keys)).clamp_min(20).float().rsqrt()
    usual = torch.stack([rarity[pixels.key[rows]].mean() for rows in members])
    weight = rarity / usual[kind_of_key]
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        head = Head(pixels.feature.shape[1], hidden)
        sample = pixels.feature[torch.randint(len(pixels.feature), (100_000,), generator=generator)].float()
        head.mean.copy_(sample.mean(0))
        head.std.copy_(sample.std(0) + 1e-3)
        optimiser = torch.optim.AdamW(head.parameters(), lr=rate, weight_decay=0.05)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, rate, total_steps=steps + 1, pct_start=0.15)
        head.train()
        for _ in track(range(steps), description="training the head"):
            chosen = rng.permutation(len(kinds))[:KINDS_A_STEP].tolist()
            share = batch // len(chosen)
            pick = torch.cat([members[k][torch.randint(len(members[k]), (share,), generator=generator)] for k in chosen])
            key = pixels.key[pick]
            bank = drawn[int(rng.integers(banks))]
            each = loss(head, pixels.feature[pick].float(), key, kind_of_key[key], bank, generator, text_noise)
            mean = (each * weight[key]).mean()
            optimiser.zero_grad()
            mean.backward()
            optimiser.step()
            schedule.step()
    head.vocabulary = vocabulary(book, pixels.keys)
    return head.eval()


def merge(heads: list[Head], sample: Tensor) -> Head:
    """One wider head that answers as the sum of several: their hidden layers side by side, each output at its mean length."""
    mean, std = sample.mean(0), sample.std(0) + 1e-3
    merged = Head(sample.shape[1], sum(len(head.net[0].bias) for head in heads))
    with torch.no_grad():
        lengths = [head.net((sample - head.mean) / head.std).norm(dim=-1).mean() for head in heads]
        merged.mean.copy_(mean)
        merged.std.copy_(std)
        merged.net[0].weight.copy_(torch.cat([head.net[0].weight * (std / head.std) for head in heads]))
        shifts = [head.net[0].bias + head.net[0].weight @ ((mean - head.mean) / head.std) for head in heads]
        merged.net[0].bias.copy_(torch.cat(shifts))
        merged.net[3].weight.copy_(torch.cat([h.net[3].weight / n for h, n in zip(heads, lengths, strict=True)], 1))
        merged.net[3].bias.copy_(torch.stack([h.net[3].bias / n for h, n in zip(heads, lengths, strict=True)]).sum(0))
        merged.log_scale.copy_(torch.stack([head.log_scale for head in heads]).mean())
        merged.none.copy_(torch.stack([head.none for head in heads]).mean())
    merged.vocabulary = heads[0].vocabulary
    return merged.eval()


def vocabulary(book: Phrasebook, keys: tuple[Key, ...]) -> Tensor:
    """Embeddings [q d] of every part name that was trained on, alone and with its whole."""
    parts = sorted({(KINDS[kind].names[0], name) for kind, path in keys for name in path.split("/")})
    alone = book.embed(sorted({name for _, name in parts}))
    phrases = [form.format(p=name, c=whole) for whole, name in parts for form in FORMS_WITH_CATEGORY]
    whole = book.embed(phrases).reshape(len(parts), len(FORMS_WITH_CATEGORY), -1).mean(1)
    return torch.cat([alone, functional.normalize(whole, dim=-1)])


def save(head: Head, path: Path, kinds: Collection[str], training: Mapping[str, object]) -> None:
    """Write the head in half precision; its metadata names the kinds it was trained on, all others, and the settings."""
    state = {key: value.detach().half().contiguous() for key, value in head.state_dict().items()}
    metadata = {
        "training": {"kinds": len(kinds)} | dict(training),
        "kinds": sorted(kinds),
        "kinds_not_trained": sorted(KINDS.keys() - kinds),
    }
    with atomic(path) as temporary:
        save_file(state, temporary, {key: json.dumps(value) for key, value in metadata.items()})


def main() -> None:
    """Train on all kinds, or without some families."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--features", type=Path, default=Path("build/features"))
    parser.add_argument("--out", type=Path, default=HEAD)
    parser.add_argument("--without", nargs="*", default=[], help="families to leave out")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    kinds = [name for name, kind in KINDS.items() if kind.family not in arguments.without]
    pixels = load(arguments.features, kinds)
    text = TextEncoder()
    heads = [train(pixels, text, seed=arguments.seed, **member) for member in MEMBERS]
    head = merge(heads, pixels.feature[:: max(1, len(pixels.feature) // 100_000)].float())
    shapes = len({(pixels.keys[k][0], s) for k, s in zip(pixels.key.tolist(), pixels.shape.tolist(), strict=True)})
    about = {
        "shapes": shapes,
        "pixels": len(pixels.key),
        "without": arguments.without,
    }
    trained = {kind for kind, _ in pixels.keys}
    save(head, arguments.out, trained, about | {"members": list(MEMBERS), "seed": arguments.seed})


if __name__ == "__main__":
    main()
