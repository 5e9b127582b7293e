# Figures, each measured beside what bounds it.  Not part of the tests: the machine decides.
BENCHES += %D%/bench-probe
%C%_bench_probe_LDADD = $(LIBS_NET)

EXTRA_PROGRAMS += $(BENCHES)
