/*
 * review: what is seen before approving.
 *
 * The detail comes from the engine; until it is there nothing can be approved.
 */
#include "review.h"

#include <string.h>

#include <certty/model/request.h>
#include <certty/model/verb.h>

#include "forecast.h"
#include "give.h"
#include "sign.h"
#include "screen.h"
#include "term.h"

#define ANSWER_CELLS 10		/* for the word that is typed */
#define DIGEST "digest"		/* of exactly what was seen, where the verb takes it */
#define ACCEPT "accept"		/* its warnings, likewise */

struct review {
	struct layer layer;
	struct pager pager;
	struct command *command;
	guint at;			/* which target */
	const struct detail *shown;	/* borrowed from `held` */
	struct detail *held;
	struct forecast forecast;	/* of the target */
	struct edit edit;
	bool is_asked;
	struct request *seen;		/* as it was when this one was begun; or NULL */
};

static void free_review(struct layer *l)
{
	struct review *r = (struct review *)l;

	pager_done(&r->pager);
	command_free(r->command);
	detail_unref(r->held);
	forecast_done(&r->forecast);
	edit_done(&r->edit);
	request_unref(r->seen);
	g_free(r);
}

static const char *target(const struct review *r)
{
	return r->command->targets->pdata[r->at];
}

static const struct request *find_request(const struct screen *s, const char *id)
{
	uint32_t row = view_find(view_table[KIND_REQUESTS], s->snap, id);

	return row == CERTS_NONE ? NULL : view_item(view_table[KIND_REQUESTS], s->snap, row);
}

/* ---- what is shown ---- */

static void add_oddities(struct review *r, const struct request *q)
{
	g_auto(GStrv) lines = g_strsplit(q->oddities, "\n", -1);
	bool first = true;

	if (!*q->oddities) {
		pager_add(&r->pager, "odd about it", ROLE_good, "nothing was noticed");
		return;
	}
	for (char **line = lines; *line; line++) {
		g_autofree char *text = NULL;

		if (!**line)
			continue;
		text = g_strdup_printf("%s %s", sign_text(SIGN_attention), *line);
		pager_add(&r->pager, first ? "odd about it" : "", ROLE_warn, text);
		first = false;
	}
}

static void add_answers(struct review *r)
{
	for (const struct field *f = r->command->verb->fields; f && f->key; f++) {
		const char *value = args_get(r->command->args, f->key);

		if (f->kind != FIELD_SECRET && value && strcmp(f->key, DIGEST) && strcmp(f->key, ACCEPT))
			pager_add(&r->pager, f->label, ROLE_notice, value);
	}
}

static void fill(struct review *r, struct screen *s)
{
	const struct request *q = find_request(s, target(r));
	int top = r->pager.top;

	pager_clear(&r->pager);
	if (!q) {
		pager_add_plain(&r->pager, ROLE_bad, "This request is no longer there.");
		return;
	}
	add_oddities(r, q);
	add_answers(r);
	if (r->shown) {
		pager_add(&r->pager, "", ROLE_text, "");
		pane_add_detail(&r->pager, r->shown, "Odd");	/* said above */
		pager_add(&r->pager, "digest", ROLE_dim, q->digest);
		pager_add(&r->pager, "", ROLE_text, "");
		forecast_add(&r->forecast, &r->pager);
	} else {
		pager_add_plain(&r->pager, ROLE_dim, "The request is being read.");
	}
	r->pager.top = top;
}

static struct command *order_for_one(struct review *r, const struct request *q);

/* Once what is asked is known, what would be done. */
static void ask_plan(struct review *r, struct screen *s)
{
	g_autoptr(command) c = r->seen ? order_for_one(r, r->seen) : NULL;

	if (c)
		forecast_ask(&r->forecast, s, c);
}

/* What was read before may be of another request, which lay in the same place. */
static const struct detail *find_detail(const struct review *r, struct screen *s)
{
	const struct request *q = find_request(s, target(r));
	const struct detail *d = pane_find_detail(s, KIND_REQUESTS, target(r));

	return d && q && (!d->digest || !strcmp(d->digest, q->digest)) ? d : NULL;
}

static void look_for_detail(struct review *r, struct screen *s)
{
	const struct detail *d = find_detail(r, s);

	if (!d && !r->is_asked) {
		r->is_asked = true;
		pane_ask(s, KIND_REQUESTS, target(r));
	}
	if (d && d != r->held) {
		detail_unref(r->held);
		r->held = detail_ref((struct detail *)d);
		r->shown = r->held;
		ask_plan(r, s);
	}
}

/* Nothing of it is seen yet. */
static void begin(struct review *r, struct screen *s)
{
	const struct request *q = find_request(s, target(r));

	detail_unref(g_steal_pointer(&r->held));
	forecast_done(&r->forecast);
	r->shown = NULL;
	r->is_asked = false;
	r->pager.top = 0;
	request_unref(r->seen);
	r->seen = q ? request_ref((struct request *)q) : NULL;
	edit_set(&r->edit, "");
	look_for_detail(r, s);
	fill(r, s);
}

/* It became another one, or odder, while somebody was reading. */
static bool is_another(const struct review *r, const struct screen *s)
{
	const struct request *q = find_request(s, target(r));

	return q && (!r->seen || strcmp(q->digest, r->seen->digest) ||
		     strcmp(q->oddities, r->seen->oddities));
}

static void fresh(struct layer *l, struct screen *s)
{
	struct review *r = (struct review *)l;
	const struct detail *before = r->shown;

	if (is_another(r, s)) {
		begin(r, s);
		screen_say(s, ROLE_warn, "It changed while you were reading: this is how it is now.");
		return;
	}
	look_for_detail(r, s);
	if (forecast_look(&r->forecast, s) || before != r->shown || !find_request(s, target(r)))
		fill(r, s);
}

