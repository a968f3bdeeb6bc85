"""What a process counts of itself, for Prometheus: `/metrics/`, where METRICS_TOKEN is set.

registry.py    how apps register what they count, or have read when the numbers are asked for
middleware.py  requests: by view, method and class of status, and how long they took
process.py     the process: memory, CPU, open files, the database's pool, the admission queue
snapshots.py   several processes behind one port: each leaves its numbers to the others
views.py       the address

Labels have few values: never a user, a conversation or a path. Without the setting nothing is
counted, and prometheus-client is not even imported.
"""
