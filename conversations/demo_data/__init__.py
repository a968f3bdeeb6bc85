"""Made-up people and conversations, to try review with, and to measure it by."""
