# Figures, each measured beside what bounds it.  Not part of the tests: the machine decides.
BENCHES += %D%/bench-engine
%C%_bench_engine_SOURCES = %D%/bench-engine.c tests/model/columns.h
%C%_bench_engine_LDADD = $(LIBS_ENGINE)

BENCHES += %D%/bench-model
%C%_bench_model_SOURCES = %D%/bench-model.c tests/model/columns.h
%C%_bench_model_LDADD = $(LIBS_MODEL)

BENCHES += %D%/bench-probe
%C%_bench_probe_SOURCES = %D%/bench-probe.c %D%/slow.c %D%/slow.h
%C%_bench_probe_LDADD = $(LIBS_NET)

BENCHES += %D%/bench-x509
%C%_bench_x509_LDADD = $(LIBS_MODEL)

BENCHES += %D%/bench-folder
%C%_bench_folder_SOURCES = %D%/bench-folder.c tests/model/make.c tests/model/make.h
%C%_bench_folder_LDADD = $(LIBS_ENGINE)

# The whole program, beside the least that can be called a table program.
BENCH_PARTS += %D%/make-state
%C%_make_state_SOURCES = %D%/make-state.c tests/model/make.c tests/model/make.h \
	tests/model/columns.h
%C%_make_state_LDADD = src/db/libdb.a $(LIBS_VIEW) $(SQLITE_LIBS)

BENCH_PARTS += %D%/minimal
%C%_minimal_LDADD = $(SQLITE_LIBS) $(CURSES_LIBS)

# Clocks that run faster, put before a program: a library, which nothing links.
BENCH_LIBS = %D%/faster.so
%D%/faster.so: $(srcdir)/%D%/faster.c
	$(AM_V_CCLD)$(MKDIR_P) $(@D) && $(CC) -shared -fPIC -O2 -U_FORTIFY_SOURCE -o $@ $<

# Services, at a fixed distance.
BENCH_PARTS += %D%/aws-server
%C%_aws_server_SOURCES = %D%/aws-server.c %D%/serve.c %D%/serve.h
%C%_aws_server_LDADD = $(GLIB_LIBS) $(SSL_LIBS) $(CRYPTO_LIBS)

BENCH_PARTS += %D%/azure-server
%C%_azure_server_SOURCES = %D%/azure-server.c %D%/serve.c %D%/serve.h
%C%_azure_server_LDADD = $(GLIB_LIBS) $(SSL_LIBS) $(CRYPTO_LIBS)

BENCH_PARTS += %D%/replay
%C%_replay_LDADD = $(GLIB_LIBS) $(CURL_LIBS)

BENCH_PARTS += %D%/sectigo-server
%C%_sectigo_server_SOURCES = %D%/sectigo-server.c %D%/serve.c %D%/serve.h
%C%_sectigo_server_LDADD = $(GLIB_LIBS) $(SSL_LIBS) $(CRYPTO_LIBS)

BENCH_PARTS += %D%/slow-server
%C%_slow_server_SOURCES = %D%/slow-server.c %D%/slow.c %D%/slow.h
%C%_slow_server_LDADD = $(GLIB_LIBS) $(SSL_LIBS) $(CRYPTO_LIBS)

BENCH_PARTS += %D%/vault-server
%C%_vault_server_SOURCES = %D%/vault-server.c %D%/serve.c %D%/serve.h
%C%_vault_server_LDADD = $(GLIB_LIBS) $(SSL_LIBS) $(CRYPTO_LIBS)

EXTRA_PROGRAMS += $(BENCHES) $(BENCH_PARTS)
CLEANFILES += $(BENCHES) $(BENCH_PARTS) $(BENCH_LIBS)
EXTRA_DIST += %D%/akamai.py %D%/aws.py %D%/azure.py %D%/faster.c %D%/screen.py %D%/sectigo.py \
	%D%/served.py %D%/vault.py

bench: $(BENCHES) $(BENCH_PARTS) $(BENCH_LIBS) certty
	@for b in $(BENCHES); do echo "== $$b"; $$b || exit 1; done
	@echo "== Akamai under its limit"; $(PYTHON) $(srcdir)/%D%/akamai.py .
	@echo "== AWS at a distance"; $(PYTHON) $(srcdir)/%D%/aws.py .
	@echo "== Azure at a distance"; $(PYTHON) $(srcdir)/%D%/azure.py .
	@echo "== Sectigo at a distance"; $(PYTHON) $(srcdir)/%D%/sectigo.py .
	@echo "== sites that take their time"; $(PYTHON) $(srcdir)/%D%/served.py .
	@echo "== Vault at a distance"; $(PYTHON) $(srcdir)/%D%/vault.py .
	@echo "== the whole program"; $(PYTHON) $(srcdir)/%D%/screen.py .
.PHONY: bench
