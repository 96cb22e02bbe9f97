"""The progress display: bars on a terminal, lines elsewhere, errors below both."""

from __future__ import annotations

import io
import re
import sys

import pytest

from meronym.cli.progress import bars
from meronym.progress import Progress


class Terminal(io.StringIO):
    """A standard error that is a terminal."""

    def isatty(self) -> bool:
        return True


def terminal(patch: pytest.MonkeyPatch) -> Terminal:
    """From now on standard error is one."""
    for name, value in {"COLUMNS": "100", "TERM": "xterm", "NO_COLOR": "1"}.items():
        patch.setenv(name, value)
    screen = Terminal()
    patch.setattr(sys, "stderr", screen)
    return screen


def last_frame(screen: Terminal) -> list[str]:
    """The lines that stay on the screen."""
    text = re.sub(r"\x1b\[\?25[lh]", "", screen.getvalue())
    frame = text.rsplit("\x1b[2K", 1)[-1] if text.count("\x1b[2K") == 0 else re.split(r"(?:\x1b\[1A|\x1b\[2K|\r)+", text)[-1]
    return [re.sub(r"\x1b\[[0-9;]*m", "", line).rstrip() for line in frame.splitlines()]


def test_without_a_terminal_each_stage_has_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    with bars() as progress:
        assert isinstance(progress, Progress)
        progress("load")
        for done in range(3):
            progress("look", done, 3, "chair.glb")
        progress("load")
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "load ...\nlook ...\n")


def test_a_terminal_has_a_bar_for_each_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = terminal(monkeypatch)
    with bars() as progress:
        assert isinstance(progress, Progress)
        progress("load")
        progress("look", 1, 3, "[chair].glb")
        progress("distil", 2, 2, "loss 0.5")
    load, look, distil = last_frame(screen)
    assert load.startswith("load")
    assert "1/3" in look
    assert look.endswith("[chair].glb")
    assert "2/2" in distil
    assert distil.endswith("loss 0.5")


def test_a_stage_of_unknown_extent_has_ended_when_another_begins(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = terminal(monkeypatch)
    with bars() as progress:
        progress("load")
        progress("look", 1, 3)
        progress("name")
    load, look, name = last_frame(screen)
    full = load.count("━")
    assert full == name.count("━") == 40
    assert 0 < look.count("━") <= 40


def test_a_stage_that_begins_again_has_one_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = terminal(monkeypatch)
    with bars() as progress:
        for _ in range(2):
            progress("load")
            for done in range(4):
                progress("look", done, 3)
    assert [line.split()[0] for line in last_frame(screen)] == ["load", "look"]


def test_an_error_comes_below_the_bars(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = terminal(monkeypatch)

    def work() -> None:
        with bars() as progress:
            progress("load")
            raise ValueError("damaged")

    with pytest.raises(ValueError, match="damaged"):
        work()
    print("meronym: damaged", file=sys.stderr)
    assert screen.getvalue().rstrip().endswith("meronym: damaged")
    assert [line.split()[0] for line in last_frame(screen)] == ["load", "meronym:"]


def test_what_is_printed_meanwhile_stays_on_standard_output(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    screen = terminal(monkeypatch)
    with bars() as progress:
        progress("load")
        print("result.glb")
    assert capsys.readouterr().out == "result.glb\n"
    assert "result.glb" not in screen.getvalue()
