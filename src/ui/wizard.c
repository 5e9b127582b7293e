/*
 * wizard: adding an account, changing one, and giving it new secrets.
 *
 * The pages, their keys, and what is asked of the engine from here: unlocking the place for the
 * secrets, the test, the order itself.  The answer to each is a job, found in the snapshots by
 * its number; a command goes to the engine with the only copy of the secrets beside the form's.
 */
#include "wizard_own.h"

#include <string.h>

#include "follow.h"
#include "term.h"

static const struct layer_type page_types[PAGE_COUNT];

/* ---- life ---- */

static void free_wizard(struct layer *l)
{
	struct wizard *w = (struct wizard *)l;

	wizard_drop_answers(w);
	answer_done(&w->path);
	secret_free(w->block);
	account_unref(w->account);
	g_array_unref(w->rows);
	g_free(w->why);
	g_free(w->file);
	g_free(w->said);
	g_free(w);
}

static const struct field path_field = {
	"path", FIELD_FILE_IN, "File", true, NULL, NULL,
	"where another tool keeps its credentials, as in ~/.edgerc; Tab completes", NULL, NULL
};

static struct wizard *new_wizard(struct screen *s, enum verb_id verb)
{
	struct wizard *w = g_new0(struct wizard, 1);

	w->screen = s;
	w->verb = verb;
	w->rows = g_array_new(FALSE, FALSE, sizeof(struct row));
	answer_init(&w->path, &path_field, NULL);
	wizard_go(w, PAGE_PICK);
	return w;
}

void wizard_go(struct wizard *w, enum wizard_page page)
{
	w->page = page;
	w->layer.type = &page_types[page];
	if (page == PAGE_PASTE)
		return;
	g_clear_pointer(&w->block, secret_free);
	w->block_len = 0;
}

static void hush(struct wizard *w)
{
	g_clear_pointer(&w->said, g_free);
}

void wizard_say(struct wizard *w, enum role role, const char *format, ...)
{
	va_list args;

	hush(w);
	va_start(args, format);
	w->said = g_strdup_vprintf(format, args);
	va_end(args);
	w->said_role = role;
}

/* ---- providers ---- */

const struct provider_info *const *wizard_providers(const struct screen *s)
{
	static const struct provider_info *const none[] = { NULL };

	return s->engine.providers ? s->engine.providers(s->engine.who) : none;
}

const struct provider_info *wizard_provider_at(const struct screen *s, size_t i)
{
	const struct provider_info *const *p = wizard_providers(s);

	for (; *p; p++)
		if ((*p)->account_fields && !i--)
			return *p;
	return NULL;
}

static size_t count_providers(const struct screen *s)
{
	size_t n = 0;

	while (wizard_provider_at(s, n))
		n++;
	return n;
}

size_t wizard_picks(const struct screen *s)
{
	return count_providers(s) + PICK_MORE;
}

static const struct provider_info *find_provider(const struct screen *s, const char *name)
{
	const struct provider_info *info;

	for (size_t i = 0; (info = wizard_provider_at(s, i)); i++)
		if (!strcmp(info->name, name))
			return info;
	return NULL;
}

/* ---- what is asked of the engine ---- */

static void send(struct wizard *w, struct command *c, enum errand errand, const char *saying)
{
	struct screen *s = w->screen;
	g_autoptr(GError) error = NULL;

	if (!command_check(c, s->is_read_only, &error)) {
		wizard_say(w, ROLE_bad, "%s", error->message);
		command_free(c);
		return;
	}
	w->job = s->engine.submit ? s->engine.submit(s->engine.who, c) : 0;
	w->errand = w->job ? errand : ERRAND_NONE;
	if (w->job)
		wizard_say(w, ROLE_dim, "%s", saying);
	else
		wizard_say(w, ROLE_bad, "The engine is busy with earlier orders: try again in a "
					"moment.");
	if (!s->engine.submit)
		command_free(c);
}

static void order(struct wizard *w, bool only_test)
{
	g_autoptr(GError) error = NULL;
	struct command *c;

	if (!wizard_check(w)) {
		hush(w);
		return;
	}
	c = wizard_command(w, only_test, &error);
	if (c)
		send(w, c, only_test ? ERRAND_TEST : ERRAND_SAVE,
		     only_test ? "Signing in" : "Being kept");
	else
		wizard_say(w, ROLE_bad, "%s", error->message);
}

