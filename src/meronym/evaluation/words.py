"""Figures of recognition: single words, words for what is not there, instances, and names of regions.

The closed list, where the best name wins everywhere, says nothing of what happens to one word alone. Here the same method is
asked, on the same views, for each word alone and for words that name nothing of the shape. Its answers are final before a label
is read; which words are absent is told by the shape's category and its prompts, never by labels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int
from scipy.optimize import linear_sum_assignment

from meronym.evaluation.metrics import Unnamed, part_iou
from meronym.lifting.observation import Method, Observation

ONE_WORD, WHOLE, ALONE, AMONG = "one word", "the whole's word", "absent word, alone", "absent word, among"
COUNT, INSTANCES, NAMED = "instances, count", "instances, IoU", "label accuracy"
SENTENCES: Mapping[str, str] = {
    ONE_WORD: "each of the shape's words that is in the ground truth asked alone, -1 where it was not found; IoU",
    WHOLE: "the word for the whole (the category) asked alone; share of the surface that it takes, of which all is right",
    ALONE: "words for what such a thing has not, each asked alone; share of the surface that it takes; failures left out",
    AMONG: "the same words, each asked beside all of the shape's own; share of the surface that it takes; failures left out",
    COUNT: "with none; share of the words in the ground truth that have as many connected instances as there",
    INSTANCES: "with none; instances of a word matched one to one with the true ones for the greatest sum of IoU; mean over "
    "the true ones, 0 for one without a match",
    NAMED: "with none; each true part matched with the region of highest IoU among those of one name or of none; share of the "
    "parts whose region has their name",
}
"""Figure -> how it is made; every one is a mean over words, shapes, then categories."""
ASKED = (ONE_WORD, WHOLE, ALONE, AMONG)
"""The figures that need further answers."""

_ROLLING = "car truck van bus motorcycle motorbike bicycle bike scooter skateboard cart carriage wagon train tram tank vehicle"
CAN_HAVE: Mapping[str, str] = {
    "propeller": "airplane plane aircraft helicopter drone ship boat submarine fan windmill rocket",
    "wheel": f"{_ROLLING} airplane plane aircraft helicopter tractor chair stool table desk bed cabinet furniture suitcase bag "
    "bin can mouse lighter ship boat bearing windmill",
    "keyboard": "laptop computer keyboard piano organ synthesizer typewriter phone",
    "roof": f"{_ROLLING} house building barn church tower castle tent ship boat windmill",
    "drawer": "table desk cabinet dresser chest nightstand wardrobe cupboard shelf bookcase furniture bed oven "
    "refrigerator printer",
    "sail": "ship boat yacht raft windmill surfboard",
    "car": f"{_ROLLING} tractor toy",
    "chair": "chair stool sofa couch bench throne seat furniture",
    "dog": "dog wolf fox animal pet",
}
"""Words that are asked for as absent -> things that can have such a part, and are not asked for it."""


@dataclass(frozen=True, eq=False)
class WordAnswers:
    """Where a method found single words on a shape."""

    own: Bool[np.ndarray, "p n"]
    """Each of the shape's own words, asked alone."""
    whole: Bool[np.ndarray, "w n"]
    """The word for the whole, asked alone; no row where there is none."""
    absent: tuple[str, ...]
    alone: Bool[np.ndarray, "a n"]
    """Each absent word, asked alone."""
    among: Bool[np.ndarray, "a n"]
    """Each absent word, asked beside all own words."""


def absent_words(category: str, prompts: Sequence[str]) -> tuple[str, ...]:
    """The words of `CAN_HAVE` that name nothing of such a thing: none of its prompts contains them, and it cannot have them."""
    whole = [form for word in category.lower().split() for form in (word, word.removesuffix("s"))]
    said = [prompt.lower() for prompt in prompts]
    return tuple(
        word
        for word, things in CAN_HAVE.items()
        if not any(word in prompt for prompt in said) and not any(form.endswith(tuple(things.split())) for form in whole)
    )


