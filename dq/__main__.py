"""``python -m dq`` is ``dq``: for machines where scripts cannot be put on the path."""

from dq.cli import main

main()
