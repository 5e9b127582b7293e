# What knows no snapshot links nothing above base.
ui_low_libs = $(LIBS_GRID) $(LIBS_BASE)
ui_tests = \
	%D%/test-decode \
	%D%/test-edit \
	%D%/test-key \
	%D%/test-screen-parts \
	%D%/test-theme
check_PROGRAMS += $(ui_tests)
TESTS += $(ui_tests)
%C%_test_decode_LDADD = $(ui_low_libs)
%C%_test_edit_LDADD = $(ui_low_libs)
%C%_test_key_LDADD = $(ui_low_libs)
%C%_test_screen_parts_LDADD = $(ui_low_libs)
%C%_test_theme_LDADD = $(ui_low_libs)

# The real terminal: a small program on a pseudo-terminal, asked by a script.
check_PROGRAMS += %D%/term-probe
%C%_term_probe_LDADD = src/ui/libui.a src/ui/libterm.a src/ui/libui.a $(LIBS_BASE) $(CURSES_LIBS)
TESTS += %D%/test-term.py
EXTRA_DIST += %D%/test-term.py

# Screens as texts, over snapshots made in memory.
ui_screen_tests = \
	%D%/test-actions \
	%D%/test-screens \
	%D%/test-storm
check_PROGRAMS += $(ui_screen_tests) %D%/demo
TESTS += $(ui_screen_tests)
ui_screen_libs = $(LIBS_GRID) $(LIBS_VIEW)
%C%_test_actions_LDADD = $(ui_screen_libs)
%C%_test_screens_SOURCES = %D%/test-screens.c %D%/play.c %D%/play.h \
	%D%/providers.c %D%/providers.h tests/view/fixture.c tests/view/fixture.h
%C%_test_screens_LDADD = $(ui_screen_libs)
%C%_test_storm_SOURCES = %D%/test-storm.c %D%/providers.c %D%/providers.h \
	tests/view/fixture.c tests/view/fixture.h
%C%_test_storm_LDADD = $(ui_screen_libs)
%C%_demo_SOURCES = %D%/demo.c %D%/providers.c %D%/providers.h tests/view/fixture.c tests/view/fixture.h
%C%_demo_LDADD = src/ui/libui.a src/ui/libterm.a src/ui/libui.a $(LIBS_VIEW) $(CURSES_LIBS)
EXTRA_DIST += %D%/screens
