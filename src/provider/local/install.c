/*
 * install: a certificate with its key and chain, put where a server reads them; then the server is told, and
 * asked what it serves.
 */
#include "install.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/spawn.h>
#include <certty/base/text.h>

#define RELOAD_MS  60000
#define OUTPUT_MAX 4096
#define SAID_MAX   300

static step_fn installed, looked;

struct installing {
	struct install *to;
	char *file;			/* to read it from, or NULL: */
	struct bundle *bundle;
	struct secret *passphrase;
	size_t limit;
	char *trouble;			/* of the command */
	guint fresh;			/* endpoints that serve it */
};

static void installing_free(void *p)
{
	struct installing *m = p;

	if (!m)
		return;
	install_free(m->to);
	g_free(m->file);
	bundle_free(m->bundle);
	secret_free(m->passphrase);
	g_free(m->trouble);
	g_free(m);
}

/* ---- on the pool ---- */

static char *reload(const struct install *to, const atomic_bool *stop)
{
	const struct spawn what = { .argv = (const char *const *)to->reload, .max_output = OUTPUT_MAX,
				    .limit_ms = RELOAD_MS, .stop = stop };
	struct spawn_result result = { 0 };
	g_autoptr(GError) error = NULL;
	g_autofree char *said = NULL, *name = text_harmless_dup(to->reload[0], 80);
	char *trouble = NULL;

	if (!spawn_run(&what, &result, &error)) {
		said = text_harmless_dup(error->message, SAID_MAX);
		return g_strdup_printf("the files are in place, but the server was not told: %s", said);
	}
	if (result.status)
		trouble = g_strdup_printf("the files are in place, but %s ended with status %d%s%s", name,
					  result.status, result.complaint && *result.complaint ? ": " : "",
					  result.complaint ? result.complaint : "");
	spawn_result_done(&result);
	return trouble;
}

static void run(struct work *w)
{
	struct installing *m = w->in;

	if (!m->bundle)
		m->bundle = bundle_read(m->file, m->limit, m->to->file[INSTALL_KEY], m->passphrase, &w->error);
	if (!m->bundle || work_is_stopped(w) || !install_write(m->to, m->bundle, &w->error))
		return;
	if (m->to->reload)
		m->trouble = reload(m->to, &w->stop);
}

/* ---- what is served now ---- */

static struct installing *mine(const struct op *op)
{
	return ((struct local *)op->scratch)->mine;
}

static struct ask ask_one(struct op *op, size_t i)
{
	const struct starttls *starttls;
	g_autofree char *host = NULL;
	struct request_out *r;
	uint16_t port;

	if (!exchange_read_endpoint(mine(op)->to->verify[i], &host, &port, &starttls, NULL))
		return (struct ask){ 0 };
	r = exchange_probe(host, port, starttls);
	r->keys = g_str_has_prefix(mine(op)->bundle->facts.key, PROBE_EC) ? PROBE_EC :
		  g_str_has_prefix(mine(op)->bundle->facts.key, PROBE_RSA) ? PROBE_RSA : NULL;
	r->timeout_ms = (int)settings_int(op->settings, "refresh", "timeout") * 1000;
	return (struct ask){ .send = r };
}

static void say_other(struct op *op, const char *endpoint, GBytes *served)
{
	struct facts f = { 0 };
	g_autoptr(GString) ends = g_string_new(NULL);
	gsize len;
	const uint8_t *der = g_bytes_get_data(served, &len);

	if (x509_facts(der, len, &f, NULL)) {
		g_string_append(ends, ", until ");
		clock_say_date(ends, f.not_after);
		facts_done(&f);
	}
	op_trouble(op, "%s still serves another one%s: its server has to load the new one", endpoint,
		   ends->str);
}

