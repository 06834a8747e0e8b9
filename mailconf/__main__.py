"""`python -m mailconf`."""

from mailconf.cli import main

main()
