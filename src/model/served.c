/* served: what sites really serve, against what they should. */
#include "certty/model/served.h"

#include <string.h>

#include "certty/base/clock.h"
#include "certty/base/json.h"
#include "certty/base/text.h"
#include "certty/model/mark.h"

#define SAID_MAX 400		/* bytes of one sentence */

const char *const served_kinds[SERVED_LOOKS] = { "RSA", "EC" };

/* clang-format off */
static const struct {
	const char *word;
	enum tone tone;
} states[SERVED_STATE_COUNT] = {
	[SERVED_FINE]	  = { "fine",     TONE_GOOD    },
	[SERVED_NOTE]	  = { "note",     TONE_NOTICE  },
	[SERVED_OUTDATED] = { "outdated", TONE_WARN    },
	[SERVED_UNKNOWN]  = { "unknown",  TONE_UNKNOWN },
	[SERVED_WRONG]	  = { "wrong",    TONE_BAD     },
};
/* clang-format on */

struct sentence {
	enum served_state state;
	char *text;
};

/* One certificate that a site serves. */
struct seen {
	struct facts facts;
	bool is_there, covers, is_chained;
	char *chain;		/* how its chain stands */
};

struct site {
	char *name, *endpoint;
	enum served_state state;
	GArray *said;		/* struct sentence */
	struct seen seen[SERVED_LOOKS];
};

/* What holds of a chain whoever serves it: many sites serve the same. */
struct verdict {
	struct x509_cert *leaf;	/* NULL: it is not sound */
	bool is_chained;
	char *chain;
};

struct served {
	GPtrArray *sites;
	GHashTable *verdicts;	/* struct verdict, by the digest of the chain */
};

/* ---- life ---- */

void served_case_free(struct served_case *c)
{
	if (!c)
		return;
	for (int i = 0; i < SERVED_LOOKS; i++) {
		g_clear_pointer(&c->look[i].chain, g_ptr_array_unref);
		g_free(c->look[i].error);
		g_free(c->newest[i].where);
	}
	g_free(c->site);
	g_free(c->endpoint);
	g_free(c);
}

static void sentence_done(void *p)
{
	g_free(((struct sentence *)p)->text);
}

static void site_free(void *p)
{
	struct site *s = p;

	for (int i = 0; i < SERVED_LOOKS; i++) {
		if (s->seen[i].is_there)
			facts_done(&s->seen[i].facts);
		g_free(s->seen[i].chain);
	}
	g_array_unref(s->said);
	g_free(s->name);
	g_free(s->endpoint);
	g_free(s);
}

static void verdict_free(void *p)
{
	struct verdict *v = p;

	x509_cert_free(v->leaf);
	g_free(v->chain);
	g_free(v);
}

static struct site *site_new(const struct served_case *c)
{
	struct site *s = g_new0(struct site, 1);

	s->name = text_harmless_dup(c->site, FACTS_TEXT);
	s->endpoint = text_harmless_dup(c->endpoint, FACTS_TEXT);
	s->said = g_array_new(FALSE, FALSE, sizeof(struct sentence));
	g_array_set_clear_func(s->said, sentence_done);
	return s;
}

struct served *served_new(void)
{
	struct served *s = g_new0(struct served, 1);

	s->sites = g_ptr_array_new_with_free_func(site_free);
	s->verdicts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, verdict_free);
	return s;
}

void served_free(struct served *s)
{
	if (!s)
		return;
	g_ptr_array_unref(s->sites);
	g_hash_table_unref(s->verdicts);
	g_free(s);
}

/* ---- judging ---- */

static void G_GNUC_PRINTF(3, 4) say(struct site *s, enum served_state state, const char *format, ...)
{
	struct sentence one = { .state = state };
	g_autofree char *text = NULL;
	va_list args;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	one.text = text_harmless_dup(text, SAID_MAX);
	g_array_append_val(s->said, one);
	s->state = MAX(s->state, state);
}

