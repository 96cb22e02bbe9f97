"""Low-poly characters of games, with big heads or real proportions: fighters, wizards, archers, bones and toy figures."""

from __future__ import annotations

import numpy as np

from meronym_synthetic.kinds.low_poly import Figure, axe, ball, bow, cape, face, figure, held, shield, stack, stick, sword
from meronym_synthetic.kit.anatomy import vec
from meronym_synthetic.kit.curves import SIDES, arc, around, bezier, ellipse, turn
from meronym_synthetic.kit.registry import kind
from meronym_synthetic.kit.rng import Rng
from meronym_synthetic.kit.solids import Solid, box, cylinder, ellipsoid, lathe, move, tube


def _helmet(u: Rng, f: Figure) -> list[Solid]:
    """Closed bucket helmet with a slit, a dome open at the face, or a dome with a visor that points forward."""
    c, r, style, n = f.head, f.size, u.pick("bucket", "open", "visor"), 4 if f.style == "block" else u.pick(8, 24)
    dome = [(0.35, 1.1, 1.06), (0.7, 1, 0.98), (0.98, 0.7, 0.68), (1.12, 0.25, 0.25)]
    if style == "bucket":
        pieces = [stack("helmet", r * np.array([(-0.95, 0.98, 0.98), *dome]), n, c)]
        slit = "helmet/visor" if u.chance(0.6) else "helmet"
        pieces.append(box(slit, c + r * vec(0, 0.1, 1.05), r * vec(0.75, 0.12, 0.1), n=2))
        pieces.append(box(slit, c + r * vec(0, -0.4, 1.05), r * vec(0.08, 0.45, 0.1), n=2))
    else:
        pieces = [stack("helmet", r * np.array([(0.3, 1.1, 1.06), *dome]), n, c)]
        pieces += [box("helmet", c + r * vec(x * 1.02, -0.2, -0.15), r * vec(0.12, 0.6, 0.7), n=2) for x in SIDES]
        pieces.append(box("helmet", c + r * vec(0, -0.2, -1.0), r * vec(1.02, 0.6, 0.12), n=2))
        if style == "visor":
            pieces.append(
                stack(
                    "helmet/visor",
                    r * np.array([(-0.5, 0.9, 0.3), (0.05, 1.02, 0.5), (0.4, 1, 0.3)]),
                    n,
                    c + r * vec(0, 0, 0.8),
                )
            )
        else:
            pieces += face(u, f)
            if u.chance():
                pieces.append(box("helmet", c + r * vec(0, 0.05, 1.0), r * vec(0.08, 0.4, 0.08), n=2))
    if u.chance(0.5):
        crest = arc((0, 0, -0.1), 1.35, 1.4, np.pi * 0.3, np.pi * 0.95, "zy", 7)
        pieces.append(tube("helmet/plume", c + r * crest, r * 0.2, flat=0.6))
    return pieces


@kind("toy knight", family="humanoid", names=("knight", "toy knight", "armored warrior", "low-poly knight"), synonyms={
    "neck": ("nape",), "upper arm": ("top of the arm",), "forearm": ("lower arm",), "thigh": ("upper leg",),
    "lower leg": ("shin", "shank"),
    "armor": ("breastplate", "body armor", "chest plate"), "helmet": ("headgear", "head armor"), "head": ("face",),
    "visor": ("eye slit", "face guard"), "plume": ("helmet crest", "feather"), "shield": ("buckler",),
    "sword": ("weapon", "longsword"), "blade": ("sword blade",), "guard": ("crossguard",), "handle": ("hilt",),
    "cape": ("cloak",), "boot": ("boots", "shoe"), "gauntlet": ("glove", "armored hand"), "arm": ("sleeve",),
    "leg": ("legs",), "belt": ("waist belt", "girdle"), "shoulder pad": ("pauldron", "shoulder armor"), "eye": ("eyes",),
})  # fmt: skip
def toy_knight(u: Rng) -> list[Solid]:
    """Knights with helmet, sword, shield and cape, blocky, faceted or smooth."""
    f = figure(u, u.chance(0.7), "armor", "arm/gauntlet", "leg/boot")
    pieces = f.pieces + _helmet(u, f)
    if u.chance(0.6):
        pieces.append(f.coat("armor", 0.25, 0.95, 0.025, u(0.85, 1)))
    if u.chance(0.6):
        pieces += [f.lump(u, "shoulder pad", a[0] + vec(0, f.thick * 0.4, 0), f.thick * vec(1.7, 1.1, 1.6)) for a in f.arms]
    if u.chance(0.5):
        pieces.append(f.coat("belt", 0.0, 0.13, 0.02))
    if u.chance(0.85):
        pieces += sword(u, f)
    if u.chance(0.7):
        pieces += shield(u, f)
    if u.chance(0.55):
        pieces.append(cape(u, f, "cape", f.pelvis[1] * u(0.25, 0.8)))
    return pieces


