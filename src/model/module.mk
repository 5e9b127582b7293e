noinst_LIBRARIES += %D%/libmodel.a
%C%_libmodel_a_SOURCES = \
	%D%/detail.c \
	%D%/facts.c \
	%D%/mark.c
