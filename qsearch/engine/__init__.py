"""Plan -> the best articles, all hits, counts: engines behind one protocol."""
