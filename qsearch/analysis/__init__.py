"""articles -> terms: how a text becomes the words that are indexed and searched."""

from qsearch.analysis.analyzer import Analyzer, Token

__all__ = ["Analyzer", "Token"]
