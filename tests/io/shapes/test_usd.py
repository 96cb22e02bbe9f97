"""USD: what a stage shows is read as viewers show it, and parts come back from what is written."""

from __future__ import annotations

import io
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import trimesh
from answers import PROMPTS, answer, expected_triangles, read_cloud, read_mesh, triangles_by_name
from PIL import Image
from pxr import Gf, Sdf, Usd, UsdGeom, UsdSemantics, UsdShade, UsdUtils, UsdValidation, Vt

from meronym.errors import InputError, LimitError, MissingExtra
from meronym.io.images import png
from meronym.io.limits import Limits
from meronym.io.results import save_result
from meronym.io.shapes.read import read_shape
from meronym.types import Mesh, Opacity, PointCloud, Textures

ENDINGS = ("usda", "usdc", "usdz")


def quads(stage: Any, path: str = "/World/quads") -> Any:
    """A square and a pentagon that share an edge."""
    mesh = UsdGeom.Mesh.Define(stage, path)
    mesh.CreatePointsAttr([(0, 0, 0), (1, 0, 0), (1, 1, 0), (0, 1, 0), (2, 0, 0), (2, 1, 0), (1.5, 2, 0)])
    mesh.CreateFaceVertexCountsAttr([4, 5])
    mesh.CreateFaceVertexIndicesAttr([0, 1, 2, 3, 1, 4, 5, 6, 2])
    return mesh


def textured(stage: Any, path: str, file: str) -> Any:
    """A material whose texture is turned by a quarter."""
    material, kinds = UsdShade.Material.Define(stage, path), Sdf.ValueTypeNames
    shaders = {name: UsdShade.Shader.Define(stage, f"{path}/{name}") for name in ("surface", "texture", "turn", "reader")}
    for name, kind in zip(shaders, ("PreviewSurface", "UVTexture", "Transform2d", "PrimvarReader_float2"), strict=True):
        shaders[name].CreateIdAttr(f"Usd{kind}")
    shaders["reader"].CreateInput("varname", kinds.String).Set("map1")
    shaders["turn"].CreateInput("in", kinds.Float2).ConnectToSource(shaders["reader"].ConnectableAPI(), "result")
    shaders["turn"].CreateInput("rotation", kinds.Float).Set(90)
    shaders["texture"].CreateInput("st", kinds.Float2).ConnectToSource(shaders["turn"].ConnectableAPI(), "result")
    shaders["texture"].CreateInput("file", kinds.Asset).Set(file)
    shaders["texture"].CreateOutput("rgb", kinds.Float3)
    shaders["surface"].CreateInput("diffuseColor", kinds.Color3f).ConnectToSource(shaders["texture"].ConnectableAPI(), "rgb")
    material.CreateSurfaceOutput().ConnectToSource(shaders["surface"].ConnectableAPI(), "surface")
    return material


def staged(path: Path, fill: Callable[[Any], None]) -> Path:
    stage = Usd.Stage.CreateInMemory()
    world = UsdGeom.Xform.Define(stage, "/World")
    stage.SetDefaultPrim(world.GetPrim())
    fill(stage)
    stage.GetRootLayer().Export(str(path))
    return path


def corners(mesh: Mesh, node: str) -> np.ndarray:
    assert mesh.face_origin is not None
    return mesh.vertices[mesh.faces[mesh.face_origin.node_of_face == mesh.face_origin.nodes.index(node)]]


@pytest.mark.parametrize("ending", ENDINGS)
def test_polygons_subsets_colours_and_textures(ending: str, tmp_path: Path) -> None:
    (tmp_path / "wood.png").write_bytes(png(np.full((4, 4, 3), 77, np.uint8)))

    def fill(stage: Any) -> None:
        UsdGeom.SetStageUpAxis(stage, "Z")
        UsdGeom.SetStageMetersPerUnit(stage, 0.01)
        UsdGeom.Xform(stage.GetPrimAtPath("/World")).AddTranslateOp().Set((10, 0, 0))
        mesh = quads(stage)
        mesh.CreateDisplayColorPrimvar("uniform").Set([(1, 0, 0), (0, 1, 0)])
        primvar = UsdGeom.PrimvarsAPI(mesh).CreatePrimvar("map1", Sdf.ValueTypeNames.TexCoord2fArray, "faceVarying")
        primvar.Set([(k / 16, 0) for k in range(9)])
        subset = UsdShade.MaterialBindingAPI.Apply(mesh.GetPrim()).CreateMaterialBindSubset("wood", Vt.IntArray([1]))
        UsdShade.MaterialBindingAPI.Apply(subset.GetPrim()).Bind(textured(stage, "/World/wood", "./wood.png"))
        hidden = quads(stage, "/World/hidden")
        hidden.MakeInvisible()
        UsdGeom.BasisCurves.Define(stage, "/World/curve")

    path = staged(tmp_path / f"a.{'usda' if ending == 'usdz' else ending}", fill)
    if ending == "usdz":
        assert UsdUtils.CreateNewUsdzPackage(str(path), str(tmp_path / "a.usdz"))
        (tmp_path / "wood.png").unlink()
        path = tmp_path / "a.usdz"
    mesh = read_mesh(path)
    assert mesh.face_origin is not None
    assert mesh.corner_colour is not None
    assert mesh.texture is not None
    assert (mesh.up, mesh.unit, mesh.report) == ("z", 0.01, {"prims_left_out": 1})
    assert mesh.face_origin.nodes == ("quads", "wood")
    np.testing.assert_allclose(corners(mesh, "quads")[:, :, 0], [[10, 11, 11], [10, 11, 10]])
    np.testing.assert_array_equal(mesh.corner_colour[:2], np.broadcast_to([1, 0, 0], (2, 3, 3)))
    assert mesh.texture.image_of_face.tolist() == [-1, -1, 0, 0, 0]
    np.testing.assert_allclose(mesh.texture.uv[2], [[0, 4 / 16], [0, 5 / 16], [0, 6 / 16]], atol=1e-7)
    assert mesh.texture.images[0][0, 0, 0] == 77


