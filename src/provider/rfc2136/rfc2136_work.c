/*
 * rfc2136_work: what is said to DNS servers, as works: updating them blocks.
 */
#include "rfc2136.h"

#include <string.h>

struct telling {
	struct dns_way *way;
	GError *no_key;
	struct dns_key *key;
	char *server;		/* NULL: as the zone's SOA says */
	char **zones;		/* none: any that the server has */
	GPtrArray *records;	/* struct dns_record */
	bool takes;		/* takes them away */
};

/* What came of one record. */
struct fate {
	bool is_done, is_new;
	char *name, *zone;	/* where it is; or NULL */
};

/* What came of it. */
struct told {
	GArray *fates;		/* struct fate, one for each record */
	GPtrArray *troubles;	/* sentences (char *) */
};

static void telling_free(void *p)
{
	struct telling *in = p;

	dns_way_free(in->way);
	g_clear_error(&in->no_key);
	dns_key_free(in->key);
	g_free(in->server);
	g_strfreev(in->zones);
	g_ptr_array_unref(in->records);
	g_free(in);
}

static void fate_done(void *p)
{
	struct fate *f = p;

	g_free(f->name);
	g_free(f->zone);
}

static void told_free(void *p)
{
	struct told *out = p;

	g_array_unref(out->fates);
	g_ptr_array_unref(out->troubles);
	g_free(out);
}

static struct telling *telling_new(const struct op *op)
{
	struct telling *in = g_new0(struct telling, 1);
	const struct args *with = op->access->with;
	const struct secret *secret = args_secret(with, "secret");
	const char *server = args_text(with, "server", "");
	const char *algorithm = args_text(with, "algorithm", "");

	in->way = dns_way_new(op->settings);
	if (secret)
		in->key = dns_key_new(args_text(with, "key-name", ""), *algorithm ? algorithm : "hmac-sha256",
				      secret, &in->no_key);
	else
		in->no_key = g_error_new(ERR, ERR_SIGN_IN, "the account is open without a key");
	in->server = *server ? g_strdup(server) : NULL;
	in->zones = args_list(with, "zones");
	in->records = g_ptr_array_new_with_free_func((GDestroyNotify)dns_record_free);
	for (guint i = 0; op->records && i < op->records->len; i++)
		g_ptr_array_add(in->records, dns_record_dup(op->records->pdata[i]));
	return in;
}

static bool has_zones(const struct telling *in)
{
	return in->zones && *in->zones;
}

static bool is_zone(const struct telling *in, const char *zone)
{
	for (char **z = in->zones; z && *z; z++) {
		size_t len = strlen(*z);

		len -= len > 1 && (*z)[len - 1] == '.';
		if (strlen(zone) == len && !g_ascii_strncasecmp(*z, zone, len))
			return true;
	}
	return !has_zones(in);
}

/* ---- publishing ---- */

/* Where no zone is named, a server that does not have it is no error. */
static bool is_not_ours(const struct telling *in, const GError *error)
{
	return !has_zones(in) && error->code == ERR_NOT_FOUND;
}

static void tell_one(const struct telling *in, guint i, struct work *w, struct told *out)
{
	const struct dns_record *r = in->records->pdata[i];
	struct fate *fate = &g_array_index(out->fates, struct fate, i);
	struct dns_primary to = { in->server, in->key };
	g_autoptr(GError) error = NULL;
	g_autoptr(dns_found) f = dns_look(in->way, r->name, r->type, r->value, &w->stop, &error);
	struct dns_put put = { .type = r->type, .value = r->value, .ttl = MAX(r->ttl, DNS_RECORD_TTL) };

	if (!f) {
		g_ptr_array_add(out->troubles, g_strdup_printf("%s: %s", r->name, error->message));
		return;
	}
	if (!is_zone(in, f->zone))
		return;
	put.zone = fate->zone = g_strdup(f->zone);
	put.name = fate->name = g_strdup(f->name);
	fate->is_done = in->takes ? dns_update_take(in->way, &to, &put, &w->stop, &error) :
		dns_update_put(in->way, &to, &put, &w->stop, &fate->is_new, &error);
	if (fate->is_done)
		return;
	if (error->code == ERR_SIGN_IN)
		w->error = g_steal_pointer(&error);
	else if (!is_not_ours(in, error))
		g_ptr_array_add(out->troubles, g_strdup(error->message));
}

