"""Ways to damage an index: from its files to others, with a word on what was done.

A *forged* one has right checksums: what such an index says may be false, so its answers can't be
compared; but nothing may come of it except an answer or an error of our own.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from benchmarks.torture.hostile_files import unix_socket
from qsearch.arrays import Array
from qsearch.index.columns import Packed

Files = dict[str, bytes]


@dataclass(frozen=True)
class Material:
    """What damages are made of.

    Attributes:
        files: the sound index.
        other: another index.
        columns: the columns of each file of columns in ``files``, to forge.
    """

    files: Files
    other: Files
    columns: Mapping[str, Mapping[str, Array]]


@dataclass(frozen=True)
class Damage:
    """A damaged index.

    Attributes:
        files: what is in its folder.
        what: what was done, in one line.
        forged: whether its checksums are right.
        odd: what is no regular file: names, and what makes it at a path.
    """

    files: Files
    what: str
    forged: bool = False
    odd: Mapping[str, Callable[[Path], object]] = field(default_factory=dict)


Way = Callable[[Random, Material], Damage]

PAGE = 4_096


def _pick(random: Random, files: Files) -> str:
    """A file of an index; not the lock, which holds nothing.

    Names end in something random: the same seed picks the same file by what comes before, and by
    its length.
    """
    names = [name for name in files if not name.endswith(".lock")]
    return random.choice(sorted(names, key=lambda name: (name[:17], len(files[name]))))


def _change(random: Random, material: Material, change: Callable[[bytearray], str]) -> Damage:
    name = _pick(random, material.files)
    content = bytearray(material.files[name])
    what = change(content)
    return Damage({**material.files, name: bytes(content)}, f"{name}: {what}")


def flip(random: Random, material: Material) -> Damage:
    """Flip a bit, or up to three."""

    def change(content: bytearray) -> str:
        places = [random.randrange(8 * len(content)) for _ in range(random.choice([1, 1, 1, 2, 3]))]
        for place in places:
            content[place // 8] ^= 1 << place % 8
        return f"bits {places} flipped"

    return _change(random, material, change)


def set_byte(random: Random, material: Material) -> Damage:
    """Set a byte to another value."""

    def change(content: bytearray) -> str:
        at = random.randrange(len(content))
        content[at] = random.choice([0, 255, random.randrange(256)])
        return f"byte {at} set to {content[at]}"

    return _change(random, material, change)


def truncate(random: Random, material: Material) -> Damage:
    """Cut off the end."""

    def change(content: bytearray) -> str:
        size = random.choice([0, len(content) - 1, random.randrange(len(content))])
        del content[size:]
        return f"truncated to {size}"

    return _change(random, material, change)


def zero_page(random: Random, material: Material) -> Damage:
    """Overwrite a page with zeros."""

    def change(content: bytearray) -> str:
        at = random.randrange(0, len(content), PAGE)
        size = len(content[at : at + PAGE])
        content[at : at + size] = bytes(size)
        return f"{size} bytes from {at} zeroed"

    return _change(random, material, change)


def append(random: Random, material: Material) -> Damage:
    """Append garbage."""

    def change(content: bytearray) -> str:
        more = random.choice([1, 64, 5_000])
        content += random.choice([bytes(more), random.randbytes(more)])
        return f"{more} bytes appended"

    return _change(random, material, change)


def swap(random: Random, material: Material) -> Damage:
    """Give two files each other's name."""
    one, two = _pick(random, material.files), _pick(random, material.files)
    swapped = {one: material.files[two], two: material.files[one]}
    return Damage({**material.files, **swapped}, f"{one} and {two} swapped")


def foreign(random: Random, material: Material) -> Damage:
    """Put a file of another index in the place of one of the same kind."""
    name = _pick(random, material.files)
    alike = [other for other in sorted(material.other) if other[:4] == name[:4]]
    source = random.choice(alike or sorted(material.other))
    content = material.other[source]
    return Damage({**material.files, name: content}, f"{name}: is {source} of another index")


