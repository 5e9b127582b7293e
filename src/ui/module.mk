# libui.a is the screen without a terminal; libterm.a is the one file that knows curses;
# libgrid.a stands in its place in tests, which link $(LIBS_GRID) before their other libraries.
noinst_LIBRARIES += %D%/libui.a %D%/libterm.a
%C%_libui_a_SOURCES = \
	%D%/decode.c %D%/decode.h \
	%D%/edit.c %D%/edit.h \
	%D%/hush.c %D%/hush.h \
	%D%/ink.c %D%/ink.h \
	%D%/key.c %D%/key.h \
	%D%/osc.c %D%/osc.h \
	%D%/panic.c %D%/panic.h \
	%D%/rect.h \
	%D%/sign.c %D%/sign.h \
	%D%/term.h \
	%D%/theme.c %D%/theme.h \
	%D%/theme_look.c \
	%D%/tty.c %D%/tty.h
%C%_libterm_a_SOURCES = %D%/term_curses.c

check_LIBRARIES = %D%/libgrid.a
%C%_libgrid_a_SOURCES = %D%/term_grid.c %D%/term_grid.h
LIBS_GRID = %D%/libui.a %D%/libgrid.a %D%/libui.a
