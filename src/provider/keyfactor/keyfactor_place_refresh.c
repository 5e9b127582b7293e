/*
 * keyfactor_place_refresh: reading what Command knows of a store that an agent looks after: the store,
 * what its last inventory found, when that was, and what became of jobs that we asked for.
 *
 * Nothing is asked of the machine itself: what is shown is as old as the inventory, which is said.
 */
#include "keyfactor_places.h"

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/text.h>
#include <certty/model/mark.h>
#include <certty/model/x509.h>

#define READING	  "reading the certificate store (GET /CertificateStores)"
#define INVENTORY "reading its inventory (GET /CertificateStores/…/Inventory)"
#define FETCHING  "reading a certificate (POST /Certificates/Download)"
#define HISTORY	  "reading the job history (GET /OrchestratorJobs/JobHistory)"
#define PAGE	  "1000"
#define PAGES_MAX 10000
#define ENTRY_MAX 100		/* certificates under one alias */

struct reading {
	struct keyfactor_place *before, *p;
	GHashTable *prints;	/* entries of `before`, by alias */
	GHashTable *names;	/* of entries that came: an alias twice is none */
	GHashTable *rows;	/* row in op->old, and one, by alias */
	GHashTable *facts;	/* struct facts by alias, of bytes that came now */
	GPtrArray *wanted;	/* struct keyfactor_entry whose bytes are not read */
	GPtrArray *jobs;	/* struct request: what still waits */
	guint page, failed, odd;
	char *trouble;		/* of the first that failed */
	bool is_denied;
};

static step_fn store_read, type_read, agent_read, page_read, ask_history, history_read, end;

/* ---- life ---- */

static void free_facts(void *facts)
{
	facts_done(facts);
	g_free(facts);
}

static void unref_request(void *request)
{
	request_unref(request);
}

static void reading_done(void *reading)
{
	struct reading *f = reading;

	g_hash_table_unref(f->prints);
	g_hash_table_unref(f->names);
	g_hash_table_unref(f->rows);
	g_hash_table_unref(f->facts);
	g_ptr_array_unref(f->wanted);
	g_ptr_array_unref(f->jobs);
	keyfactor_place_free(f->before);
	keyfactor_place_free(f->p);
	g_free(f->trouble);
	g_free(f);
}

static struct reading *mine(const struct op *op)
{
	return ((struct keyfactor *)op->scratch)->mine;
}

static void begin(struct op *op)
{
	struct reading *f = keyfactor_call_mine(op, sizeof(*f), reading_done);

	f->before = keyfactor_place_read(op->memo);
	f->p = keyfactor_place_read(op->memo);
	g_ptr_array_set_size(f->p->entries, 0);
	f->prints = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; i < f->before->entries->len; i++) {
		struct keyfactor_entry *e = f->before->entries->pdata[i];

		g_hash_table_insert(f->prints, e->alias, e);
	}
	f->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	f->rows = g_hash_table_new(g_str_hash, g_str_equal);
	for (uint32_t i = 0; op->old && i < op->old->n; i++)
		g_hash_table_insert(f->rows, op->old->aliases + op->old->alias[i], GUINT_TO_POINTER(i + 1));
	f->facts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_facts);
	f->wanted = g_ptr_array_new();
	f->jobs = g_ptr_array_new_with_free_func(unref_request);
}

/* ---- the store, its type and its agent ---- */

struct next keyfactor_place_refresh(struct op *op, const struct reply *none)
{
	g_autofree char *path = g_strconcat("/CertificateStores/", keyfactor_place_guid(op->store), NULL);

	(void)none;
	begin(op);
	return next_send(keyfactor_call_get(op, path, NULL), store_read);
}

static struct next ask_page(struct op *op)
{
	g_autofree char *path = g_strdup_printf("/CertificateStores/%s/Inventory",
						keyfactor_place_guid(op->store));
	g_autofree char *page = g_strdup_printf("%u", ++mine(op)->page);

	return next_send(keyfactor_call_get(op, path, "query.pageReturned", page, "query.returnLimit", PAGE,
					    NULL), page_read);
}

static struct next ask_agent(struct op *op)
{
	const struct keyfactor_place *p = mine(op)->p;
	g_autofree char *path = g_strconcat("/Agents/", p->agent_id, NULL);

	if (*p->agent || !*p->agent_id)
		return ask_page(op);
	return next_send(keyfactor_call_get(op, path, NULL), agent_read);
}

