# Figures, each measured beside what bounds it.  Not part of the tests: the machine decides.
BENCHES += %D%/bench-probe
%C%_bench_probe_LDADD = $(LIBS_NET)

BENCHES += %D%/bench-x509
%C%_bench_x509_LDADD = $(LIBS_MODEL)

EXTRA_PROGRAMS += $(BENCHES)
CLEANFILES += $(BENCHES)

bench: $(BENCHES)
	@for b in $(BENCHES); do echo "== $$b"; $$b || exit 1; done
.PHONY: bench
