"""Files in messages: from the upload to what the model is sent of them, and to their last byte.

models.py        a file: to be sent yet, or in a message
limits.py        how large, how many, of which kinds
storage.py       where the bytes are: under DATA_DIR/files, or in a bucket
virus_scan.py    what ClamAV says of a file, where it is asked
reading/         what is in a file; runs in a helper process that may be killed (reader.py)
tokens.py        about what a file counts
uploads.py       from the first piece of a file to its last
saving.py        what has come is read, and kept
errors.py        why a file can't be taken
sending.py       which files go with a message, and along with its copies
chat_parts.py    what the model is sent of a file
alternatives.py  what else could be sent of files that are too much
choosing.py      what is chosen of that
forms.py         what a message's form does with files
texts.py         what search and rules read of it
removal.py       bytes that no row speaks of any more
checks.py        whether rows and bytes are the same
queries.py       whose files are whose
views.py         uploading, showing, taking away
"""
