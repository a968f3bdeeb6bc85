"""What `manage.py doctor` looks at: whether the settings, and all that they lead to, work.

findings.py  what a check has found, and how to mend it
runner.py    the checks, one after another, each within a time limit; apps register theirs
files.py     the secret key, DATA_DIR, the disk, certificates
database.py  the database, its migrations, and whether a server runs
mail.py      the mail server
redis.py     Redis
bucket.py    the bucket of S3 that files are kept in
proxy.py     what stands before the site, asked by way of PUBLIC_URL

No finding holds a key or a password.
"""
