/*
 * keyfactor_keystore_save: Command's certificate stores are written to the file that makes them again: all of
 * a type, those of one of its agents, one alone, or none, which is a template.
 *
 *   the type ─► (agent) ─► its stores, page by page ─► the file
 */
#include "keyfactor_keystores.h"

#include <string.h>

#include <certty/base/file.h>

#define TYPE   "reading the type (GET /CertificateStoreTypes)"
#define STORES "listing its stores (GET /CertificateStores)"

/* clang-format off */
const struct field keyfactor_save_questions[] = {
	{ "rows",  FIELD_CHOICE, "Rows",  false, "stores", "stores none",
	  "a row for each of its stores, or the head line alone, as a template" },
	{ "agent", FIELD_TEXT,   "Agent", false, NULL, NULL,
	  "only the stores that this agent looks after, by its name or its GUID", "rows=stores" },
	{ NULL }
};
/* clang-format on */

struct saving {
	struct keyfactor_kind *kind;
	char *agent;
	GHashTable *seen;
	GString *out;
	guint page, rows, hidden;
	uint64_t total;
};

struct writing {	/* of the work */
	char *path, *text;
	enum file_replace replace;
};

static step_fn store_heard, type_heard, agent_heard, page_heard, written;

static void saving_done(void *saving)
{
	struct saving *s = saving;

	keyfactor_kind_free(s->kind);
	g_free(s->agent);
	g_clear_pointer(&s->seen, g_hash_table_unref);
	if (s->out)
		g_string_free(s->out, TRUE);
	g_free(s);
}

static void writing_free(void *writing)
{
	struct writing *w = writing;

	g_free(w->path);
	g_free(w->text);
	g_free(w);
}

static struct saving *mine(const struct op *op)
{
	return ((struct keyfactor *)op->scratch)->mine;
}

static bool is_type(const struct op *op)
{
	return !strcmp(op->object->type, KEYFACTOR_TYPE);
}

/* ---- asking ---- */

static struct next ask_type(struct op *op, const char *number)
{
	g_autofree char *path = g_strconcat("/CertificateStoreTypes/", number, NULL);

	return next_send(keyfactor_call_get(op, path, NULL), type_heard);
}

struct next keyfactor_keystore_save(struct op *op, const struct reply *none)
{
	struct saving *s = keyfactor_call_mine(op, sizeof(*s), saving_done);
	g_autofree char *path = g_strconcat("/CertificateStores/", object_key(op->object), NULL);

	(void)none;
	s->seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	s->out = g_string_new(NULL);
	return is_type(op) ? ask_type(op, object_key(op->object)) :
			     next_send(keyfactor_call_get(op, path, NULL), store_heard);
}

static struct next write_all(struct op *op);

static void add_row(struct saving *s, const struct json *store)
{
	char *guid = keyfactor_text(store, "Id", 60);

	if (!g_hash_table_add(s->seen, guid))
		return;
	s->rows++;
	s->hidden += !keyfactor_csv_row(s->out, s->kind, store);
}

/* One store alone: it is read for its type, and again as a page of one. */
static struct next store_heard(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	g_autoptr(json) j = keyfactor_call_json(op, r, '{', STORES, &error);
	g_autofree char *number = j ? keyfactor_text(j, "CertStoreType", 20) : NULL;

	return j ? ask_type(op, number) : next_fail_error(op, error);
}

static struct next ask_page(struct op *op)
{
	struct saving *s = mine(op);
	g_autofree char *agent = s->agent ? g_strdup_printf(" AND AgentId -eq \"%s\"", s->agent) : g_strdup("");
	g_autofree char *query = g_strdup_printf("CertStoreType -eq \"%" G_GINT64_FORMAT "\"%s",
						 s->kind->number, agent);
	g_autofree char *path = g_strconcat("/CertificateStores/", object_key(op->object), NULL);

	if (!is_type(op))
		return next_send(keyfactor_call_get(op, path, NULL), page_heard);
	return next_send(keyfactor_ask_keystores(op, query, ++s->page), page_heard);
}

static struct next type_heard(struct op *op, const struct reply *r)
{
	struct saving *s = mine(op);
	const char *agent = args_text(op->args, "agent", "");
	GError *error = NULL;
	g_autoptr(json) j = keyfactor_call_json(op, r, '{', TYPE, &error);

