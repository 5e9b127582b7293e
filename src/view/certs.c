/*
 * certs: the columns of certificates.
 */
#include "own.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/model/mark.h>
#include <certty/model/store.h>

static cell_fn sign, name, where, issuer, key, expires, life, marks;
static cell_fn places, signature, raw_name, raw_names, raw_issuer, raw_issued, raw_expires,
	raw_life, raw_sha256, raw_serial, raw_stores;
static tone_fn tone_sign, tone_expires, tone_marks, tone_where, tone_issuer;
static value_fn v_names, v_places, v_issued, v_expires, v_life, v_marks, v_sha256, v_serial,
	v_count;
static void id(GString *out, const struct frame *f, uint32_t row);

/* clang-format off */
static const struct column columns[] = {
	{ "sign",       "",          1,             ALIGN_LEFT,  sign,      tone_sign,    NULL,      NULL,        NULL, -1,
	  "! bad, ~ worth a look, k its private key is here" },
	{ "name",       "NAME",      COLUMN_FLEX,   ALIGN_LEFT,  name,      NULL,         NULL,      raw_name,    NULL, CERTS_BY_NAME,
	  "the first DNS name, else the common name, else the subject" },
	{ "not_after",  "EXPIRES",   9,             ALIGN_RIGHT, expires,   tone_expires, v_expires, raw_expires, NULL, CERTS_BY_EXPIRES,
	  "when it ends, ISO 8601, to the minute" },
	{ "life",       "LIFE",      9,             ALIGN_RIGHT, life,      NULL,         v_life,    raw_life,    NULL, CERTS_BY_LIFE,
	  "share of its life that is used, in per mille" },
	{ "places",     "WHERE",     COLUMN_FLEX,   ALIGN_LEFT,  where,     tone_where,   v_places,  raw_stores,  NULL, CERTS_BY_WHERE,
	  "store and place within it, for each place" },
	{ "key",        "KEY",       9,             ALIGN_LEFT,  key,       NULL,         NULL,      NULL,        NULL, CERTS_BY_KEY,
	  "algorithm and size of its public key" },
	{ "issuer",     "ISSUER",    22,            ALIGN_LEFT,  issuer,    tone_issuer,  NULL,      raw_issuer,  NULL, CERTS_BY_ISSUER,
	  "who signed it" },
	{ "marks",      "MARKS",     20,            ALIGN_LEFT,  marks,     tone_marks,   v_marks,   NULL,        NULL, CERTS_BY_MARKS,
	  "what is notable about it" },
	{ "signature",  "SIGNED",    8,             ALIGN_LEFT,  signature, NULL,         NULL,      NULL,        NULL, CERTS_BY_SIGNATURE,
	  "the digest or algorithm of its signature" },
	{ "names",      "NAMES",     COLUMN_HIDDEN, ALIGN_LEFT,  raw_names, NULL,         v_names,   NULL,        NULL, -1,
	  "all its names, folded, the first one first" },
	{ "n_places",   "PLACES",    COLUMN_HIDDEN, ALIGN_RIGHT, places,    NULL,         v_count,   NULL,        NULL, CERTS_BY_PLACES,
	  "in how many places it is" },
	{ "not_before", "ISSUED",    COLUMN_HIDDEN, ALIGN_LEFT,  raw_issued, NULL,        v_issued,  raw_issued,  NULL, CERTS_BY_ISSUED,
	  "when its validity begins, ISO 8601, to the minute" },
	{ "sha256",     "",          COLUMN_HIDDEN, ALIGN_LEFT,  raw_sha256, NULL,        v_sha256,  raw_sha256,  NULL, -1,
	  "SHA-256 of the certificate, hexadecimal; null while not known" },
	{ "serial",     "",          COLUMN_HIDDEN, ALIGN_LEFT,  raw_serial, NULL,        v_serial,  raw_serial,  NULL, -1,
	  "serial number, hexadecimal; null while not known" },
};
/* clang-format on */

const struct view view_certs = {
	.kind = KIND_CERTS,
	.columns = columns,
	.n_columns = G_N_ELEMENTS(columns),
	.default_order = 2,
	.id = id,
	.empty = "No certificate is known yet. R reads all stores; :store-add adds one.",
};

static void id(GString *out, const struct frame *f, uint32_t row)
{
	certs_id(f->snap->certs, row, out);
}

/* ---- cells ---- */

/* The worst of a certificate's marks. */
static enum tone worst(uint32_t bits)
{
	enum tone t = TONE_PLAIN;

	bits = mark_notable(bits);
	for (const struct mark *m = mark_table; m->bit; m++)
		if ((bits & m->bit) && m->tone >= TONE_NOTICE && m->tone <= TONE_BAD)
			t = MAX(t, m->tone);
	return t;
}

/* Known from a service's list alone so far, without its bytes. */
static bool is_unread(const struct frame *f, uint32_t row)
{
	struct place at = certs_first(f->snap->certs, row);

	return !at.table->print[at.row];
}

static bool has_no_end(const struct frame *f, uint32_t row)
{
	return is_unread(f, row) && !certs_not_after(f->snap->certs, row);
}

