/* desk: a console without a screen. */
#include "desk.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include <certty/base/json.h>

#define LIMIT_MS 120000		/* under a sanitizer, on a busy machine */

void desk_init(struct desk *d, const char *folder, unsigned which)
{
	memset(d, 0, sizeof(*d));
	d->folder = folder;
	d->which = which;
	d->numbers = g_array_new(FALSE, FALSE, sizeof(uint64_t));
}

void desk_done(struct desk *d)
{
	g_array_unref(d->numbers);
}

void desk_open(struct desk *d, const struct desk_rules *rules)
{
	g_autofree char *name = g_strdup_printf("certty-%u.conf", d->which);
	g_autofree char *path = g_build_filename(d->folder, name, NULL);
	g_autofree char *text = g_strconcat(COUNTER_ACCOUNT, rules->account, NULL);
	g_autoptr(GError) error = NULL;
	struct engine_config config = { .state_folder = d->folder, .version = "test",
					.is_read_only = rules->is_read_only };

	g_assert_true(g_file_set_contents(path, text, -1, NULL));
	d->settings = settings_load(path);
	g_assert_true(settings_override(d->settings, "keyring", "use", "off", NULL));
	if (rules->four_eyes)
		g_assert_true(settings_override(d->settings, "safety", "four-eyes", rules->four_eyes,
						NULL));
	config.settings = d->settings;
	d->e = engine_open(&config, &error);
	g_assert_no_error(error);
	d->e->numbers = d->last;
	g_assert_true(engine_start(d->e, &error));
	snapshot_unref(engine_wait_found(d->e));
}

void desk_close(struct desk *d)
{
	engine_stop(d->e);
	d->e = NULL;
	settings_free(d->settings);
}

/* ---- commands ---- */

void desk_clear(struct desk *d)
{
	g_array_set_size(d->numbers, 0);
}

void desk_submit(struct desk *d, struct command *c)
{
	uint64_t number;

	c->is_dry = d->is_dry && c->verb->changes;
	number = engine_submit(d->e, c);
	if (!number)
		return;		/* it is busy */
	g_array_append_val(d->numbers, number);
	d->last = number;
}

const struct job *desk_job(const struct desk *d, uint64_t number)
{
	g_autofree char *id = g_strdup_printf("%" G_GUINT64_FORMAT, number);
	gssize at = items_find(d->e->last->kind[KIND_JOBS], id);

	return at < 0 ? NULL : d->e->last->kind[KIND_JOBS]->item[at];
}

/* Commands are obeyed in their order, and of ended jobs the oldest are dropped: one that is not there, while
 * a later one is, has ended. */
static bool is_all_over(const struct desk *d)
{
	bool is_later = false;

	for (guint i = d->numbers->len; i-- > 0;) {
		const struct job *j = desk_job(d, g_array_index(d->numbers, uint64_t, i));

		if (j ? !job_is_over(j) : !is_later)
			return false;
		is_later |= j != NULL;
	}
	return true;
}

void desk_wait(struct desk *d)
{
	int64_t until = g_get_monotonic_time() + LIMIT_MS * INT64_C(1000);

	/* That one is not among those that are dropped. */
	desk_submit(d, command_new(VERB_SHOW, "stores/" COUNTER_STORE));
	while (!is_all_over(d)) {
		struct pollfd p = { .fd = engine_fd(d->e), .events = POLLIN };
		struct snapshot *s;

		g_assert_cmpint(g_get_monotonic_time(), <, until);
		poll(&p, 1, 1000);
		s = engine_take(d->e);
		if (!s)
			continue;
		engine_give_back(d->e, d->e->last);
		d->e->last = s;
	}
}

const struct items *desk_rows(const struct desk *d)
{
	return d->e->last->kind[KIND_REQUESTS];
}

void desk_order(struct desk *d, const char *name)
{
	struct command *c = command_new(VERB_ORDER, COUNTER_STORE);

	args_set(c->args, "names", name);
	c->is_yes = true;
	desk_submit(d, c);
}

void desk_do(struct desk *d, const struct request *r, enum verb_id verb)
{
	desk_submit(d, command_new(verb, r->id));
}

void desk_deny(struct desk *d, const struct request *r)
{
	struct command *c = command_new(VERB_DENY, r->id);

	args_set(c->args, "reason", "no");
	desk_submit(d, c);
}

void desk_yes_to(struct desk *d, const struct request *r, const char *digest, const char *accept)
{
	struct command *c = command_new(VERB_APPROVE, r->id);

	c->is_yes = true;
	if (digest)
		args_set(c->args, "digest", digest);
	if (accept && *accept)
		args_set(c->args, "accept", accept);
	desk_submit(d, c);
}

static int content_of(const struct request *r)
{
	return strlen(r->digest) == 64 ? (int)g_ascii_strtoull(r->digest + 56, NULL, 16) : -1;
}

void desk_agree(struct desk *d, const struct request *r)
{
	g_autofree char *warnings = request_warnings(r);
	int warning = *r->oddities ? atoi(r->oddities + strlen("warning ")) : 0;

	if (counter_number(r) && content_of(r) >= 0)
		ledger_agree(counter_ledger, counter_number(r), content_of(r), warning);
	desk_yes_to(d, r, r->digest, warnings);
}

void desk_just_yes(struct desk *d, const struct request *r)
{
	if (counter_number(r))
		ledger_agree(counter_ledger, counter_number(r), -1, -1);
	desk_yes_to(d, r, NULL, NULL);
}

void desk_yes_without_warnings(struct desk *d, const struct request *r)
{
	if (counter_number(r) && content_of(r) >= 0)
		ledger_agree(counter_ledger, counter_number(r), content_of(r), 0);
	desk_yes_to(d, r, r->digest, NULL);
}

