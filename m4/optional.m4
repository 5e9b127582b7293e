# CERTTY_OPTIONAL(NAME, PREFIX, PKG-CONFIG-MODULES, WHAT-FOR)
# ----------------------------------------------------------------------------------------
# One --with-NAME=auto|yes|no for a library that certty can do without.  Sets with_NAME to
# yes or no, defines HAVE_PREFIX, the condition HAVE_PREFIX and PREFIX_CFLAGS, PREFIX_LIBS.
AC_DEFUN([CERTTY_OPTIONAL], [
	AC_ARG_WITH([$1],
		[AS_HELP_STRING([--with-$1=auto|yes|no], [$4 @<:@auto@:>@])],
		[], [with_$1=auto])
	AS_IF([test "x$with_$1" != xno],
		[PKG_CHECK_MODULES([$2], [$3],
			[with_$1=yes],
			[AS_IF([test "x$with_$1" = xyes],
				[AC_MSG_ERROR([--with-$1 was asked for, but there is no $3:
$$2_PKG_ERRORS])])
			 with_$1=no])])
	AS_IF([test "x$with_$1" = xyes],
		[AC_DEFINE([HAVE_$2], [1], [to $4])])
	AM_CONDITIONAL([HAVE_$2], [test "x$with_$1" = xyes])
])
