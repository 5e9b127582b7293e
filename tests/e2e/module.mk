# End to end: the program on a pseudo-terminal.