static bool is_typed_twice(struct wizard *w, const struct secret *once)
{
	struct answer *more = wizard_part(w, PART_MAKE);
	g_autoptr(secret) twice = edit_dup_secret(&more->edit);

	if (wizard_stand(w, wizard_shut(w)) != RUNG_ABSENT)
		return true;
	if (secret_equal(once, twice))
		return true;
	g_free(more->wrong);
	more->wrong = g_strdup("the two are not the same");
	return false;
}

static void unlock(struct wizard *w)
{
	struct answer *a = wizard_part(w, PART_OPEN);
	struct command *c;
	struct secret *once;

	if (edit_is_empty(&a->edit)) {
		g_free(a->wrong);
		a->wrong = g_strdup("a passphrase is needed");
		return;
	}
	once = edit_dup_secret(&a->edit);
	if (!once || !is_typed_twice(w, once)) {
		secret_free(once);
		return;
	}
	w->opens = wizard_shut(w);
	c = command_new(VERB_UNLOCK, NULL);
	args_set(c->args, "what", rung_word(w->opens));
	args_put_secret(c->args, "passphrase", once);
	send(w, c, ERRAND_UNLOCK, "Unlocking");
}

/* ---- and how it ends ---- */

static void clear(struct wizard *w, enum part part)
{
	struct answer *a = wizard_part(w, part);

	if (a)
		secret_free(edit_take_secret(&a->edit));
}

/* Passphrases are for once, and so are codes. */
static void clear_given(struct wizard *w, enum errand errand)
{
	if (errand == ERRAND_UNLOCK) {
		clear(w, PART_OPEN);
		clear(w, PART_MAKE);
	} else {
		clear(w, PART_CODE);
	}
}

static void show_account(struct screen *s, const char *id)
{
	struct frame f = screen_frame(s);
	uint32_t row;

	screen_go(s, KIND_ACCOUNTS);	/* the layer is gone with it */
	row = view_find(view_table[KIND_ACCOUNTS], s->snap, id);
	tab_select(screen_tab(s), &f);
	for (uint32_t i = 0; i < screen_tab(s)->list.n; i++)
		if (screen_tab(s)->list.rows[i] == row)
			list_go(&screen_tab(s)->list, i);
}

static void is_saved(struct wizard *w, const struct job *job)
{
	struct screen *s = w->screen;
	const struct answer *name = wizard_part(w, PART_NAME);
	g_autofree char *id = g_strdup(w->account ? w->account->id : answer_value(name));
	g_autofree char *said = g_strdup(job->said);
	bool has_trouble = job->state == JOB_PARTLY;

	show_account(s, id);
	if (has_trouble)
		screen_say_failure(s, "%s", said ? said : job_state_word(JOB_PARTLY));
	else
		screen_say(s, ROLE_notice, "%s", said ? said : "The account is kept.");
	follow_remedied(s);
}

static void learn_shut(struct wizard *w, enum rung rung)
{
	bool is_none = w->screen->snap->rung[rung].stand == RUNG_ABSENT;

	w->learnt[rung] = is_none ? RUNG_ABSENT : RUNG_LOCKED;
}

/* Of several secrets nobody knows which. */
static void refuse_secrets(struct wizard *w)
{
	for (size_t i = 0; i < w->n; i++)
		if (w->answers[i].part == PART_OWN)
			answer_refuse(&w->answers[i].answer);
	if (w->verb == VERB_ACCOUNT_ROTATE)
		wizard_go_to(w, PART_OWN);
}

static void hear_failure(struct wizard *w, const struct job *job, enum errand errand)
{
	bool is_shut = job->wants == WANT_KEYRING || job->wants == WANT_FILE;

	wizard_say(w, ROLE_bad, "%s", job->said ? job->said : job_state_word(job->state));
	w->wants_code |= job->wants == WANT_CODE;
	if (is_shut)
		learn_shut(w, job->wants == WANT_FILE ? RUNG_FILE : RUNG_KEYRING);
	wizard_show_rows(w);
	if (job->wants == WANT_SECRET)
		refuse_secrets(w);
	if (job->wants == WANT_CODE)
		wizard_go_to(w, PART_CODE);
	else if (is_shut || errand == ERRAND_UNLOCK)
		wizard_go_to(w, PART_OPEN);
	else if (errand == ERRAND_SAVE && wizard_stand(w, wizard_rung(w)) == RUNG_UNUSABLE)
		wizard_go_to(w, PART_KEEP);
}

