/*
 * notice: tells people what is about to end or has failed, each event once.
 *
 * A [notice NAME] group of the configuration says which certificates (filter), at which
 * thresholds (days left, share of life used), and who is told (to: mail, hook: a program that
 * gets JSON).  What is due is gathered here; writing mail and running hooks is work for the
 * pool.  An event is taken in the database before it is told and given back when telling
 * failed, so that neither two processes nor two runs tell it twice.
 */
#include "own.h"

#include <stdlib.h>
#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/json.h>
#include <certty/base/spawn.h>
#include <certty/base/text.h>
#include <certty/model/query.h>

#define EVENTS_MAX 10000	/* told in one letter */
#define SEND_LIMIT_MS 60000

struct event {
	char *key;		/* unique for ever: NAME, thing, threshold */
	char *what, *where;	/* the certificate or store, and its place */
	char *sentence;		/* "ends in 6 d, on 2026-11-28" */
	char *id;
	int64_t ends;
};

/* All events of one [notice] group, on their way to one set of recipients. */
struct letter {
	char *name, *sendmail, *from, *to, *hook;
	GPtrArray *events;
	GString *body;		/* mail or JSON, made before the work starts */
};

static struct next tell_all(struct op *op, const struct reply *none);

static void event_free(void *p)
{
	struct event *v = p;

	g_free(v->key);
	g_free(v->what);
	g_free(v->where);
	g_free(v->sentence);
	g_free(v->id);
	g_free(v);
}

static void letter_free(void *p)
{
	struct letter *l = p;

	if (!l)
		return;
	g_free(l->name);
	g_free(l->sendmail);
	g_free(l->from);
	g_free(l->to);
	g_free(l->hook);
	g_ptr_array_unref(l->events);
	if (l->body)
		g_string_free(l->body, TRUE);
	g_free(l);
}

void notices_done(void *scratch)
{
	struct notices *n = scratch;

	g_clear_pointer(&n->letters, g_ptr_array_unref);
}

/* ---- thresholds ---- */

/* The tightest threshold in a list as "30 14 7 1" that `left` days have passed; -1: none. */
static int64_t days_passed(const char *list, int64_t seconds_left)
{
	g_auto(GStrv) words = g_strsplit_set(list ? list : "", " ,;", -1);
	int64_t best = -1;

	for (char **w = words; *w; w++) {
		int64_t span;

		if (clock_read_span(*w, &span) && seconds_left <= span &&
		    (best < 0 || span < best))
			best = span;
	}
	return best;
}

/* Likewise "66% 90%", where the highest that is passed is the tightest. */
static int life_passed(const char *list, int per_mille)
{
	g_auto(GStrv) words = g_strsplit_set(list ? list : "", " ,;%", -1);
	int best = -1;

	for (char **w = words; *w; w++) {
		int percent = (int)g_ascii_strtoll(*w, NULL, 10);

		if (**w && percent > 0 && per_mille >= percent * 10)
			best = MAX(best, percent);
	}
	return best;
}

/* ---- gathering ---- */

static bool take_event(struct op *op, const char *key)
{
	struct engine *e = operation_of(op)->engine;
	bool first = false;

	if (args_bool(op->args, "dry-run"))
		return true;
	return db_notice_take(e->db, key, &first, NULL) && first;
}

static void add_event(struct op *op, struct letter *l, char *key, struct event *v)
{
	v->key = key;
	if (l->events->len < EVENTS_MAX && take_event(op, key))
		g_ptr_array_add(l->events, v);
	else
		event_free(v);
}

static struct event *cert_event(const struct snapshot *s, uint32_t cert, int64_t now)
{
	struct event *v = g_new0(struct event, 1);
	struct place at = certs_first(s->certs, cert);
	const struct store *store = snapshot_store(s, at.table_number);
	g_autoptr(GString) id = g_string_new(NULL), said = g_string_new(NULL);
	size_t len;
	const char *name = table_name(at.table, at.row, &len);

	v->ends = certs_not_after(s->certs, cert);
	certs_id(s->certs, cert, id);
	v->id = g_strdup(id->str);
	v->what = g_strndup(name, len);
	v->where = g_strdup_printf("%s %s", store ? store->title : at.table->store,
				   at.table->aliases + at.table->alias[at.row]);
	g_string_append(said, v->ends < now ? "ended " : "ends ");
	clock_say_until(said, now, v->ends);
	g_string_append(said, ", on ");
	clock_say_utc(said, v->ends);
	v->sentence = g_strdup(said->str);
	return v;
}

