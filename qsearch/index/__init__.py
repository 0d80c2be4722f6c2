"""Terms -> segments: what is kept on disk, written by one and read by many.

Reading:

snapshot           one generation: its segments, and what they say together
segment            one segment: articles, postings, positions; the list of its columns
columns            the file of a segment, checked by pages
column_codec       how a column lies in its file
column_checks      which columns fit one another
strings            a sorted list of texts
subjects           the subjects of each article
positions          distances -> places of words
vocabulary         the words of a snapshot, for the planner
near_forms         word forms within some edits of another
recorded_settings  the analyser and the ranking of an index

Writing:

writer             the one writer: changes, commit, roll back
lock               one writer at a time
manifest           the root file; ``publish`` is the commit
update             folders -> index
sync               a table -> index
report             what a run changed
encoded            an article as plain bytes, made by any process
stored_record      the record that is kept of an article, and the digest of its content
collector          articles -> occurrences
kernel_collector   the same for many, compiled
piecetable         the distinct pieces of texts and their words
documents          what is kept of articles apart from their words
headings           the content words of titles and questions
blocks             stored records in compressed blocks
invert             occurrences by article -> postings by term
background         a second thread for that
merge              which segments become one
texts, varint      many texts as arrays; whole numbers in few bytes
"""
