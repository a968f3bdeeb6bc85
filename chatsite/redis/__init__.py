"""Redis (or Valkey), where several processes share what lives between them: what replies say while
they are written, who is to be told of a change, limits and caches. The truth is in the database.

A site of one process has no use for it. With `REDIS_URL` each process has one thread that writes
(`flusher.py`) and one that reads (`reader.py`), however many replies are written and followed:
a connection for each follower took ten times as long. What is sent here may get lost, and Redis may
be away at any time: everybody who uses it says what holds then.
"""
