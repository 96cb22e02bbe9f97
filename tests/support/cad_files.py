"""A box as a STEP file, since what reads STEP does not write it."""

from __future__ import annotations

from itertools import product

import numpy as np

QUADS = ((0, 1, 3, 2), (4, 6, 7, 5), (0, 4, 5, 1), (2, 3, 7, 6), (0, 2, 6, 4), (1, 5, 7, 3))


def step_box(size: tuple[float, float, float]) -> str:
    """A box with one corner in the origin, edges in millimetres."""
    lines: list[str] = []

    def add(text: str) -> int:
        lines.append(text)
        return len(lines)

    def triple(values: np.ndarray) -> str:
        return ",".join(f"{float(value):.3f}" for value in values)

    corners = np.array(list(product(*((0, side) for side in size))), float)
    points = [add(f"CARTESIAN_POINT('',({triple(corner)}))") for corner in corners]
    faces = []
    for quad in QUADS:
        loop = add(f"POLY_LOOP('',({','.join(f'#{points[k]}' for k in quad)}))")
        bound = add(f"FACE_OUTER_BOUND('',#{loop},.T.)")
        along, on = corners[quad[1]] - corners[quad[0]], corners[quad[2]] - corners[quad[1]]
        normal = np.cross(along, on)
        across = add(f"DIRECTION('',({triple(normal / np.linalg.norm(normal))}))")
        side = add(f"DIRECTION('',({triple(along / np.linalg.norm(along))}))")
        place = add(f"AXIS2_PLACEMENT_3D('',#{points[quad[0]]},#{across},#{side})")
        plane = add(f"PLANE('',#{place})")
        faces.append(add(f"FACE_SURFACE('',(#{bound}),#{plane},.T.)"))
    shell = add(f"CLOSED_SHELL('',({','.join(f'#{face}' for face in faces)}))")
    solid = add(f"FACETED_BREP('box',#{shell})")
    length = add("(LENGTH_UNIT()NAMED_UNIT(*)SI_UNIT(.MILLI.,.METRE.))")
    angle = add("(NAMED_UNIT(*)PLANE_ANGLE_UNIT()SI_UNIT($,.RADIAN.))")
    room = add("(NAMED_UNIT(*)SI_UNIT($,.STERADIAN.)SOLID_ANGLE_UNIT())")
    slack = add(f"UNCERTAINTY_MEASURE_WITH_UNIT(LENGTH_MEASURE(1.E-05),#{length},'distance_accuracy_value','')")
    units = f"GLOBAL_UNCERTAINTY_ASSIGNED_CONTEXT((#{slack}))GLOBAL_UNIT_ASSIGNED_CONTEXT((#{length},#{angle},#{room}))"
    context = add(f"(GEOMETRIC_REPRESENTATION_CONTEXT(3){units}REPRESENTATION_CONTEXT('',''))")
    z, x = add("DIRECTION('',(0.,0.,1.))"), add("DIRECTION('',(1.,0.,0.))")
    origin = add(f"AXIS2_PLACEMENT_3D('',#{points[0]},#{z},#{x})")
    shape = add(f"FACETED_BREP_SHAPE_REPRESENTATION('',(#{origin},#{solid}),#{context})")
    design = add("APPLICATION_CONTEXT('automotive design')")
    add(f"APPLICATION_PROTOCOL_DEFINITION('','automotive_design',2000,#{design})")
    product_context = add(f"PRODUCT_CONTEXT('',#{design},'mechanical')")
    thing = add(f"PRODUCT('box','box','',(#{product_context}))")
    version = add(f"PRODUCT_DEFINITION_FORMATION('','',#{thing})")
    part = add(f"PRODUCT_DEFINITION_CONTEXT('part definition',#{design},'design')")
    definition = add(f"PRODUCT_DEFINITION('design','',#{version},#{part})")
    whole = add(f"PRODUCT_DEFINITION_SHAPE('','',#{definition})")
    add(f"SHAPE_DEFINITION_REPRESENTATION(#{whole},#{shape})")
    data = "\n".join(f"#{k}={line};" for k, line in enumerate(lines, 1))
    names = "FILE_DESCRIPTION((''),'2;1');\nFILE_NAME('','2020-01-01T00:00:00',(''),(''),'','','');"
    head = f"ISO-10303-21;\nHEADER;\n{names}\nFILE_SCHEMA(('AUTOMOTIVE_DESIGN'));\nENDSEC;\n"
    return f"{head}DATA;\n{data}\nENDSEC;\nEND-ISO-10303-21;\n"