def test_instances_solids_and_handedness(tmp_path: Path) -> None:
    def fill(stage: Any) -> None:
        cube = UsdGeom.Cube.Define(stage, "/World/many/seed/cube")
        cube.AddTranslateOp().Set((0, 0, 5))
        many = UsdGeom.PointInstancer.Define(stage, "/World/many")
        many.AddTranslateOp().Set((100, 0, 0))
        many.CreatePrototypesRel().SetTargets(["/World/many/seed"])
        many.CreateProtoIndicesAttr([0, 0])
        many.CreatePositionsAttr([(0, 0, 0), (7, 0, 0)])
        UsdGeom.Cylinder.Define(stage, "/World/rod").CreateAxisAttr("X")
        stage.GetPrimAtPath("/World/rod").GetAttribute("height").Set(6)
        quads(stage).CreateOrientationAttr("leftHanded")
        UsdGeom.Sphere.Define(stage, "/Class/ball")
        for k in range(2):
            prim = stage.DefinePrim(f"/World/copy{k}", "Xform")
            prim.GetReferences().AddInternalReference("/Class")
            prim.SetInstanceable(True)
            UsdGeom.Xform(prim).AddTranslateOp().Set((0, 0, 50 * (k + 1)))
        stage.GetPrimAtPath("/Class").SetSpecifier(Sdf.SpecifierClass)

    mesh = read_mesh(staged(tmp_path / "a.usdc", fill))
    assert mesh.face_origin is not None
    assert sorted(mesh.face_origin.nodes) == ["ball", "ball.1", "cube", "cube.1", "quads", "rod"]
    ends = {name: corners(mesh, name).reshape(-1, 3) for name in mesh.face_origin.nodes}
    np.testing.assert_allclose([ends["cube.1"].min(0), ends["cube.1"].max(0)], [[106, -1, 4], [108, 1, 6]])
    np.testing.assert_allclose(np.ptp(ends["rod"], axis=0), [6, 2, 2], atol=1e-6)
    assert sorted(round(float(ends[name][:, 2].mean())) for name in ("ball", "ball.1")) == [50, 100]
    a, b, c = corners(mesh, "quads")[0]
    assert np.cross(b - a, c - a)[2] < 0


@pytest.mark.parametrize("turned", range(6))
def test_a_concave_polygon_is_cut_inside_its_outline(turned: int, tmp_path: Path) -> None:
    outline = [(0, 0, 0), (3, 0, 0), (3, 1, 0), (1, 1, 0), (1, 3, 0), (0, 3, 0)]  # an L; from most corners a fan leaves it

    def fill(stage: Any) -> None:
        mesh = UsdGeom.Mesh.Define(stage, "/World/bracket")
        mesh.CreatePointsAttr(outline)
        mesh.CreateFaceVertexCountsAttr([6])
        mesh.CreateFaceVertexIndicesAttr([(k + turned) % 6 for k in range(6)])

    found = corners(read_mesh(staged(tmp_path / "a.usda", fill)), "bracket")
    areas = np.cross(found[:, 1] - found[:, 0], found[:, 2] - found[:, 0])[:, 2] / 2
    assert (areas > 0).all()
    assert areas.sum() == pytest.approx(5)


