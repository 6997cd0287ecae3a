"""The command line: ``liangming demo | serve | check | scene | law | keys | version``.

Each command parses, calls one use case, and prints. Results go to standard output, everything else
to standard error. Exit status: 0 as asked; 1 the answer is *no* (an unlawful scene, a check that
did not pass); 2 the input or the call is wrong; 3 the world failed; 130 stopped by the user.
"""

from liangming.cli.main import main

__all__ = ["main"]
