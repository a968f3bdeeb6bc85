"""Background work: the loop of its threads, and what was left by a process that it killed."""
