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

#define GROUP "notice "		/* the names of our groups begin so */
#define EVENTS_MAX 10000	/* told in one letter */

struct event {
	char *key;		/* unique for ever: letter, thing, threshold */
	char *what, *where;	/* the certificate or store, and its place */
	char *sentence;		/* "ends in 6 d, on 2026-11-28" */
	char *id;
	int64_t ends;
};

/* All events of one [notice] group on one way to its recipients, mail or hook: what failed on
 * one way is not told twice on the other. */
struct letter {
	const struct way *way;
	char *name;		/* the group's */
	char *to;		/* address or command line */
	char *sendmail, *from;
	char **days, **life;	/* thresholds */
	int limit_ms;
	bool has_filter;
	GPtrArray *events;
};

struct way {
	const char *key;	/* in the group */
	void (*tell)(struct work *w, const struct letter *l);
};
static void tell_by_mail(struct work *w, const struct letter *l);
static void tell_by_hook(struct work *w, const struct letter *l);

static const struct way ways[] = {
	{ "to", tell_by_mail },
	{ "hook", tell_by_hook },
};

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
	g_free(l->to);
	g_free(l->sendmail);
	g_free(l->from);
	g_strfreev(l->days);
	g_strfreev(l->life);
	g_ptr_array_unref(l->events);
	g_free(l);
}

/* What nobody has told, because the run was cancelled or the program ended, is due again. */
void notices_done(void *scratch)
{
	struct notices *n = scratch;
	GHashTableIter iter;
	gpointer key;

	if (!n->engine)
		return;
	g_hash_table_iter_init(&iter, n->untold);
	while (g_hash_table_iter_next(&iter, &key, NULL))
		db_notice_drop(n->engine->db, key, NULL);
	g_hash_table_unref(n->untold);
	g_ptr_array_unref(n->letters);
}

/* ---- thresholds ---- */

/* The tightest threshold that so many seconds have passed, as in "30 14 7 1"; -1: none. */
static int64_t days_passed(char *const *list, int64_t seconds_left)
{
	int64_t best = -1, span;

	for (; *list; list++)
		if (clock_read_span(*list, &span) && seconds_left <= span &&
		    (best < 0 || span < best))
			best = span;
	return best;
}

/* Likewise of "66% 90%", where the highest that is passed is the tightest. */
static int life_passed(char *const *list, int per_mille)
{
	int best = -1;

	for (; *list; list++) {
		int64_t percent = g_ascii_strtoll(*list, NULL, 10);

		if (percent > 0 && per_mille >= percent * 10)
			best = MAX(best, (int)percent);
	}
	return best;
}

/* A group that names thresholds of one sort means these alone. */
static void read_thresholds(struct letter *l, const struct settings *set, const char *group)
{
	const char *days = settings_raw(set, group, "days");
	const char *life = settings_raw(set, group, "life");
	bool is_own = days || life;

	l->days = is_own ? g_strsplit_set(days ? days : "", " ,;", -1) :
			   g_strdupv((char **)settings_list(set, "notice", "days"));
	l->life = is_own ? g_strsplit_set(life ? life : "", " ,;%", -1) :
			   g_strdupv((char **)settings_list(set, "notice", "life"));
}

/* ---- gathering ---- */

/* Only whoever takes an event first may tell it. */
static void add_event(struct op *op, struct letter *l, struct event *v, const char *format, ...)
	G_GNUC_PRINTF(4, 5);

