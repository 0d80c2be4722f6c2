"""What was typed -> a plan: what to score, and which articles are hits.

syntax         text -> query tree, and notes on what was ignored
tree           the nodes of a query tree, and notes
planner        plans queries for one index: syntax, analyser, vocabulary, expansions, limits
plan           query tree -> plan: term groups, tokens, and the condition of a hit
expand         further terms for a word: expansions, and the vocabulary that they ask
query          what was typed, with its plan when that is needed
filters        which hits are wanted, by subject and day
edit_distance  how many edits lie between words
"""
