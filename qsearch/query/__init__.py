"""What was typed -> what is looked up: syntax, tree, plan, filters."""