static void add_event(struct op *op, struct letter *l, struct event *v, const char *format, ...)
{
	struct notices *n = op->scratch;
	g_autofree char *threshold = NULL;
	bool first = false;
	va_list args;

	va_start(args, format);
	threshold = g_strdup_vprintf(format, args);
	va_end(args);
	v->key = g_strdup_printf("%s/%s/%s/%s", l->name, l->way->key, v->id, threshold);
	if (l->events->len < EVENTS_MAX && db_notice_take(n->engine->db, v->key, &first, NULL) &&
	    first) {
		g_hash_table_add(n->untold, g_strdup(v->key));
		g_ptr_array_add(l->events, v);
	} else {
		event_free(v);
	}
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

static void gather_cert(struct op *op, struct letter *l, const struct snapshot *s, uint32_t cert)
{
	int64_t left = certs_not_after(s->certs, cert) - op->now;
	int64_t span = days_passed(l->days, left);
	int percent = life_passed(l->life, certs_life(s->certs, cert, op->now));

	/* The ends of the system's roots are its maintainers' business, unless asked for. */
	if (!l->has_filter && (certs_marks(s->certs, cert) & MARK_TRUSTED))
		return;
	if (span < 0 && percent < 0)
		return;
	if (left < 0)
		add_event(op, l, cert_event(s, cert, op->now), "ended");
	else if (span >= 0)
		add_event(op, l, cert_event(s, cert, op->now), "%" G_GINT64_FORMAT "d",
			  span / CLOCK_DAY);
	else
		add_event(op, l, cert_event(s, cert, op->now), "%d%%", percent);
}

static void gather_certs(struct op *op, struct letter *l, const struct snapshot *s,
			 const struct query *q)
{
	uint32_t n = s->certs->n;
	g_autofree uint64_t *bits = g_new0(uint64_t, n / 64 + 1);

	query_certs(q, s, op->now, NULL, bits);
	for (uint32_t i = 0; i < n; i++)
		if (bits[i / 64] >> (i % 64) & 1)
			gather_cert(op, l, s, i);
}

/* Told again only after it has worked in between. */
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
		add_event(op, l, v, "failed/%" G_GINT64_FORMAT, s->seen);
	}
}

static struct letter *letter_new(const struct settings *set, const char *group,
				 const struct way *way, const char *to)
{
	struct letter *l = g_new0(struct letter, 1);

	l->way = way;
	l->name = g_strdup(group + strlen(GROUP));
	l->to = g_strdup(to);
	l->sendmail = g_strdup(settings_text(set, "mail", "sendmail"));
	l->from = g_strdup(settings_text(set, "mail", "from"));
	l->limit_ms = (int)settings_int(set, "notice", "timeout") * 1000;
	l->events = g_ptr_array_new_with_free_func(event_free);
	read_thresholds(l, set, group);
	return l;
}

