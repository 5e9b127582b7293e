# Colour themes.
themesdir = $(pkgdatadir)/themes
dist_themes_DATA = \
	%D%/dark.theme \
	%D%/default.theme \
	%D%/deuteranopia.theme \
	%D%/high-contrast.theme \
	%D%/light.theme \
	%D%/mono.theme \
	%D%/tritanopia.theme
