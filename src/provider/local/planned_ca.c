/*
 * planned_ca: what a small CA would do with a request and with a certificate that it signed, and what
 * openssl and the shell would do instead.
 */
#include "planned.h"

#include <string.h>

#include <certty/base/clock.h>

/* ---- requests ---- */

static bool is_waiting(const struct op *op, GError **error)
{
	const struct request *r = op->request;

	if (request_is_waiting(r) || (op->verb->id == VERB_DENY && r->state == REQUEST_FAILED))
		return true;
	g_set_error(error, ERR, ERR_REFUSED, "%s does not wait: it is %s", r->title,
		    request_state_word(r->state));
	return false;
}

/* What follows the store in its id is where it lies. */
static char *pending_path(const struct op *op)
{
	const char *id = op->request->id;
	size_t len = strlen(op->store->id);

	return g_build_filename(op->store->address, strlen(id) > len ? id + len : "pending", NULL);
}

static char *days_of(int64_t seconds)
{
	return g_strdup_printf("%" G_GINT64_FORMAT, MAX(seconds / CLOCK_DAY, 1));
}

static void run_sign(const struct op *op, struct plan *p)
{
	g_autofree char *cert = ca_cert_path(op->store->address);
	g_autofree char *key = ca_key_path(op->store->address);

	plan_run(p, "openssl x509 -req -copy_extensions copy");
	plan_option(p, "-CA", cert);
	plan_option(p, "-CAkey", key);
	plan_environment(p, "-passin env:", PASSPHRASE, "what opens the key of the CA");
}

static void run_approve(const struct op *op, struct plan *p, const char *pending,
			const char *issued)
{
	g_autofree char *days = NULL;
	int64_t seconds = 0;

	clock_read_span(args_text(op->args, "validity", "90d"), &seconds);
	days = days_of(seconds);
	run_sign(op, p);
	plan_option(p, "-days", days);
	plan_option(p, "-in", pending);
	plan_option(p, "-out", issued);
}

static bool approve(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *pending = pending_path(op), *key = ca_key_path(op->store->address);
	g_autofree char *name = folder_file_name(op->request->title);
	g_autofree char *folder = g_build_filename(op->store->address, "issued", NULL);
	g_autofree char *base = g_strconcat(name, ".pem", NULL);
	g_autofree char *issued = g_build_filename(folder, base, NULL), *what = NULL;

	if (!is_waiting(op, error))
		return false;
	what = g_strdup_printf("%s-SERIAL.pem: profile %s, valid %s", name,
			       args_text(op->args, "profile", "server"),
			       args_text(op->args, "validity", "90d"));
	plan_call(p, PLAN_ASKS, "read", key ? key : op->store->address, "the key of the CA");
	plan_call(p, PLAN_CHANGES, "write", folder, what);
	plan_call(p, PLAN_CHANGES, "move", pending, "beside the certificate");
	planned_keeps_version(p, op->request->title, PLAN_CHANGES);
	plan_not(p, "nothing is deployed: whoever asked has to be given the certificate");
	plan_not(p, "what is live now of that name is neither replaced nor revoked");
	run_approve(op, p, pending, issued);
	plan_run(p, "mv -n --");
	plan_word(p, pending);
	plan_word(p, folder);
	return true;
}

static bool deny(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *pending = pending_path(op);
	g_autofree char *folder = g_build_filename(op->store->address, "denied", NULL);

	if (!is_waiting(op, error))
		return false;
	plan_call(p, PLAN_CHANGES, "write", folder, "the reason, and when and by whom");
	plan_call(p, PLAN_CHANGES, "move", pending, "beside the reason");
	plan_not(p, "nobody is told: the reason lies beside the request");
	plan_not(p, "nothing is signed");
	plan_run(p, "mkdir -p --");
	plan_word(p, folder);
	plan_run(p, "mv -n --");
	plan_word(p, pending);
	plan_word(p, folder);
	return true;
}

/* ---- its successors ---- */

/* What is known of the certificate and of the place where it lies. */
struct old {
	struct facts facts;
	struct lying lying;
	const struct store *at;
	bool is_writable, is_kept;	/* is_kept: in the own repository */
};

static void old_done(struct old *o)
{
	facts_done(&o->facts);
	planned_lying_done(&o->lying);
}

static bool old_find(const struct op *op, struct old *ret, GError **error)
{
	gssize i = items_find(op->stores, args_text(op->args, "at", ""));
	gsize len = 0;
	const uint8_t *der = op->cert.der ? g_bytes_get_data(op->cert.der, &len) : NULL;

	if (!der) {
		g_set_error(error, ERR, ERR_NOT_FOUND,
			    "the certificate's bytes are not kept here: refresh its store");
		return false;
	}
	if (!x509_facts(der, len, &ret->facts, error))
		return false;
	ret->at = i < 0 ? op->store : op->stores->item[i];
	ret->is_writable = i >= 0 && ret->at->is_writable;
	ret->is_kept = !strcmp(ret->at->type, LOCAL_REPOSITORY);
	planned_lying_find(op, ret->at, &ret->lying);
	return true;
}

