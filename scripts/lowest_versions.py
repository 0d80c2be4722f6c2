"""Prints the lowest versions of what qsearch needs that pyproject.toml allows, as constraints."""

import re
from pathlib import Path

text = Path("pyproject.toml").read_text("utf-8")
needed = text.partition("\ndependencies = [\n")[2].partition("\n]")[0]
for name, version, marker in re.findall(r'"([\w.-]+)>=([\w.]+)[^;"]*(;[^"]*)?"', needed):
    print(f"{name}=={version}{marker}")