def test_points(tmp_path: Path) -> None:
    def fill(stage: Any) -> None:
        points = UsdGeom.Points.Define(stage, "/World/points")
        points.CreatePointsAttr([(0, 0, 0), (1, 2, 3)])
        points.CreateDisplayColorPrimvar("vertex").Set([(1, 0, 0), (0, 0, 1)])

    cloud = read_cloud(staged(tmp_path / "a.usda", fill))
    np.testing.assert_array_equal(cloud.points, [[0, 0, 0], [1, 2, 3]])
    assert cloud.colour is not None
    np.testing.assert_array_equal(cloud.colour, [[1, 0, 0], [0, 0, 1]])


@pytest.mark.parametrize(
    ("asset", "said"),
    [("../secret.usda", "outside"), ("/etc/passwd", "outside"), ("http://a.b/c.usda", "outside"), ("./gone.usda", "missing")],
)
def test_layers_that_are_not_beside_the_file(asset: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    staged(tmp_path / "secret.usda", quads)
    text = f'#usda 1.0\n(\n    defaultPrim = "World"\n)\ndef "World" (references = @{asset}@) {{}}\n'
    (tmp_path / "sub" / "a.usda").write_text(text)
    with pytest.raises(InputError, match=said):
        read_shape(tmp_path / "sub" / "a.usda")


def test_layers_below_the_folder_with_their_textures(tmp_path: Path) -> None:
    def fill(stage: Any) -> None:
        mesh = quads(stage)
        UsdGeom.PrimvarsAPI(mesh).CreatePrimvar("map1", Sdf.ValueTypeNames.TexCoord2fArray, "vertex").Set([(0, 0)] * 7)
        UsdShade.MaterialBindingAPI.Apply(mesh.GetPrim()).Bind(textured(stage, "/World/wood", "../pictures/wood.png"))

    for name in ("layers", "pictures"):
        (tmp_path / name).mkdir()
    (tmp_path / "pictures" / "wood.png").write_bytes(png(np.full((4, 4, 3), 77, np.uint8)))
    staged(tmp_path / "layers" / "part.usdc", fill)
    (tmp_path / "a.usda").write_text('#usda 1.0\ndef "World" (references = @./layers/part.usdc@) {}\n')
    mesh = read_mesh(tmp_path / "a.usda")
    assert mesh.element_count == 5
    assert mesh.texture is not None
    with pytest.raises(InputError, match="leads out of the folder"):
        read_shape(tmp_path / "layers" / "part.usdc")
    (tmp_path / "pictures" / "wood.png").unlink()
    assert read_mesh(tmp_path / "a.usda").report == {"missing_files": 1}


def test_faults(tmp_path: Path) -> None:
    def bad(stage: Any) -> None:
        quads(stage).GetFaceVertexIndicesAttr().Set([0, 1, 2, 99, 1, 4, 5, 6, 2])

    path = staged(tmp_path / "bad.usda", bad)
    with pytest.raises(InputError, match=r"bad\.usda: face 1 of 'quads' refers to vertices \[0, 2, 99\]"):
        read_shape(path)
    assert read_shape(path, repair=True).element_count == 4
    (tmp_path / "a.usdc").write_bytes(b"PXR-USDC" + bytes(100))
    with pytest.raises(InputError, match=r"a\.usdc: "):
        read_shape(tmp_path / "a.usdc")

    def many(stage: Any) -> None:
        UsdGeom.Cube.Define(stage, "/World/many/cube")
        many = UsdGeom.PointInstancer.Define(stage, "/World/many")
        many.CreatePrototypesRel().SetTargets(["/World/many/cube"])
        many.CreateProtoIndicesAttr(Vt.IntArray(5000, 0))
        many.CreatePositionsAttr(Vt.Vec3fArray(5000, Gf.Vec3f(0)))

    with pytest.raises(LimitError, match="placements"):
        read_shape(staged(tmp_path / "many.usdc", many), limits=Limits(instances=1000))


def test_without_usd_core(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pxr", None)
    (tmp_path / "a.usda").write_text("#usda 1.0\n")
    with pytest.raises(MissingExtra, match=r"reading \.usda needs usd-core. Install it: pip install 'meronym\[formats\]'"):
        read_shape(tmp_path / "a.usda")
    monkeypatch.setattr("meronym.io.shapes.write.find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"writing \.usdz needs usd-core"):
        save_result(answer(glazed()), tmp_path / "a.usdz")
    with pytest.raises(MissingExtra, match="capping parts needs manifold3d"):
        save_result(answer(glazed()), tmp_path / "a.3mf", capped=True)


# ---------------------------------------------------------------- written


def glazed() -> Mesh:
    """A textured box with a tint, one plain in two colours, and one see-through, far away on a map."""
    rng, boxes = np.random.default_rng(0), [trimesh.creation.box().apply_translation((2 * k, 0, 0)) for k in range(3)]
    whole = trimesh.util.concatenate(boxes)
    colour = np.ones((36, 3, 3), np.float32)
    colour[:12] = [0.5, 1, 0.25]
    colour[12:24] = rng.integers(0, 2, (12, 1, 3))
    cutoff = np.where(np.arange(36) >= 24, 0.5, 0).astype(np.float32)
    alpha = np.where(cutoff > 0, 0.25, 1).astype(np.float32)
    image = np.where(np.arange(36) < 12, 0, -1)
    uv = np.where(image[:, None, None] >= 0, rng.random((36, 3, 2)), 0).astype(np.float32)
    return Mesh(
        whole.vertices + np.array([456789.125, 12.5, 5612345.5]),
        np.array(whole.faces),
        corner_colour=colour,
        texture=Textures((rng.integers(0, 256, (4, 4, 3), dtype=np.uint8),), image, uv),
        opacity=Opacity(cutoff, np.repeat(alpha[:, None], 3, axis=1)),
        unit=1.0,
    )


@pytest.mark.parametrize("ending", ENDINGS)
def test_written_parts_come_back_with_their_look(ending: str, tmp_path: Path) -> None:
    shape = glazed()
    result = answer(shape, up=[0, 0, 1])
    (tmp_path / "chair [1]").mkdir()
    path = save_result(result, tmp_path / "chair [1]" / f"parts @[2].{ending}")
    data = path.read_bytes()
    assert save_result(result, path).read_bytes() == data
    mesh = read_mesh(path)
    assert (mesh.up, mesh.unit) == ("z", 1.0)
    assert triangles_by_name(mesh) == expected_triangles(result)
    assert mesh.texture is not None
    np.testing.assert_array_equal(mesh.texture.images[0], result.shape.texture.images[0])
    assert mesh.corner_colour is not None
    assert mesh.opacity is not None

    def looks(mesh: Mesh) -> list[tuple[float, ...]]:
        assert mesh.corner_colour is not None
        assert mesh.texture is not None
        assert mesh.opacity is not None
        see_through = mesh.opacity.corner[:, 0] < mesh.opacity.cutoff
        colour = np.where(see_through[:, None], 0, mesh.corner_colour[:, 0])
        columns = [mesh.vertices[mesh.faces].mean(1), colour, mesh.texture.uv.mean(1), see_through]
        return sorted(map(tuple, (np.column_stack(columns) + 0.0).round(2).tolist()))

    assert looks(mesh) == looks(shape)


def test_semantics_and_names_in_the_file(tmp_path: Path) -> None:
    stage = Usd.Stage.Open(str(save_result(answer(glazed()), tmp_path / "a.usdz")))
    root = stage.GetDefaultPrim()
    assert list(UsdSemantics.LabelsAPI.Get(root, "class").GetLabelsAttr().Get()) == ["chair"]
    assert list(root.GetCustomDataByKey("meronym:prompts")) == list(PROMPTS)
    mesh = UsdGeom.Mesh(stage.GetPrimAtPath("/shape/mesh"))
    subsets = UsdGeom.Subset.GetGeomSubsets(mesh, "face", "parts")
    assert UsdGeom.Subset.ValidateFamily(mesh, "face", "parts")[0]
    labels = {}
    for subset in subsets:
        prim = subset.GetPrim()
        label = UsdSemantics.LabelsAPI.Get(prim, "class").GetLabelsAttr().Get() if prim.HasAPI(UsdSemantics.LabelsAPI) else None
        labels[prim.GetDisplayName()] = label and list(label)
    assert labels["none"] is None
    assert labels["leg_1"] == ["leg"]
    validators = UsdValidation.ValidationRegistry().GetOrLoadAllValidators()
    assert len(validators) > 20
    assert [error.GetMessage() for error in UsdValidation.ValidationContext(validators).Validate(stage)] == []
    with zipfile.ZipFile(tmp_path / "a.usdz") as archive:
        assert Image.open(io.BytesIO(archive.read("a_0.png"))).size == (4, 4)


def test_a_part_may_be_called_like_a_material(tmp_path: Path) -> None:
    result = replace(answer(glazed()), prompts=("material_0", "mesh", "material 0"))
    back = read_mesh(save_result(result, tmp_path / "a.usda"))
    assert triangles_by_name(back) == expected_triangles(result)
    assert back.texture is not None


def test_points_come_back(tmp_path: Path) -> None:
    cloud = PointCloud(np.random.default_rng(0).random((50, 3)) + np.array([4e5, 5e6, 0]))
    result = answer(cloud)
    back = read_cloud(save_result(result, tmp_path / "a.usdc"))
    np.testing.assert_allclose(np.sort(back.points, axis=0), np.sort(cloud.points, axis=0), atol=1e-6)
    assert back.colour is not None
    assert len(np.unique(back.colour, axis=0)) == 4
