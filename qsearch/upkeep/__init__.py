"""Is the index whole, and what if it is not?

check     every generation that is there -> what is wrong with it
inspect   one segment -> what is wrong with it
postings  whether its postings say one thing wherever they say it
"""