/* As the CA would refuse it, as far as that is seen without its files. */
static const struct x509_profile *profile_of(const struct op *op, const struct old *o, GError **error)
{
	const struct x509_profile *profile = x509_renew_profile(op->cert.der);

	if (!x509_renew_kind(o->facts.key))
		g_set_error(error, ERR, ERR_REFUSED, "%s: a key like its own (%s) is not made here",
			    o->facts.name, o->facts.key);
	else if (!profile)
		g_set_error(error, ERR, ERR_REFUSED, "%s: no profile of the CA allows just what it "
			    "may be used for: make a request of its own", o->facts.name);
	else
		return profile;
	return NULL;
}

static void say_renewal(const struct op *op, struct plan *p, const struct old *o, const char *profile,
			const char *days)
{
	g_autofree char *key = ca_key_path(op->store->address);
	g_autofree char *issued = g_build_filename(op->store->address, "issued", NULL);
	g_autofree char *name = folder_file_name(o->facts.name);
	g_autofree char *what = g_strdup_printf("%s-SERIAL.pem and .csr: profile %s, valid %s days", name,
						profile, days);

	plan_call(p, PLAN_ASKS, "read", key ? key : op->store->address, "the key of the CA");
	plan_call(p, PLAN_ASKS, "read", o->lying.file, "whether it is still the same, and its key");
	if (o->is_writable && !o->is_kept)
		plan_call(p, PLAN_CHANGES, "write", o->lying.file, "the new certificate, its issuers and a new "
			  "key, in place of the old ones");
	plan_call(p, PLAN_CHANGES, "write", issued, what);
	planned_keeps_version(p, o->facts.name, PLAN_CHANGES);
	plan_not(p, "the old one is not revoked, and its key is not used again");
	plan_not(p, "other places that have the old one keep it, but where a deployment says automatic");
	plan_not(p, "no server is reloaded: whoever reads a file has to be told");
	if (o->lying.key && o->is_writable && !o->is_kept)
		plan_warn(p, "its private key is not encrypted, and neither is the new one");
}

/* A key, a request and a certificate in a folder of their own, and then all of it into its place. */
static void run_renewal(const struct op *op, struct plan *p, const struct old *o, const char *days)
{
	g_auto(GStrv) names = facts_sorted_names(&o->facts);
	g_autofree char *alternative = planned_names(names);
	g_autofree char *subject = g_strconcat("/CN=", o->facts.name, NULL);
	g_autofree char *ca = ca_cert_path(op->store->address);

	plan_run(p, "work=$(mktemp -d)");
	plan_run(p, planned_request(x509_renew_kind(o->facts.key)));
	if (o->lying.key)
		g_string_append(p->line, " -nodes");
	else
		plan_environment(p, "-passout env:", NEW_PASSPHRASE, LOCKS_KEY);
	plan_option(p, "-subj", subject);
	plan_option(p, "-addext", alternative);
	g_string_append(p->line, " -keyout \"$work/key.pem\" -out \"$work/new.csr\"");
	run_sign(op, p);
	plan_option(p, "-days", days);
	g_string_append(p->line, " -in \"$work/new.csr\" -out \"$work/cert.pem\"");
	plan_run(p, "cat \"$work/cert.pem\"");
	if (ca)
		plan_word(p, ca);
	g_string_append(p->line, " \"$work/key.pem\" >");
	if (o->is_writable && !o->is_kept)
		plan_word(p, o->lying.file);
	else
		g_string_append(p->line, " \"$work/all.pem\"");
}

bool planned_renew(struct op *op, struct plan *p, GError **error)
{
	struct old o = { 0 };
	const struct x509_profile *profile;
	g_autofree char *days = NULL;

	if (strcmp(op->store->type, LOCAL_CA)) {
		g_set_error(error, ERR, ERR_REFUSED, "there is no CA on this machine that has signed it");
		return false;
	}
	if (!old_find(op, &o, error))
		return false;
	profile = profile_of(op, &o, error);
	days = days_of(o.facts.not_after - o.facts.not_before);
	if (profile) {
		say_renewal(op, p, &o, profile->name, days);
		run_renewal(op, p, &o, days);
	}
	old_done(&o);
	return profile;
}

/* ---- requests: of this CA, or tickets ---- */

static bool is_ticket(const struct op *op)
{
	return op->request && !strcmp(op->request->type, TICKETS_REQUEST);
}

bool planned_approve(struct op *op, struct plan *p, GError **error)
{
	if (!is_ticket(op))
		return approve(op, p, error);
	return local_is_no_verb(op, error);
}

bool planned_deny(struct op *op, struct plan *p, GError **error)
{
	return (is_ticket(op) ? planned_ticket_answer : deny)(op, p, error);
}

bool planned_countersign(struct op *op, struct plan *p, GError **error)
{
	return is_ticket(op) ? planned_ticket_answer(op, p, error) : local_is_no_verb(op, error);
}

bool planned_withdraw(struct op *op, struct plan *p, GError **error)
{
	return is_ticket(op) ? planned_ticket_withdraw(op, p, error) : local_is_no_verb(op, error);
}
