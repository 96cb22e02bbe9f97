"""Legends and contact sheets."""

from __future__ import annotations

import numpy as np
import pytest
from fake_scene import fake_scene

from meronym.viz.contact_sheet import SheetSettings, contact_sheet
from meronym.viz.legend import font, legend, printable
from meronym.viz.palette import palette


def test_a_legend_shows_every_colour_once() -> None:
    picture = np.asarray(legend(("leg", "seat", "back"), np.array([0.5, 0.2, 0.0]), 300, none=(1, 2, 3)))
    areas = [(picture == colour).all(2).sum() for colour in (*palette(3), (1, 2, 3))]
    assert min(areas) > 400
    assert max(areas) - min(areas) < 5
    assert picture.shape[1] == 300


@pytest.mark.parametrize(("text", "shown"), [("leg", "leg"), ("كرسي", "part-"), ("a" * 90, "aaa")])
def test_texts_are_put_into_characters_that_the_font_has(text: str, shown: str) -> None:
    found = printable(text, 18, 100)
    assert found.startswith(shown)
    assert font(18).getlength(found) <= 100


def test_a_contact_sheet_has_as_many_rows_and_heat_maps_as_it_should() -> None:
    result = fake_scene(views=5, height=30, width=40)
    assert result.views is not None
    sheets = [
        contact_sheet(result.views, result.prompts, SheetSettings(rows=rows, heat_maps=maps, cell=(40, 30)))
        for rows, maps in ((5, 3), (3, 3), (3, 1))
    ]
    (width, height), (same, lower), (narrower, _) = (sheet.size for sheet in sheets)
    assert (width, height - lower) == (same, 2 * 40)
    assert same - narrower == 2 * 50


def test_shares_that_add_up_to_a_little_more_leave_nothing() -> None:
    """Not "-0 %"."""
    one, other = (np.asarray(legend(("leg", "seat"), np.array([0.25, rest]), 300)) for rest in (0.75, 0.75 + 1e-9))
    np.testing.assert_array_equal(one, other)
