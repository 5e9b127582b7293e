noinst_LIBRARIES += %D%/libnet.a
%C%_libnet_a_SOURCES = \
	include/certty/net/client.h \
	include/certty/net/exchange.h \
	include/certty/net/retry.h