static enum tone tone_expires(const struct frame *f, uint32_t row)
{
	if (has_no_end(f, row))
		return TONE_UNKNOWN;
	return tone_of_life(certs_not_before(f->snap->certs, row),
			    certs_not_after(f->snap->certs, row), f->now);
}

static enum tone tone_sign(const struct frame *f, uint32_t row)
{
	enum tone t = worst(certs_marks(f->snap->certs, row));

	return has_no_end(f, row) ? t : MAX(t, tone_expires(f, row));
}

static void sign(GString *out, const struct frame *f, uint32_t row)
{
	enum tone t = tone_sign(f, row);

	if (t >= TONE_WARN && t <= TONE_BAD)
		g_string_append_c(out, '!');
	else if (t == TONE_NOTICE)
		g_string_append_c(out, '~');
	else if (certs_marks(f->snap->certs, row) & MARK_KEY)
		g_string_append_c(out, 'k');
}

static void name(GString *out, const struct frame *f, uint32_t row)
{
	struct place at = certs_first(f->snap->certs, row);

	raw_name(out, f, row);
	if (at.table->names[at.row])
		g_string_append_printf(out, " +%u", at.table->names[at.row]);
}

static void where(GString *out, const struct frame *f, uint32_t row)
{
	struct place at = certs_first(f->snap->certs, row);
	const struct store *s = snapshot_store(f->snap, at.table_number);
	const char *alias = at.table->aliases + at.table->alias[at.row], *last = strrchr(alias, '/');
	uint32_t n = certs_count_places(f->snap->certs, row);

	/* At a service all begin alike; of a path on this machine every part tells. */
	if (last && last[1] && s && strcmp(s->account, "local") != 0)
		alias = last + 1;
	g_string_append(out, s ? s->title : at.table->store);
	if (n > 1)
		g_string_append_printf(out, " +%u", n - 1);
	if (*alias)
		g_string_append_printf(out, " %s", alias);
}

/* A store that failed shows older rows. */
static enum tone tone_where(const struct frame *f, uint32_t row)
{
	const struct store *s =
		snapshot_store(f->snap, certs_first(f->snap->certs, row).table_number);

	return s && s->state == STORE_FAILED ? TONE_WARN : TONE_PLAIN;
}

static void issuer(GString *out, const struct frame *f, uint32_t row)
{
	if (certs_marks(f->snap->certs, row) & MARK_SELF_SIGNED)
		g_string_append(out, "itself");
	else if (is_unread(f, row) && !*certs_issuer(f->snap->certs, row))
		g_string_append(out, "not known yet");
	else
		g_string_append(out, certs_issuer(f->snap->certs, row));
}

static enum tone tone_issuer(const struct frame *f, uint32_t row)
{
	return is_unread(f, row) && !*certs_issuer(f->snap->certs, row) ? TONE_UNKNOWN : TONE_PLAIN;
}

static void key(GString *out, const struct frame *f, uint32_t row)
{
	g_string_append(out, certs_key(f->snap->certs, row));
}

static void signature(GString *out, const struct frame *f, uint32_t row)
{
	g_string_append(out, certs_signature(f->snap->certs, row));
}

static void expires(GString *out, const struct frame *f, uint32_t row)
{
	if (has_no_end(f, row))
		g_string_append(out, "unknown");
	else
		clock_say_until(out, f->now, certs_not_after(f->snap->certs, row));
}