static char *date(int64_t when)
{
	g_autoptr(GString) s = g_string_new(NULL);

	clock_say_date(s, when);
	return g_strdup(s->str);
}

static uint64_t print_of(const struct facts *f)
{
	uint64_t print = 0;

	for (int i = 0; i < 8; i++)
		print = print << 8 | f->sha256[i];
	return print;
}

/* A root of one's own is in no trust store, and servers need not send it; a missing issuer is a fault. */
static bool has_own_root(const GPtrArray *chain)
{
	bool has = false;

	for (guint i = 0; i < chain->len && !has; i++) {
		struct facts f = { 0 };
		gsize len;
		const uint8_t *der = g_bytes_get_data(chain->pdata[i], &len);

		if (!x509_facts(der, len, &f, NULL))
			continue;
		has = f.marks & MARK_SELF_SIGNED;
		facts_done(&f);
	}
	return has;
}

static void judge_time(struct site *s, const char *kind, const struct facts *f, int64_t now)
{
	g_autofree char *begins = date(f->not_before), *ends = date(f->not_after);

	if (now > f->not_after)
		say(s, SERVED_WRONG, "its %s certificate ended on %s", kind, ends);
	else if (now < f->not_before)
		say(s, SERVED_WRONG, "its %s certificate begins on %s only", kind, begins);
}

static void judge_age(struct site *s, const char *kind, const struct facts *f,
		      const struct served_newest *newest)
{
	g_autofree char *begins = date(newest->not_before), *ends = date(newest->not_after);

	if (newest->where && newest->print != print_of(f) && newest->not_before > f->not_before)
		say(s, SERVED_OUTDATED, "a newer %s certificate for it, from %s until %s, lies in %s", kind,
		    begins, ends, newest->where);
}

static char *digest_of(const GPtrArray *chain)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);

	for (guint i = 0; i < chain->len; i++) {
		gsize len;
		const void *der = g_bytes_get_data(chain->pdata[i], &len);
		uint64_t size = len;

		g_checksum_update(sum, (const void *)&size, sizeof(size));
		g_checksum_update(sum, der, (gssize)len);
	}
	return g_strdup(g_checksum_get_string(sum));
}

/* `now` is the same for all sites of a page. */
static const struct verdict *judge_chain(struct served *served, const GPtrArray *chain, const struct facts *f,
					 const struct x509_trust *trust, int64_t now)
{
	g_autofree char *digest = digest_of(chain);
	struct verdict *v = g_hash_table_lookup(served->verdicts, digest);
	gsize len;
	const uint8_t *der = g_bytes_get_data(chain->pdata[0], &len);

	if (v)
		return v;
	v = g_new0(struct verdict, 1);
	v->leaf = x509_cert_new(der, len);
	v->is_chained = x509_chain(chain->pdata[0], (GBytes *const *)chain->pdata + 1, chain->len - 1, trust,
				   CLAMP(now, f->not_before, f->not_after - 1),
				   &v->chain);	/* its own dates are told apart */
	g_hash_table_insert(served->verdicts, g_steal_pointer(&digest), v);
	return v;
}

static void judge_look(struct served *served, struct site *s, const struct served_case *c, int i,
		       const struct x509_trust *trust, int64_t now)
{
	const GPtrArray *chain = c->look[i].chain;
	const char *kind = served_kinds[i];
	struct seen *seen = &s->seen[i];
	const struct verdict *v;
	gsize len;
	const uint8_t *der = g_bytes_get_data(chain->pdata[0], &len);

	if (!x509_facts(der, len, &seen->facts, NULL)) {
		say(s, SERVED_WRONG, "what it presents is not a sound certificate");
		return;
	}
	v = judge_chain(served, chain, &seen->facts, trust, now);
	seen->is_there = true;
	seen->covers = v->leaf && x509_covers(v->leaf, c->site);
	seen->is_chained = v->is_chained;
	seen->chain = g_strdup(v->chain);
	if (!seen->covers)
		say(s, SERVED_WRONG, "its %s certificate is for %s and does not cover it", kind,
		    seen->facts.name);
	judge_time(s, kind, &seen->facts, now);
	if (!seen->is_chained)
		say(s, has_own_root(chain) ? SERVED_NOTE : SERVED_WRONG, "its %s certificate: %s", kind,
		    seen->chain);
	judge_age(s, kind, &seen->facts, &c->newest[i]);
}