static bool can_answer(const struct review *r, const struct screen *s)
{
	return r->shown && r->forecast.plan && r->pager.is_seen && find_request(s, target(r));
}

static void draw_title(struct review *r, struct screen *s, struct rect line)
{
	g_autoptr(GString) title = g_string_new(NULL), fit = g_string_new(NULL);

	g_string_append_printf(title, "%s ", r->command->verb->name);
	give_say_target(s, r->command->verb, target(r), title);
	g_string_append_c(title, '?');
	if (r->command->targets->len > 1)
		g_string_append_printf(title, "   %u of %u", r->at + 1,
				       r->command->targets->len);
	text_fit(fit, title->str, line.cols, ALIGN_LEFT);
	term_text(line.y, line.x, line.cols, ROLE_title, fit->str);
}

static void draw(struct layer *l, struct screen *s, const struct layout *where)
{
	struct review *r = (struct review *)l;
	struct rect body = where->body, line;
	g_autofree char *prompt = NULL;
	int cells;

	draw_title(r, s, rect_cut_top(&body, 1));
	if (where->has_rules) {
		line = rect_cut_top(&body, 1);
		term_rule(line.y, line.x, line.cols);
	}
	pager_draw(&r->pager, body, true);
	line = where->status;
	term_fill(line.y, line.x, 1, line.cols, ROLE_status);
	prompt = can_answer(r, s) ?
		g_strdup_printf("Type the word %s, Esc leaves it as it is:",
				r->command->verb->name) :
		g_strdup(r->forecast.refusal ? "It would be refused; Esc leaves it as it is" :
			 !r->shown ? "Waiting for the request's text" :
			 forecast_is_due(&r->forecast) ? "Waiting for its plan" :
			 "Read to the end first: Space or PgDn");
	cells = MIN(text_width(prompt, -1), line.cols - (can_answer(r, s) ? ANSWER_CELLS : 0));
	term_text(line.y, line.x, cells, ROLE_prompt, prompt);
	if (can_answer(r, s))
		edit_draw(&r->edit, line.y, line.x + cells + 1, line.cols - cells - 1, ROLE_text,
			  true);
}

/* ---- what is answered ---- */

static struct command *order_for_one(struct review *r, const struct request *q)
{
	const struct verb *v = r->command->verb;
	struct command *c = command_new(v->id, target(r));
	g_autofree char *warnings = request_warnings(q);

	for (const struct field *f = v->fields; f && f->key; f++) {
		const struct secret *secret = args_secret(r->command->args, f->key);

		if (f->kind == FIELD_SECRET && secret)
			args_put_secret(c->args, f->key, secret_dup(secret));
		else if (f->kind != FIELD_SECRET)
			args_set(c->args, f->key, args_get(r->command->args, f->key));
	}
	if (field_find(v->fields, DIGEST))
		args_set(c->args, DIGEST, q->digest);
	if (field_find(v->fields, ACCEPT))
		args_set(c->args, ACCEPT, warnings);
	return c;
}

/* The next target, or the end. */
static unsigned go_on(struct review *r, struct screen *s)
{
	if (++r->at >= r->command->targets->len) {
		layer_pop(s);
		return UI_REDRAW;
	}
	begin(r, s);
	return UI_REDRAW;
}

static unsigned approve(struct review *r, struct screen *s)
{
	const struct request *q = find_request(s, target(r));
	g_autofree char *word = g_strstrip(g_strdup(edit_text(&r->edit)));	/* Space reads on */

	if (!q || !r->seen || strcmp(word, r->command->verb->name))
		return UI_NONE;
	give_agreed(s, order_for_one(r, r->seen));
	return go_on(r, s);
}

static unsigned leave(struct review *r, struct screen *s)
{
	if (r->at + 1 < r->command->targets->len)
		return go_on(r, s);
	layer_pop(s);
	screen_say(s, ROLE_status, "Left as it is.");
	return UI_REDRAW;
}

static unsigned input(struct layer *l, struct screen *s, const struct input *in)
{
	struct review *r = (struct review *)l;

	if (in->kind == INPUT_KEY && in->key == K_ESC)
		return leave(r, s);
	if (in->kind == INPUT_KEY && in->key == FORECAST_COPY) {
		forecast_copy(&r->forecast, s);
		fill(r, s);
		return UI_REDRAW;
	}
	if (!can_answer(r, s)) {
		if (in->kind == INPUT_KEY && in->key == ' ') {
			pager_move(&r->pager, MOVE_PAGE_DOWN);
			return UI_REDRAW;
		}
		return UI_PASS;
	}
	if (in->kind == INPUT_KEY && in->key == K_ENTER)
		return approve(r, s);
	if (edit_input(&r->edit, in) == EDIT_IGNORED)
		return UI_PASS;
	return UI_REDRAW;
}

static void move(struct layer *l, struct screen *s, enum move how)
{
	pager_move(&((struct review *)l)->pager, how);
}

static const struct layer_type review_type = {
	.title = "Review", .place = IN_REVIEW, .covers = true, .has_status = true,
	.hints = "PgDn\tread on\tEnter\tthe word is typed\tEsc\tleave it\t" FORECAST_HINT,
	.draw = draw, .input = input, .move = move, .fresh = fresh, .free = free_review,
};

void review_open(struct screen *s, struct command *c)
{
	struct review *r = g_new0(struct review, 1);

	r->layer.type = &review_type;
	r->command = c;
	pager_init(&r->pager);
	edit_init(&r->edit, 64, NULL);
	begin(r, s);
	layer_push(s, &r->layer);
}
