noinst_LIBRARIES += %D%/libprovider.a
%C%_libprovider_a_SOURCES =