static void gather_certs(struct op *op, struct letter *l, const struct snapshot *s,
			 const struct query *q, const char *days, const char *life)
{
	uint32_t n = s->certs->n;
	g_autofree uint64_t *bits = g_new0(uint64_t, n / 64 + 1);

	query_certs(q, s, op->now, NULL, bits);
	for (uint32_t i = 0; i < n; i++) {
		int64_t left = certs_not_after(s->certs, i) - op->now;
		int64_t span;
		int percent;
		struct event *v;

		if (!(bits[i / 64] >> (i % 64) & 1))
			continue;
		span = days_passed(days, left);
		percent = life_passed(life, certs_life(s->certs, i, op->now));
		if (span < 0 && percent < 0)
			continue;
		v = cert_event(s, i, op->now);
		if (left < 0)
			add_event(op, l, g_strdup_printf("%s/%s/ended", l->name, v->id), v);
		else if (span >= 0)
			add_event(op, l, g_strdup_printf("%s/%s/%" G_GINT64_FORMAT "d", l->name,
							 v->id, span / CLOCK_DAY), v);
		else
			add_event(op, l, g_strdup_printf("%s/%s/%d%%", l->name, v->id, percent),
				  v);
	}
}

static void gather_failures(struct op *op, struct letter *l)
{
	for (size_t i = 0; i < op->stores->n; i++) {
		const struct store *s = op->stores->item[i];
		struct event *v;

		if (s->state != STORE_FAILED)
			continue;
		v = g_new0(struct event, 1);
		v->id = g_strdup(s->id);
		v->what = g_strdup(s->title);
		v->where = g_strdup(s->address);
		v->sentence = g_strdup_printf("cannot be read: %s", s->trouble ? s->trouble : "");
		/* Told again only after it has worked in between. */
		add_event(op, l, g_strdup_printf("%s/%s/failed/%" G_GINT64_FORMAT, l->name, s->id,
						 s->seen), v);
	}
}

static struct letter *gather(struct op *op, const struct snapshot *s, const char *group)
{
	const struct settings *set = op->settings;
	struct letter *l = g_new0(struct letter, 1);
	g_autoptr(GError) error = NULL;
	const char *filter = settings_raw(set, group, "filter");
	const char *days = settings_raw(set, group, "days");
	const char *life = settings_raw(set, group, "life");
	const char *failures = settings_raw(set, group, "failures");
	g_autoptr(query) q = query_parse(filter ? filter : "", &error);

	l->name = g_strdup(group + strlen("notice "));
	l->sendmail = g_strdup(settings_text(set, "mail", "sendmail"));
	l->from = g_strdup(settings_text(set, "mail", "from"));
	l->to = g_strdup(settings_raw(set, group, "to"));
	l->hook = g_strdup(settings_raw(set, group, "hook"));
	l->events = g_ptr_array_new_with_free_func(event_free);
	if (!q)
		op_trouble(op, "[%s] filter: %s", group, error->message);
	else if (!l->to && !l->hook)
		op_trouble(op, "[%s] names neither to= nor hook=: nobody would be told", group);
	else
		gather_certs(op, l, s, q, days || life ? days : "30 14 7 1", life);
	if (q && (l->to || l->hook) && g_strcmp0(failures, "no"))
		gather_failures(op, l);
	return l;
}

/* ---- what is said ---- */

/* A header's value: whatever came from outside cannot begin a new line there. */
static void mail_header(GString *out, const char *name, const char *value)
{
	g_string_append_printf(out, "%s: ", name);
	text_harmless(out, value, strlen(value), 900);
	g_string_append_c(out, '\n');
}

static GString *write_mail(const struct letter *l)
{
	GString *m = g_string_new(NULL);
	g_autofree char *subject =
		g_strdup_printf("certty: %u notice%s on %s (%s)", l->events->len,
				l->events->len == 1 ? "" : "s", g_get_host_name(), l->name);

	if (l->from && *l->from)
		mail_header(m, "From", l->from);
	mail_header(m, "To", l->to);
	mail_header(m, "Subject", subject);
	mail_header(m, "Auto-Submitted", "auto-generated");
	g_string_append(m, "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
			   "Content-Transfer-Encoding: 8bit\n\n");
	for (guint i = 0; i < l->events->len; i++) {
		const struct event *v = l->events->pdata[i];

		g_string_append_printf(m, "%s\n    %s\n    %s\n    certty show %s\n\n", v->what,
				       v->sentence, v->where, v->id);
	}
	return m;
}

static GString *write_hook(const struct letter *l)
{
	struct json_writer w = { .out = g_string_new(NULL) };

	json_open(&w, NULL, '{');
	json_put_int(&w, "schema", 1);
	json_put_str(&w, "notice", l->name);
	json_put_str(&w, "host", g_get_host_name());
	json_open(&w, "events", '[');
	for (guint i = 0; i < l->events->len; i++) {
		const struct event *v = l->events->pdata[i];
		g_autoptr(GString) ends = g_string_new(NULL);

		clock_say_iso(ends, v->ends);
		json_open(&w, NULL, '{');
		json_put_str(&w, "event", v->key);
		json_put_str(&w, "id", v->id);
		json_put_str(&w, "what", v->what);
		json_put_str(&w, "where", v->where);
		json_put_str(&w, "sentence", v->sentence);
		json_put_str(&w, "not_after", v->ends ? ends->str : NULL);
		json_close(&w, '}');
	}
	json_close(&w, ']');
	json_close(&w, '}');
	g_string_append_c(w.out, '\n');
	return w.out;
}

