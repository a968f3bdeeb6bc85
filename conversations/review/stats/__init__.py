"""What is learnt from conversations: daily stats, read for a range of days and broken down."""