@kind("toy wizard", family="humanoid", names=("wizard", "mage", "toy wizard", "sorcerer", "witch"), synonyms={
    "neck": ("nape",), "upper arm": ("top of the arm",), "forearm": ("lower arm",), "thigh": ("upper leg",),
    "lower leg": ("shin", "shank"), "leg": ("legs",),
    "head": ("face",), "hat": ("pointed hat", "wizard hat"), "brim": ("hat brim", "hat edge"), "robe": ("gown", "dress"),
    "beard": ("facial hair", "chin hair"), "hair": ("hairstyle",), "staff": ("magic staff", "wizard staff", "wand"),
    "orb": ("crystal", "magic gem"), "cape": ("cloak",), "arm": ("sleeve",), "hand": ("palm",), "belt": ("sash",),
    "book": ("spellbook", "tome"), "boot": ("shoe",), "eye": ("eyes",)})  # fmt: skip
def toy_wizard(u: Rng) -> list[Solid]:
    """Wizards and witches with pointed hat, robe, staff, beard, book and cape."""
    f = figure(u, u.chance(0.7), "robe", "arm/hand", "leg/boot")
    n = 4 if f.style == "block" else 8 if f.style == "facet" else 24
    c, r = f.head, f.size
    pieces = f.pieces + face(u, f)
    pieces.append(
        stack(
            "robe",
            [(u(0.03, 0.1), f.wide * u(1.1, 1.5), f.deep * u(1.5, 2)), (f.pelvis[1] * 1.05, f.wide * 0.85, f.deep * 1.1)],
            n,
        )
    )
    pieces += [f.rod("arm", a[1], a[1] * 0.3 + a[2] * 0.7, f.thick * 1.05, f.thick * 1.6) for a in f.arms]
    if u.chance(0.9):
        brim, tall, bend = u(1.4, 1.9), u(1.2, 2), u(-0.5, 0.5)
        base = c + r * vec(0, 0.55, -0.05)
        fine = "hat/brim" if u.chance(0.4) else "hat"
        pieces.append(
            stack(fine, r * np.array([(0, brim, brim), (0.12, brim * 0.96, brim * 0.96)]), max(n, 8), base, turn("x", -0.1))
        )
        pieces.append(stack("hat", r * np.array([(0.05, 0.98, 0.98), (tall * 0.5, 0.55, 0.55)]), n, base))
        low = base + r * vec(0, tall * 0.48, 0)
        pieces.append(
            stack("hat", r * np.array([(0, 0.57, 0.57), (tall * 0.6, 0.04, 0.04)]), n, low, turn("x", bend) @ turn("z", bend))
        )
    else:
        pieces.append(f.lump(u, "head/hair", c + r * vec(0, 0.35, -0.25), r * vec(1.1, 0.9, 0.95)))
    if u.chance(0.6):
        long = u(0.7, 1.6)
        levels = r * np.array([(-long, 0.1, 0.08), (-long * 0.4, 0.6, 0.25), (0, 0.85, 0.35)])
        pieces.append(stack("head/beard", levels, max(n, 6), c + r * vec(0, -0.3, 0.75)))
    if u.chance(0.85):
        p, top = f.arms[0][2], u(0.25, 0.6)
        pieces.append(f.rod("staff", vec(p[0], 0.02, p[2]), p + vec(0, top, 0), 0.02))
        tip = p + vec(0, top + 0.05, 0)
        orb = u.pick("staff/orb", "staff")
        pieces.append(
            u.pick(ball(u, orb, tip, u(0.045, 0.08), 6, 3), tube("staff", arc(tip, 0.06, 0.08, -1.5, 3.6, "xy", 8), 0.02))
        )
    if u.chance(0.25):
        pieces.append(box("book", f.arms[1][2] + vec(0, 0.02, f.thick + 0.03), (0.08, 0.1, 0.025), turn("x", -0.4), n=2))
    if u.chance(0.5):
        pieces.append(f.coat("belt", 0.0, 0.12, 0.03))
    if u.chance(0.35):
        pieces.append(cape(u, f, "cape", f.pelvis[1] * u(0.2, 0.6)))
    return pieces