def delete(random: Random, material: Material) -> Damage:
    """Delete a file."""
    name = _pick(random, material.files)
    left = {other: content for other, content in material.files.items() if other != name}
    return Damage(left, f"{name} deleted")


def _hole(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(1024**3)


ODD: Mapping[str, Callable[[Path], object]] = {
    "a FIFO": os.mkfifo,
    "a folder": Path.mkdir,
    "a socket": unix_socket,
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a link to nothing": lambda path: path.symlink_to("nothing"),
    "a link to a device": lambda path: path.symlink_to("/dev/zero"),
    "a GB of zeros": _hole,
}


def replace(random: Random, material: Material) -> Damage:
    """Put something that is no file, or one without end, in the place of a file."""
    damage = delete(random, material)
    (name,) = set(material.files) - set(damage.files)
    what = random.choice(sorted(ODD))
    return Damage(damage.files, f"{name}: {what}", odd={name: ODD[what]})


def _manifests(files: Files) -> list[str]:
    return sorted(name for name in files if name.startswith("manifest-"))


_VALUES: tuple[Any, ...] = (
    None, 0, 1, -1, 2**31, 2**63, 2**64, 10**30, 1.5, float("inf"), float("nan"), "", "x", "../x",
    "/etc/passwd", [], {}, [[]], True, "\ud800", "a\0b", "0" * 5_000,
)  # fmt: skip


def _places(body: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where there is a value in a JSON document."""
    found = [path] if path else []
    items: Any = ()
    if isinstance(body, dict):
        items = body.items()
    elif isinstance(body, list):
        items = enumerate(body)
    for key, value in items:
        found += _places(value, (*path, key))
    return found


def _edit(random: Random, raw: bytes) -> tuple[Any, str]:
    """A manifest with one value replaced or left out."""
    body = json.loads(raw)
    *path, last = random.choice(_places(body))
    inner = body
    for key in path:
        inner = inner[key]
    where = ".".join(map(str, (*path, last)))
    if random.random() < 0.2:
        del inner[last]
        return body, f"without {where}"
    value = random.choice(_VALUES)
    if isinstance(inner[last], int) and random.random() < 0.5:
        value = inner[last] + random.choice([-1, 1, 100])
    inner[last] = value
    return body, f"{where} is {str(value)[:40]!a}"


def edit_manifest(random: Random, material: Material) -> Damage:
    """Change a value of a manifest, or its text, and leave its checksum."""
    name = random.choice(_manifests(material.files))
    raw = material.files[name]
    if random.random() < 0.1:
        content, what = random.choice(
            [
                (b"[" * 100_000, "is 100,000 brackets"),
                (b'{"a":' * 50_000, "is 50,000 objects"),
                (b"null", "is null"),
                (b"", "is empty"),
                (b"9" * 10_000, "is a number of 10,000 digits"),
                (raw.decode().encode("utf-16"), "is UTF-16"),
            ]
        )
    else:
        body, what = _edit(random, raw)
        content = json.dumps(body, indent=1, sort_keys=True).encode()
        if content == raw:
            what += " (as it was)"
    return Damage({**material.files, name: content}, f"{name}: {what}")


def forge_manifest(random: Random, material: Material) -> Damage:
    """Change a value of a manifest and put the right checksum under it."""
    name = random.choice(_manifests(material.files))
    body, what = _edit(random, material.files[name])
    return Damage(
        {**material.files, name: sealed(body)}, f"{name}: {what}, right checksum", forged=True
    )


def sealed(body: Any) -> bytes:
    """Return a manifest with its checksum, as ``index/manifest.py`` writes it."""
    if isinstance(body, dict):
        body = {key: value for key, value in body.items() if key != "checksum"}
        canonical = json.dumps(body, sort_keys=True, separators=(",", ":")).encode()
        body["checksum"] = hashlib.blake2b(canonical, digest_size=16).hexdigest()
    return json.dumps(body, indent=1, sort_keys=True).encode()


def _largest(column: Array) -> Array:
    top = np.finfo(column.dtype).max if column.dtype.kind == "f" else np.iinfo(column.dtype).max
    return np.full_like(column, top)


def _one_value(random: Random, column: Array) -> Array:
    changed = column.copy()
    if changed.size:
        raw = np.frombuffer(random.randbytes(changed.itemsize), changed.dtype)
        values = [raw[0], _largest(changed[:1])[0], changed.dtype.type(0), changed[0] + 1]
        with np.errstate(over="ignore"):
            changed[random.randrange(changed.size)] = random.choice(values)
    return changed


def _retyped(random: Random, column: Array) -> Array:
    return column.astype(random.choice(["<u1", "<u2", "<u4", "<u8", "<i8", "<f8"]))


_COLUMN_CHANGES: dict[str, Callable[[Random, Array], Array]] = {
    "one value changed": _one_value,
    "some values changed": lambda random, column: _one_value(random, _one_value(random, column)),
    "halved": lambda _, column: column[: column.size // 2],
    "without its last value": lambda _, column: column[:-1],
    "emptied": lambda _, column: column[:0],
    "zeroed": lambda _, column: np.zeros_like(column),
    "at its largest": lambda _, column: _largest(column),
    "reversed": lambda _, column: column[::-1].copy(),
    "sorted": lambda _, column: np.sort(column),
    "shuffled": lambda random, column: column[random.sample(range(column.size), column.size)],
    "doubled": lambda _, column: np.concatenate([column, column]),
    "random": lambda random, column: np.frombuffer(random.randbytes(column.nbytes), column.dtype),
    "of another type": _retyped,
}


def forge_columns(random: Random, material: Material) -> Damage:
    """Change columns of a file, and put the right checksums and seals over them."""
    name = _pick(random, {name: material.files[name] for name in material.columns})
    columns = dict(material.columns[name])
    done = []
    for _ in range(random.choice([1, 1, 1, 2])):
        column = random.choice(sorted(columns))
        if random.random() < 0.06 and len(columns) > 1:
            del columns[column]
            done.append(f"{column} left out")
        else:
            what = random.choice(sorted(_COLUMN_CHANGES))
            with np.errstate(all="ignore"):
                columns[column] = _COLUMN_CHANGES[what](random, columns[column])
            done.append(f"{column} {what}")
    packed = Packed(columns)
    files = {**material.files, name: b"".join(packed.parts())}
    for manifest in _manifests(files):
        body = json.loads(files[manifest])
        _reseal(body, name, packed.length, packed.seal)
        files[manifest] = sealed(body)
    return Damage(files, f"{name}: {', '.join(done)}, right checksums", forged=True)


def _reseal(body: Any, name: str, length: int, seal: str) -> None:
    """Give a file its new length and seal wherever a manifest names it."""
    if isinstance(body, dict):
        if body.get("name") == name:
            body.update(length=length, seal=seal)
        for value in body.values():
            _reseal(value, name, length, seal)
    elif isinstance(body, list):
        for value in body:
            _reseal(value, name, length, seal)


WAYS: Mapping[str, tuple[Way, int]] = {
    "flip": (flip, 20),
    "set byte": (set_byte, 10),
    "truncate": (truncate, 8),
    "zero page": (zero_page, 8),
    "append": (append, 5),
    "swap": (swap, 5),
    "foreign": (foreign, 5),
    "delete": (delete, 4),
    "replace": (replace, 6),
    "edit manifest": (edit_manifest, 8),
    "forge manifest": (forge_manifest, 7),
    "forge columns": (forge_columns, 20),
}
"""Each way with how often it is taken."""


def draw(random: Random, material: Material) -> tuple[str, Damage]:
    """Return the name of a way and what it made."""
    names = list(WAYS)
    (name,) = random.choices(names, [WAYS[name][1] for name in names])
    return name, WAYS[name][0](random, material)
