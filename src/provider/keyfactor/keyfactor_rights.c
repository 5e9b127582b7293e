/*
 * keyfactor_rights: which templates and CAs there are, what this user may do with them, and why some of
 * them are not offered.
 *
 * That a user may read a template or a CA shows in the list of all; that it may enrol, in the context
 * of its enrolments, which Command makes for each user.  Who may not ask for one of these is told less,
 * and nothing is guessed in its place.
 */
#include "keyfactor_enrol.h"

#include <string.h>

#include <certty/base/text.h>

#define ALL_MAX  500		/* templates and CAs */
#define NAME_MAX_BYTES 200
#define SHOWN	 20		/* names in one sentence */

enum { BY_CSR, BY_PFX, TEMPLATES, CAS, LISTS };

G_STATIC_ASSERT(LISTS == KEYFACTOR_RIGHTS_LISTS);

static const struct {
	const char *path, *limit;	/* the parameter's name */
	guint may;
} lists[LISTS] = {
	[BY_CSR] = { "/Enrollment/CSR/Context/My", NULL, KEYFACTOR_MAY_CSR },
	[BY_PFX] = { "/Enrollment/PFX/Context/My", NULL, KEYFACTOR_MAY_PFX },
	[TEMPLATES] = { "/Templates", "sq.returnLimit", KEYFACTOR_MAY_READ },
	[CAS] = { "/CertificateAuthority", "pq.returnLimit", KEYFACTOR_MAY_READ },
};

/* As the numbers of AllowedEnrollmentTypes have them; whether 3 or 4 is both differs. */
static const char *const kinds[] = { "None", "PFX", "CSR", "CSRAndPFX", "All" };

struct keyfactor_rights {
	struct json *said[LISTS];	/* NULL: it may not be asked, or did not answer */
	GPtrArray *found;		/* struct keyfactor_right */
	step_fn *then;
};

static step_fn combine;

struct keyfactor_right *keyfactor_right_new(const char *name, bool is_ca)
{
	struct keyfactor_right *r = g_new0(struct keyfactor_right, 1);

	r->name = g_strdup(name);
	r->title = g_strdup("");
	r->why = g_strdup("");
	r->cas = g_new0(char *, 1);
	r->is_ca = is_ca;
	return r;
}

void keyfactor_right_free(struct keyfactor_right *r)
{
	if (!r)
		return;
	g_free(r->name);
	g_free(r->title);
	g_free(r->why);
	g_strfreev(r->cas);
	g_free(r);
}

void keyfactor_rights_done(struct keyfactor *k)
{
	struct keyfactor_rights *r = k->rights;

	if (!r)
		return;
	for (size_t i = 0; i < LISTS; i++)
		json_free(r->said[i]);
	if (r->found)
		g_ptr_array_unref(r->found);
	g_clear_pointer(&k->rights, g_free);
}

static struct keyfactor_rights *mine(const struct op *op)
{
	return ((struct keyfactor *)op->scratch)->rights;
}

/* ---- asking ---- */

static struct ask ask_list(struct op *op, size_t i)
{
	return (struct ask){ .send = lists[i].limit ?
		keyfactor_call_get(op, lists[i].path, lists[i].limit, "1000", NULL) :
		keyfactor_call_get(op, lists[i].path, NULL) };
}

static void hear_list(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	g_autofree char *tried = g_strconcat("GET ", lists[i].path, NULL);
	g_autoptr(GError) error = NULL;

	(void)none;
	mine(op)->said[i] = keyfactor_call_json(op, r, i < TEMPLATES ? '{' : '[', tried, &error);
	if (!mine(op)->said[i] && !keyfactor_call_is_denied(r) && r->status != 404)
		op_trouble(op, "%s", error->message);
}

struct next keyfactor_rights(struct op *op, step_fn *then)
{
	struct keyfactor *k = op->scratch;

	keyfactor_rights_done(k);
	k->rights = g_new0(struct keyfactor_rights, 1);
	k->rights->then = then;
	return next_each(LISTS, ask_list, hear_list, combine);
}

const GPtrArray *keyfactor_rights_found(const struct op *op)
{
	return mine(op) ? mine(op)->found : NULL;
}

/* ---- putting it together ---- */

static struct keyfactor_right *find(const GPtrArray *all, const char *name, bool is_ca)
{
	for (guint i = 0; i < all->len; i++) {
		struct keyfactor_right *r = all->pdata[i];

		if (r->is_ca == is_ca && !g_ascii_strcasecmp(r->name, name))
			return r;
	}
	return NULL;
}