static struct next store_read(struct op *op, const struct reply *r)
{
	struct keyfactor_place *p = mine(op)->p;
	GError *error = NULL;
	g_autoptr(json) j = keyfactor_call_json(op, r, '{', READING, &error);
	g_autofree char *path = NULL;

	if (!j && !r->error && r->status == 404)
		g_prefix_error(&error, "Command has this store no more; look for the account's stores again: ");
	if (!j)
		return next_fail_error(op, error);
	keyfactor_place_take(p, j);
	if (p->has_type)
		return ask_agent(op);
	path = g_strdup_printf("/CertificateStoreTypes/%" G_GINT64_FORMAT, p->type_id);
	return next_send(keyfactor_call_get(op, path, NULL), type_read);
}

/* What may not be read is a number in the details, and no trouble. */
static struct next type_read(struct op *op, const struct reply *r)
{
	g_autoptr(json) j = keyfactor_call_json(op, r, '{', READING, NULL);

	if (j)
		keyfactor_place_take_type(mine(op)->p, j);
	return ask_agent(op);
}

static struct next agent_read(struct op *op, const struct reply *r)
{
	g_autoptr(json) j = keyfactor_call_json(op, r, '{', READING, NULL);
	g_autofree char *machine = keyfactor_text(j, "ClientMachine", 300);

	store_set(&mine(op)->p->agent, machine);
	return ask_page(op);
}

/* ---- the inventory ---- */

static char *parameters_of(const struct json *entry)
{
	const struct json *list = keyfactor_get(entry, "Parameters");
	GString *out = g_string_new(NULL);

	for (size_t i = 0; i < MIN(json_members(list), ENTRY_MAX) && out->len < KEYFACTOR_TEXT_MAX; i++) {
		const char *key = json_key_at(list, i);
		g_autofree char *shown = text_harmless_dup(key, 100);
		g_autofree char *value = key ? keyfactor_text(list, key, 200) : NULL;

		if (value && *value)
			g_string_append_printf(out, "%s%s=%s", out->len ? ", " : "", shown, value);
	}
	return g_string_free(out, FALSE);
}

/* Of several under one alias the one that issued none of the others is what the alias is about. */
static size_t leaf_of(const struct json *certs)
{
	for (size_t i = 0; i < json_count(certs); i++) {
		g_autofree char *subject = keyfactor_text(json_at(certs, i), "IssuedDN", KEYFACTOR_TEXT_MAX);
		bool is_issuer = false;

		for (size_t k = 0; k < json_count(certs); k++) {
			g_autofree char *issuer = keyfactor_text(json_at(certs, k), "IssuerDN",
								 KEYFACTOR_TEXT_MAX);

			is_issuer = is_issuer || (k != i && !strcmp(subject, issuer));
		}
		if (!is_issuer)
			return i;
	}
	return 0;
}

static bool is_known(const struct op *op, const struct keyfactor_entry *e, const char **ret_print)
{
	const struct reading *f = mine(op);
	const struct keyfactor_entry *before = g_hash_table_lookup(f->prints, e->alias);
	guint row = GPOINTER_TO_UINT(g_hash_table_lookup(f->rows, e->alias));

	if (!before || !*before->print || strcmp(before->thumbprint, e->thumbprint) || !row ||
	    !op->old->print[row - 1])
		return false;
	*ret_print = before->print;
	return true;
}

static void add_entry(struct op *op, const char *alias, const char *name, const char *parameters,
		      const struct json *cert)
{
	struct reading *f = mine(op);
	struct keyfactor_entry *e = keyfactor_entry_new(alias, name);
	const char *print;

	e->cert = keyfactor_cert_read(cert);
	if (!e->cert)
		e->cert = keyfactor_cert_new();
	g_free(e->thumbprint);
	e->thumbprint = keyfactor_text(cert, "Thumbprint", 200);
	e->id = e->cert->id;
	store_set(&e->parameters, parameters);
	if (!*e->cert->name) {
		g_free(e->cert->name);
		e->cert->name = keyfactor_cert_common_name(e->cert->subject);
	}
	g_ptr_array_add(f->p->entries, e);
	if (is_known(op, e, &print)) {
		const struct keyfactor_entry *before = g_hash_table_lookup(f->prints, e->alias);

		store_set(&e->print, print);
		store_set(&e->same, before->same);
	}
	if (!*e->print && e->id > 0)
		g_ptr_array_add(f->wanted, e);
}