/* That one kind was refused says nothing where the other was not reached at all. */
static const char *why_nothing(const struct served_case *c)
{
	const char *why = NULL;

	for (int i = 0; i < SERVED_LOOKS; i++)
		if (c->look[i].error && (!why || !c->look[i].is_refused))
			why = c->look[i].error;
	return why ? why : "it presented no certificate";
}

/* What of one kind alone was not learnt. */
static void judge_gaps(struct site *s, const struct served_case *c)
{
	for (int i = 0; i < SERVED_LOOKS; i++)
		if (!s->seen[i].is_there && !c->look[i].chain && !c->look[i].is_refused)
			say(s, SERVED_UNKNOWN, "whether it has an %s certificate is not known: %s",
			    served_kinds[i], c->look[i].error ? c->look[i].error : "it presented none");
}

void served_judge(struct served *served, const struct served_case *c, const struct x509_trust *trust,
		  int64_t now)
{
	struct site *s = site_new(c);
	bool is_reached = false;

	for (int i = 0; i < SERVED_LOOKS; i++)
		if (c->look[i].chain && c->look[i].chain->len) {
			is_reached = true;
			judge_look(served, s, c, i, trust, now);
		}
	if (is_reached)
		judge_gaps(s, c);
	else
		say(s, SERVED_UNKNOWN, "%s", why_nothing(c));
	g_ptr_array_add(served->sites, s);
}

/* ---- what it comes to ---- */

enum served_state served_worst(const struct served *s)
{
	enum served_state worst = SERVED_FINE;

	for (guint i = 0; i < s->sites->len; i++)
		worst = MAX(worst, ((const struct site *)s->sites->pdata[i])->state);
	return worst;
}

const char *served_state_word(enum served_state state)
{
	return states[state].word;
}

bool served_state_read(const char *word, enum served_state *ret)
{
	for (int s = 0; s < SERVED_STATE_COUNT; s++)
		if (!g_strcmp0(states[s].word, word)) {
			*ret = (enum served_state)s;
			return true;
		}
	return false;
}

char *served_sentence(const struct served *s)
{
	guint n[SERVED_STATE_COUNT] = { 0 };
	GString *out = g_string_new(NULL);
	const char *before = ": ";

	g_string_printf(out, "%u site%s", s->sites->len, s->sites->len == 1 ? "" : "s");
	for (guint i = 0; i < s->sites->len; i++)
		n[((const struct site *)s->sites->pdata[i])->state]++;
	for (int state = SERVED_STATE_COUNT; state-- > 0;)
		if (n[state]) {
			g_string_append_printf(out, "%s%u %s", before, n[state], states[state].word);
			before = ", ";
		}
	return g_string_free(out, FALSE);
}

/* ---- as a page ---- */

static int by_state(const void *a, const void *b)
{
	const struct site *x = *(struct site *const *)a, *y = *(struct site *const *)b;

	if (x->state != y->state)
		return x->state > y->state ? -1 : 1;
	return strcmp(x->name, y->name) ? strcmp(x->name, y->name) : strcmp(x->endpoint, y->endpoint);
}

static void put_date(struct json_writer *w, const char *key, int64_t when)
{
	g_autoptr(GString) s = g_string_new(NULL);

	clock_say_iso(s, when);
	json_put_str(w, key, s->str);
}