/* ---- telling ---- */

static void run_program(struct work *w, char **argv, const GString *input, const char *what)
{
	struct spawn s = {
		.argv = (const char *const *)argv, .input = input->str, .input_len = input->len,
		.max_output = 64 << 10, .limit_ms = SEND_LIMIT_MS, .stop = &w->stop,
	};
	struct spawn_result r;

	if (!spawn_run(&s, &r, &w->error)) {
		g_prefix_error(&w->error, "%s: ", what);
		return;
	}
	if (r.status)
		g_set_error(&w->error, ERR, ERR_FAILED, "%s ended with status %d: %s", what,
			    r.status, r.complaint ? r.complaint : "");
	spawn_result_done(&r);
}

/* The letter is the work's own: the operation may be cancelled while it is written. */
static void tell(struct work *w)
{
	struct letter *l = w->in;

	if (l->to && *l->to) {
		char *argv[] = { l->sendmail, (char *)"-i", (char *)"-t", NULL };
		GString *mail = write_mail(l);

		run_program(w, argv, mail, "sending mail");
		g_string_free(mail, TRUE);
	}
	if (l->hook && *l->hook && !w->error) {
		g_auto(GStrv) argv = NULL;
		GString *json = write_hook(l);

		if (g_shell_parse_argv(l->hook, NULL, &argv, &w->error))
			run_program(w, argv, json, "the hook");
		g_string_free(json, TRUE);
	}
}

static struct ask ask_letter(struct op *op, size_t i)
{
	struct notices *n = op->scratch;
	struct letter *l = g_steal_pointer(&n->letters->pdata[i]);

	n->events += l->events->len;
	return (struct ask){ .work = work_new(tell, l, letter_free, NULL) };
}

static void hear_letter(struct op *op, size_t i, const struct reply *none, struct work *w)
{
	const struct letter *l = w->in;
	struct engine *e = operation_of(op)->engine;

	(void)i;
	(void)none;
	if (!w->error)
		return;
	op_trouble(op, "%s: %s; tried again next time", l->name, w->error->message);
	for (guint k = 0; k < l->events->len; k++)
		db_notice_drop(e->db, ((struct event *)l->events->pdata[k])->key, NULL);
}

static struct next all_told(struct op *op, const struct reply *none)
{
	const struct notices *n = op->scratch;

	(void)none;
	op_say(op, "%u event%s told to %u recipient%s", n->events, n->events == 1 ? "" : "s",
	       n->letters->len, n->letters->len == 1 ? "" : "s");
	return next_done();
}

static struct next tell_all(struct op *op, const struct reply *none)
{
	struct notices *n = op->scratch;

	(void)none;
	if (!n->letters->len) {
		op_say(op, "nothing new to tell");
		return next_done();
	}
	return next_each(n->letters->len, ask_letter, hear_letter, all_told);
}

/* A dry run shows what would be told. */
static struct next show_letters(struct op *op)
{
	struct notices *n = op->scratch;
	struct detail *d = detail_new("jobs/notices", "Notices that are due");

	for (guint i = 0; i < n->letters->len; i++) {
		const struct letter *l = n->letters->pdata[i];

		detail_add(d, TONE_PLAIN, l->name, "%s%s%s", l->to ? l->to : "",
			   l->to && l->hook ? " and " : "", l->hook ? l->hook : "");
		for (guint k = 0; k < l->events->len; k++) {
			const struct event *v = l->events->pdata[k];

			detail_add(d, TONE_NOTICE, "", "%s %s (%s)", v->what, v->sentence,
				   v->where);
		}
	}
	op->detail = d;
	op_say(op, "%u notice%s would be sent", n->letters->len,
	       n->letters->len == 1 ? "" : "s");
	return next_done();
}

struct next notice_step(struct op *op, const struct reply *none)
{
	struct notices *n = op->scratch;
	const char *const *groups = settings_groups(op->settings, "notice ");
	g_autoptr(snapshot) s = publish_snapshot(operation_of(op)->engine);

	n->letters = g_ptr_array_new_with_free_func(letter_free);
	if (!*groups)
		return next_fail(op, ERR_USAGE,
				 "no [notice NAME] group in the configuration says whom to tell");
	for (; *groups; groups++) {
		struct letter *l = gather(op, s, *groups);

		if (l->events->len)
			g_ptr_array_add(n->letters, l);
		else
			letter_free(l);
	}
	return args_bool(op->args, "dry-run") ? show_letters(op) : tell_all(op, none);
}