static void hear_success(struct wizard *w, const struct job *job, enum errand errand)
{
	if (errand == ERRAND_SAVE) {
		is_saved(w, job);
		return;
	}
	w->is_proved = errand == ERRAND_TEST && job->state == JOB_DONE;
	if (errand == ERRAND_UNLOCK) {
		w->learnt[w->opens] = RUNG_OPEN;
		wizard_show_rows(w);
		wizard_go_to(w, PART_KEEP);
	}
	wizard_say(w, job->state == JOB_PARTLY ? ROLE_warn : ROLE_good, "%s",
		   job->said ? job->said : "It works.");
}

static void fresh(struct layer *l, struct screen *s)
{
	struct wizard *w = (struct wizard *)l;
	const struct job *job = w->errand ? follow_find(s, w->job) : NULL;
	enum errand errand = w->errand;

	if (w->page == PAGE_FORM)
		wizard_show_rows(w);
	if (job && !job_is_over(job) && job->said)
		wizard_say(w, ROLE_dim, "%s", job->said);
	if (!job || !job_is_over(job))
		return;
	w->errand = ERRAND_NONE;
	clear_given(w, errand);
	if (job->state == JOB_DONE || job->state == JOB_PARTLY)
		hear_success(w, job, errand);
	else
		hear_failure(w, job, errand);
}

/* ---- leaving ---- */

/* A test that nobody waits for is stopped; of an order, how it ends is still to be said. */
static void part_with_job(struct wizard *w)
{
	struct screen *s = w->screen;
	g_autofree char *id = g_strdup_printf("%" G_GUINT64_FORMAT, (guint64)w->job);

	if (w->errand == ERRAND_SAVE)
		follow_watch(s, w->job, w->verb);
	else if (w->errand != ERRAND_NONE)
		s->engine.submit(s->engine.who, command_new(VERB_CANCEL, id));
	w->errand = ERRAND_NONE;
}

static unsigned leave(struct wizard *w)
{
	struct screen *s = w->screen;
	bool was_saving = w->errand == ERRAND_SAVE;

	if (!was_saving && !w->is_warned && w->page == PAGE_FORM && wizard_is_changed(w)) {
		w->is_warned = true;
		screen_say(s, ROLE_notice, "Esc once more leaves it; what was typed is forgotten.");
		return UI_REDRAW;
	}
	part_with_job(w);
	follow_give_up(s);
	layer_pop(s);
	screen_say(s, ROLE_status, was_saving ? "It is still being kept; the Jobs tab tells." :
						"Nothing was done.");
	return UI_REDRAW;
}

/* Back one page where nothing is lost by that. */
static unsigned back(struct wizard *w)
{
	bool was_picked = w->verb == VERB_ACCOUNT_ADD && w->page == PAGE_FORM && !w->errand &&
			  !wizard_is_changed(w);

	if (w->page == PAGE_PICK || (w->page == PAGE_FORM && !was_picked))
		return leave(w);
	hush(w);
	wizard_go(w, PAGE_PICK);
	return UI_REDRAW;
}

/* ---- keys: which provider ---- */

static unsigned pick(struct wizard *w)
{
	size_t n = count_providers(w->screen);

	hush(w);
	if (w->pick < n) {
		wizard_choose(w, wizard_provider_at(w->screen, w->pick));
		wizard_go(w, PAGE_FORM);
	} else {
		wizard_go(w, w->pick - n == PICK_FILE ? PAGE_FILE : PAGE_PASTE);
	}
	return UI_REDRAW;
}

