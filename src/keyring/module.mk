noinst_LIBRARIES += %D%/libkeyring.a
%C%_libkeyring_a_SOURCES = \
	include/certty/keyring/keyring.h \
	include/certty/keyring/keyring_command.h \
	include/certty/keyring/keyring_file.h \
	include/certty/keyring/keyring_login.h \
	%D%/keyring.c \
	%D%/keyring_command.c \
	%D%/keyring_file.c \
	%D%/keyring_file_inside.c \
	%D%/keyring_file_own.h \
	%D%/keyring_login.c \
	%D%/keyring_memory.c \
	%D%/keyring_own.h
if HAVE_LIBSECRET
%C%_libkeyring_a_SOURCES += %D%/keyring_secret_service.c
else
EXTRA_DIST += %D%/keyring_secret_service.c
endif