def ask(method: Method, observation: Observation, absent: Sequence[str]) -> WordAnswers:
    """The method's answers to single words; views, and all else that doesn't depend on words, are those of the observation."""
    words, count = observation.prompts, observation.shape.element_count

    def found(sets: Sequence[tuple[str, ...]]) -> Bool[np.ndarray, "k n"]:
        """Where the last word of each set is the answer."""
        rows = [method(observation.asked(asked, observation.category)).label == len(asked) - 1 for asked in sets]
        return np.array([row.cpu().numpy() for row in rows], dtype=bool).reshape(len(sets), count)

    whole = [] if observation.category is None else [(observation.category,)]
    return WordAnswers(
        found([(word,) for word in words]), found(whole), tuple(absent), found([(word,) for word in absent]),
        found([(*words, word) for word in absent]),
    )  # fmt: skip


def word_figures(
    answers: WordAnswers,
    truth: Int[np.ndarray, " n"],
    area: Float[np.ndarray, " n"],
    unnamed: Unnamed = "left_out",
) -> dict[str, Float[np.ndarray, " _w"]]:
    """The figures of single words: one value 0..1 for each word that counts.

    Raises: InputError as `metrics.part_iou` does.
    """
    parts, share = len(answers.own), area / area.sum()
    present = [part for part in range(parts) if area[truth == part].sum() > 0]
    ious = [part_iou(np.where(answers.own[part], part, -1), truth, area, parts, unnamed=unnamed)[part] for part in present]
    rows = {WHOLE: answers.whole, ALONE: answers.alone, AMONG: answers.among}
    return {ONE_WORD: np.array(ious), **{name: found @ share for name, found in rows.items()}}


def region_figures(
    label: Int[np.ndarray, " n"],
    instance: Int[np.ndarray, " n"],
    truth: Int[np.ndarray, " n"],
    true_instance: Int[np.ndarray, " n"],
    area: Float[np.ndarray, " n"],
    unnamed: Unnamed = "left_out",
) -> dict[str, Float[np.ndarray, " _w"]]:
    """Instances and names of regions: one value 0..1 for each word in the ground truth.

    `instance` and `true_instance` number the connected instances within each label from 0; -1 where the label is.
    """
    counts = (area > 0) & ((truth >= 0) | (unnamed == "counted"))
    label, instance, truth, true_instance, area = (array[counts] for array in (label, instance, truth, true_instance, area))
    region = iou_table(truth, label + 1, area)
    found: dict[str, list[float]] = {COUNT: [], INSTANCES: [], NAMED: []}
    for part in np.unique(truth[truth >= 0]).tolist():
        own, claimed = np.where(truth == part, true_instance, -1), np.where(label == part, instance, -1)
        true, said = (len(np.unique(numbers[numbers >= 0])) for numbers in (own, claimed))
        table = iou_table(own, claimed, area)
        found[COUNT].append(float(true == said))
        found[INSTANCES].append(float(table[linear_sum_assignment(table, maximize=True)].sum() / true))
        found[NAMED].append(float(region[part].argmax() == part + 1))
    return {name: np.array(values) for name, values in found.items()}


def iou_table(
    first: Int[np.ndarray, " n"], second: Int[np.ndarray, " n"], area: Float[np.ndarray, " n"]
) -> Float[np.ndarray, "_a _b"]:
    """Weighted IoU of the elements of each number in `first` with those of each number in `second`; -1 is no number."""
    rows, columns = int(first.max(initial=-1)) + 2, int(second.max(initial=-1)) + 2
    both = np.bincount((first + 1) * columns + second + 1, area, rows * columns).reshape(rows, columns)
    union = both.sum(1, keepdims=True) + both.sum(0) - both
    iou: np.ndarray = np.divide(both, union, out=np.zeros(both.shape), where=union > 0)
    return iou[1:, 1:]


def failed(asked: bool) -> dict[str, Float[np.ndarray, " _w"]]:
    """What stands for a shape without an answer: 0 where more is better; of absent words nothing is known."""
    return {name: np.zeros(1) for name in (ONE_WORD, WHOLE, COUNT, INSTANCES, NAMED) if asked or name not in ASKED}
