noinst_LIBRARIES += %D%/libbase.a
%C%_libbase_a_SOURCES = \
	include/certty/base/auto.h \
	include/certty/base/clock.h \
	include/certty/base/err.h \
	include/certty/base/file.h \
	include/certty/base/json.h \
	include/certty/base/queue.h \
	include/certty/base/ref.h \
	include/certty/base/secret.h \
	include/certty/base/settings.h \
	include/certty/base/slot.h \
	include/certty/base/spawn.h \
	include/certty/base/text.h \
	%D%/clock.c \
	%D%/err.c \
	%D%/file.c \
	%D%/json.c \
	%D%/json_writer.c \
	%D%/secret.c \
	%D%/settings.c \
	%D%/settings_file.c \
	%D%/settings_file.h \
	%D%/settings_guess.c \
	%D%/settings_guess.h \
	%D%/settings_own.h \
	%D%/settings_table.c \
	%D%/settings_value.c \
	%D%/settings_value.h \
	%D%/spawn.c \
	%D%/text.c \
	%D%/text_cells.h \
	%D%/text_harmless.c \
	%D%/text_idn.c
