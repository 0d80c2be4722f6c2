"""articles -> terms: how a text becomes the words that are indexed and searched.

``analyzer`` does it; who needs a part only, as reading does, imports that part.
"""
