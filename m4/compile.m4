# How certty is compiled: warnings, hardening, sanitizers, fuzzing.  Everything is probed flag
# by flag, so that an older or another compiler takes what it knows.

# CERTTY_PROBE(VARIABLE, FLAG, [IF-YES])
# --------------------------------------
# Appends FLAG to VARIABLE when compiler and linker take it without a word.
AC_DEFUN([CERTTY_PROBE], [
	AS_VAR_PUSHDEF([cache], [certty_cv_flag_$2])
	AC_CACHE_CHECK([whether $CC takes $2], [cache], [
		certty_saved=$CFLAGS
		CFLAGS="$CFLAGS -Werror $2"
		AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <stdlib.h>]])],
			[AS_VAR_SET([cache], [yes])], [AS_VAR_SET([cache], [no])])
		CFLAGS=$certty_saved
	])
	AS_VAR_IF([cache], [yes], [$1="$$1 $2"; $3])
	AS_VAR_POPDEF([cache])
])

AC_DEFUN([CERTTY_WARNINGS], [
	AC_ARG_ENABLE([werror],
		[AS_HELP_STRING([--enable-werror], [a warning ends the build])],
		[], [enable_werror=no])
	WARN_CFLAGS=
	m4_foreach_w([flag], [
		-Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes
		-Wold-style-definition -Wmissing-declarations -Wredundant-decls -Wnested-externs
		-Wpointer-arith -Wwrite-strings -Wundef -Wvla -Wformat=2
		-Wformat-signedness -Wimplicit-fallthrough -Wlogical-op -Wduplicated-cond
		-Wduplicated-branches -Wdate-time -Winit-self
		-Wno-unused-parameter -Wno-missing-field-initializers
	], [CERTTY_PROBE([WARN_CFLAGS], flag)])
	# clang takes a variable that is only there to be cleaned up for unused; gcc knows better.
	AC_COMPILE_IFELSE([AC_LANG_PROGRAM([[#ifndef __clang__
		#error no
		#endif]])], [WARN_CFLAGS="$WARN_CFLAGS -Wno-unused-variable"])
	AS_IF([test "x$enable_werror" = xyes], [WARN_CFLAGS="$WARN_CFLAGS -Werror"])
	certty_warnings="$(echo $WARN_CFLAGS | wc -w) flags, an error: $enable_werror"
	AC_SUBST([WARN_CFLAGS])
])

# Not together with a sanitizer, which does the same better and gets confused.
AC_DEFUN([CERTTY_HARDENING], [
	HARDEN_CFLAGS= HARDEN_LDFLAGS= certty_hardening=
	AS_IF([test "x$certty_sanitizer" = xno -a "x$certty_fuzzing" = xno], [
		CERTTY_PROBE([HARDEN_CFLAGS], [-fPIE])
		CERTTY_PROBE([HARDEN_CFLAGS], [-fstack-protector-strong])
		CERTTY_PROBE([HARDEN_CFLAGS], [-fstack-clash-protection])
		CERTTY_PROBE([HARDEN_CFLAGS], [-fcf-protection])
		CERTTY_PROBE([HARDEN_CFLAGS], [-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2],
			[certty_hardening=FORTIFY_SOURCE])
		CERTTY_PROBE([HARDEN_LDFLAGS], [-pie])
		CERTTY_PROBE([HARDEN_LDFLAGS], [-Wl,-z,relro])
		CERTTY_PROBE([HARDEN_LDFLAGS], [-Wl,-z,now])
		CERTTY_PROBE([HARDEN_LDFLAGS], [-Wl,-z,noexecstack])
		certty_hardening="$(echo $HARDEN_CFLAGS $HARDEN_LDFLAGS)"
	])
	certty_hardening=${certty_hardening:-none}
	AC_SUBST([HARDEN_CFLAGS])
	AC_SUBST([HARDEN_LDFLAGS])
])

AC_DEFUN([CERTTY_SANITIZER], [
	AC_ARG_ENABLE([sanitizer],
		[AS_HELP_STRING([--enable-sanitizer=address,undefined|thread],
			[build with what finds wrong memory use, undefined behaviour, or races])],
		[], [enable_sanitizer=no])
	certty_sanitizer=$enable_sanitizer SANITIZER_CFLAGS=
	AS_IF([test "x$enable_sanitizer" = xyes], [certty_sanitizer=address,undefined])
	AS_IF([test "x$certty_sanitizer" != xno], [
		certty_flag="-fsanitize=$certty_sanitizer"
		SANITIZER_CFLAGS="$certty_flag -fno-omit-frame-pointer"
		AS_CASE([$certty_sanitizer], [*undefined*],
			[SANITIZER_CFLAGS="$SANITIZER_CFLAGS -fno-sanitize-recover=undefined"])
		certty_saved=$CFLAGS
		CFLAGS="$CFLAGS $SANITIZER_CFLAGS"
		AC_LINK_IFELSE([AC_LANG_PROGRAM()], [],
			[AC_MSG_ERROR([$CC cannot build with $certty_flag])])
		CFLAGS=$certty_saved
		AC_DEFINE([WITH_SANITIZER], [1], [a sanitizer watches: memory tricks are left out])
	])
	AM_CONDITIONAL([SANITIZER], [test "x$certty_sanitizer" != xno])
	AC_SUBST([SANITIZER_CFLAGS])
])

AC_DEFUN([CERTTY_FUZZING], [
	AC_ARG_ENABLE([fuzzing],
		[AS_HELP_STRING([--enable-fuzzing],
			[build the fuzz targets for libFuzzer (needs clang); then: make fuzz])],
		[], [enable_fuzzing=no])
	certty_fuzzing=$enable_fuzzing FUZZ_CFLAGS= FUZZ_LDFLAGS=
	AS_IF([test "x$certty_fuzzing" = xyes], [
		FUZZ_CFLAGS=-fsanitize=fuzzer-no-link FUZZ_LDFLAGS=-fsanitize=fuzzer
		certty_saved=$CFLAGS
		CFLAGS="$CFLAGS $FUZZ_CFLAGS"
		AC_LINK_IFELSE([AC_LANG_PROGRAM()], [],
			[AC_MSG_ERROR([$CC cannot build fuzz targets: try CC=clang])])
		CFLAGS=$certty_saved
	])
	AM_CONDITIONAL([FUZZING], [test "x$certty_fuzzing" = xyes])
	AC_SUBST([FUZZ_CFLAGS])
	AC_SUBST([FUZZ_LDFLAGS])
])