static void gather(struct op *op, const struct snapshot *s, const char *group)
{
	const struct settings *set = op->settings;
	struct notices *n = op->scratch;
	const char *filter = settings_raw(set, group, "filter");
	const char *failures = settings_raw(set, group, "failures");
	g_autoptr(GError) error = NULL;
	g_autoptr(query) q = query_parse(filter ? filter : "", &error);
	guint told = 0;

	if (!q)
		op_trouble(op, "[%s] filter: %s", group, error->message);
	for (size_t i = 0; q && i < G_N_ELEMENTS(ways); i++) {
		const char *to = settings_raw(set, group, ways[i].key);
		struct letter *l;

		if (!to || !*to)
			continue;
		l = letter_new(set, group, &ways[i], to);
		l->has_filter = filter && *filter;
		gather_certs(op, l, s, q);
		if (g_strcmp0(failures, "no"))
			gather_failures(op, l);
		if (l->events->len)
			g_ptr_array_add(n->letters, l);
		else
			letter_free(l);
		told++;
	}
	if (q && !told)
		op_trouble(op, "[%s] names neither to= nor hook=: nobody would be told", group);
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

static void run_program(struct work *w, char **argv, const GString *input, int limit_ms,
			const char *what)
{
	struct spawn s = {
		.argv = (const char *const *)argv, .input = input->str, .input_len = input->len,
		.max_output = 64 << 10, .limit_ms = limit_ms, .stop = &w->stop,
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

static void tell_by_mail(struct work *w, const struct letter *l)
{
	char *argv[] = { l->sendmail, (char *)"-i", (char *)"-t", NULL };
	GString *mail = write_mail(l);

	run_program(w, argv, mail, l->limit_ms, "sending mail");
	g_string_free(mail, TRUE);
}

static void tell_by_hook(struct work *w, const struct letter *l)
{
	g_auto(GStrv) argv = NULL;
	GString *json = write_hook(l);

	if (g_shell_parse_argv(l->to, NULL, &argv, &w->error))
		run_program(w, argv, json, l->limit_ms, "the hook");
	g_string_free(json, TRUE);
}

/* The letter is the work's own: the operation may be cancelled while it is written. */
static void tell(struct work *w)
{
	const struct letter *l = w->in;

	l->way->tell(w, l);
}

static struct ask ask_letter(struct op *op, size_t i)
{
	struct notices *n = op->scratch;
	struct letter *l = g_steal_pointer(&n->letters->pdata[i]);

	return (struct ask){ .work = work_new(tell, l, letter_free, NULL) };
}

/* An event that was not told is given back, for the next run. */
static void hear_letter(struct op *op, size_t i, const struct reply *none, struct work *w)
{
	struct notices *n = op->scratch;
	const struct letter *l = w->in;

	(void)i;
	(void)none;
	for (guint k = 0; k < l->events->len; k++) {
		const char *key = ((struct event *)l->events->pdata[k])->key;

		if (w->error)
			db_notice_drop(n->engine->db, key, NULL);
		g_hash_table_remove(n->untold, key);
	}
	if (w->error) {
		op_trouble(op, "%s: %s; tried again next time", l->name, w->error->message);
		return;
	}
	n->events += l->events->len;
	n->told++;
}

static struct next all_told(struct op *op, const struct reply *none)
{
	const struct notices *n = op->scratch;

	(void)none;
	op_say(op, "%u event%s told in %u of %u letter%s", n->events, n->events == 1 ? "" : "s",
	       n->told, n->letters->len, n->letters->len == 1 ? "" : "s");
	return next_done();
}

static struct next tell_all(struct op *op)
{
	struct notices *n = op->scratch;

	if (n->letters->len)
		return next_each(n->letters->len, ask_letter, hear_letter, all_told);
	op_say(op, "nothing new to tell");
	return next_done();
}

/* A dry run shows what would be told. */
static struct next show_letters(struct op *op)
{
	struct notices *n = op->scratch;
	struct detail *d = detail_new("jobs/notices", "Notices that are due");

	for (guint i = 0; i < n->letters->len; i++) {
		const struct letter *l = n->letters->pdata[i];

		detail_add(d, TONE_PLAIN, l->name, "%s %s", l->way->key, l->to);
		for (guint k = 0; k < l->events->len; k++) {
			const struct event *v = l->events->pdata[k];

			detail_add(d, TONE_NOTICE, "", "%s %s (%s)", v->what, v->sentence,
				   v->where);
		}
	}
	op->detail = d;
	op_say(op, "%u letter%s would be sent", n->letters->len,
	       n->letters->len == 1 ? "" : "s");
	return next_done();
}

/* The events are on the disk as taken before anybody is told.  A dry run takes them as well,
 * to know which are new, and then drops what it did. */
static bool gather_all(struct op *op, bool is_dry, GError **error)
{
	struct notices *n = op->scratch;
	const char *const *groups = settings_groups(op->settings, GROUP);
	g_autoptr(snapshot) s = NULL;

	keep_write(n->engine);
	publish_certs(n->engine);
	s = publish_snapshot(n->engine);
	if (!db_begin(n->engine->db, error))
		return false;
	for (; *groups; groups++)
		gather(op, s, *groups);
	if (!is_dry)
		return db_commit(n->engine->db, error);
	db_rollback(n->engine->db);
	g_hash_table_remove_all(n->untold);
	return true;
}

struct next notice_step(struct op *op, const struct reply *none)
{
	struct notices *n = op->scratch;
	bool is_dry = args_bool(op->args, "dry-run");
	GError *error = NULL;

	(void)none;
	n->engine = operation_of(op)->engine;
	n->letters = g_ptr_array_new_with_free_func(letter_free);
	n->untold = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	if (!*settings_groups(op->settings, GROUP))
		return next_fail(op, ERR_USAGE,
				 "no [notice NAME] group in the configuration says whom to tell");
	if (n->engine->is_unsaved)
		return next_fail(op, ERR_IO, "what was told cannot be saved, so it would be told "
				 "again and again");
	if (!gather_all(op, is_dry, &error))
		return next_fail_error(op, error);
	return is_dry ? show_letters(op) : tell_all(op);
}
