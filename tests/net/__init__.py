"""Tests of mailconf.net."""
