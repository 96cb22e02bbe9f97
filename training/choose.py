"""Compare ways to train the head, on generated shapes only: never on the benchmark.

    python -m training.choose --features build/features

A quarter of the families is held out, and a fifth of the shapes of the others, as well as two names and one description of
every part. Each setting is trained without them and measured by pixels (mean over parts, shapes, kinds, families): on the
held-out shapes, on the same with every part called by a name that was kept out of training, and on the held-out families.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from meronym.teachers.builtin import FORMS_WITH_CATEGORY, Head
from meronym.teachers.text import TextEncoder
from meronym_synthetic.kinds import KINDS
from training.head import Pixels, TrainingSettings, load, train
from training.phrasebook import Phrasebook, Texts, read_phrases, synonyms

SETTINGS: dict[str, TrainingSettings] = {
    "default": TrainingSettings(steps=3000),
    "closed list": TrainingSettings(steps=3000, few=0.0, withheld=0.25),
    "text noise 0.6": TrainingSettings(steps=3000, text_noise=0.6),
}


def kept_apart(texts: Texts, count: int) -> tuple[Texts, Texts]:
    """The last `count` ways to say each part, and the others."""
    return {key: said[-count:] for key, said in texts.items()}, {key: said[:-count] for key, said in texts.items()}


def part_of(pixels: Pixels, chosen: Tensor) -> Pixels:
    """The pixels in a boolean mask, with only the keys that they use."""
    used, key = pixels.key[chosen].unique(return_inverse=True)
    return Pixels(pixels.feature[chosen], key, pixels.shape[chosen], tuple(pixels.keys[k] for k in used.tolist()))


def split(pixels: Pixels, seed: int = 0) -> tuple[Pixels, Pixels, Pixels]:
    """Training pixels, new shapes of the same kinds, and the kinds of held-out families."""
    family = [KINDS[kind].family for kind, _ in pixels.keys]
    names = sorted(set(family))
    held = set(np.random.default_rng(seed).permutation(names)[: len(names) // 4].tolist())
    foreign = torch.tensor([name in held for name in family])[pixels.key]
    new = pixels.shape % 5 == 0
    return part_of(pixels, ~foreign & ~new), part_of(pixels, ~foreign & new), part_of(pixels, foreign)


@torch.inference_mode()
def score(head: Head, pixels: Pixels, book: Phrasebook, new_words: Texts | None = None) -> float:
    """Mean IoU in percent, every kind offered all its part names; `new_words` says each part in another way."""
    embedded = torch.cat([head(chunk.float()) for chunk in pixels.feature.split(50_000)])
    families: dict[str, list[float]] = {}
    kind_of_key = [kind for kind, _ in pixels.keys]
    for kind in sorted(set(kind_of_key)):
        own = [k for k, name in enumerate(kind_of_key) if name == kind]
        last = [pixels.keys[k][1].split("/")[-1] for k in own]
        names = sorted(set(last))
        words = [(new_words or {}).get((kind, name), (name,))[0] for name in names]
        phrases = [form.format(p=word, c=KINDS[kind].names[0]) for word in words for form in FORMS_WITH_CATEGORY]
        text = book.embed(phrases).reshape(len(words), len(FORMS_WITH_CATEGORY), -1).mean(1)
        row = torch.full((len(pixels.keys),), -1)
        row[own] = torch.tensor([names.index(name) for name in last])
        mine = (row[pixels.key] >= 0).nonzero()[:, 0]
        guess = (embedded[mine] @ functional.normalize(text, dim=-1).T).argmax(1)
        truth, shape = row[pixels.key[mine]], pixels.shape[mine]
        per_shape = []
        for number in shape.unique():
            t, g = truth[shape == number], guess[shape == number]
            ious = [((t == k) & (g == k)).sum() / ((t == k) | (g == k)).sum() for k in t.unique()]
            per_shape.append(float(torch.stack(ious).mean()))
        families.setdefault(KINDS[kind].family, []).append(float(np.mean(per_shape)))
    return 100 * float(np.mean([np.mean(values) for values in families.values()]))


def main() -> None:
    """Train every setting and print the three figures of each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--features", type=Path, default=Path("build/features"))
    parser.add_argument("--settings", nargs="*", default=list(SETTINGS))
    arguments = parser.parse_args()
    (new_names, names), (_, descriptions) = kept_apart(synonyms(), 2), kept_apart(read_phrases()[1], 1)
    book = Phrasebook(TextEncoder(), names, descriptions)
    training, new_shapes, new_families = split(load(arguments.features, KINDS))
    scenes = load(arguments.features, ["scene"])
    print("| setting | new shapes | other words | new families |\n|---|---|---|---|")
    for name in arguments.settings:
        head = train(training, scenes, book, SETTINGS[name])
        cells = (score(head, new_shapes, book), score(head, new_shapes, book, new_names), score(head, new_families, book))
        print(f"| {name} | " + " | ".join(f"{cell:.1f}" for cell in cells) + " |", flush=True)


if __name__ == "__main__":
    main()