@kind("adventurer", family="humanoid", names=("adventurer", "ranger", "archer", "rogue", "hooded hero"), synonyms={
    "neck": ("nape",), "upper arm": ("top of the arm",), "forearm": ("lower arm",), "thigh": ("upper leg",),
    "lower leg": ("shin", "shank"),
    "body": ("torso", "tunic", "jacket"), "head": ("face",), "hood": ("cowl", "head cover"), "hair": ("hairstyle",),
    "cloak": ("cape",), "quiver": ("arrow holder", "arrow case"), "arrow": ("arrows",), "bow": ("longbow",),
    "bowstring": ("cord",), "backpack": ("rucksack", "bag"), "bedroll": ("sleeping mat", "blanket roll"), "eye": ("eyes",),
    "belt": ("waist belt",), "pouch": ("belt bag", "small bag"), "boot": ("boots", "shoe"), "arm": ("sleeve",),
    "glove": ("hand",), "leg": ("trousers",), "sword": ("dagger", "weapon"), "blade": ("sword blade",),
    "guard": ("crossguard",), "handle": ("hilt",)})  # fmt: skip
def adventurer(u: Rng) -> list[Solid]:
    """Hooded rangers, archers and travelers with bow, quiver, backpack, belt and boots."""
    f = figure(u, u.chance(0.65), "body", "arm/glove", "leg/boot")
    c, r = f.head, f.size
    pieces = f.pieces + face(u, f)
    if u.chance(0.65):
        pieces += [f.lump(u, "hood", c + r * vec(0, 0.2, -0.3), r * vec(1.18, 1.1, 0.95))]
        pieces.append(
            stack("hood", r * np.array([(0, 0.5, 0.5), (0.9, 0.05, 0.05)]), 6, c + r * vec(0, 0.6, -0.6), turn("x", -u(1, 2)))
        )
        pieces.append(f.coat("hood", 0.88, 1.08, 0.03, 1.15))
    else:
        pieces.append(f.lump(u, "head/hair", c + r * vec(0, 0.4, -0.25), r * vec(1.1, 0.8, 0.95)))
    back = f.chest * 0.45 + f.pelvis * 0.55 - vec(0, 0, f.deep)
    if u.chance(0.5):
        pieces.append(cape(u, f, "cloak", f.pelvis[1] * u(0.2, 0.9)))
        back = back - vec(0, 0, 0.05)
    load = u.pick("quiver", "backpack", "both", "none")
    if load in ("quiver", "both"):
        z = -0.05 - 0.2 * (load == "both")
        tilt, base = turn("z", u(-0.5, 0.5)), back + vec(0, 0, z)
        things = [stick("quiver", (0, -0.14, 0), (0, 0.16, 0), 0.05, 0.06, 8)]
        things += [
            stick("quiver/arrow", (x * 0.03, 0, q * 0.02), (x * 0.035, u(0.22, 0.28), q * 0.02), 0.012, 0.02, 4)
            for x, q in around(3)
        ]
        pieces += move(things, base, rotation=tilt)
    if load in ("backpack", "both"):
        half = vec(f.wide * u(0.6, 0.85), u(0.1, 0.15), u(0.05, 0.09))
        pieces.append(f.lump(u, "backpack", back - vec(0, 0, half[2]), half))
        if u.chance(0.6):
            roll = back + vec(0, half[1] + 0.03, -half[2])
            pieces.append(stick("backpack/bedroll", roll - vec(f.wide, 0, 0), roll + vec(f.wide, 0, 0), 0.045, None, 8))
    if u.chance(0.75):
        pieces.append(f.coat("belt", 0.0, 0.13, 0.02))
        if u.chance(0.6):
            at = f.pelvis + vec(u.pick(*SIDES) * f.wide * 0.85, 0.01, f.deep * 0.3)
            pieces.append(box("belt/pouch", at, (0.035, 0.045, 0.04), n=2))
    arms = u.pick("bow", "bow", "sword", "none")
    return pieces + (bow(u, f) if arms == "bow" else sword(u, f) if arms == "sword" else [])


