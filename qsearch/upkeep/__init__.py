"""Is the index whole, and what if it is not?

check           every generation that is there -> what is wrong with it
segment_checks  one segment -> what is wrong with it
postings        whether its postings say one thing wherever they say it
backup          one generation -> a whole index in another folder
restore         a backup, or an older generation -> the index
repair          a damaged index -> what is whole of it
"""
