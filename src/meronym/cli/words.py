"""`meronym words`: the names that a teacher knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from meronym.errors import InputError, PluginError

if TYPE_CHECKING:
    from meronym.protocols import EmbeddingTeacher

NEAREST = 12
"""Names that are listed for a word."""


def words(like: str | None = None, of: str | None = None, teacher: str = "builtin") -> None:
    """The names that the built-in teacher learned: things, and the parts of each.

    Other words are understood by their likeness to these; how well, --like tells.

        meronym words
        meronym words --of chair
        meronym words --like book

    Args:
        like: List the names that are nearest to this word, with their likeness (cosine), and say whether it counts as known.
        of: List the parts of this thing, the coarse name before the fine one: arm/forearm.
        teacher: Another one that knows names by itself, as "module:attribute".
    """
    from meronym.protocols import EmbeddingTeacher
    from meronym.teachers.checked import load_teacher

    loaded = load_teacher(teacher)
    if not isinstance(loaded, EmbeddingTeacher):
        raise PluginError(f"teacher {teacher}: knows no names by itself; it takes any words. Use builtin for a list.")
    if of is not None:
        print(*_parts(loaded, of), sep="\n")
    if like is not None:
        print(*_nearest(loaded, like), sep="\n")
    if of is None and like is None:
        for whole in loaded.vocabulary.wholes:
            print(f"{whole}: {', '.join(_parts(loaded, whole))}".rstrip(": "))


def _parts(teacher: EmbeddingTeacher, whole: str) -> list[str]:
    """Raises: InputError if there is no such thing; it names those that are nearest."""
    from meronym.core.prompts import check_prompts

    vocabulary = teacher.vocabulary
    if whole not in vocabulary.wholes:
        (word,) = check_prompts([whole])
        order = (teacher.embed([word], None).cpu() @ vocabulary.whole.T)[0].argsort(descending=True)[:3]
        near = ", ".join(vocabulary.wholes[index] for index in order.tolist())
        raise InputError(f"--of {whole}: no thing of that name is known; nearest: {near}. `meronym words` lists all.")
    of = (vocabulary.whole_of_part == vocabulary.wholes.index(whole)).nonzero()[:, 0]
    return [vocabulary.parts[index] for index in of.tolist()]


def _nearest(teacher: EmbeddingTeacher, like: str) -> list[str]:
    """The names nearest to a word, and whether it is known."""
    import torch

    from meronym.core.prompts import check_prompts
    from meronym.parts.recognition import familiarity

    (word,) = check_prompts([like])
    vocabulary, said = teacher.vocabulary, teacher.embed([word], None).cpu()
    names = (*vocabulary.names, *vocabulary.wholes)
    cosine = (said @ torch.cat([vocabulary.name, vocabulary.whole]).T)[0]
    best = dict[str, float]()
    for index in cosine.argsort(descending=True).tolist():
        best.setdefault(names[index], float(cosine[index]))
    (known,) = familiarity(vocabulary, [word], said)
    verdict = f"{word!r} counts as {'known' if known.known else 'not known: it names nothing'}."
    return [*(f"{value:.2f} {name}" for name, value in list(best.items())[:NEAREST]), verdict]
