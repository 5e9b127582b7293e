/*
 * save: a text written to a file whose name is typed in the status line.
 */
#include "save.h"

#include <string.h>

#include <certty/base/err.h>
#include <certty/base/file.h>

#include "complete.h"
#include "screen.h"
#include "term.h"

#define PATH_MOST 4000
#define SAVED_MODE 0644		/* what is saved here is public */

struct save {
	struct layer layer;
	struct edit edit;
	char *prompt, *text;
	char *there;		/* the path of which was said that it is there; or NULL */
};

static void free_save(struct layer *l)
{
	struct save *v = (struct save *)l;

	edit_done(&v->edit);
	g_free(v->prompt);
	g_free(v->text);
	g_free(v->there);
	g_free(v);
}

static unsigned write_it(struct save *v, struct screen *s)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *path = file_absolute(edit_text(&v->edit));
	g_autofree char *shown = file_shown(path);
	bool is_said = v->there && !strcmp(v->there, path);

	if (edit_is_empty(&v->edit))
		return UI_REDRAW;
	if (file_write(path, v->text, strlen(v->text), SAVED_MODE,
		       is_said ? FILE_REPLACE : FILE_NEW, &error)) {
		layer_pop(s);
		screen_say(s, ROLE_notice, "Written to %s.", shown);
		return UI_REDRAW;
	}
	g_free(v->prompt);
	if (g_error_matches(error, ERR, ERR_EXISTS) && !is_said) {
		g_free(v->there);
		v->there = g_steal_pointer(&path);
		v->prompt = g_strdup("It is there already; Enter replaces it:");
		return UI_REDRAW;
	}
	v->prompt = g_strdup("It cannot be written there:");
	screen_say_failure(s, "%s", error->message);
	return UI_REDRAW;
}

static unsigned complete(struct save *v)
{
	g_autofree char *whole = complete_path(edit_text(&v->edit));

	if (whole)
		edit_set(&v->edit, whole);
	return UI_REDRAW;
}

static unsigned input(struct layer *l, struct screen *s, const struct input *in)
{
	struct save *v = (struct save *)l;

	if (in->kind == INPUT_KEY && in->key == K_ENTER)
		return write_it(v, s);
	if (in->kind == INPUT_KEY && in->key == K_TAB)
		return complete(v);
	if (in->kind == INPUT_KEY && in->key == K_ESC) {
		layer_pop(s);
		screen_say(s, ROLE_status, "Nothing was written.");
		return UI_REDRAW;
	}
	return edit_input(&v->edit, in) == EDIT_IGNORED ? UI_PASS : UI_REDRAW;
}

static void draw(struct layer *l, struct screen *s, const struct layout *where)
{
	struct save *v = (struct save *)l;
	struct rect line = where->status;
	int cells = MIN(text_width(v->prompt, -1), line.cols / 2);

	term_fill(line.y, line.x, 1, line.cols, ROLE_status);
	term_text(line.y, line.x, cells, ROLE_prompt, v->prompt);
	edit_draw(&v->edit, line.y, line.x + cells + 1, line.cols - cells - 1, ROLE_text, true);
}

static const struct layer_type save_type = {
	.title = "File", .place = IN_LINE, .has_status = true,
	.hints = "Enter\twrite it\tTab\tcomplete\tEsc\tleave it",
	.draw = draw, .input = input, .free = free_save,
};

void save_open(struct screen *s, const char *what, const char *path, const char *text)
{
	struct save *v = g_new0(struct save, 1);

	v->layer.type = &save_type;
	v->prompt = g_strdup_printf("%s to the file:", what);
	v->text = g_strdup(text);
	edit_init(&v->edit, PATH_MOST, NULL);
	edit_set(&v->edit, path);
	layer_push(s, &v->layer);
}
