noinst_LIBRARIES += %D%/libkeyring.a
%C%_libkeyring_a_SOURCES =