static void hear_one(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	struct installing *m = mine(op);
	const char *endpoint = m->to->verify[i];

	(void)none;
	if (r->error)
		op_trouble(op, "what is served now is not known: %s", r->error->message);
	else if (!r->chain || !r->chain->len)
		op_trouble(op, "%s presented no certificate", endpoint);
	else if (g_bytes_equal(r->chain->pdata[0], m->bundle->cert))
		m->fresh++;
	else
		say_other(op, endpoint, r->chain->pdata[0]);
}

/* ---- steps ---- */

static char *alias_of(const struct installing *m)
{
	const char *cert = m->to->file[INSTALL_CERT];

	return cert ? g_strdup(cert) :
		      g_strconcat(m->to->file[INSTALL_FULL], m->bundle->chain->len ? "#1" : "", NULL);
}

static struct next looked(struct op *op, const struct reply *none)
{
	const struct installing *m = mine(op);
	guint n = m->to->verify ? g_strv_length(m->to->verify) : 0;
	g_autofree char *alias = alias_of(m), *shown = folder_shown(m->to->folder);
	g_autoptr(GString) served = g_string_new(NULL);

	(void)none;
	if (n)
		g_string_printf(served, "; served by %u of %u", m->fresh, n);
	op_say(op, "%s is installed in %s%s%s", m->bundle->facts.name, shown,
	       m->to->reload && !m->trouble ? ", and its server was told" : "", served->str);
	op_placed(op, alias, m->bundle->facts.sha256);
	op_touch(op, op->store->id);
	return next_done();
}

static struct next installed(struct op *op, const struct reply *none)
{
	struct local *l = op->scratch;
	struct installing *m = op->work->in;

	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	l->mine = g_steal_pointer(&op->work->in);
	l->free_mine = installing_free;
	if (m->trouble)
		op_trouble(op, "%s", m->trouble);
	return m->to->verify && m->to->verify[0] ?
		next_each(g_strv_length(m->to->verify), ask_one, hear_one, looked) : looked(op, NULL);
}

struct next install_cert(struct op *op)
{
	const struct secret *passphrase = args_secret(op->args, "passphrase");
	GError *error = NULL;
	struct install *to = install_read(op->settings, op->store, &error);
	struct installing *m;

	if (!to)
		return next_fail_error(op, error);
	m = g_new0(struct installing, 1);
	m->to = to;
	m->bundle = op->bundle ? bundle_dup(op->bundle) : NULL;
	m->file = m->bundle ? NULL : file_absolute(args_text(op->args, "file", ""));
	m->passphrase = passphrase ? secret_dup(passphrase) : NULL;
	m->limit = (size_t)settings_int(op->settings, "local", "file-limit");
	return next_work(work_new(run, m, installing_free, NULL), installed);
}

/* ---- what it would do ---- */

bool install_planned(struct op *op, struct plan *p, GError **error)
{
	static const char *const what[INSTALL_PARTS] = {
		[INSTALL_KEY] = "the private key, NOT encrypted", [INSTALL_CERT] = "the certificate",
		[INSTALL_CHAIN] = "its issuers", [INSTALL_FULL] = "the certificate and its issuers",
	};
	g_autoptr(install) to = install_read(op->settings, op->store, error);
	g_autofree char *command = to && to->reload ? g_strjoinv(" ", to->reload) : NULL;

	for (int i = 0; to && i < INSTALL_PARTS; i++) {
		g_autofree char *path = to->file[i] ? g_build_filename(to->folder, to->file[i], NULL) : NULL;
		g_autofree char *said = g_strdup_printf("%s, mode %04o", what[i],
							(unsigned)install_mode(to, (enum install_part)i));

		if (path)
			plan_call(p, PLAN_CHANGES, "write", path, said);
	}
	if (command)
		plan_call(p, PLAN_CHANGES, "run", command, "which has the server load them");
	for (char **v = to ? to->verify : NULL; v && *v; v++)
		plan_call(p, PLAN_ASKS, "look at", *v, "what it serves then");
	if (to && !command)
		plan_not(p, "no server is reloaded: whoever reads the files has to be told");
	return to;
}
