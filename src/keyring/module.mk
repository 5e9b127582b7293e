noinst_LIBRARIES += %D%/libkeyring.a
%C%_libkeyring_a_SOURCES = \
	include/certty/keyring/keyring.h \
	%D%/keyring.c \
	%D%/keyring_memory.c \
	%D%/keyring_own.h
if HAVE_LIBSECRET
%C%_libkeyring_a_SOURCES += %D%/keyring_secret_service.c
else
EXTRA_DIST += %D%/keyring_secret_service.c
endif
