noinst_LIBRARIES += %D%/libnet.a
%C%_libnet_a_SOURCES = \
	include/certty/net/client.h \
	include/certty/net/exchange.h \
	include/certty/net/retry.h \
	%D%/client.c \
	%D%/curl_late.c \
	%D%/curl_late.h \
	%D%/exchange.c \
	%D%/exchange_own.h \
	%D%/probe.c \
	%D%/probe.h \
	%D%/reply.c \
	%D%/retry.c \
	%D%/starttls.c \
	%D%/starttls_own.h \
	%D%/wiped.c \
	%D%/wiped.h
