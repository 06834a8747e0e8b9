"""Tests of the zonefile plugin."""