static struct keyfactor_right *known(GPtrArray *all, const char *name, bool is_ca)
{
	struct keyfactor_right *r = *name ? find(all, name, is_ca) : NULL;

	if (!r && *name && all->len < ALL_MAX) {
		r = keyfactor_right_new(name, is_ca);
		g_ptr_array_add(all, r);
	}
	return r;
}

static void add_ca(struct keyfactor_right *template, const char *name)
{
	guint n = g_strv_length(template->cas);

	if (n >= ALL_MAX || g_strv_contains((const char *const *)template->cas, name))
		return;
	template->cas = g_renew(char *, template->cas, n + 2);
	template->cas[n] = g_strdup(name);
	template->cas[n + 1] = NULL;
}

/* One template of a context: this user may enrol with it, at these CAs. */
static void take_offered(GPtrArray *all, const struct json *j, guint may)
{
	g_autofree char *name = keyfactor_text(j, "Name", NAME_MAX_BYTES);
	g_autofree char *title = keyfactor_text(j, "DisplayName", NAME_MAX_BYTES);
	const struct json *cas = keyfactor_get(j, "CAs");
	struct keyfactor_right *r = known(all, name, false);

	if (!r)
		return;
	store_set(&r->title, title);
	for (size_t i = 0; i < json_count(cas); i++) {
		g_autofree char *ca = keyfactor_text(json_at(cas, i), "Name", NAME_MAX_BYTES);
		struct keyfactor_right *at = known(all, ca, true);

		if (at)
			at->may |= may;
		if (*ca)
			add_ca(r, ca);
	}
	if (*r->cas)
		r->may |= may;
	else
		store_set(&r->why, "no CA that this user may use offers it");
}

static void take_context(GPtrArray *all, const struct json *said, size_t i)
{
	const struct json *templates = keyfactor_get(said, "Templates");
	const struct json *alone = keyfactor_get(said, "StandaloneCAs");

	for (size_t n = 0; n < MIN(json_count(templates), ALL_MAX); n++)
		take_offered(all, json_at(templates, n), lists[i].may);
	for (size_t n = 0; n < MIN(json_count(alone), ALL_MAX); n++) {
		g_autofree char *name = keyfactor_text(json_at(alone, n), "Name", NAME_MAX_BYTES);
		struct keyfactor_right *r = known(all, name, true);

		if (r)
			r->may |= lists[i].may;
	}
}

static char *names_in(const struct json *list)
{
	GString *s = g_string_new(NULL);
	size_t n = json_count(list);

	for (size_t i = 0; i < MIN(n, SHOWN); i++) {
		g_autofree char *name = text_harmless_dup(json_text(json_at(list, i)), NAME_MAX_BYTES);

		g_string_append_printf(s, "%s%s", i ? ", " : "", name ? name : "?");
	}
	if (n > SHOWN)
		g_string_append_printf(s, " and %zu more", n - SHOWN);
	return g_string_free(s, FALSE);
}

/* As far as what stands in the lists tells; the rest is a matter of roles, which no list has. */
static char *why_not(const struct keyfactor_right *r, const struct json *j, bool is_told)
{
	int kind = keyfactor_enum(j, "AllowedEnrollmentTypes", kinds, G_N_ELEMENTS(kinds));
	g_autofree char *names = names_in(keyfactor_get(j, "AllowedRequesters"));

	if (!is_told)
		return g_strdup("this user may not ask what it may enrol with");
	if (r->may & (KEYFACTOR_MAY_CSR | KEYFACTOR_MAY_PFX))
		return g_strdup(r->why);
	if (!kind)
		return g_strdup("no enrolment is allowed with it");
	if (keyfactor_bool(j, "UseAllowedRequesters") && *names)
		return g_strdup_printf("those who may enrol are %s", names);
	return g_strdup(*r->why ? r->why : "this user has no right to enrol there");
}

