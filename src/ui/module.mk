# libui.a is the screen without a terminal; libterm.a is the one file that knows curses.
noinst_LIBRARIES += %D%/libui.a %D%/libterm.a
%C%_libui_a_SOURCES =
%C%_libterm_a_SOURCES =