/* Four cells of bar in eighths, then the figure: "██▌  62%". */
static void life(GString *out, const struct frame *f, uint32_t row)
{
	static const char *const eighths[] = { "·", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█" };
	int used = certs_life(f->snap->certs, row, f->now);
	int filled = CLAMP(used, 0, 1000) * 32 / 1000;

	if (has_no_end(f, row))
		return;
	for (int i = 0; i < 4; i++, filled -= 8) {
		int part = CLAMP(filled, 0, 8);

		g_string_append(out, !text_is_ascii() ? eighths[part] : part >= 4 ? "#" : ".");
	}
	if (used > 1000)
		g_string_append(out, " late");
	else
		g_string_append_printf(out, "%4d%%", used / 10);
}

static void marks(GString *out, const struct frame *f, uint32_t row)
{
	uint32_t bits = certs_marks(f->snap->certs, row);
	gsize start = out->len;

	for (const struct mark *m = mark_table; m->bit; m++)
		if (bits & m->bit)
			g_string_append_printf(out, "%s%s", out->len > start ? " " : "", m->word);
}

static enum tone tone_marks(const struct frame *f, uint32_t row)
{
	enum tone t = worst(certs_marks(f->snap->certs, row));

	return t == TONE_PLAIN ? TONE_DIM : t;
}

static void places(GString *out, const struct frame *f, uint32_t row)
{
	g_string_append_printf(out, "%u", certs_count_places(f->snap->certs, row));
}

/* ---- for programs ---- */

static void raw_name(GString *out, const struct frame *f, uint32_t row)
{
	struct place at = certs_first(f->snap->certs, row);
	size_t len;
	const char *text = table_name(at.table, at.row, &len);

	g_string_append_len(out, text, (gssize)len);
}

static void raw_issuer(GString *out, const struct frame *f, uint32_t row)
{
	g_string_append(out, certs_issuer(f->snap->certs, row));
}

static void raw_names(GString *out, const struct frame *f, uint32_t row)
{
	struct place at = certs_first(f->snap->certs, row);
	g_auto(GStrv) names = g_strsplit(at.table->texts + at.table->text[at.row], "\n", -1);

	cell_list(out, names, " ");
}

static void raw_issued(GString *out, const struct frame *f, uint32_t row)
{
	clock_say_iso(out, certs_not_before(f->snap->certs, row));
}

static void raw_expires(GString *out, const struct frame *f, uint32_t row)
{
	clock_say_iso(out, certs_not_after(f->snap->certs, row));
}

static void raw_life(GString *out, const struct frame *f, uint32_t row)
{
	g_string_append_printf(out, "%d", certs_life(f->snap->certs, row, f->now));
}

static void each_place(const struct frame *f, uint32_t row,
		       void (*say)(void *who, const struct table *t, const char *alias), void *who)
{
	const struct certs *c = f->snap->certs;

	for (uint32_t p = c->first[row]; p != CERTS_NONE; p = c->next[p]) {
		struct place at = certs_place(c, p);

		say(who, at.table, at.table->aliases + at.table->alias[at.row]);
	}
}

static void say_place(void *who, const struct table *t, const char *alias)
{
	GString *out = who;

	g_string_append_printf(out, "%s%s%s%s", out->len ? "; " : "", t->store,
			       *alias ? "/" : "", alias);
}

static void raw_stores(GString *out, const struct frame *f, uint32_t row)
{
	g_autoptr(GString) all = g_string_new(NULL);

	each_place(f, row, say_place, all);
	g_string_append(out, all->str);
}

static void put_place(void *who, const struct table *t, const char *alias)
{
	struct json_writer *w = who;

	json_open(w, NULL, '{');
	json_put_str(w, "store", t->store);
	json_put_str(w, "place", alias);
	json_close(w, '}');
}

static void v_places(struct json_writer *w, const char *k, const struct frame *f, uint32_t row)
{
	json_open(w, k, '[');
	each_place(f, row, put_place, w);
	json_close(w, ']');
}

static void v_names(struct json_writer *w, const char *k, const struct frame *f, uint32_t row)
{
	struct place at = certs_first(f->snap->certs, row);
	g_auto(GStrv) names = g_strsplit(at.table->texts + at.table->text[at.row], "\n", -1);

	value_strings(w, k, names);
}

static void v_count(struct json_writer *w, const char *k, const struct frame *f, uint32_t row)
{
	json_put_int(w, k, certs_count_places(f->snap->certs, row));
}

static void v_issued(struct json_writer *w, const char *k, const struct frame *f, uint32_t row)
{
	value_iso(w, k, certs_not_before(f->snap->certs, row));
}

static void v_expires(struct json_writer *w, const char *k, const struct frame *f, uint32_t row)
{
	value_iso(w, k, certs_not_after(f->snap->certs, row));
}

static void v_life(struct json_writer *w, const char *k, const struct frame *f, uint32_t row)
{
	json_put_int(w, k, certs_life(f->snap->certs, row, f->now));
}

static void v_marks(struct json_writer *w, const char *k, const struct frame *f, uint32_t row)
{
	uint32_t bits = certs_marks(f->snap->certs, row);

	json_open(w, k, '[');
	for (const struct mark *m = mark_table; m->bit; m++)
		if (bits & m->bit)
			json_put_str(w, NULL, m->word);
	json_close(w, ']');
}

/* What only the certificate's bytes tell: asked of whoever has them. */
static bool full_facts(const struct frame *f, uint32_t row, struct facts *ret)
{
	g_autoptr(GString) cert = g_string_new(NULL);

	id(cert, f, row);
	return f->facts && f->facts(f->who, cert->str, ret);
}

static void raw_sha256(GString *out, const struct frame *f, uint32_t row)
{
	struct facts full = { 0 };

	if (!full_facts(f, row, &full))
		return;
	for (size_t i = 0; i < sizeof(full.sha256); i++)
		g_string_append_printf(out, "%02x", full.sha256[i]);
	facts_done(&full);
}

static void raw_serial(GString *out, const struct frame *f, uint32_t row)
{
	struct facts full = { 0 };

	if (!full_facts(f, row, &full))
		return;
	g_string_append(out, full.serial);
	facts_done(&full);
}

static void put_raw(struct json_writer *w, const char *k, cell_fn *raw, const struct frame *f,
		    uint32_t row)
{
	g_autoptr(GString) text = g_string_new(NULL);

	raw(text, f, row);
	json_put_str(w, k, text->len ? text->str : NULL);
}

static void v_sha256(struct json_writer *w, const char *k, const struct frame *f, uint32_t row)
{
	put_raw(w, k, raw_sha256, f, row);
}

static void v_serial(struct json_writer *w, const char *k, const struct frame *f, uint32_t row)
{
	put_raw(w, k, raw_serial, f, row);
}
