# Figures, each measured beside what bounds it.  Not part of the tests: the machine decides.
BENCHES += %D%/bench-engine
%C%_bench_engine_SOURCES = %D%/bench-engine.c tests/model/columns.h
%C%_bench_engine_LDADD = $(LIBS_ENGINE)

BENCHES += %D%/bench-model
%C%_bench_model_SOURCES = %D%/bench-model.c tests/model/columns.h
%C%_bench_model_LDADD = $(LIBS_MODEL)

BENCHES += %D%/bench-probe
%C%_bench_probe_LDADD = $(LIBS_NET)

BENCHES += %D%/bench-x509
%C%_bench_x509_LDADD = $(LIBS_MODEL)

EXTRA_PROGRAMS += $(BENCHES)
CLEANFILES += $(BENCHES)

bench: $(BENCHES)
	@for b in $(BENCHES); do echo "== $$b"; $$b || exit 1; done
.PHONY: bench