/* ---- what must hold ---- */

void desk_assert_nothing_wrong(void)
{
	if (*counter_ledger->wrong)
		g_error("%s", counter_ledger->wrong);
}

void desk_settle(struct desk *d)
{
	desk_clear(d);
	for (size_t i = 0; i < desk_rows(d)->n; i++)
		if (!counter_number(desk_rows(d)->item[i]))
			desk_do(d, desk_rows(d)->item[i], VERB_SYNC);
	desk_submit(d, command_new(VERB_REFRESH, COUNTER_STORE));
	desk_wait(d);
}

void desk_check_rows(const struct desk *d)
{
	for (unsigned number = 1; number <= ledger_count(counter_ledger); number++) {
		struct ledger_entry it = ledger_entry(counter_ledger, number);
		g_autofree char *id = counter_id(number), *hidden = g_strconcat("dismissed/", id, NULL);
		g_autofree char *how = engine_recall(d->e, hidden);
		gssize at = items_find(desk_rows(d), id);
		const struct request *r = at < 0 ? NULL : desk_rows(d)->item[at];

		if (!r && how)
			continue;
		g_assert_nonnull(r);
		g_assert_cmpstr(r->title, ==, it.name);
		g_assert_cmpstr(r->theirs, ==, ledger_there_words[it.state]);
		g_assert_cmpint(r->state, ==, counter_state(it.state));
	}
	for (size_t i = 0; i < desk_rows(d)->n; i++)
		g_assert_cmpuint(counter_number(desk_rows(d)->item[i]), !=, 0);
}

/* ---- the journal ---- */

/* What is in it of changes that were begun. */
struct told {
	GHashTable *begun;	/* "VERB TARGET" → how often */
	GHashTable *approved;	/* "TARGET DIGEST WARNINGS" of approvals, a set */
};

static void note_approval(GHashTable *approved, const struct json *j)
{
	const struct json *warnings = json_get(j, "warnings");
	g_autoptr(GString) line = g_string_new(NULL);

	g_string_printf(line, "%s %s", json_str(j, "target"), json_str(j, "digest"));
	for (size_t i = 0; i < json_count(warnings); i++)
		g_string_append_printf(line, "\n%s", json_text(json_at(warnings, i)));
	g_hash_table_add(approved, g_string_free(g_steal_pointer(&line), FALSE));
}

static bool note_line(const char *text, void *who)
{
	g_autoptr(json) j = json_parse(text, strlen(text), DB_JOURNAL_LINE_MAX, NULL);
	const struct told *told = who;
	char *what;

	g_assert_nonnull(j);
	if (g_strcmp0(json_str(j, "phase"), "begin"))
		return true;
	if (!g_strcmp0(json_str(j, "verb"), "approve"))
		note_approval(told->approved, j);
	what = g_strdup_printf("%s %s", json_str(j, "verb"), json_str(j, "target"));
	g_hash_table_replace(told->begun, what,
			     GUINT_TO_POINTER(GPOINTER_TO_UINT(g_hash_table_lookup(told->begun, what)) + 1));
	return true;
}

static void assert_begun(const struct told *told, const char *verb, const char *target, unsigned times)
{
	g_autofree char *what = g_strdup_printf("%s %s", verb, target);
	unsigned begun = GPOINTER_TO_UINT(g_hash_table_lookup(told->begun, what));

	if (begun < times)
		g_error("the journal tells of %u times \"%s\", and it was done %u times", begun, what,
			times);
}

static void check_approval(const struct told *told, const char *id, unsigned number,
			   const struct ledger_entry *it)
{
	g_autofree char *digest = counter_digest(number, it->approved_content);
	g_autoptr(request) r = request_new(id);
	g_autofree char *warnings = NULL, *line = NULL;

	g_assert_cmpuint(it->approvals, <=, 1);
	g_free(r->oddities);
	r->oddities = counter_warning(it->name, it->approved_warning);
	warnings = request_warnings(r);
	line = g_strconcat(id, " ", digest, *warnings ? "\n" : "", warnings, NULL);
	if (it->approvals && !g_hash_table_contains(told->approved, line))
		g_error("the journal does not tell of the approval of %s", line);
}

/* The journal has an approval before it is sent; of the others there are as many as were done, or more. */
static void check_entry(const struct told *told, unsigned number)
{
	static const struct {
		const char *verb;
		enum act act;
	} acts[] = {
		{ "deny", ACT_DENY }, { "withdraw", ACT_WITHDRAW }, { "publish", ACT_PUBLISH },
		{ "resend", ACT_RESEND },
	};
	struct ledger_entry it = ledger_entry(counter_ledger, number);
	g_autofree char *id = counter_id(number);

	check_approval(told, id, number, &it);
	for (size_t i = 0; i < G_N_ELEMENTS(acts); i++)
		assert_begun(told, acts[i].verb, id, it.acts[acts[i].act]);
}

void desk_check_journal(struct desk *d)
{
	struct told told = {
		.begun = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
		.approved = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
	};
	g_autoptr(GError) error = NULL;
	g_autofree char *sentence = NULL;

	engine_journal_verify(d->e, &sentence, &error);
	g_assert_no_error(error);
	engine_journal_each(d->e, note_line, &told, &error);
	g_assert_no_error(error);
	assert_begun(&told, "order", COUNTER_STORE, ledger_count(counter_ledger));
	for (unsigned number = 1; number <= ledger_count(counter_ledger); number++)
		check_entry(&told, number);
	g_hash_table_unref(told.begun);
	g_hash_table_unref(told.approved);
}