@kind("barbarian", family="humanoid", names=("barbarian", "viking", "warrior", "orc"), synonyms={
    "neck": ("nape",), "upper arm": ("top of the arm",), "forearm": ("lower arm",), "thigh": ("upper leg",),
    "lower leg": ("shin", "shank"),
    "body": ("torso", "chest"), "head": ("face",), "helmet": ("horned helmet", "headgear"), "horn": ("helmet horn",),
    "hair": ("hairstyle", "topknot"), "beard": ("facial hair",), "kilt": ("loincloth", "skirt"), "belt": ("waist belt",),
    "fur": ("fur collar", "pelt"), "axe": ("weapon", "battle axe"), "handle": ("shaft",), "blade": ("axe blade",),
    "club": ("mace", "cudgel"), "shield": ("buckler",), "boot": ("boots",), "bracer": ("wristband", "arm guard"),
    "arm": ("arms",), "hand": ("palm",), "leg": ("legs",), "eye": ("eyes",)})  # fmt: skip
def barbarian(u: Rng) -> list[Solid]:
    """Broad fighters with horned helmet or hair, fur, axe or club, shield and kilt."""
    f = figure(u, u.chance(0.65), "body", "arm/hand", "leg/boot")
    c, r, n = f.head, f.size, 4 if f.style == "block" else 8
    pieces = [*f.pieces, *face(u, f), f.coat("kilt", -0.4, 0.1, 0.02, 1.3)]
    if u.chance(0.6):
        pieces.append(stack("helmet", r * np.array([(0.3, 1.12, 1.1), (0.7, 1, 0.98), (1.1, 0.4, 0.4)]), n, c))
        if u.chance(0.7):
            for x in SIDES:
                path = c + r * bezier((x * 0.9, 0.6, 0), (x * 1.7, 0.6, 0), (x * 1.6, 1.5, 0.1), n=6)
                pieces.append(tube("helmet/horn", path, r * np.linspace(0.24, 0.05, 6)))
    else:
        pieces.append(f.lump(u, "head/hair", c + r * vec(0, 0.45, -0.3), r * vec(1.08, 0.75, 0.9)))
        if u.chance():
            pieces.append(
                stack("head/hair", r * np.array([(0, 0.3, 0.3), (u(0.5, 1), 0.12, 0.12)]), 6, c + r * vec(0, 1, -0.3))
            )
    if u.chance(0.55):
        pieces.append(
            stack("head/beard", r * np.array([(-u(0.5, 1.2), 0.2, 0.15), (0, 0.8, 0.35)]), 6, c + r * vec(0, -0.35, 0.75))
        )
    if u.chance(0.6):
        pieces.append(f.coat("fur", 0.8, 1.12, 0.04, 1.2))
    if u.chance(0.7):
        pieces.append(f.coat("belt", 0.0, 0.15, 0.03))
    if u.chance(0.5):
        pieces += [f.rod("arm/bracer", a[1] * 0.7 + a[2] * 0.3, a[1] * 0.35 + a[2] * 0.65, f.thick * 1.25) for a in f.arms]
    if u.chance(0.25):
        things = [stick("club", (0, -0.1, 0), (0, u(0.3, 0.45), 0), 0.02, u(0.06, 0.09), 7)]
        pieces += held(u, things, f.arms[0][2])
    else:
        pieces += axe(u, f)
    return pieces + (shield(u, f) if u.chance(0.4) else [])


@kind("toy skeleton", family="humanoid", names=("skeleton", "skeleton warrior", "undead skeleton", "bone figure"), synonyms={
    "head": ("bone head", "cranium"), "jaw": ("chin", "jawbone", "teeth"), "eye socket": ("eye hole", "eye"),
    "spine": ("backbone", "vertebrae"), "ribcage": ("ribs", "chest bones"), "pelvis": ("hip bone",), "arm": ("arm bone",),
    "hand": ("bony hand",), "leg": ("leg bone",), "foot": ("bony foot",), "helmet": ("headgear",), "hood": ("cowl",),
    "cape": ("cloak",), "sword": ("weapon",), "blade": ("sword blade",), "guard": ("crossguard",), "handle": ("hilt",),
    "shield": ("buckler",), "axe": ("weapon",)})  # fmt: skip