static void write_seen(struct json_writer *w, const char *key, const struct seen *seen)
{
	g_autoptr(GString) print = g_string_new(NULL);

	if (!seen->is_there) {
		json_put_null(w, key);
		return;
	}
	for (size_t i = 0; i < sizeof(seen->facts.sha256); i++)
		g_string_append_printf(print, "%02x", seen->facts.sha256[i]);
	json_open(w, key, '{');
	json_put_str(w, "name", seen->facts.name);
	json_put_str(w, "issuer", seen->facts.issuer);
	json_put_str(w, "key", seen->facts.key);
	json_put_str(w, "serial", seen->facts.serial);
	json_put_str(w, "sha256", print->str);
	put_date(w, "not_before", seen->facts.not_before);
	put_date(w, "not_after", seen->facts.not_after);
	json_put_bool(w, "covers", seen->covers);
	json_put_bool(w, "chain_verifies", seen->is_chained);
	json_put_str(w, "chain", seen->chain);
	json_close(w, '}');
}

static void write_site(struct json_writer *w, const struct site *s)
{
	json_open(w, NULL, '{');
	json_put_str(w, "site", s->name);
	json_put_str(w, "endpoint", s->endpoint);
	json_put_str(w, "state", states[s->state].word);
	json_open(w, "said", '[');
	for (guint i = 0; i < s->said->len; i++)
		json_put_str(w, NULL, g_array_index(s->said, struct sentence, i).text);
	json_close(w, ']');
	for (int i = 0; i < SERVED_LOOKS; i++) {
		g_autofree char *key = g_ascii_strdown(served_kinds[i], -1);

		write_seen(w, key, &s->seen[i]);
	}
	json_close(w, '}');
}

static char *json_of(const struct served *s)
{
	struct json_writer w = { .out = g_string_new(NULL), .pretty = true };

	json_open(&w, NULL, '{');
	json_put_int(&w, "schema", SERVED_SCHEMA);
	json_put_str(&w, "state", states[served_worst(s)].word);
	json_open(&w, "sites", '[');
	for (guint i = 0; i < s->sites->len; i++)
		write_site(&w, s->sites->pdata[i]);
	json_close(&w, ']');
	json_close(&w, '}');
	return g_string_free(w.out, FALSE);
}

/* "EC P-256 until 2027-02-01, RSA 2048 until 2027-02-01" */
static char *say_seen(const struct site *s)
{
	GString *out = g_string_new(NULL);

	for (int i = 0; i < SERVED_LOOKS; i++) {
		if (!s->seen[i].is_there)
			continue;
		g_string_append_printf(out, "%s%s until ", out->len ? ", " : "", s->seen[i].facts.key);
		clock_say_date(out, s->seen[i].facts.not_after);
	}
	return g_string_free(out, FALSE);
}

static void add_site(struct detail *d, const struct site *s)
{
	g_autofree char *seen = say_seen(s);
	bool is_elsewhere = strcmp(s->name, s->endpoint);
	g_autofree char *at = g_strconcat(s->name, is_elsewhere ? " at " : "", is_elsewhere ? s->endpoint : "",
					  NULL);

	detail_add(d, states[s->state].tone, at, "%s%s%s", states[s->state].word, *seen ? ": " : "", seen);
	for (guint i = 0; i < s->said->len; i++) {
		const struct sentence *one = &g_array_index(s->said, struct sentence, i);

		detail_add(d, TONE_PLAIN, "", "%s", one->text);
	}
}

struct detail *served_detail(struct served *s)
{
	struct detail *d = detail_new(SERVED_ID, "What is served");
	g_autofree char *sentence = served_sentence(s);

	g_ptr_array_sort(s->sites, by_state);
	detail_add(d, TONE_PLAIN, "Served", "%s", sentence);
	for (guint i = 0; i < s->sites->len; i++)
		add_site(d, s->sites->pdata[i]);
	d->json = json_of(s);
	return d;
}
