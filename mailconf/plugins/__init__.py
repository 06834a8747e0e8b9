"""One piece of mail infrastructure per folder; this directory is the feature list."""