static void take_entry(struct op *op, const struct json *j)
{
	struct reading *f = mine(op);
	const struct json *certs = keyfactor_get(j, "Certificates");
	g_autofree char *name = keyfactor_text(j, "Name", KEYFACTOR_TEXT_MAX);
	g_autofree char *parameters = parameters_of(j);
	size_t leaf = leaf_of(certs), n = MIN(json_count(certs), ENTRY_MAX), number = 1;

	if (!*name) {
		g_free(name);
		name = keyfactor_text(json_at(certs, leaf), "Thumbprint", 200);
	}
	if (!n || !*name || !g_hash_table_add(f->names, g_strdup(name))) {
		f->odd++;
		return;
	}
	add_entry(op, name, name, parameters, json_at(certs, leaf));
	for (size_t i = 0; i < n; i++) {
		g_autofree char *alias = g_strdup_printf("%s, issuer %zu", name, number);

		if (i == leaf)
			continue;
		number++;
		if (g_hash_table_add(f->names, g_strdup(alias)))
			add_entry(op, alias, name, "", json_at(certs, i));
	}
}

/* ---- bytes ---- */

static bool take_bytes(struct op *op, struct keyfactor_entry *e, GBytes *der)
{
	struct facts *facts = g_new0(struct facts, 1);
	gsize len;
	const uint8_t *bytes = g_bytes_get_data(der, &len);
	g_autofree char *print = g_compute_checksum_for_data(G_CHECKSUM_SHA1, bytes, len);

	if (g_ascii_strcasecmp(print, e->thumbprint) || !x509_facts(bytes, len, facts, NULL)) {
		g_free(facts);
		return false;
	}
	op_fresh(op, facts->sha256, der);
	g_free(e->print);
	e->print = g_compute_checksum_for_data(G_CHECKSUM_SHA256, bytes, len);
	g_free(e->same);
	e->same = keyfactor_place_same(facts);
	g_hash_table_replace(mine(op)->facts, g_strdup(e->alias), facts);
	return true;
}

static struct ask ask_bytes(struct op *op, size_t i)
{
	const struct reading *f = mine(op);
	const struct keyfactor_entry *e = f->wanted->pdata[i];

	return (struct ask){ .send = f->is_denied ? NULL : keyfactor_call_bytes(op, e->id, false) };
}

static void hear_bytes(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	struct reading *f = mine(op);
	g_autoptr(GError) error = NULL;
	g_autoptr(GPtrArray) certs = keyfactor_call_download(op, r, FETCHING, &error);

	(void)none;
	op_progress(op, i + 1, f->wanted->len);
	if (certs && !take_bytes(op, f->wanted->pdata[i], certs->pdata[0]))
		error = g_error_new(ERR, ERR_REPLY, FETCHING ": what Command gives is another one");
	if (!error)
		return;
	f->is_denied = f->is_denied || keyfactor_call_is_denied(r);
	f->failed++;
	if (!f->trouble)
		f->trouble = g_strdup(error->message);
}

static struct next page_read(struct op *op, const struct reply *r)
{
	struct reading *f = mine(op);
	GError *error = NULL;
	g_autoptr(json) j = keyfactor_call_json(op, r, '[', INVENTORY, &error);
	guint before = f->p->entries->len;

	if (!j)
		return next_fail_error(op, error);
	for (size_t i = 0; i < json_count(j); i++)
		take_entry(op, json_at(j, i));
	if (f->p->entries->len == before)
		return next_each(f->wanted->len, ask_bytes, hear_bytes, ask_history);
	if (f->page >= PAGES_MAX)
		return next_fail(op, ERR_LIMIT, INVENTORY ": there is more than can be shown");
	return ask_page(op);
}

/* ---- what agents did ---- */

static struct next ask_history(struct op *op, const struct reply *none)
{
	struct request_out *ask = keyfactor_place_history(op, mine(op)->p);

	(void)none;
	return ask ? next_send(ask, history_read) : history_read(op, NULL);
}

static bool is_shown(const struct keyfactor_place *p, const struct request *r)
{
	g_autofree char *alias = keyfactor_job_alias(r);
	bool is_there = false;

	if (!strcmp(r->type, KEYFACTOR_REMOVAL))
		return !keyfactor_place_find(p, alias);
	for (guint i = 0; i < p->entries->len; i++) {
		const struct keyfactor_entry *e = p->entries->pdata[i];

		is_there = is_there || (!strcmp(e->print, r->digest) && !strcmp(e->name, e->alias) &&
					(!*alias || !g_ascii_strcasecmp(e->alias, alias)));
	}
	return is_there;
}

