"""What a search returns. It knows engines by ``engine.protocol`` alone, and no snapshot.

results         a page of hits, and totals over all hits
search_context  the search that they belong to: notes, suggestion, snippets
snippets        the part of an article that answers best, with marks
suggest         the query with unknown words replaced by near ones
"""