static unsigned input_pick(struct wizard *w, const struct input *in)
{
	size_t n = wizard_picks(w->screen);
	int to = -1;

	if (in->kind == INPUT_PASTE) {
		wizard_take_block(w, in->paste.bytes, in->paste.len);
		return UI_REDRAW;
	}
	if (in->kind != INPUT_KEY)
		return UI_PASS;
	if (in->key == K_ENTER)
		return pick(w);
	if (in->key == K_DOWN || in->key == 'j' || in->key == K_TAB)
		to = (int)((w->pick + 1) % n);
	else if (in->key == K_UP || in->key == 'k' || in->key == (K_TAB | K_SHIFT))
		to = (int)((w->pick + n - 1) % n);
	else if (in->key >= '1' && in->key < '1' + MIN(n, 9u))
		to = (int)(in->key - '1');
	if (to < 0)
		return key_is_text(in->key) ? UI_NONE : UI_PASS;
	w->pick = (size_t)to;
	return UI_REDRAW;
}

/* ---- keys: a block typed in, a file ---- */

static unsigned input_paste(struct wizard *w, const struct input *in)
{
	struct secret *block;

	if (in->kind == INPUT_PASTE) {
		wizard_take_block(w, in->paste.bytes, in->paste.len);
		return UI_REDRAW;
	}
	if (in->kind != INPUT_KEY)
		return UI_PASS;
	if (in->key != ('d' | K_CTRL)) {
		if (!key_is_text(in->key) && in->key != K_ENTER && in->key != K_TAB &&
		    in->key != K_BACKSPACE)
			return UI_PASS;
		if (!wizard_add_typed(w, in->key))
			term_bell();
		return UI_REDRAW;
	}
	block = g_steal_pointer(&w->block);
	if (block)
		wizard_take_block(w, block->bytes, w->block_len);
	secret_free(block);
	w->block_len = 0;
	return UI_REDRAW;
}

static unsigned input_file(struct wizard *w, const struct input *in)
{
	if (in->kind == INPUT_PASTE && wizard_is_block(in->paste.bytes, in->paste.len)) {
		wizard_take_block(w, in->paste.bytes, in->paste.len);
		return UI_REDRAW;
	}
	if (in->kind == INPUT_KEY && in->key == K_TAB) {
		answer_complete(&w->path);
		return UI_REDRAW;
	}
	if (in->kind == INPUT_KEY && in->key == K_ENTER) {
		if (answer_check(&w->path, true))
			wizard_read_file(w, answer_value(&w->path));
		return UI_REDRAW;
	}
	return answer_input(&w->path, in);
}

/* ---- keys: the form ---- */

static struct row *row_at(struct wizard *w)
{
	return &g_array_index(w->rows, struct row, w->at);
}

static unsigned step(struct wizard *w, int by)
{
	size_t n = w->rows->len;

	w->at = (w->at + n + (size_t)(by < 0 ? n - 1 : 1)) % n;
	return UI_REDRAW;
}

/* A place that is a program means: for each secret a command. */
static void follow_place(struct wizard *w)
{
	bool is_command = wizard_rung(w) == RUNG_COMMAND;

	for (size_t i = 0; i < w->n; i++)
		if (w->answers[i].part == PART_OWN)
			answer_by_command(&w->answers[i].answer, is_command);
}

static void is_answered(struct wizard *w, struct row *row)
{
	if (row->of->part == PART_KEEP)
		follow_place(w);
	w->is_proved = false;
	if (!w->errand)
		hush(w);	/* a verdict on what stood there before */
	wizard_show_rows(w);
}

static unsigned input_answer(struct wizard *w, struct row *row, const struct input *in)
{
	unsigned done;

	if (in->kind == INPUT_KEY && in->key == K_F(2) &&
	    row->of->part == PART_OWN && row->of->answer.field->kind == FIELD_SECRET) {
		answer_by_command(&row->of->answer, !row->of->answer.is_command);
		return UI_REDRAW;
	}
	if (in->kind == INPUT_KEY && in->key == K_TAB && answer_complete(&row->of->answer))
		return UI_REDRAW;
	done = answer_input(&row->of->answer, in);
	if (done != UI_PASS && done != UI_NONE)
		is_answered(w, row);
	return done;
}

static unsigned do_row(struct wizard *w, const struct row *row)
{
	if (row->kind == ROW_ANSWER)
		return step(w, 1);
	if (row->kind == ROW_MORE) {
		w->is_unfolded = !w->is_unfolded;
		wizard_show_rows(w);
	} else if (w->errand) {
		screen_say(w->screen, ROLE_notice, "One thing at a time: the last is under way.");
	} else if (row->kind == ROW_UNLOCK) {
		unlock(w);
	} else {
		order(w, row->kind == ROW_TEST);
	}
	return UI_REDRAW;
}

