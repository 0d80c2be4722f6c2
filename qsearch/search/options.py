"""The words that options of a search may be, as types."""

from __future__ import annotations

from typing import Literal

Sort = Literal["relevance", "newest", "oldest"]
"""What comes first."""

FieldName = Literal["question", "answer", "keywords"]
"""A ranked field; the title belongs to the question."""

FacetsOf = Literal["filtered", "unfiltered"]
"""What facets count: the results, or also those that only the filter by subject leaves out."""
