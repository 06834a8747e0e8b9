"""Tests of mailconf.plugins.postsrsd."""