static bool take_paste(struct wizard *w, const struct input *in)
{
	const struct row *row = row_at(w);
	bool was_filled;

	if (in->kind != INPUT_PASTE || !wizard_is_block(in->paste.bytes, in->paste.len))
		return false;
	was_filled = wizard_take_block(w, in->paste.bytes, in->paste.len);
	/* A key in PEM is no block, but what that field wants. */
	return was_filled || row->kind != ROW_ANSWER || !answer_is_secret(&row->of->answer);
}

static unsigned input_form(struct wizard *w, const struct input *in)
{
	struct row *row = row_at(w);
	unsigned done = UI_PASS;

	if (take_paste(w, in))
		return UI_REDRAW;
	if (row->kind == ROW_ANSWER)
		done = input_answer(w, row, in);
	if (done != UI_PASS || in->kind != INPUT_KEY)
		return done;
	if (in->key == K_ENTER || (in->key == ' ' && row->kind != ROW_ANSWER))
		return do_row(w, row);
	if (in->key == K_DOWN || in->key == K_TAB)
		return step(w, 1);
	if (in->key == K_UP || in->key == (K_TAB | K_SHIFT))
		return step(w, -1);
	return UI_PASS;
}

static unsigned input(struct layer *l, struct screen *s, const struct input *in)
{
	static unsigned (*const by_page[])(struct wizard *w, const struct input *in) = {
		[PAGE_PICK] = input_pick, [PAGE_PASTE] = input_paste,
		[PAGE_FILE] = input_file, [PAGE_FORM] = input_form,
	};
	struct wizard *w = (struct wizard *)l;
	unsigned done;

	(void)s;
	if (in->kind == INPUT_KEY && in->key == K_ESC)
		return back(w);
	done = by_page[w->page](w, in);
	if (done == UI_NONE || done == UI_REDRAW)
		w->is_warned = false;
	return done;
}

#define PAGE(what_to_press) {                                                               \
	.title = "Account", .place = IN_LINE, .covers = true, .hints = what_to_press,       \
	.draw = wizard_draw, .input = input, .fresh = fresh, .free = free_wizard,           \
}

static const struct layer_type page_types[PAGE_COUNT] = {
	[PAGE_PICK] = PAGE("Enter\tchoose\tEsc\tleave it"),
	[PAGE_PASTE] = PAGE("C-d\tread it\tEsc\tback"),
	[PAGE_FILE] = PAGE("Enter\tread it\tTab\tcomplete\tEsc\tback"),
	[PAGE_FORM] = PAGE("Enter\tnext, or do it\tEsc\tleave it\tSpace\tchoose\tF2\t"
			   "secret by command"),
};

/* ---- opening ---- */

bool wizard_open(struct screen *s, const char *provider)
{
	const struct provider_info *info = provider ? find_provider(s, provider) : NULL;
	struct wizard *w;

	if (provider && !info)
		return false;
	w = new_wizard(s, VERB_ACCOUNT_ADD);
	if (info) {
		wizard_choose(w, info);
		wizard_go(w, PAGE_FORM);
	}
	layer_push(s, &w->layer);
	return true;
}

static struct account *account_of(const struct screen *s, const struct command *c)
{
	uint32_t row = c->targets->len != 1 ? CERTS_NONE :
		       view_find(view_table[KIND_ACCOUNTS], s->snap, c->targets->pdata[0]);

	return row == CERTS_NONE ? NULL :
	       account_ref((struct account *)view_item(view_table[KIND_ACCOUNTS], s->snap, row));
}

void wizard_open_account(struct screen *s, struct command *c, const char *why)
{
	g_autoptr(account) a = account_of(s, c);
	const struct provider_info *info = a ? find_provider(s, a->provider) : NULL;
	struct wizard *w;

	if (!info) {
		screen_say_failure(s, a ? "certty was built without the provider of this account." :
					  "The account is no longer there.");
		command_free(c);
		return;
	}
	w = new_wizard(s, c->verb->id);
	w->account = g_steal_pointer(&a);
	w->why = g_strdup(why);
	wizard_choose(w, info);
	wizard_go(w, PAGE_FORM);
	layer_push(s, &w->layer);
	command_free(c);
}