def toy_skeleton(u: Rng) -> list[Solid]:
    """Toy skeletons with a big skull, ribs of bars or rings, thin bones, by chance armed."""
    f = figure(u, u.chance(0.75))
    c, r, bone = f.head, f.size, f.thick * u(0.4, 0.6)
    up, n = f.chest - f.pelvis, 4 if f.style == "block" else 8
    pieces = [f.lump(u, "head", c + r * vec(0, 0.15, 0), r * vec(1, 0.88, 1))]
    pieces.append(stack("head/jaw", r * np.array([(-0.95, 0.42, 0.35), (-0.4, 0.6, 0.5)]), n, c + r * vec(0, 0, 0.3)))
    if u.chance(0.8):
        spots = [c + r * vec(x * 0.4, 0.05, 0.88) for x in SIDES]
        pieces += [ball(u, "head/eye socket", s, r * vec(0.22, 0.25, 0.16), 7, 3) for s in spots]
    pieces.append(f.rod("spine", f.pelvis, c - r * vec(0, 0.6, 0), bone * 1.1))
    rows = u.count(3, 4)
    for k in np.linspace(0.5, 0.92, rows):
        w, at = f.wide * 0.8 * (0.55 + 0.5 * k), f.pelvis + up * k
        if f.style == "block":
            pieces.append(box("ribcage", at, (w, up[1] * 0.14 / rows * 2, f.deep * 0.8), n=2))
        else:
            pieces.append(tube("ribcage", ellipse(at, w, f.deep * 0.85, "xz", 13), bone * 0.55))
    pieces.append(f.rod("ribcage", f.arms[0][0], f.arms[1][0], bone * 0.9))
    pieces.append(stack("pelvis", [(-0.04, f.wide * 0.35, f.deep * 0.5), (0.05, f.wide * 0.65, f.deep * 0.7)], n, f.pelvis))
    for a, g in zip(f.arms, f.legs, strict=True):
        for part, p in (("arm", a), ("leg", g[:3])):
            pieces += [f.rod(part, p[0], p[1], bone), f.rod(part, p[1], p[2], bone)]
            pieces += [f.lump(u, part, q, bone * 1.6) for q in p[:2]]
        pieces.append(f.lump(u, "arm/hand", a[2], f.thick * 0.9))
        pieces.append(box("leg/foot", (g[2] + g[3]) / 2, f.thick * vec(0.8, 0.4, 1.6), n=2))
    gear = u.pick("none", "sword", "axe", "sword")
    pieces += sword(u, f) if gear == "sword" else axe(u, f) if gear == "axe" else []
    if u.chance(0.3):
        pieces += shield(u, f)
    if u.chance(0.25):
        pieces.append(stack("helmet", r * np.array([(0.35, 1.12, 1.1), (0.75, 1, 0.98), (1.15, 0.4, 0.4)]), n, c))
    elif u.chance(0.25):
        pieces.append(f.lump(u, "hood", c + r * vec(0, 0.3, -0.3), r * vec(1.2, 1.1, 0.95)))
    if u.chance(0.25):
        pieces.append(cape(u, f, "cape", f.pelvis[1] * u(0.2, 0.8)))
    return pieces


@kind("brick figure", family="humanoid", names=("toy figure", "toy robot", "brick figure", "action figure"), synonyms={
    "torso": ("body", "chest"), "head": ("face",), "stud": ("head knob",), "hair": ("wig",), "hat": ("cap", "headwear"),
    "arm": ("arms",), "hand": ("claw hand", "gripper"), "hips": ("waist",), "leg": ("legs",), "foot": ("feet", "shoe"),
    "eye": ("eyes",), "antenna": ("aerial",), "backpack": ("jet pack", "bag"), "screen": ("chest panel", "display"),
    "joint": ("ball joint", "hinge")})  # fmt: skip