static void tell_all(struct work *w)
{
	const struct telling *in = w->in;
	struct told *out = g_new0(struct told, 1);

	out->fates = g_array_new(FALSE, TRUE, sizeof(struct fate));
	g_array_set_clear_func(out->fates, fate_done);
	g_array_set_size(out->fates, in->records->len);
	out->troubles = g_ptr_array_new_with_free_func(g_free);
	w->out = out;
	for (guint i = 0; i < in->records->len && !w->error && !work_is_stopped(w); i++) {
		tell_one(in, i, w, out);
		atomic_store(&w->done, i + 1);
	}
}

static void take_fate(struct op *op, struct dns_record *r, const struct fate *f)
{
	if (!f->is_done)
		return;
	op_published(op, r);
	if (f->is_new)
		op_put_record(op, r, f->name, f->zone);
}

static struct next told(struct op *op, const struct reply *none)
{
	const struct telling *in = op->work->in;
	const struct told *out = op->work->out;

	(void)none;
	for (guint i = 0; i < op->records->len; i++)
		take_fate(op, op->records->pdata[i], &g_array_index(out->fates, struct fate, i));
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	for (guint i = 0; i < out->troubles->len; i++)
		op_trouble(op, "%s", (const char *)out->troubles->pdata[i]);
	if (out->troubles->len && !op->n_published)
		return next_fail(op, ERR_REFUSED, "%s", (const char *)
				 out->troubles->pdata[out->troubles->len - 1]);
	op_say(op, "%u DNS record%s %s by dynamic update", op->n_published, op->n_published == 1 ? "" : "s",
	       in->takes ? "taken away" : "put there");
	return next_done();
}

static struct next begin(struct op *op, bool takes, work_fn *run, step_fn *step)
{
	struct telling *in;

	if (!op->access)
		return next_fail(op, ERR_SIGN_IN, "the account is not open");
	in = telling_new(op);
	in->takes = takes;
	if (in->key)
		return next_work(work_new(run, in, telling_free, told_free), step);
	op->error = g_steal_pointer(&in->no_key);
	telling_free(in);
	return next_fail_error(op, g_steal_pointer(&op->error));
}

struct next rfc2136_publish(struct op *op, const struct reply *none)
{
	(void)none;
	if (!op->records || !op->records->len)
		return next_done();
	return begin(op, false, tell_all, told);
}

struct next rfc2136_unpublish(struct op *op, const struct reply *none)
{
	(void)none;
	return begin(op, true, tell_all, told);
}

/* ---- the test ---- */

static void try_all(struct work *w)
{
	const struct telling *in = w->in;
	struct dns_primary to = { in->server, in->key };

	if (!has_zones(in)) {
		dns_update_try(in->way, &to, NULL, &w->stop, &w->error);
		return;
	}
	for (char **z = in->zones; *z && !w->error && !work_is_stopped(w); z++) {
		size_t len = strlen(*z);
		g_autofree char *zone = g_strndup(*z, len - (len > 1 && (*z)[len - 1] == '.'));

		dns_update_try(in->way, &to, zone, &w->stop, &w->error);
	}
}

static struct next tried(struct op *op, const struct reply *none)
{
	const struct telling *in = op->work->in;
	guint n = in->zones ? g_strv_length(in->zones) : 0;

	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	op_who(op, "key %s", in->key->name);
	if (n)
		op_say(op, "%s may update %u zone%s%s%s; which names and types is not shown by this",
		       op->who, n, n == 1 ? "" : "s", in->server ? " at " : "",
		       in->server ? in->server : "");
	else
		op_say(op, "%s answers, and has nothing against %s; that it may update a zone is shown by "
		       "this only where one is named", in->server, op->who);
	return next_done();
}

struct next rfc2136_test(struct op *op, const struct reply *none)
{
	(void)none;
	return begin(op, false, try_all, tried);
}
