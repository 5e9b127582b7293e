/* menus: the menus there are: what to sort by, what to copy. */
#include "menu.h"

#include <string.h>

#include <certty/model/request.h>
#include <certty/model/twin.h>

#include "save.h"
#include "sign.h"
#include "screen.h"

/* ---- sort ---- */

static unsigned sort_by(struct screen *s, int column)
{
	struct tab *t = screen_tab(s);
	bool again = t->column == (size_t)column;

	tab_sort(t, (size_t)column, again ? !t->is_descending : false);
	return UI_RESORT;
}

void menu_open_sort(struct screen *s)
{
	struct tab *t = screen_tab(s);
	struct menu *m = menu_new("Sort by; the same again turns it round");
	size_t n = 0, at = 0;

	for (size_t i = 0; i < t->view->n_columns; i++) {
		const struct column *c = &t->view->columns[i];
		g_autofree char *label = NULL;
		const char *now = i != t->column ? NULL :
				  t->is_descending ? sign_text(SIGN_down) : sign_text(SIGN_up);

		if (!tab_can_sort(t, i))
			continue;
		if (i == t->column)
			at = n;
		label = g_utf8_strdown(*c->title ? c->title : c->key, -1);
		menu_add(m, n < 9 ? '1' + (uint32_t)n : 0, label, now, NULL, sort_by, (int)i);
		n++;
	}
	menu_open(s, m, at);
}

/* ---- copy ---- */

enum copied { COPY_NAME, COPY_ID, COPY_PEM, COPY_TWIN, COPY_RECORDS };

/* Of a certificate the name alone, not how many more it has. */
static void add_name(GString *out, const struct frame *f, const struct tab *t)
{
	struct place first;
	const char *name;
	size_t len;

	if (t->view->kind != KIND_CERTS) {
		t->view->columns[list_name_column(t->view)].text(out, f, t->list.row);
		return;
	}
	first = certs_first(f->snap->certs, t->list.row);
	name = table_name(first.table, first.row, &len);
	g_string_append_len(out, name, (gssize)len);
}

/* DNS records that a request waits for, as lines of a zone file; "" where there are none. */
static const char *records_of(const struct screen *s, const char *id)
{
	gssize i = s->current == KIND_REQUESTS ? items_find(s->snap->kind[KIND_REQUESTS], id) : -1;

	return i < 0 ? "" : ((const struct request *)s->snap->kind[KIND_REQUESTS]->item[i])->records;
}

static char *text_to_copy(struct screen *s, enum copied what)
{
	struct tab *t = screen_tab(s);
	struct frame f = screen_frame(s);
	g_autoptr(GString) id = g_string_new(NULL);
	GString *text = g_string_new(NULL);
	g_autoptr(command) c = NULL;

	(void)screen_list(s);
	if (!tab_id(t, &f, id))
		return g_string_free(text, TRUE);
	if (what == COPY_NAME)
		add_name(text, &f, t);
	else if (what == COPY_ID)
		g_string_append(text, id->str);
	else if (what == COPY_PEM)
		g_string_append(text, pane_pem(s, s->current, id->str) ?: "");
	else if (what == COPY_RECORDS)
		g_string_append_printf(text, "%s\n", records_of(s, id->str));
	else {
		c = command_new(VERB_SHOW, id->str);
		twin_say(text, c);
	}
	return g_string_free(text, FALSE);
}

static const char *const copied_word[] = {
	[COPY_NAME] = "name", [COPY_ID] = "id", [COPY_PEM] = "PEM", [COPY_TWIN] = "command",
	[COPY_RECORDS] = "records",
};

static unsigned copy(struct screen *s, int what)
{
	g_autofree char *text = text_to_copy(s, (enum copied)what);

	if (text)
		screen_copy(s, copied_word[what], text);
	return UI_REDRAW;
}

/* The records go to whoever keeps the zone: a file with the name that they are for. */
static unsigned save_records(struct screen *s, int what)
{
	g_autofree char *text = text_to_copy(s, (enum copied)what),
			*name = text_to_copy(s, COPY_NAME),
			*path = g_strdup_printf("%s.zone", g_strdelimit(name, "/*", '_'));

	save_open(s, "Records", path, text);
	return UI_REDRAW;
}

static void fill_records(struct menu *m, const struct screen *s, const char *id)
{
	const char *records = records_of(s, id);
	const char *why = *records ? NULL : "It waits for no DNS record.";

	menu_add(m, 'r', "records", *records ? records : "none", why, copy, COPY_RECORDS);
	menu_add(m, 'f', "records to a file", *records ? "as lines of a zone file" : "none", why,
		 save_records, COPY_RECORDS);
}

static void fill_copy(struct menu *m, struct screen *s)
{
	g_autofree char *name = text_to_copy(s, COPY_NAME), *id = text_to_copy(s, COPY_ID),
			*twin = text_to_copy(s, COPY_TWIN);
	bool has_pem = pane_pem(s, s->current, id) != NULL;

	menu_add(m, 'n', "name", name, NULL, copy, COPY_NAME);
	menu_add(m, 'i', "id", id, NULL, copy, COPY_ID);
	if (s->current == KIND_CERTS)
		menu_add(m, 'p', "PEM", has_pem ? "the certificate" : "being read",
			 has_pem ? NULL : "The certificate is still being read.", copy, COPY_PEM);
	if (s->current == KIND_REQUESTS)
		fill_records(m, s, id);
	menu_add(m, 'c', "command", twin, NULL, copy, COPY_TWIN);
}

void menu_open_copy(struct screen *s)
{
	struct menu *m = menu_new("Copy to your clipboard");
	g_autofree char *id = text_to_copy(s, COPY_ID);

	if (s->current == KIND_CERTS && s->is_loaded && !pane_find_detail(s, s->current, id))
		pane_ask(s, s->current, id);
	menu_fill(m, s, fill_copy);
	menu_open(s, m, 0);
}
