noinst_LIBRARIES += %D%/libview.a
%C%_libview_a_SOURCES =
