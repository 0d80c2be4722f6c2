"""What index, kernels and ranking agree on: the parts of an article, and their layout in bits.

fields          which texts are searched, and which are ranked together
bit_layout      postings and positions as bits
lengths         the length of a field in one byte
heading         the layout of the content words of titles and questions
keyword_phrase  64-bit keys of keywords and of runs of a query's words
copies          the key that copies of an article share
english_rules   the rules of the English stemmer as a table
"""
