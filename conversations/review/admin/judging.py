"""The lists that reviewers choose from: verdicts and labels."""
