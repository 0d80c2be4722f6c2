"""Markdown and what stands in it (HTML, MDX, Liquid, Hugo, kramdown): what of a text is markup?

``regions`` finds what no markup is looked for in (code, comments), ``blocks`` reads lines,
``inline`` what stands within a paragraph, with ``tags`` for HTML and ``templates`` for the rest.
All of them put down *edits* of the text as it was written; ``qsearch.plaintext`` applies them, and
is the only thing others use. Not useful for drawing Markdown: structure is not kept.
"""