	if (!j)
		return next_fail_error(op, error);
	s->kind = keyfactor_kind_read(j);
	if (!s->kind)
		return next_fail(op, ERR_REPLY, "Command does not tell what the type %s is made of",
				 op->object->name);
	keyfactor_csv_head(s->out, s->kind);
	if (is_type(op) && !strcmp(args_text(op->args, "rows", ""), "none"))
		return write_all(op);
	if (is_type(op) && *agent && !keyfactor_is_guid(agent))
		return next_send(keyfactor_ask_agent(op, agent), agent_heard);
	s->agent = is_type(op) && *agent ? g_strdup(agent) : NULL;
	return ask_page(op);
}

static struct next agent_heard(struct op *op, const struct reply *r)
{
	GError *error = NULL;

	mine(op)->agent = keyfactor_hear_agent(op, r, args_text(op->args, "agent", ""), &error);
	return mine(op)->agent ? ask_page(op) : next_fail_error(op, error);
}

/* Those that nobody has approved yet are none that could be made. */
static struct next page_heard(struct op *op, const struct reply *r)
{
	struct saving *s = mine(op);
	GError *error = NULL;
	g_autoptr(json) j = keyfactor_call_json(op, r, is_type(op) ? '[' : '{', STORES, &error);
	const char *total = r->error ? NULL : reply_header(r, "x-total-count");
	guint before = g_hash_table_size(s->seen);

	if (!j)
		return next_fail_error(op, error);
	if (!is_type(op)) {
		add_row(s, j);
		return write_all(op);
	}
	s->total = total ? g_ascii_strtoull(total, NULL, 10) : s->total;
	for (size_t i = 0; i < json_count(j); i++)
		if (keyfactor_bool(json_at(j, i), "Approved"))
			add_row(s, json_at(j, i));
		else
			g_hash_table_add(s->seen, keyfactor_text(json_at(j, i), "Id", 60));
	if (g_hash_table_size(s->seen) > before && s->page < KEYFACTOR_PAGES_MAX &&
	    (!s->total || g_hash_table_size(s->seen) < s->total))
		return ask_page(op);
	if (s->total > g_hash_table_size(s->seen))
		return next_fail(op, ERR_LIMIT, "Command has %" G_GUINT64_FORMAT " such stores and told of %u: "
				 "nothing is written", s->total, g_hash_table_size(s->seen));
	return write_all(op);
}

/* ---- the file ---- */

static void write_file(struct work *w)
{
	const struct writing *f = w->in;

	file_write(f->path, f->text, strlen(f->text), 0600, f->replace, &w->error);
}

static struct next write_all(struct op *op)
{
	struct writing *f = g_new0(struct writing, 1);

	f->path = file_absolute(args_text(op->args, "file", ""));
	f->text = g_strdup(mine(op)->out->str);
	f->replace = args_bool(op->args, "replace") ? FILE_REPLACE : FILE_NEW;
	return next_work(work_new(write_file, f, writing_free, NULL), written);
}

static struct next written(struct op *op, const struct reply *none)
{
	const struct saving *s = mine(op);
	g_autofree char *path = file_shown(args_text(op->args, "file", ""));

	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	op_say(op, "%u store%s of the type %s %s in %s%s", s->rows, s->rows == 1 ? "" : "s", s->kind->name,
	       s->rows == 1 ? "is" : "are", path, s->hidden ? "; secrets, which Command hides, are left empty" :
	       "");
	return next_done();
}

/* ---- plan ---- */

bool keyfactor_keystore_planned_save(struct op *op, struct plan *p, GError **error)
{
	g_autofree char *to = file_absolute(args_text(op->args, "file", ""));
	bool has_rows = !is_type(op) || strcmp(args_text(op->args, "rows", ""), "none");

	(void)error;
	keyfactor_planned_call(op, p, PLAN_ASKS, "GET /CertificateStoreTypes/ID", "which columns there are");
	if (has_rows)
		keyfactor_planned_call(op, p, PLAN_ASKS, "GET /CertificateStores", "what is in them");
	plan_call(p, PLAN_CHANGES, "write", to, has_rows ? "a row for each store, without its secrets" :
							   "the head line alone");
	if (!args_bool(op->args, "replace"))
		plan_not(p, "a file that is there already is not replaced");
	plan_not(p, "nothing is changed in Command");
	return true;
}
