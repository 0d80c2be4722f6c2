"""Kernels that build an index.

arguments      what they take together
tokens         texts as UTF-8 bytes -> pieces -> occurrences of words
words          pieces -> word forms (``analysis.words``)
stem           English word forms -> terms (``analysis.english``)
string_table   distinct word forms and their numbers
string_arrays  many texts: put in order, numbered, copied, summed up
invert         occurrences by article -> postings by term (``index.invert``)
swar           eight bytes of a text at a time
"""
