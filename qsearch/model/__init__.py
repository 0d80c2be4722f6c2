"""What index, kernels and ranking agree on: the fields of an article and how they are numbers."""
