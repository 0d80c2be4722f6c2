"""qsearch: full-text search for question-and-answer collections."""
