"""A reply's life, from the message it answers to the row it ends in.

worker.py        a thread for each reply: asks the model, publishes, saves the end
prompts.py       what the model is sent for one
channel.py       publish, follow, cancel: the seam for several processes
memory.py        the channel within one process
growing_html.py  the HTML of a growing reply, made once for all who follow
highlighting.py  the colours of its code, asked for while it is written
checkpoints.py   every two seconds: the text of all live replies, and a heartbeat
cancellation.py  Stop, in any tab; and all replies of a user who may no longer have any
saving.py        the last UPDATE, tried until the database takes it
endings.py       the same in a file, while the database is away
usage.py         what a reply took, saved with it and counted once against its owner's budget
recovery.py      replies whose process died, marked as interrupted
file_fallback.py files that the service refuses, and what it is sent instead
lifecycle.py     all this when a process starts and ends
renderings.py    the cached HTML of finished replies
traces.py        the span of a reply's life, where traces are sent somewhere
streams.py       the streams that are open, and how many a user may have
"""