def brick_figure(u: Rng) -> list[Solid]:
    """Stiff plastic figures: tapered block torso, can or box head, hooked hands, block legs; or boxy toy robots."""
    robot, w, h, leg, d = u.chance(0.5), u(0.16, 0.22), u(0.26, 0.36), u(0.25, 0.38), u(0.08, 0.13)
    r, gap, swing = u(0.1, 0.17), 0.015, u(-0.4, 0.4) * u.chance()
    pieces = [stack("torso", [(0, w, d), (h, w * u(0.65, 1.0), d * u(0.8, 1))], 4, (0, leg + 0.07, 0))]
    pieces.append(box("hips", (0, leg + 0.03, 0), (w * 0.95, 0.04, d * 0.9), n=2))
    shoulder = leg + 0.07 + h * 0.85
    for x in SIDES:
        turned = turn("x", x * swing)
        block = [
            box("leg", (0, -leg / 2, 0), (w * 0.45, leg / 2, d * 0.85), n=2),
            box("leg/foot", (0, -leg + 0.03, d * 0.3), (w * 0.45, 0.04, d * 1.1), n=2),
        ]
        pieces += move(block, (x * (w * 0.45 + gap), leg, 0), rotation=turned)
        top, out, fore = vec(x * w * 0.95, shoulder, 0), u(0.15, 0.5), u(-0.3, 1.2)
        elbow = top + 0.16 * vec(x * np.sin(out), -np.cos(out), 0)
        palm = elbow + 0.15 * vec(0, -np.cos(fore), np.sin(fore))
        thick = u(0.04, 0.05)
        pieces += [
            stick("arm", top, elbow, thick, None, 4 if robot else 8),
            stick("arm", elbow, palm, thick * 0.9, None, 4 if robot else 8),
        ]
        if robot and u.chance(0.6):
            pieces += [ellipsoid("joint", q, thick * 1.5) for q in (top, elbow)]
        hook = arc(palm + vec(0, -0.03, 0.03), 0.045, 0.045, -2.2, 2.2, "zx", 7)
        pieces.append(tube("arm/hand", hook, 0.02))
    neck = leg + 0.07 + h
    c = vec(0, neck + r + 0.02, 0)
    pieces.append(cylinder("head", (0, neck, 0), c, r * 0.5))
    if robot:
        pieces.append(box("head", c, r * vec(u(1, 1.4), u(0.75, 1), u(0.9, 1.1)), n=3))
        for x in (0.0,) if u.chance() else SIDES:
            pieces += [cylinder("head/antenna", c + r * vec(x * 0.6, 0.7, 0), c + r * vec(x * 0.8, 1.7, 0), 0.012)]
            pieces.append(ellipsoid("head/antenna", c + r * vec(x * 0.8, 1.8, 0), 0.028))
        if u.chance(0.6):
            pieces.append(box("screen", (0, leg + 0.07 + h * 0.6, d * 0.95), (w * 0.5, h * 0.2, 0.02), n=2))
    else:
        pieces.append(lathe("head", r * np.array([(0.7, -1), (1, -0.8), (1, 0.7), (0.7, 0.95), (0.01, 0.95)]), c))
        cover = u.pick("stud", "hair", "hat")
        if cover == "stud":
            pieces.append(cylinder("head/stud", c + r * vec(0, 0.9, 0), c + r * vec(0, 1.25, 0), r * 0.5))
        elif cover == "hair":
            pieces.append(ellipsoid("head/hair", c + r * vec(0, 0.45, -0.25), r * vec(1.15, 0.75, 1.05), square=0.7))
        else:
            pieces.append(lathe("hat", r * np.array([(1.1, 0.4), (1.1, 0.7), (0.9, 1.2), (0.01, 1.35)]), c))
            pieces.append(box("hat", c + r * vec(0, 0.5, 1.1), r * vec(0.7, 0.07, 0.6), n=2))
    z = r * (u(0.9, 1.1) if robot else 0.95)
    pieces += [ellipsoid("head/eye", c + vec(x * r * 0.4, r * 0.15, z), (r * 0.15, r * 0.2, r * 0.12)) for x in SIDES]
    if u.chance(0.35):
        pieces.append(box("backpack", (0, leg + 0.07 + h * 0.55, -d - 0.05), (w * 0.6, h * 0.35, 0.07), n=2))
    return pieces
