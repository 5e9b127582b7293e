# Colour themes.
