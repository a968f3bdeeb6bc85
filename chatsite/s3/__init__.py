"""Files in a bucket of S3, or of what speaks its protocol, where S3_BUCKET is set (decision 0042).

    configuration.py  what settings read: names of buckets and prefixes, credentials, the storages
    client.py         botocore's client, one a process; what it raises, as OSError
    object_reader.py  an object that is read as it comes
    storage.py        the storage that Django knows
    checking.py       whether the bucket can be used: asked at the start, and by `manage.py doctor`

The library is nobody's who doesn't want it: botocore isn't among the requirements, and is imported
in functions of client.py alone.
"""
