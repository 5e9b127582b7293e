noinst_LIBRARIES += %D%/libbase.a
%C%_libbase_a_SOURCES = \
	%D%/clock.c \
	%D%/err.c \
	%D%/file.c \
	%D%/json.c \
	%D%/json_writer.c \
	%D%/secret.c \
	%D%/spawn.c \
	%D%/text.c \
	%D%/text_cells.h \
	%D%/text_harmless.c \
	%D%/text_idn.c