static void take_listed(GPtrArray *all, const struct json *j, bool is_ca, bool is_told)
{
	g_autofree char *host = keyfactor_text(j, "HostName", NAME_MAX_BYTES);
	g_autofree char *logical = keyfactor_text(j, "LogicalName", NAME_MAX_BYTES);
	g_autofree char *name = is_ca ? g_strconcat(host, *host ? "\\" : "", logical, NULL) :
					keyfactor_text(j, "CommonName", NAME_MAX_BYTES);
	g_autofree char *title = keyfactor_text(j, "DisplayName", NAME_MAX_BYTES), *why = NULL;
	struct keyfactor_right *r = known(all, name, is_ca);

	if (!r)
		return;
	r->may |= KEYFACTOR_MAY_READ;
	if (*title)
		store_set(&r->title, title);
	why = why_not(r, j, is_told);
	store_set(&r->why, why);
}

GPtrArray *keyfactor_rights_read(const struct json *const said[LISTS])
{
	GPtrArray *all = g_ptr_array_new_with_free_func((GDestroyNotify)keyfactor_right_free);

	take_context(all, said[BY_CSR], BY_CSR);
	take_context(all, said[BY_PFX], BY_PFX);
	for (size_t list = TEMPLATES; list < LISTS; list++)
		for (size_t i = 0; i < MIN(json_count(said[list]), ALL_MAX); i++)
			take_listed(all, json_at(said[list], i), list == CAS, said[BY_CSR] || said[BY_PFX]);
	return all;
}

static struct next combine(struct op *op, const struct reply *none)
{
	struct keyfactor_rights *m = mine(op);
	const struct json *said[LISTS];

	for (size_t i = 0; i < LISTS; i++)
		said[i] = m->said[i];
	m->found = keyfactor_rights_read(said);
	return m->then(op, none);
}

/* ---- saying it ---- */

const struct keyfactor_right *keyfactor_rights_template(const GPtrArray *all, const char *name)
{
	const struct keyfactor_right *r = find(all, name, false);

	for (guint i = 0; !r && i < all->len; i++) {
		const struct keyfactor_right *other = all->pdata[i];

		if (!other->is_ca && *name && !g_ascii_strcasecmp(other->title, name))
			r = other;
	}
	return r;
}

char *keyfactor_right_say(const struct keyfactor_right *r)
{
	bool by_csr = r->may & KEYFACTOR_MAY_CSR, by_pfx = r->may & KEYFACTOR_MAY_PFX;
	bool may_read = r->may & KEYFACTOR_MAY_READ;

	return g_strconcat(may_read ? "READ" : "", may_read && (by_csr || by_pfx) ? ", " : "",
			   by_csr || by_pfx ? "ENROLL by " : "", by_csr ? "CSR" : "",
			   by_csr && by_pfx ? " and " : "", by_pfx ? "PFX" : "", NULL);
}

char *keyfactor_rights_others(const GPtrArray *all, guint way)
{
	GString *s = g_string_new(NULL);
	guint n = 0;

	for (guint i = 0; i < all->len && n < SHOWN; i++) {
		const struct keyfactor_right *r = all->pdata[i];

		if (r->is_ca || (r->may & way))
			continue;
		g_string_append_printf(s, "%s%s (%s)", n++ ? ", " : "; not offered: ", r->name,
				       *r->why ? r->why : way == KEYFACTOR_MAY_PFX ? "by CSR only" :
								  "by PFX only");
	}
	return g_string_free(s, FALSE);
}

static void describe_one(struct detail *d, const char *label, const struct keyfactor_right *r)
{
	g_autofree char *may = keyfactor_right_say(r), *cas = g_strjoinv(", ", r->cas);
	bool is_offered = r->may & (KEYFACTOR_MAY_CSR | KEYFACTOR_MAY_PFX);

	detail_add(d, is_offered ? TONE_PLAIN : TONE_DIM, label, "%s%s%s%s: %s%s%s%s%s", r->name,
		   *r->title ? " (" : "", r->title, *r->title ? ")" : "", may,
		   *cas ? ", at " : "", cas, is_offered || !*r->why ? "" : *may ? "; not offered: " :
		   "not offered: ", is_offered ? "" : r->why);
}

void keyfactor_describe_rights(struct detail *d, GBytes *memo)
{
	g_autoptr(GPtrArray) all = keyfactor_memo_rights(memo);
	static const char *const labels[] = { "templates", "CAs" };

	for (size_t kind = 0; kind < G_N_ELEMENTS(labels); kind++) {
		const char *label = labels[kind];

		for (guint i = 0; i < all->len; i++) {
			const struct keyfactor_right *r = all->pdata[i];

			if (r->is_ca != (kind == 1))
				continue;
			describe_one(d, label, r);
			label = "";
		}
	}
}
