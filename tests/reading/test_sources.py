"""Which files the given paths lead to, and what is reported on the way."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from qsearch.errors import ArgumentError
from qsearch.reading import find_sources, sources

Write = Callable[[str, "str | bytes"], str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder, which is the current one."""
    path = tmp_path / "docs"
    path.mkdir()
    monkeypatch.chdir(path)
    return path


def touch(*paths: str | Path) -> None:
    for path in map(Path, paths):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def found(*paths: str | Path, **options: object) -> list[str]:
    """The files that are found, relative to the current folder; there must be no problems."""
    sources = find_sources(paths, **options)  # type: ignore[arg-type]
    assert [str(problem) for problem in sources.problems] == []
    return [os.path.relpath(path) for path in sources.files]


def problems(*paths: str | Path) -> dict[str, str]:
    """What is reported, by path relative to the current folder."""
    listed = find_sources(paths).problems
    return {os.path.relpath(problem.path or ""): problem.reason for problem in listed}


def test_articles_are_found_at_any_depth_sorted_with_absolute_paths(folder: Path) -> None:
    touch("b.md", "a/z/x.markdown", "a/y.jsonl", "c.jsonl.gz", "A.MD", "a.md/in.md")
    assert list(find_sources(".").files) == sorted(
        str(folder / name)
        for name in ("b.md", "a/z/x.markdown", "a/y.jsonl", "c.jsonl.gz", "A.MD", "a.md/in.md")
    )


def test_other_kinds_of_files_are_passed_over(folder: Path) -> None:
    touch("a.txt", "b.rst", "md", "x.gz", "c.md~", "d.md.bak", "x/e.rst")
    assert found(folder) == []
    first = {name: str(folder / name) for name in ("a.txt", "b.rst", "md", "x.gz")}
    assert [other for other in find_sources(folder).others if other[2] in first.values()] == [
        ("", 1, first["md"]),
        (".gz", 1, first["x.gz"]),
        (".rst", 2, first["b.rst"]),
        (".txt", 1, first["a.txt"]),
    ]


def test_folders_of_copies_and_packages_are_passed_over_unless_given(folder: Path) -> None:
    touch("a.md", "node_modules/x/README.md", "docs/_site/a.html")
    assert found(folder) == ["a.md"]
    assert [(name, count) for name, count, _ in find_sources(folder).passed_over] == [
        ("_site", 1),
        ("node_modules", 1),
    ]
    assert found("node_modules") == ["node_modules/x/README.md"]


def test_hidden_files_and_folders_are_passed_over_unless_given(folder: Path) -> None:
    touch(".a.md", ".git/b.md", "x/.y/c.md", "x/d.md")
    assert found(".") == ["x/d.md"]
    hidden = [(name, count) for name, count, _ in find_sources(folder).passed_over]
    assert hidden == [("", 2)]  # what git keeps for itself is not worth a word
    assert found(".git", ".a.md", "x/.y") == [".a.md", ".git/b.md", "x/.y/c.md"]


@pytest.mark.parametrize("given", [("a", "a/b", "a/b/c.md"), ("a/b/c.md", "./a/../a"), ("a", "a/")])
def test_a_file_is_found_once_however_often_it_is_given(
    folder: Path, given: tuple[str, ...]
) -> None:
    touch("a/b/c.md")
    assert found(*given) == ["a/b/c.md"]


def test_one_path_may_be_given_alone_and_as_a_path_object(folder: Path) -> None:
    touch("a.md")
    for paths in ("a.md", folder, iter([Path("a.md")])):
        assert find_sources(paths).files == (str(folder / "a.md"),)


def test_the_given_paths_are_told_in_absolute_form(folder: Path) -> None:
    touch("a.md", "sub/b.md")
    assert find_sources(["sub/..", "a.md"]).given == (str(folder), str(folder / "a.md"))


def test_nothing_given_finds_nothing() -> None:
    assert find_sources([]) == find_sources(()) == sources.SourceList((), ())


