"""What a rule looks for, and whether a message has it; knows nothing of the database."""
