"""What a search gives back: hits in their order, facets, snippets, suggestions."""
