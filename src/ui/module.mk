# libui.a is the screen without a terminal; libterm.a is the one file that knows curses;
# libgrid.a stands in its place in tests, which link $(LIBS_GRID) before their other libraries.
noinst_LIBRARIES += %D%/libui.a %D%/libterm.a
%C%_libui_a_SOURCES = \
	include/certty/ui/ui.h \
	%D%/act.h \
	%D%/act_rows.c \
	%D%/act_verb.c \
	%D%/act_view.c \
	%D%/action.c \
	%D%/action.h \
	%D%/answer.c \
	%D%/answer.h \
	%D%/complete.c \
	%D%/complete.h \
	%D%/decode.c \
	%D%/decode.h \
	%D%/edit.c \
	%D%/edit.h \
	%D%/filter.c \
	%D%/findings.c \
	%D%/follow.c \
	%D%/follow.h \
	%D%/forecast.c \
	%D%/forecast.h \
	%D%/form.c \
	%D%/form.h \
	%D%/form_own.h \
	%D%/form_parts.c \
	%D%/give.c \
	%D%/give.h \
	%D%/help.c \
	%D%/hush.c \
	%D%/ink.c \
	%D%/ink.h \
	%D%/key.c \
	%D%/key.h \
	%D%/keymap.c \
	%D%/keymap.h \
	%D%/layer.c \
	%D%/layer.h \
	%D%/list.c \
	%D%/list.h \
	%D%/menu.c \
	%D%/menu.h \
	%D%/menus.c \
	%D%/osc.c \
	%D%/osc.h \
	%D%/page.c \
	%D%/page.h \
	%D%/pager.c \
	%D%/pager.h \
	%D%/palette.c \
	%D%/pane.c \
	%D%/pane.h \
	%D%/panic.c \
	%D%/panic.h \
	%D%/pick.c \
	%D%/pick.h \
	%D%/places.c \
	%D%/places.h \
	%D%/question.c \
	%D%/question.h \
	%D%/rect.h \
	%D%/review.c \
	%D%/review.h \
	%D%/save.c \
	%D%/save.h \
	%D%/screen.c \
	%D%/screen.h \
	%D%/sign.c \
	%D%/sign.h \
	%D%/status.c \
	%D%/status.h \
	%D%/tab.c \
	%D%/tab.h \
	%D%/term.h \
	%D%/terminal.c \
	%D%/theme.c \
	%D%/theme.h \
	%D%/theme_look.c \
	%D%/tty.c \
	%D%/tty.h \
	%D%/ui.c \
	%D%/wizard.c \
	%D%/wizard.h \
	%D%/wizard_draw.c \
	%D%/wizard_fill.c \
	%D%/wizard_own.h \
	%D%/wizard_rows.c
%C%_libterm_a_SOURCES = %D%/term_curses.c

check_LIBRARIES = %D%/libgrid.a
%C%_libgrid_a_SOURCES = %D%/term_grid.c %D%/term_grid.h
LIBS_GRID = %D%/libui.a %D%/libgrid.a %D%/libui.a