/* What came of it is said, since nobody here has seen it before. */
static void end_reenrolment(struct op *op, const struct request *before, const struct keyfactor_entry *e)
{
	struct request *r = request_dup(before);

	keyfactor_row_end(r, REQUEST_ISSUED, "Done", "", op->now);
	store_set(&r->result, e->print);
	op_put_request(op, r);
}

static void find_jobs(struct op *op)
{
	struct reading *f = mine(op);

	for (size_t i = 0; op->requests && i < op->requests->n; i++) {
		struct request *r = op->requests->item[i];

		if (strcmp(r->store, op->store->id) || !keyfactor_job_is(r) || !request_is_waiting(r))
			continue;
		if (!strcmp(r->type, KEYFACTOR_REENROLMENT) && keyfactor_reenrol_find(f->p, r))
			end_reenrolment(op, r, keyfactor_reenrol_find(f->p, r));
		else if (is_shown(f->p, r))
			op_drop_request(op, r->id);
		else
			g_ptr_array_add(f->jobs, request_ref(r));
	}
}

static struct ask ask_job(struct op *op, size_t i)
{
	const struct reading *f = mine(op);

	return (struct ask){ .send = f->p->is_blind ? NULL : keyfactor_job_ask(op, f->jobs->pdata[i]) };
}

static void hear_job(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	g_autoptr(GError) error = NULL;
	struct request *now = keyfactor_job_heard(op, mine(op)->jobs->pdata[i], r, &error);

	(void)none;
	if (now)
		op_put_request(op, now);
	else
		op_trouble(op, "%s", error->message);
}

static struct next history_read(struct op *op, const struct reply *r)
{
	struct reading *f = mine(op);
	g_autoptr(GError) error = NULL;
	g_autoptr(json) j = r ? keyfactor_call_json(op, r, '[', HISTORY, &error) : NULL;

	f->p->is_blind = r && keyfactor_call_is_denied(r);
	if (j)
		keyfactor_history_take(f->p, j);
	else if (error && !f->p->is_blind)
		op_trouble(op, "%s", error->message);
	find_jobs(op);
	return next_each(f->jobs->len, ask_job, hear_job, end);
}

/* ---- the end ---- */

static uint32_t marks_of(const struct op *op, const struct keyfactor_entry *e)
{
	const struct keyfactor_place *p = mine(op)->p;
	bool has_key = p->has_type && p->key == KEYFACTOR_MUST && !strcmp(e->name, e->alias);

	return has_key ? MARK_KEY : 0;
}

static void put_row(struct op *op, const struct keyfactor_entry *e)
{
	const struct reading *f = mine(op);
	const struct facts *known = g_hash_table_lookup(f->facts, e->alias);
	guint row = GPOINTER_TO_UINT(g_hash_table_lookup(f->rows, e->alias));
	struct facts told;

	if (known) {
		op_row(op, known, e->alias, known->marks | marks_of(op, e));
	} else if (*e->print && row) {
		op_old_row(op, row - 1, (op->old->marks[row - 1] & ~(uint32_t)MARK_KEY) | marks_of(op, e));
	} else {
		keyfactor_cert_facts(e->cert, &told);
		op_row(op, &told, e->alias, told.marks | marks_of(op, e));
		facts_done(&told);
	}
}

static struct next end(struct op *op, const struct reply *none)
{
	struct reading *f = mine(op);
	const struct keyfactor_place *p = f->p;
	guint n = p->entries->len;
	g_autoptr(GString) at = g_string_new(NULL);

	(void)none;
	for (guint i = 0; i < n; i++) {
		put_row(op, p->entries->pdata[i]);
		op->keys += marks_of(op, p->entries->pdata[i]) != 0;
	}
	op_memo(op, keyfactor_place_write(p));
	if (f->trouble)
		op_trouble(op, "the bytes of %u certificate%s could not be read: %s", f->failed,
			   f->failed == 1 ? "" : "s", f->trouble);
	if (f->odd)
		op_trouble(op, "%u entr%s of the inventory without a certificate, or with an alias that came "
			   "before, left out", f->odd, f->odd == 1 ? "y" : "ies");
	if (*p->failure)
		op_trouble(op, "%s", p->failure);
	if (p->inventoried)
		clock_say_iso(at, p->inventoried);
	op_say(op, "%u certificate%s, as an inventory found %s%s", n, n == 1 ? "" : "s", at->len ? "at " :
	       "them at a time that is not known", at->str);
	return next_done();
}
