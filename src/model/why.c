/*
 * why: findings, the worst of them as the culprit, and the page that they make.
 */
#include <certty/model/why.h>

#include <stdarg.h>
#include <string.h>

#include <certty/base/json.h>
#include <certty/base/text.h>

#define TEXT_MOST     2000	/* bytes of one line */
#define FINDINGS_MOST 500
#define EVIDENCE_MOST 60	/* lines for one finding */

/* clang-format off */
static const struct {
	const char *word;
	enum tone tone;
	const char *label;	/* of a finding that is not the culprit */
} states[WHY_STATE_COUNT] = {
	[WHY_FINE]    = { "fine",     TONE_GOOD,   "Fine" },
	[WHY_NOTE]    = { "note",     TONE_NOTICE, "Note" },
	[WHY_DOUBT]   = { "doubtful", TONE_WARN,   "Doubtful" },
	[WHY_UNKNOWN] = { "unknown",  TONE_WARN,   "Not known" },
	[WHY_WRONG]   = { "wrong",    TONE_BAD,    "Wrong, too" },
};
/* clang-format on */

struct why {
	char *id, *about;
	GPtrArray *findings;	/* struct why_finding */
};

static void finding_free(void *p)
{
	struct why_finding *f = p;

	g_free(f->check);
	g_free(f->about);
	g_free(f->said);
	g_ptr_array_unref(f->evidence);
	g_free(f->way_out);
	g_free(f->record);
	g_free(f);
}

char *why_about(const char *request, const struct args *args)
{
	const char *record = args_text(args, "record", ""), *name = args_text(args, "name", "");
	char *about;
	size_t len;

	if (request)
		return g_strdup(request);
	about = *record ? g_strndup(record, strcspn(record, " \t")) : g_strdup(name);
	len = strlen(about);
	if (len > 1 && about[len - 1] == '.')
		about[len - 1] = '\0';
	return about;
}

char *why_id(const char *about)
{
	return g_strconcat("why/", about, NULL);
}

struct why *why_new(const char *about, const char *title)
{
	struct why *w = g_new0(struct why, 1);

	w->id = why_id(about);
	w->about = text_harmless_dup(title, TEXT_MOST);
	w->findings = g_ptr_array_new_with_free_func(finding_free);
	return w;
}

void why_free(struct why *w)
{
	if (!w)
		return;
	g_free(w->id);
	g_free(w->about);
	g_ptr_array_unref(w->findings);
	g_free(w);
}

G_GNUC_PRINTF(1, 0)
static char *say(const char *format, va_list args)
{
	g_autofree char *text = g_strdup_vprintf(format, args);

	return text_harmless_dup(text, TEXT_MOST);
}

struct why_finding *why_add(struct why *w, enum why_state state, const char *check,
			    const char *about, const char *format, ...)
{
	g_autofree char *said = NULL;
	struct why_finding *f;
	va_list args;

	va_start(args, format);
	said = say(format, args);
	va_end(args);
	for (guint i = 0; i < w->findings->len; i++) {
		f = w->findings->pdata[i];
		if ((f->state == state && !strcmp(f->check, check) && !strcmp(f->said, said)) ||
		    i == FINDINGS_MOST)
			return f;
	}
	f = g_new0(struct why_finding, 1);
	f->state = state;
	f->check = g_strdup(check);
	f->about = text_harmless_dup(about, TEXT_MOST);
	f->said = g_steal_pointer(&said);
	f->evidence = g_ptr_array_new_with_free_func(g_free);
	f->way_out = g_strdup("");
	f->record = g_strdup("");
	g_ptr_array_add(w->findings, f);
	return f;
}

void why_evidence(struct why_finding *f, const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list args;

	va_start(args, format);
	text = say(format, args);
	va_end(args);
	if (f->evidence->len < EVIDENCE_MOST &&
	    !g_ptr_array_find_with_equal_func(f->evidence, text, g_str_equal, NULL))
		g_ptr_array_add(f->evidence, g_steal_pointer(&text));
}

void why_way_out(struct why_finding *f, const char *format, ...)
{
	va_list args;

	g_free(f->way_out);
	va_start(args, format);
	f->way_out = say(format, args);
	va_end(args);
}

void why_record(struct why_finding *f, const char *name, const char *type, const char *value)
{
	g_autofree char *line = g_strdup_printf("%s. 300 IN %s %s", name, type, value);

	g_free(f->record);
	f->record = text_harmless_dup(line, TEXT_MOST);
}

guint why_count(const struct why *w)
{
	return w->findings->len;
}

