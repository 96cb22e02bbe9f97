"""Train the built-in teacher's head on kept features.

    python -m training.head --features build/features --out src/meronym/teachers/builtin_head.safetensors

Every step draws pixels and a way to name all parts of all kinds: coarse or fine, by a name or a description, with or without
the word for the whole. The list of names is open: half of the pixels are offered all names of their kind (a quarter of them
without their own), the others a random few of them and some of other families, so that "none of these" is often right. Pixels
are told from the parts of other families and their whole from other wholes besides; pixels of scenes have a whole only, be it a
thing or what surrounds it.
"""

from __future__ import annotations

import argparse
import copy
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float, Int
from rich.progress import track
from safetensors.torch import save_file
from torch import Tensor
from torch.nn import functional

from meronym.core.hashing import sha256_of
from meronym.io.files import atomic
from meronym.teachers.builtin import FORMS, HEAD, Head, load_head
from meronym.teachers.text import TextEncoder
from meronym.types import Vocabulary
from meronym_synthetic.kinds import KINDS
from training.phrasebook import Bank, Key, Phrasebook, make_bank
from training.surroundings import WORDS


@dataclass(frozen=True)
class TrainingSettings:
    """How the head is trained."""

    hidden: int = 1024
    steps: int = 6000
    batch: int = 1024
    """Pixels of things a step; a quarter as many of scenes."""
    rate: float = 2e-3
    decay: float = 0.05
    kinds_a_step: int = 32
    banks: int = 24
    """Draws of the phrasebook."""
    text_noise: float = 0.3
    """Length of the noise on the embeddings of phrases."""
    few: float = 0.5
    """Share of the pixels that are offered a random few names."""
    withheld: float = 0.25
    """Share of the others whose own name is not offered."""
    foreign: float = 0.02
    """How likely a name of another family is among the few."""
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Pixels:
    """Training pixels."""

    feature: Float[Tensor, "n d"]
    """Half precision."""
    key: Int[Tensor, " n"]
    """Index into keys."""
    shape: Int[Tensor, " n"]
    """Number of the shape within its kind."""
    keys: tuple[Key, ...]


def load(folder: Path, kinds: Collection[str]) -> Pixels:
    """All pixels of these kinds; "scene" = the scenes, whose keys are ("scene", name of the whole)."""
    features, rows, numbers, keys = [], [], [], dict[Key, int]()
    for kind in sorted(kinds):
        for path in sorted(folder.glob(f"{kind}.*.npz")):
            with np.load(path) as file:
                feature, part, shape, names = file["feature"], file["part"], file["shape"], file["names"].tolist()
            ids = np.array([keys.setdefault((kind, name), len(keys)) for name in names])
            features.append(torch.from_numpy(feature))
            rows.append(torch.from_numpy(ids[part]))
            numbers.append(torch.from_numpy(shape))
    return Pixels(torch.cat(features), torch.cat(rows), torch.cat(numbers), tuple(keys))


