"""`python -m kcc` is the `kcc` command."""

from kcc.cli import main

main()
