noinst_LIBRARIES += %D%/libengine.a
%C%_libengine_a_SOURCES =
