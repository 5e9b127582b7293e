noinst_LIBRARIES += %D%/libprovider.a
%C%_libprovider_a_SOURCES = \
	include/certty/provider/op.h \
	include/certty/provider/provider.h
