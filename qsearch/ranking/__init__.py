"""What a ranking is: the formula, its signals, its numbers, and the reference scorer."""
