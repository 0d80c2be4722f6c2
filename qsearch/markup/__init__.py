"""Markdown and what stands in it (HTML, MDX, Liquid, Hugo, kramdown): what of a text is markup?

``qsearch.plaintext`` applies what is found, and is the only thing others use. Not useful for
drawing Markdown: structure is not kept.

regions    what no markup is looked for in: code, comments, mathematics
blocks     lines: headings, lists, quotes, tables
inline     what stands within a paragraph
tags       which ``<...>`` is a tag
templates  what stands in braces: Liquid, Hugo, kramdown
edits      what is to be changed in a text, put down in any order
ahead      looking ahead for what closes something, in linear time
pattern    regular expressions, compiled when they are first used
"""
