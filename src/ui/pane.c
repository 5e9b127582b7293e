/*
 * pane: everything about one thing.
 *
 * The pane keeps the id of what it shows, so a refresh underneath only changes the text.
 */
#include "pane.h"

#include <string.h>

#include <certty/model/job.h>
#include <certty/model/request.h>
#include <certty/model/store.h>

#include "places.h"
#include "sign.h"
#include "screen.h"
#include "term.h"

static const enum role role_of_tone[TONE_COUNT] = {
	[TONE_PLAIN] = ROLE_text,    [TONE_DIM] = ROLE_dim,   [TONE_GOOD] = ROLE_good,
	[TONE_NOTICE] = ROLE_notice, [TONE_WARN] = ROLE_warn, [TONE_BAD] = ROLE_bad,
	[TONE_UNKNOWN] = ROLE_unknown,
};

static const char *const form_word[PANE_FORM_COUNT] = { "", "PEM", "text", "JSON" };

void pane_init(struct pane *p)
{
	*p = (struct pane){ .kind = KIND_COUNT };
	pager_init(&p->pager);
}

void pane_done(struct pane *p)
{
	pager_done(&p->pager);
	g_clear_pointer(&p->id, g_free);
	g_clear_pointer(&p->title, g_free);
	g_clear_pointer(&p->detail, detail_unref);
}

/* ---- where the text comes from ---- */

/* Things of which the engine knows more than the list does; of stores, those of services. */
static bool engine_knows_more(const struct screen *s, enum kind kind, const char *id)
{
	const struct store *store = kind == KIND_STORES && id ? places_store(s, id) : NULL;

	return kind == KIND_CERTS || kind == KIND_REQUESTS || kind == KIND_DOMAINS ||
	       kind == KIND_OBJECTS || kind == KIND_ACCOUNTS ||
	       (store && store->origin == STORE_FOUND);
}

static bool may_know_more(const struct pane *p)
{
	return !p->detail && p->knows_more;
}

const struct detail *pane_find_detail(const struct screen *s, enum kind kind, const char *id)
{
	g_autofree char *full = g_strconcat(kind_word(kind), "/", id, NULL);
	gssize i = s->snap->details ? items_find(s->snap->details, full) : -1;

	return i < 0 ? NULL : s->snap->details->item[i];
}

const char *pane_pem(const struct screen *s, enum kind kind, const char *id)
{
	const struct detail *d = pane_find_detail(s, kind, id);

	return d ? d->pem : NULL;
}

void pane_ask(struct screen *s, enum kind kind, const char *id)
{
	g_autofree char *full = g_strconcat(kind_word(kind), "/", id, NULL);

	follow_submit(s, command_new(VERB_SHOW, kind == KIND_CERTS ? id : full));
}

void pane_add_detail(struct pager *p, const struct detail *d, const char *without)
{
	bool is_left_out = false;

	for (size_t i = 0; i < d->n; i++) {
		const struct detail_line *line = &d->line[i];

		if (*line->label)
			is_left_out = !g_strcmp0(line->label, without);
		if (!is_left_out)
			pager_add(p, line->label, role_of_tone[line->tone], line->text);
	}
}

static void add_sentences(struct pager *p, const char *label, enum role role,
			  char *const *sentences)
{
	for (size_t i = 0; sentences && sentences[i]; i++)
		pager_add(p, i ? "" : label, role, sentences[i]);
}

static void add_store(struct pager *p, const void *item)
{
	const struct store *store = item;

	pager_add(p, "may be changed", ROLE_text, store->is_writable ? "yes" : "no");
	pager_add(p, "passphrase", ROLE_text,
		  store->has_secret ? "kept" : "none kept");
}

static void add_request(struct pager *p, const void *item)
{
	const struct request *r = item;
	g_auto(GStrv) records = *r->records ? g_strsplit(r->records, "\n", -1) : NULL;

	add_sentences(p, "names", ROLE_text, r->names);
	add_sentences(p, "records", ROLE_text, records);
}

static void add_job(struct pager *p, const void *item)
{
	const struct job *job = item;

	add_sentences(p, "troubles", ROLE_warn, job->troubles);
}

