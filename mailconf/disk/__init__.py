"""Files on disk, read and written without following links below a folder."""