class Trainer:
    """A head in training, and what its loss needs."""

    def __init__(self, pixels: Pixels, scenes: Pixels, book: Phrasebook, settings: TrainingSettings) -> None:
        self.pixels, self.scenes, self.book, self.settings = pixels, scenes, book, settings
        self.rng, self.generator = np.random.default_rng(settings.seed), torch.Generator().manual_seed(settings.seed)
        self.kinds = sorted({kind for kind, _ in pixels.keys})
        number = {kind: index for index, kind in enumerate(self.kinds)}
        self.kind_of_key = torch.tensor([number[kind] for kind, _ in pixels.keys])
        of_kind = self.kind_of_key[pixels.key]
        self.members = [(of_kind == k).nonzero()[:, 0] for k in range(len(self.kinds))]
        rarity = pixels.key.bincount(minlength=len(pixels.keys)).clamp_min(20).float().rsqrt()
        usual = torch.stack([rarity[pixels.key[rows]].mean() for rows in self.members])
        self.weight = rarity / usual[self.kind_of_key]
        self.banks = [make_bank(book, pixels.keys, self.kinds, self.rng) for _ in range(settings.banks)]
        whole = {KINDS[kind].names[0]: number[kind] for kind in reversed(self.kinds)}
        whole |= {name: len(self.kinds) + index for index, name in enumerate(WORDS)}
        self.whole_of_scene_key = torch.tensor([whole.get(name, -1) for _, name in scenes.keys])
        self.scene_rows = (self.whole_of_scene_key[scenes.key] >= 0).nonzero()[:, 0]

    def noisy(self, text: Float[Tensor, "q d"]) -> Float[Tensor, "q d"]:
        noise = torch.randn(text.shape, generator=self.generator) * (self.settings.text_noise / text.shape[1] ** 0.5)
        return functional.normalize(text + noise, dim=-1)

    def uniform(self, *shape: int) -> Tensor:
        return torch.rand(*shape, generator=self.generator)

    def loss(self, head: Head) -> Tensor:
        """Of one draw of things, scenes and phrases."""
        chosen = self.rng.permutation(len(self.kinds))[: self.settings.kinds_a_step].tolist()
        share = self.settings.batch // len(chosen)
        pick = torch.cat(
            [self.members[k][torch.randint(len(self.members[k]), (share,), generator=self.generator)] for k in chosen]
        )
        bank = self.banks[int(self.rng.integers(len(self.banks)))]
        key = self.pixels.key[pick]
        things = things_loss(head, self, bank, self.pixels.feature[pick].float(), key, self.kind_of_key[key])
        total = (things * self.weight[key]).mean()
        if len(self.scene_rows):
            rows = self.scene_rows[torch.randint(len(self.scene_rows), (self.settings.batch // 4,), generator=self.generator)]
            whole = self.whole_of_scene_key[self.scenes.key[rows]]
            total = total + 0.4 * scene_loss(head, self, bank, self.scenes.feature[rows].float(), whole)
        return total


def things_loss(
    head: Head, of: Trainer, bank: Bank, feature: Float[Tensor, "b d"], key: Int[Tensor, " b"], kind: Int[Tensor, " b"]
) -> Float[Tensor, " b"]:
    """Per pixel: its part among those offered and "none", among parts of other families; its whole among wholes."""
    settings = of.settings
    rows = torch.isin(bank.kind, kind.unique()).nonzero()[:, 0]
    target = torch.searchsorted(rows, bank.entry[key])
    embedded, scale = head(feature), head.log_scale.exp()
    logit = embedded @ of.noisy(bank.part[rows]).T * scale
    own = bank.kind[rows] == kind[:, None]
    hidden = torch.zeros_like(own).scatter_(1, target[:, None], (of.uniform(len(key), 1) < settings.withheld))
    few = of.uniform(len(key), 1) < settings.few
    hidden = torch.where(few, of.uniform(*own.shape) < of.uniform(len(key), 1) * 0.95, hidden)
    other = bank.rival[:, rows][kind]
    foreign = other & few & (of.uniform(*own.shape) < settings.foreign)
    withheld = hidden.gather(1, target[:, None])[:, 0]
    among = torch.cat([logit.masked_fill(~((own & ~hidden) | foreign), -1e4), head.none.expand(len(logit), 1)], 1)
    goal = torch.where(withheld, len(rows), target)
    rivals = other.scatter(1, target[:, None], True)
    wholes = embedded @ of.noisy(bank.whole).T * scale
    return (
        functional.cross_entropy(among, goal, reduction="none")
        + 0.3 * functional.cross_entropy(logit.masked_fill(~rivals, -1e4), target, reduction="none")
        + 0.3 * functional.cross_entropy(wholes, kind, reduction="none")
    )


def scene_loss(
    head: Head, of: Trainer, bank: Bank, feature: Float[Tensor, "b d"], whole: Int[Tensor, " b"]
) -> Float[Tensor, ""]:
    """The whole of each pixel among all wholes, and among a random few with "none of these"."""
    logit = head(feature) @ of.noisy(bank.whole).T * head.log_scale.exp()
    few = of.uniform(*logit.shape) < 0.03
    offered = few.scatter(1, whole[:, None], of.uniform(len(whole), 1) < 0.7)
    among = torch.cat([logit.masked_fill(~offered, -1e4), head.none.expand(len(logit), 1)], 1)
    goal = torch.where(offered.gather(1, whole[:, None])[:, 0], whole, logit.shape[1])
    return functional.cross_entropy(logit, whole) + functional.cross_entropy(among, goal)


def train(
    pixels: Pixels, scenes: Pixels, book: Phrasebook, settings: TrainingSettings | None = None, start: Head | None = None
) -> Head:
    """A trained head; the same settings give the same head. Every kind is drawn equally often. `start` is trained further."""
    settings = settings or TrainingSettings()
    trainer = Trainer(pixels, scenes, book, settings)
    with torch.random.fork_rng():
        torch.manual_seed(settings.seed)
        if start is None:
            head = Head(pixels.feature.shape[1], settings.hidden)
            sample = pixels.feature[torch.randint(len(pixels.feature), (100_000,), generator=trainer.generator)].float()
            head.mean.copy_(sample.mean(0))
            head.std.copy_(sample.std(0) + 1e-3)
        else:
            head = copy.deepcopy(start).requires_grad_()
        optimiser = torch.optim.AdamW(head.parameters(), lr=settings.rate, weight_decay=settings.decay)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, settings.rate, total_steps=settings.steps + 1, pct_start=0.15)
        head.train()
        for _ in track(range(settings.steps), description="training the head"):
            value = trainer.loss(head)
            optimiser.zero_grad()
            value.backward()
            optimiser.step()
            schedule.step()
    return head.eval()


def vocabulary(book: Phrasebook, keys: Collection[Key]) -> Vocabulary:
    """Every whole and part that was trained on, and all other ways to say the parts."""
    kinds = sorted({kind for kind, _ in keys})
    wholes = [*(KINDS[kind].names[0] for kind in kinds), *WORDS]
    parts = sorted((kinds.index(kind), path) for kind, path in set(keys))
    names = sorted({name for _, path in parts for name in path.split("/")})
    keys_of = [[(kinds[k], name) for name in path.split("/")] for k, path in parts]
    said = [{way for key in own for texts in (book.names, book.descriptions) for way in texts.get(key, ())} for own in keys_of]
    phrases = sorted(set().union(*said))
    number = {phrase: index for index, phrase in enumerate(phrases)}
    pairs = [(part, number[way]) for part, ways in enumerate(said) for way in sorted(ways & number.keys())]

    def embedded(phrases: Sequence[Sequence[str]]) -> Tensor:
        flat = book.embed([form for forms in phrases for form in forms])
        return functional.normalize(flat.reshape(len(phrases), len(phrases[0]), -1).mean(1), dim=-1)

    return Vocabulary(
        tuple(wholes), embedded([(whole, f"a {whole}") for whole in wholes]), tuple(path for _, path in parts),
        embedded([[form.format(p=path.split("/")[-1], c=wholes[k]) for form in FORMS] for k, path in parts]),
        torch.tensor([k for k, _ in parts]), tuple(names), embedded([(name,) for name in names]),
        book.embed(phrases), torch.tensor(pairs),
    )  # fmt: skip


def save(head: Head, words: Vocabulary, path: Path, kinds: Collection[str], training: Mapping[str, object]) -> None:
    """Write the head and its vocabulary; its metadata names all kinds, trained on or not, and settings.

    Numbers in half precision; embeddings of phrases in bytes, each scaled to its largest number.
    """
    state = {key: value.detach() for key, value in head.state_dict().items()}
    state |= {"vocabulary.whole": words.whole, "vocabulary.part": words.part, "vocabulary.name": words.name}
    tensors = {key: value.half().contiguous() for key, value in state.items()}
    tensors["vocabulary.phrase"] = (127 * words.phrase / words.phrase.abs().amax(1, keepdim=True)).round().to(torch.int8)
    tensors["vocabulary.part_of_phrase"] = words.part_of_phrase.int()
    named = {
        "wholes": words.wholes, "parts": words.parts, "names": words.names, "whole_of_part": words.whole_of_part.tolist()
    }  # fmt: skip
    metadata = {
        "training": {"kinds": len(kinds)} | dict(training),
        "vocabulary": named,
        "kinds": sorted(kinds),
        "kinds_not_trained": sorted(KINDS.keys() - kinds),
    }
    with atomic(path) as temporary:
        save_file(tensors, temporary, {key: json.dumps(value) for key, value in metadata.items()})


def main() -> None:
    """Train on all kinds, or without some families."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--features", type=Path, default=Path("build/features"))
    parser.add_argument("--out", type=Path, default=HEAD)
    parser.add_argument("--without", nargs="*", default=[], help="families to leave out")
    parser.add_argument("--start", type=Path, help="a head to be trained further")
    parser.add_argument("--rate", type=float, default=TrainingSettings.rate)
    parser.add_argument("--steps", type=int, default=TrainingSettings.steps)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    settings = TrainingSettings(steps=arguments.steps, rate=arguments.rate, seed=arguments.seed)
    pixels = load(arguments.features, [name for name, kind in KINDS.items() if kind.family not in arguments.without])
    book = Phrasebook(TextEncoder())
    start = None if arguments.start is None else load_head(arguments.start)[0]
    head = train(pixels, load(arguments.features, ["scene"]), book, settings, start)
    shapes = len(set(zip((pixels.keys[k][0] for k in pixels.key.tolist()), pixels.shape.tolist(), strict=True)))
    about = {
        "shapes": shapes, "pixels": len(pixels.key), "without": arguments.without, "steps": settings.steps,
        "seed": settings.seed, "rate": settings.rate,
        "start": None if arguments.start is None else sha256_of(arguments.start),
    }  # fmt: skip
    save(head, vocabulary(book, pixels.keys), arguments.out, {kind for kind, _ in pixels.keys}, about)


if __name__ == "__main__":
    main()