/* What the columns do not say. */
static void (*const add_more[KIND_COUNT])(struct pager *p, const void *item) = {
	[KIND_STORES] = add_store,
	[KIND_REQUESTS] = add_request,
	[KIND_JOBS] = add_job,
};

/* Hidden columns that are there for JSON may show another's text. */
static bool is_told(const struct column *c)
{
	if (c->width != COLUMN_HIDDEN)
		return *c->title;
	return !c->value || (c->raw && *c->title);
}

static void tell_from_columns(struct pane *p, struct screen *s)
{
	const struct view *v = view_table[p->kind];
	struct frame f = screen_frame(s);
	uint32_t row = view_find(v, s->snap, p->id);
	g_autoptr(GString) text = g_string_new(NULL);

	if (row == CERTS_NONE) {
		pager_add_plain(&p->pager, ROLE_dim, "It is no longer there.");
		return;
	}
	for (size_t i = 0; i < v->n_columns; i++) {
		const struct column *c = &v->columns[i];
		enum role role = role_of_tone[c->tone ? c->tone(&f, row) : TONE_PLAIN];
		g_autofree char *label = NULL;

		if (!is_told(c))
			continue;
		g_string_truncate(text, 0);
		c->text(text, &f, row);
		if (!text->len)
			continue;
		label = g_utf8_strdown(c->title && *c->title ? c->title : c->key, -1);
		g_strdelimit(label, "_", ' ');
		pager_add(&p->pager, label, role, text->str);
	}
	if (add_more[p->kind])
		add_more[p->kind](&p->pager, view_item(v, s->snap, row));
}

static const char *raw_form(const struct pane *p, enum pane_form form)
{
	const struct detail *d = p->detail;

	if (!d)
		return NULL;
	return form == PANE_PEM ? d->pem : form == PANE_TEXT ? d->text :
	       form == PANE_JSON ? d->json : NULL;
}

static void set_title(struct pane *p, struct screen *s)
{
	const struct view *v = view_table[p->kind];
	struct frame f = screen_frame(s);
	uint32_t row = view_find(v, s->snap, p->id);
	g_autoptr(GString) text = g_string_new(NULL);

	if (p->detail && p->detail->title)
		g_string_append(text, p->detail->title);
	else if (row != CERTS_NONE)
		v->columns[list_name_column(v)].text(text, &f, row);
	if (p->form != PANE_DESCRIBED)
		g_string_append_printf(text, " %s %s", sign_text(SIGN_dot), form_word[p->form]);
	g_free(p->title);
	p->title = g_strdup(text->str);
}

static void fill(struct pane *p, struct screen *s)
{
	const char *raw = raw_form(p, p->form);

	pager_clear(&p->pager);
	if (!p->id)
		return;
	set_title(p, s);
	if (raw)
		pager_add_text(&p->pager, ROLE_text, raw);
	else if (p->detail)
		pane_add_detail(&p->pager, p->detail, NULL);
	else
		tell_from_columns(p, s);
	if (may_know_more(p))
		pager_add_plain(&p->pager, ROLE_dim,
				p->is_asked ? "More is being read." : "");
}

/* ---- what it is about ---- */

static void look_for_detail(struct pane *p, struct screen *s)
{
	const struct detail *d = pane_find_detail(s, p->kind, p->id);

	if (!d || d == p->detail)
		return;
	g_clear_pointer(&p->detail, detail_unref);
	p->detail = detail_ref((struct detail *)d);
	if (!raw_form(p, p->form))	/* chosen while nobody knew */
		p->form = PANE_DESCRIBED;
}

/* Once the saved state is there: before, nobody could answer. */
static void ask_once(struct pane *p, struct screen *s)
{
	if (!may_know_more(p) || p->is_asked || !s->is_loaded)
		return;
	p->is_asked = true;
	pane_ask(s, p->kind, p->id);
}

static int64_t stamp_of(enum kind kind, const void *item)
{
	const struct request *r = item;
	const struct store *store = item;

	if (kind == KIND_STORES)	/* of one that is being read, not each time that rows come */
		return store->seen ^ (int64_t)store->state << 48;
	if (kind == KIND_REQUESTS)
		return r->state ^ (int64_t)g_str_hash(r->digest) << 8 ^ (int64_t)g_str_hash(r->oddities) << 16;
	/* Items are frozen: another one is an account, an object, a domain or a store that changed. */
	return (int64_t)(intptr_t)item;
}

