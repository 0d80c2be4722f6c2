"""terms -> segments: what is kept on disk, written by one and read by many."""
