# Checks of the source itself; see HACKING.
