"""Programs that run on mail hosts: Python 3.9, the standard library alone, nothing of mailconf.

They are rendered as files, source as it stands here.
"""
