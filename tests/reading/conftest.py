from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from qsearch.article import Article
from qsearch.limits import Limits
from tests.reading.helpers import read_markdown

Write = Callable[[str, "str | bytes"], str]
Read = Callable[..., Article]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write a file below ``tmp_path``; its absolute path."""

    def write_file(name: str, content: str | bytes) -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return str(path)

    return write_file


@pytest.fixture
def read() -> Read:
    """Read a Markdown file that holds the given front matter."""

    def read_text(front_matter: str, limits: Limits | None = None) -> Article:
        data = f"---\n{front_matter}---\n".encode()
        return read_markdown(data, path="/a.md", limits=limits or Limits())

    return read_text


@pytest.fixture(params=["libyaml", "pure Python"])
def yaml_parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run a test with each of PyYAML's two parsers."""
    if request.param == "pure Python":
        monkeypatch.setattr(yaml, "__with_libyaml__", False)
    elif not yaml.__with_libyaml__:
        pytest.skip("PyYAML was built without libyaml")
    return str(request.param)
