noinst_LIBRARIES += %D%/libbase.a
%C%_libbase_a_SOURCES = \
	%D%/clock.c \
	%D%/err.c \
	%D%/file.c \
	%D%/text.c \
	%D%/text_cells.h \
	%D%/text_harmless.c \
	%D%/text_idn.c