def test_excluded_folders_are_passed_over(folder: Path) -> None:
    touch("a.md", "index/b.md", "index/deep/c.md", "indexes/d.md")
    assert found(".", exclude=["index"]) == ["a.md", "indexes/d.md"]
    assert found(".", exclude=[folder / "index", "not there"]) == ["a.md", "indexes/d.md"]
    assert found("index", "index/deep", "index/b.md", "a.md", exclude=["index"]) == ["a.md"]


@pytest.mark.usefixtures("folder")
def test_a_missing_path_is_the_callers_error() -> None:
    with pytest.raises(FileNotFoundError):
        find_sources("missing.md")
    Path("nowhere").symlink_to("missing.md")
    with pytest.raises(FileNotFoundError):
        find_sources(["nowhere"])


@pytest.mark.parametrize("given", [None, 5, b"x", [b"x"], [None], "", [""], "a\0b", "\ud800"])
def test_what_is_no_path_is_an_argument_error(given: object) -> None:
    with pytest.raises(ArgumentError, match=r"^paths must"):
        find_sources(given)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match=r"^exclude must"):
        find_sources([], exclude=given)  # type: ignore[arg-type]


def test_a_given_file_of_another_kind_is_a_problem(folder: Path) -> None:
    touch("a.txt")
    os.mkfifo("fifo.md")
    reasons = problems("a.txt", "fifo.md", "/dev/null")
    assert reasons["a.txt"].startswith("the name of a file with articles ends in one of .md")
    assert reasons["fifo.md"] == "a FIFO can't be read"
    assert reasons[os.path.relpath("/dev/null")] == "a device can't be read"


@pytest.mark.usefixtures("folder")
def test_what_is_no_file_is_a_problem() -> None:
    os.mkfifo("a.md")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("b.md")
        assert problems(".") == {
            "a.md": "a FIFO can't be read",
            "b.md": "a socket can't be read",
        }


@pytest.mark.usefixtures("folder")
def test_a_link_to_what_is_read_anyway_is_passed_over() -> None:
    touch("a/b.md")
    Path("link.md").symlink_to("a/b.md")
    Path("again").symlink_to("a")
    Path("a/up").symlink_to("..")
    Path("a/self").symlink_to(".")
    assert found(".") == ["a/b.md"]


@pytest.mark.usefixtures("folder")
def test_a_link_out_of_the_folder_is_a_problem_unless_its_target_is_given(tmp_path: Path) -> None:
    touch(tmp_path / "out" / "x.md", "a.md")
    Path("folder").symlink_to(tmp_path / "out")
    Path("file.md").symlink_to(tmp_path / "out" / "x.md")
    Path("zero.md").symlink_to("/dev/zero")
    reasons = problems(".")
    assert set(reasons) == {"folder", "file.md", "zero.md"}
    assert all("leads out of the folder" in reason for reason in reasons.values())
    assert set(problems(".", tmp_path / "out")) == {"zero.md"}


@pytest.mark.usefixtures("folder")
def test_a_given_link_is_followed_under_its_own_name(tmp_path: Path) -> None:
    touch(tmp_path / "out" / "x.md")
    Path("folder").symlink_to(tmp_path / "out")
    Path("file.md").symlink_to(tmp_path / "out" / "x.md")
    assert found("folder") == ["folder/x.md"]
    assert found("file.md") == ["file.md"]
    assert problems(".", "folder", "file.md") == {}


@pytest.mark.usefixtures("folder")
def test_one_folder_under_two_names_is_walked_once() -> None:
    touch("real/x.md")
    Path("link").symlink_to("real")
    assert found("real", "link") == found("link", "real") == ["link/x.md"]


def test_leaving_out_two_dots_never_leads_elsewhere(tmp_path: Path, folder: Path) -> None:
    touch(tmp_path / "far" / "x.md", tmp_path / "far" / "in" / "y.md", "x.md")
    Path("link").symlink_to(tmp_path / "far" / "in")
    assert find_sources("link/../x.md").files == (str(tmp_path / "far" / "x.md"),)
    Path("x.md").unlink()
    assert find_sources("link/../x.md").files == (str(tmp_path / "far" / "x.md"),)


