check_PROGRAMS += %D%/test-view
TESTS += %D%/test-view
%C%_test_view_SOURCES = %D%/test-view.c %D%/fixture.c %D%/fixture.h
%C%_test_view_LDADD = $(LIBS_VIEW)
