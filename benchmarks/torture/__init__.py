"""Try to make it lose, corrupt or hide something, or stop working.

command      which campaigns run, and the report
campaign     what a campaign is: numbered cases drawn from a seed, and a tally of how they ended
forked       a piece of work in a process of its own, with limits
collection   the articles that campaigns write
answers      all that an index can be asked, as the oracle of damage
kill ...     one campaign a module; its docstring says what must hold
"""

from benchmarks.torture.command import add_arguments, run

__all__ = ["add_arguments", "run"]