@pytest.mark.usefixtures("folder")
def test_a_link_to_what_is_passed_over_is_a_problem() -> None:
    touch(".store/a.md", ".store/in/b.md", "c.txt")
    Path("a.md").symlink_to(".store/a.md")
    Path("in").symlink_to(".store/in")
    Path("c.md").symlink_to("c.txt")
    reasons = problems(".")
    assert set(reasons) == {"a.md", "in", "c.md"}
    assert all("leads to what is passed over" in reason for reason in reasons.values())
    assert find_sources(".", exclude=[".store"]).problems[0].path == str(Path("c.md").absolute())


@pytest.mark.usefixtures("folder")
def test_a_link_that_leads_nowhere_is_a_problem_if_its_name_is_that_of_an_article() -> None:
    touch("a.txt")
    Path("gone.md").symlink_to("nothing.md")
    Path("loop.md").symlink_to("loop.md")
    Path("gone").symlink_to("nothing")
    Path("loop").symlink_to("loop")
    Path("text").symlink_to("a.txt")
    Path("passwd").symlink_to("/etc/passwd")
    assert problems(".") == {
        "gone.md": "this symbolic link leads nowhere",
        "loop.md": "this symbolic link leads nowhere",
    }


def test_a_folder_that_cannot_be_read_is_a_problem_and_the_others_are_walked(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    touch("a/x.md", "b/x.md")
    scandir = os.scandir

    def refuse_a(path: str) -> object:
        if path.endswith("/a"):
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse_a)
    listed = find_sources(".")
    assert listed.files == (str(folder / "b" / "x.md"),)
    (problem,) = listed.problems
    assert problem.path == str(folder / "a")
    assert problem.reason == "the folder can't be read: Permission denied"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every folder")
@pytest.mark.usefixtures("folder")
def test_a_forbidden_folder_is_a_problem() -> None:
    touch("a/x.md")
    Path("a").chmod(0)
    try:
        assert problems(".") == {"a": "the folder can't be read: Permission denied"}
    finally:
        Path("a").chmod(0o700)


def test_an_entry_that_cannot_be_looked_at_is_a_problem(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken:
        name = "x.md"
        path = str(folder / "x.md")

        def is_symlink(self) -> bool:
            raise OSError(5, "Input/output error")

    class Entries:
        def __enter__(self) -> list[Broken]:
            return [Broken()]

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr(os, "scandir", lambda _: Entries())
    assert problems(".") == {"x.md": "this can't be looked at: Input/output error"}


@pytest.mark.usefixtures("folder")
def test_names_with_line_feeds_and_escapes_are_names_like_others() -> None:
    names = ["a\nb.md", "\x1b[31mred.md", "é 😀.md", "-x.md"]
    touch(*(f"./{name}" for name in names))
    assert found(".") == sorted(names)


@pytest.mark.usefixtures("folder")
def test_a_name_that_is_no_utf_8_is_a_problem_shown_with_escapes() -> None:
    try:
        for name in (b"caf\xe9", b"caf\xe9.txt"):
            Path(os.fsdecode(name)).mkdir()
        touch(os.fsdecode(b"caf\xe9.md"), os.fsdecode(b"caf\xe9/x.md"), os.fsdecode(b"\xe9.png"))
    except OSError:
        pytest.skip("this file system refuses such names")
    reason = "the name is no UTF-8 text: rename it"
    shown = {"caf\\xe9": reason, "caf\\xe9.txt": reason, "caf\\xe9.md": reason}
    assert problems(".") == shown
    assert problems(os.fsdecode(b"caf\xe9.md"), os.fsdecode(b"caf\xe9")) == {
        "caf\\xe9": reason,
        "caf\\xe9.md": reason,
    }


def test_problems_are_sorted_by_path(folder: Path) -> None:
    for name in ("b.md", "a.md", "c/d.md"):
        Path(name).parent.mkdir(exist_ok=True)
        Path(name).symlink_to("/etc/passwd")
    assert list(problems(".")) == ["a.md", "b.md", "c/d.md"]


def test_a_deep_tree_is_walked(folder: Path) -> None:
    deep = folder
    for _ in range(300):
        deep = deep / "d"
    touch(deep / "x.md")
    assert len(find_sources(".").files) == 1
