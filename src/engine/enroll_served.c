/*
 * enroll_served: what endpoints really serve, in the end: the new certificate, or still an older one.
 */
#include "enroll_own.h"

#include <string.h>

#include <certty/base/clock.h>

static ask_fn probe;
static each_fn presented;
static step_fn judge;

static struct ask probe(struct op *op, size_t i)
{
	const char *endpoint = enroll_of(op)->endpoints->pdata[i];
	const struct starttls *starttls;
	g_autofree char *host = NULL;
	struct request_out *r;
	uint16_t port;

	if (!exchange_read_endpoint(endpoint, &host, &port, &starttls, NULL))
		return (struct ask){ 0 };
	r = exchange_probe(host, port, starttls);
	r->timeout_ms = (int)settings_int(op->settings, "refresh", "timeout") * 1000;
	return (struct ask){ .send = r };
}

/* Why it was not reached, without its own name before that. */
static char *say_error(const char *endpoint, const GError *error)
{
	g_autofree char *before = g_strconcat(endpoint, ": ", NULL);
	bool is_named = g_str_has_prefix(error->message, before);

	return g_strdup(error->message + (is_named ? strlen(before) : 0));
}

/* In the words of the row; *ret_new: it is the one. */
static char *say(struct op *op, const char *endpoint, const struct reply *r, bool *ret_new)
{
	const struct enroll_kept *k = enroll_of(op)->kept;
	struct facts f = { 0 };
	GString *said;
	gsize len;
	const uint8_t *der;

	*ret_new = false;
	if (r->error)
		return say_error(endpoint, r->error);
	if (!r->chain || !r->chain->len)
		return g_strdup("it presented no certificate");
	*ret_new = g_bytes_equal(r->chain->pdata[0], k->chain->pdata[0]);
	der = g_bytes_get_data(r->chain->pdata[0], &len);
	said = g_string_new(*ret_new ? "serves the new one, until " : "still serves another one, until ");
	if (x509_facts(der, len, &f, NULL))
		clock_say_date(said, f.not_after);
	facts_done(&f);
	return g_string_free(said, FALSE);
}

static void presented(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	struct enrolling *e = enroll_of(op);
	const char *endpoint = e->endpoints->pdata[i];
	bool is_new;
	g_autofree char *said = say(op, endpoint, r, &is_new);

	(void)none;
	enroll_kept_serve(e->kept, endpoint, is_new, said);
	if (!is_new)
		op_trouble(op, "%s: %s", endpoint, said);
}

static void touch(struct op *op, const char *endpoint)
{
	for (size_t i = 0; i < op->stores->n; i++) {
		const struct store *s = op->stores->item[i];

		if (!strcmp(s->type, "endpoint") && !strcmp(s->address, endpoint))
			op_touch(op, s->id);
	}
}

struct next enroll_served_step(struct op *op, const struct reply *none)
{
	struct enrolling *e = enroll_of(op);
	g_auto(GStrv) all = args_list(e->kept->asked, "verify");

	g_clear_pointer(&e->endpoints, g_ptr_array_unref);
	e->endpoints = g_ptr_array_new_with_free_func(g_free);
	for (char **one = all; one && *one; one++)
		g_ptr_array_add(e->endpoints, g_strdup(*one));
	g_ptr_array_set_size(e->kept->served, 0);
	return e->endpoints->len ? next_each(e->endpoints->len, probe, presented, judge) : judge(op, none);
}

static struct next judge(struct op *op, const struct reply *none)
{
	struct enrolling *e = enroll_of(op);
	guint n = e->kept->served->len, fresh = 0;
	g_autofree char *said = NULL;

	(void)none;
	for (guint i = 0; i < n; i++) {
		const struct served *s = e->kept->served->pdata[i];

		fresh += s->is_new;
		touch(op, s->endpoint);
	}
	said = n ? g_strdup_printf("Served by %u of %u", fresh, n) : g_strdup("In place");
	if (fresh == n)
		return enroll_steps_end(op, REQUEST_ISSUED, said, "");
	return enroll_steps_wait(op, REQUEST_WAITS_PERSON, said, "whoever serves it has to load the new one, "
				 "then sync looks again", "sync dismiss");
}