const struct why_finding *why_at(const struct why *w, guint i)
{
	return w->findings->pdata[i];
}

enum why_state why_worst(const struct why *w)
{
	enum why_state worst = WHY_FINE;

	for (guint i = 0; i < why_count(w); i++)
		worst = MAX(worst, why_at(w, i)->state);
	return worst;
}

const struct why_finding *why_culprit(const struct why *w)
{
	enum why_state worst = why_worst(w);

	for (guint i = 0; worst > WHY_NOTE && i < why_count(w); i++)
		if (why_at(w, i)->state == worst)
			return why_at(w, i);
	return NULL;
}

const char *why_state_word(enum why_state state)
{
	return states[state].word;
}

bool why_state_read(const char *word, enum why_state *ret)
{
	for (int s = 0; s < WHY_STATE_COUNT; s++)
		if (!g_strcmp0(states[s].word, word)) {
			*ret = (enum why_state)s;
			return true;
		}
	return false;
}

/* ---- as a page ---- */

static char *sentence_of(const struct why *w)
{
	const struct why_finding *culprit = why_culprit(w);

	return culprit ? g_strdup(culprit->said) :
			 g_strdup_printf("nothing stands in the way of validating %s", w->about);
}

static void write_texts(struct json_writer *w, const char *key, const GPtrArray *texts)
{
	json_open(w, key, '[');
	for (guint i = 0; i < texts->len; i++)
		json_put_str(w, NULL, texts->pdata[i]);
	json_close(w, ']');
}

static char *json_of(const struct why *why)
{
	struct json_writer w = { .out = g_string_new(NULL), .pretty = true };
	g_autofree char *sentence = sentence_of(why);
	const struct why_finding *culprit = why_culprit(why);

	json_open(&w, NULL, '{');
	json_put_int(&w, "schema", WHY_SCHEMA);
	json_put_str(&w, "about", why->about);
	json_put_str(&w, "state", states[why_worst(why)].word);
	json_put_str(&w, "culprit", culprit ? culprit->check : "");
	json_put_str(&w, "said", sentence);
	json_open(&w, "findings", '[');
	for (guint i = 0; i < why_count(why); i++) {
		const struct why_finding *f = why_at(why, i);

		json_open(&w, NULL, '{');
		json_put_str(&w, "check", f->check);
		json_put_str(&w, "about", f->about);
		json_put_str(&w, "state", states[f->state].word);
		json_put_str(&w, "said", f->said);
		write_texts(&w, "evidence", f->evidence);
		json_put_str(&w, "do", f->way_out);
		json_put_str(&w, "record", f->record);
		json_close(&w, '}');
	}
	json_close(&w, ']');
	json_close(&w, '}');
	return g_string_free(w.out, FALSE);
}

static void add_finding(struct detail *d, const struct why_finding *f)
{
	for (guint i = 0; i < f->evidence->len; i++)
		detail_add(d, TONE_PLAIN, i ? "" : "Evidence", "%s", (char *)f->evidence->pdata[i]);
	if (*f->way_out)
		detail_add(d, TONE_NOTICE, "What to do", "%s", f->way_out);
	if (*f->record)
		detail_add(d, TONE_NOTICE, "Record", "%s", f->record);
}

/* Everything beside the culprit, the worst first. */
static void add_others(struct detail *d, const struct why *w, const struct why_finding *culprit)
{
	for (int s = WHY_STATE_COUNT; s-- > 0;)
		for (guint i = 0; i < why_count(w); i++) {
			const struct why_finding *f = why_at(w, i);

			if (f == culprit || (int)f->state != s)
				continue;
			detail_add(d, states[s].tone, states[s].label, "%s", f->said);
			for (guint k = 0; k < f->evidence->len && f->state > WHY_FINE; k++)
				detail_add(d, TONE_DIM, "", "%s", (char *)f->evidence->pdata[k]);
			if (*f->way_out)
				detail_add(d, TONE_DIM, "", "%s", f->way_out);
			if (*f->record)
				detail_add(d, TONE_DIM, "", "%s", f->record);
		}
}

struct detail *why_detail(const struct why *w)
{
	g_autofree char *title = g_strconcat("Why: ", w->about, NULL);
	g_autofree char *sentence = sentence_of(w);
	const struct why_finding *culprit = why_culprit(w);
	struct detail *d = detail_new(w->id, title);

	detail_add(d, states[why_worst(w)].tone, culprit ? "Culprit" : "All fine", "%s", sentence);
	if (culprit)
		add_finding(d, culprit);
	add_others(d, w, culprit);
	d->json = json_of(w);
	return d;
}