/* A request, a domain, an object, an account or a service's store that changed has other things to tell. */
static void ask_again(struct pane *p, struct screen *s)
{
	bool can_change = p->kind == KIND_REQUESTS || p->kind == KIND_DOMAINS ||
			  p->kind == KIND_OBJECTS || p->kind == KIND_ACCOUNTS ||
			  (p->kind == KIND_STORES && p->knows_more);
	uint32_t row = can_change ? view_find(view_table[p->kind], s->snap, p->id) : CERTS_NONE;
	int64_t now;

	if (row == CERTS_NONE)
		return;
	now = stamp_of(p->kind, view_item(view_table[p->kind], s->snap, row));
	if (p->has_stamp && p->stamp != now && s->is_loaded)
		pane_ask(s, p->kind, p->id);
	p->has_stamp = true;
	p->stamp = now;
}

void pane_show(struct pane *p, struct screen *s, enum kind kind, const char *id)
{
	if (p->id && id && p->kind == kind && !strcmp(p->id, id))
		return;
	g_free(p->id);
	p->id = g_strdup(id);
	p->kind = kind;
	p->form = PANE_DESCRIBED;
	p->pager.top = 0;
	p->knows_more = engine_knows_more(s, kind, id);
	p->is_asked = false;
	p->has_stamp = false;
	g_clear_pointer(&p->detail, detail_unref);
	if (id) {
		look_for_detail(p, s);
		ask_once(p, s);
		ask_again(p, s);
	}
	fill(p, s);
}

void pane_fresh(struct pane *p, struct screen *s)
{
	if (!p->id)
		return;
	look_for_detail(p, s);
	ask_once(p, s);
	ask_again(p, s);
	fill(p, s);
}

void pane_next_form(struct pane *p, struct screen *s)
{
	enum pane_form form = p->form;

	do
		form = (form + 1) % PANE_FORM_COUNT;
	while (form != PANE_DESCRIBED && !may_know_more(p) && !raw_form(p, form));
	if (form == p->form)
		screen_say(s, ROLE_status, "There is no raw form of this.");
	p->form = form;
	p->pager.top = 0;
	fill(p, s);
}

void pane_describe(struct pane *p, struct screen *s)
{
	p->form = PANE_DESCRIBED;
	p->pager.top = 0;
	fill(p, s);
}

/* ---- drawing ---- */

static void draw_title(const struct pane *p, struct rect line, bool ruled, bool focused)
{
	g_autofree char *text = g_strconcat(" ", p->title ? p->title : "", " ", NULL);
	enum role role = ruled && focused ? ROLE_row_cursor : ROLE_title;

	if (ruled)
		term_rule(line.y, line.x, line.cols);
	term_text(line.y, line.x + 1, MIN(text_width(text, -1), line.cols - 2), role, text);
}

void pane_draw(struct pane *p, struct screen *s, struct rect r, bool ruled, bool focused)
{
	struct rect title = rect_cut_top(&r, 1);

	draw_title(p, title, ruled, focused);
	if (p->id) {
		pager_draw(&p->pager, r, focused);
		return;
	}
	if (r.rows > 0)
		term_text(r.y, r.x + 2, r.cols - 2, ROLE_dim, "Nothing is chosen.");
}

/* ---- alone on the screen ---- */

static void draw_alone(struct layer *l, struct screen *s, const struct layout *where)
{
	pane_draw(&s->pane, s, where->body, false, true);
}

static void move_alone(struct layer *l, struct screen *s, enum move how)
{
	pager_move(&s->pane.pager, how);
}

static void free_alone(struct layer *l)
{
	g_free(l);
}

static const struct layer_type pane_type = {
	.title = "Details",
	.place = IN_PANE,
	.covers = true,
	.draw = draw_alone,
	.move = move_alone,
	.free = free_alone,
};

struct layer *pane_layer_new(void)
{
	struct layer *l = g_new0(struct layer, 1);

	l->type = &pane_type;
	return l;
}
