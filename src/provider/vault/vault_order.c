/*
 * vault_order: a certificate from an engine, by one of its roles: for a request file of ours, or with a
 * key that the engine makes and gives out once.
 *
 *   request file ─► role ─► written down ─► sent ─► kept
 *
 * A key that the engine made goes where the person said, before anything else is done: encrypted into
 * the own repository, into a file for its owner alone, or nowhere.
 */
#include "vault_kf.h"

#include <string.h>
#include <unistd.h>

#include <certty/base/clock.h>
#include <certty/base/file.h>
#include <certty/base/text.h>
#include <certty/model/x509.h>

#define CSR_MAX	   65536
#define ORDERING   "having the certificate issued"
#define LOOKING	   "looking at the role"
#define KEY_MODE   0600

/* What can be found out before anything is sent, on the pool. */
struct reading {
	char *csr, *key_file;
	char *pem;
	char **names;
};

/* A key on its way into a file, likewise. */
struct writing {
	char *path;
	struct x509_key *key;
};

static step_fn read_files, ask_role, role_heard, send, answered, key_written;

/* ---- before it is sent ---- */

static void reading_free(void *p)
{
	struct reading *r = p;

	g_free(r->csr);
	g_free(r->key_file);
	g_free(r->pem);
	g_strfreev(r->names);
	g_free(r);
}

static void read_csr(struct reading *r, GError **error)
{
	g_autofree char *shown = file_shown(r->csr);
	g_autoptr(GBytes) bytes = file_read(r->csr, CSR_MAX, NULL, error);
	g_autoptr(GPtrArray) items = bytes ? x509_scan(g_bytes_get_data(bytes, NULL),
						       g_bytes_get_size(bytes), NULL, error) : NULL;
	g_autoptr(detail) d = NULL;

	for (guint i = 0; items && i < items->len && !d; i++) {
		const struct x509_item *item = items->pdata[i];

		if (item->kind == X509_ITEM_CSR)
			d = x509_csr_describe(item->der, &r->names, NULL, error);
	}
	r->pem = d ? g_strdup(d->pem) : NULL;
	if (items && !d && !*error)
		g_set_error(error, ERR, ERR_FORMAT, "%s has no certificate request", shown);
}

/* Once it was issued it is too late to find that its key has no place. */
static void check_key_file(const struct reading *r, GError **error)
{
	g_autofree char *shown = file_shown(r->key_file), *folder = g_path_get_dirname(r->key_file);

	if (g_file_test(r->key_file, G_FILE_TEST_EXISTS))
		g_set_error(error, ERR, ERR_EXISTS, "%s is there already: name another key file", shown);
	else if (access(folder, W_OK | X_OK))
		g_set_error(error, ERR, ERR_IO, "no file can be put beside %s", shown);
}

static void run_reading(struct work *w)
{
	struct reading *r = w->in;

	if (r->csr)
		read_csr(r, &w->error);
	else if (r->key_file)
		check_key_file(r, &w->error);
}

static const char *key_choice(const struct op *op)
{
	return args_text(op->args, "key", "encrypted");
}

bool vault_order_check_role(const char *role, GError **error)
{
	if (*role && !strpbrk(role, "/?#"))
		return true;
	g_set_error(error, ERR, ERR_USAGE, "that is no name of a role");
	return false;
}

bool vault_order_is_verbatim(const struct op *op)
{
	return args_bool(op->args, "verbatim");
}

/* With whatever else a plan warned of. */
static bool is_accepted(const struct op *op)
{
	return strstr(args_text(op->args, "accept", ""), VAULT_VERBATIM) != NULL;
}

static bool check_verbatim(const struct op *op, bool is_plan, GError **error)
{
	if (!*args_text(op->args, "csr", ""))
		g_set_error(error, ERR, ERR_USAGE, "only a request file is signed verbatim (csr)");
	else if (!is_plan && !is_accepted(op))
		g_set_error(error, ERR, ERR_REFUSED, "it comes with a warning, and is signed once that is "
			    "accepted word for word (accept): %s", VAULT_VERBATIM);
	else
		return true;
	return false;
}

bool vault_order_check(const struct op *op, bool is_plan, GError **error)
{
	bool has_csr = *args_text(op->args, "csr", "");
	const char *key = key_choice(op), *role = args_text(op->args, VAULT_ROLE, "");
	const struct secret *passphrase = args_secret(op->args, "new-passphrase");
	int64_t span = 0;

	if (vault_order_is_verbatim(op) ? !check_verbatim(op, is_plan, error) :
					   !vault_order_check_role(role, error))
		return false;
	if (args_get(op->args, "ttl") && *args_text(op->args, "ttl", "") &&
	    (!clock_read_span(args_text(op->args, "ttl", ""), &span) || span <= 0))
		g_set_error(error, ERR, ERR_USAGE, "that validity is no span, as 72h is one");
	else if (!has_csr && !strcmp(key, "encrypted") && !is_plan &&
		 (!passphrase || !passphrase->len))
		g_set_error(error, ERR, ERR_USAGE, "a passphrase is needed that encrypts the key "
			    "(new-passphrase), or say where else it goes (key)");
	else if (!has_csr && !strcmp(key, "file") && !*args_text(op->args, "key-file", ""))
		g_set_error(error, ERR, ERR_USAGE, "the file is needed that the key goes into (key-file)");
	else
		return !vault_kf_is(op->store) || vault_kf_order_check(op, error);
	return false;
}

struct next vault_order(struct op *op, const struct reply *none)
{
	struct vault_order *o = vault_order_begin(op);
	struct reading *r;
	GError *error = NULL;

	(void)none;
	if (!o)
		return next_fail(op, ERR_SIGN_IN, "the account is not open");
	if (!vault_engine_find(op->store->type))
		return next_fail(op, ERR_REFUSED, "%s issues nothing that certty can ask for",
				 op->store->title);
	if (!vault_order_check(op, false, &error))
		return next_fail_error(op, error);
	o->names = args_list(op->args, "names");
	store_set(&o->kept->role, vault_order_is_verbatim(op) ? "" : args_text(op->args, VAULT_ROLE, ""));
	clock_read_span(args_text(op->args, "ttl", ""), &o->ttl);
	r = g_new0(struct reading, 1);
	if (*args_text(op->args, "csr", ""))
		r->csr = file_absolute(args_text(op->args, "csr", ""));
	else if (!strcmp(key_choice(op), "file"))
		r->key_file = file_absolute(args_text(op->args, "key-file", ""));
	return next_work(work_new(run_reading, r, reading_free, NULL), read_files);
}

static bool has_name(char *const *names, const char *name)
{
	for (; names && *names; names++)
		if (!g_ascii_strcasecmp(*names, name))
			return true;
	return false;
}

/* What was asked for must be what the file asks for. */
static bool check_names(char *const *typed, char *const *in_file, GError **error)
{
	for (char *const *n = typed; *n; n++) {
		g_autofree char *shown = text_harmless_dup(*n, 300);

		if (has_name(in_file, *n))
			continue;
		g_set_error(error, ERR, ERR_USAGE, "the certificate request is not for %s", shown);
		return false;
	}
	for (char *const *n = in_file; *n; n++) {
		if (has_name(typed, *n))
			continue;
		g_set_error(error, ERR, ERR_USAGE, "the certificate request is for %s too, which was not "
			    "named", *n);
		return false;
	}
	return true;
}

static struct next decide(struct op *op, const struct json *role);

char *vault_order_path(const struct op *op, const char *call)
{
	const struct vault_order *o = vault_mine((struct op *)(uintptr_t)op);
	g_autofree char *role = g_uri_escape_string(o->kept->role, NULL, FALSE);
	g_autofree char *rest = g_strconcat(call, "/", role, NULL);

	return vault_below(op, rest);
}

static struct next read_files(struct op *op, const struct reply *none)
{
	struct vault_order *o = vault_mine(op);
	struct reading *r = op->work->in;
	GError *error = NULL;

	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	if (r->pem && !check_names(o->names, r->names, &error))
		return next_fail_error(op, error);
	o->csr = g_steal_pointer(&r->pem);
	if (vault_order_is_verbatim(op))
		return decide(op, NULL);
	return vault_kf_is(op->store) ? vault_kf_order_begin(op, ask_role) : ask_role(op, NULL);
}

static struct next ask_role(struct op *op, const struct reply *none)
{
	g_autofree char *path = vault_order_path(op, "roles");

	(void)none;
	return next_send(vault_ask(op, path, NULL), role_heard);
}

/* ---- written down ---- */

/* The same things asked of the same role. */
static char *digest_of(const struct op *op, const struct vault_order *o)
{
	g_autofree char *names = g_strjoinv(" ", o->names);
	const char *role = vault_order_is_verbatim(op) ? "/" : args_text(op->args, VAULT_ROLE, "");
	g_autofree char *all = g_strjoin("\n", op->store->id, role, names, args_text(op->args, "ttl", ""),
					 o->csr ? o->csr : "", args_text(op->args, "ca", ""),
					 args_text(op->args, "template", ""), NULL);

	return g_compute_checksum_for_string(G_CHECKSUM_SHA256, all, -1);
}

static const struct request *find_unanswered(const struct op *op, const char *digest)
{
	for (size_t i = 0; op->requests && i < op->requests->n; i++) {
		const struct request *r = op->requests->item[i];

		if (!strcmp(r->store, op->store->id) && request_is_waiting(r) &&
		    !strcmp(r->digest, digest))
			return r;
	}
	return NULL;
}

void vault_order_write_down(struct op *op, const char *id, const char *digest)
{
	struct vault_order *o = vault_mine(op);
	struct request *r = o->row ? request_dup(o->row) : request_new(id);

	store_set(&r->account, op->store->account);
	store_set(&r->provider, "vault");
	store_set(&r->store, op->store->id);
	store_set(&r->type, "order");
	store_set(&r->title, o->names[0]);
	g_strfreev(r->names);
	r->names = g_strdupv(o->names);
	r->state = REQUEST_WAITS_PROVIDER;
	store_set(&r->theirs, "Being ordered");
	store_set(&r->reason, "");
	store_set(&r->can, "sync dismiss");
	store_set(&r->digest, digest);
	r->since = op->now;
	o->kept->sent = op->now;
	vault_order_put(op, r);
}

static struct next write_down(struct op *op, const char *digest)
{
	g_autofree char *word = g_uuid_string_random();
	g_autofree char *id = g_strconcat(op->store->id, "/order:", word, NULL);

	vault_order_write_down(op, id, digest);
	return next_keep(send);
}

/* Nothing came of the one before, so that it can be sent anew in the same row. */
static struct next send_anew(struct op *op, const struct reply *none)
{
	const struct vault_order *o = vault_mine(op);
	g_autofree char *digest = g_strdup(o->row->digest);

	(void)none;
	return write_down(op, digest);
}

void vault_order_take_role(struct op *op, const struct json *role)
{
	struct vault_order *o = vault_mine(op);

	if (role)
		o->limits = vault_role_say(op->store, role);
	o->kept->has_csr = o->csr != NULL;
	o->kept->may_hide = !vault_order_is_verbatim(op) && !vault_kf_is(op->store) &&
			    json_bool(role, "no_store", !role);
	o->kept->takes_name = json_bool(role, "use_csr_common_name", true);
	o->kept->takes_sans = json_bool(role, "use_csr_sans", true);
}

static struct next no_such_role(struct op *op)
{
	g_autofree char *role = vault_text(args_text(op->args, VAULT_ROLE, ""));

	return next_fail(op, ERR_NOT_FOUND, "%s has no role %s", op->store->title, role);
}

static struct next decide(struct op *op, const struct json *role)
{
	struct vault_order *o = vault_mine(op);
	g_autofree char *digest = digest_of(op, o);
	const struct request *before = find_unanswered(op, digest);

	if (!before) {
		vault_order_take_role(op, role);
		return write_down(op, digest);
	}
	o->row = request_dup(before);
	vault_kept_free(o->kept);
	o->kept = vault_kept_read(before->kept);
	if (role)
		o->limits = vault_role_say(op->store, role);
	return vault_look_issued(op, send_anew);
}

/* Who may issue need not be allowed to look at the role. */
static struct next role_heard(struct op *op, const struct reply *r)
{
	g_autoptr(json) j = vault_json(r);

	if (vault_is_empty(r))
		return no_such_role(op);
	if (!j && (r->error || r->status != 403 || vault_is_dead(r))) {
		g_autofree char *path = vault_order_path(op, "roles");

		return vault_refuse(op, r, LOOKING, "read", path);
	}
	return decide(op, json_get(j, "data"));
}

/* ---- sent ---- */

/* Names by what they are: addresses and URIs have fields of their own.  What the role takes from the
 * request file is not said once more, which the engine would warn of. */
static void put_names(struct json_writer *w, const struct vault_order *o)
{
	GString *fields[3] = { g_string_new(NULL), g_string_new(NULL), g_string_new(NULL) };
	static const char *const keys[] = { "alt_names", "ip_sans", "uri_sans" };

	if (!o->csr || !o->kept->takes_name)
		json_put_str(w, "common_name", o->names[0]);
	for (char **names = o->names; *names; names++) {
		size_t i = g_hostname_is_ip_address(*names) ? 1 : strstr(*names, "://") ? 2 : 0;

		g_string_append_printf(fields[i], "%s%s", fields[i]->len ? "," : "", *names);
	}
	for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
		if (fields[i]->len && (!o->csr || !o->kept->takes_sans))
			json_put_str(w, keys[i], fields[i]->str);
		g_string_free(fields[i], TRUE);
	}
}

static char *sends_to(const struct op *op, const struct vault_order *o)
{
	return vault_order_is_verbatim(op) ? vault_below(op, "sign-verbatim") :
					     vault_order_path(op, o->csr ? "sign" : "issue");
}

struct request_out *vault_order_out(struct op *op)
{
	const struct vault_order *o = vault_mine(op);
	g_autofree char *path = sends_to(op, o);
	struct json_writer w = { .out = vault_body_new(0) };

	json_open(&w, NULL, '{');
	if (vault_kf_is(op->store))
		vault_kf_order_put(op, &w);
	else if (!vault_order_is_verbatim(op))
		put_names(&w, o);
	if (o->ttl > 0) {
		g_autofree char *ttl = g_strdup_printf("%" G_GINT64_FORMAT "s", o->ttl);

		json_put_str(&w, "ttl", ttl);
	}
	if (o->csr)
		json_put_str(&w, "csr", o->csr);
	else if (!vault_kf_is(op->store))
		json_put_str(&w, "private_key_format", "pkcs8");
	json_close(&w, '}');
	return vault_ask(op, path, w.out);
}

static struct next send(struct op *op, const struct reply *none)
{
	(void)none;
	return next_send(vault_order_out(op), answered);
}

bool vault_order_is_lost(const struct op *op, const struct reply *r)
{
	const struct vault *v = op->scratch;

	if (v->fault)
		return v->fault->verdict != VAULT_KF_REFUSED;
	return r->error || r->status >= 500 || r->status < 300;
}

/* The engine is not told how it ends; the certificate will be in Command. */
static struct next fail_waiting(struct op *op, struct request *row /* taken */)
{
	const struct vault_order *o = vault_mine(op);
	const struct vault *v = op->scratch;

	row->state = REQUEST_WAITS_CA;
	store_set(&row->theirs, "Waits in Command, as far as the engine tells");
	vault_order_put(op, row);
	return next_fail(op, v->code, "%s: %s; %s", o->row->title, v->failed,
			 o->csr ? "what is issued for it will be in Command, and not in this engine" :
				  "the key that the engine made for it is lost, so have it denied there, and "
				  "order with a request file (csr)");
}

static struct next fail_lost(struct op *op, const struct reply *none)
{
	const struct vault_order *o = vault_mine(op);
	const struct vault *v = op->scratch;
	struct request *row = request_dup(o->row);

	(void)none;
	store_set(&row->theirs, "Not answered");
	store_set(&row->reason, v->failed);
	if (v->fault && v->fault->verdict == VAULT_KF_WAITS)
		return fail_waiting(op, row);
	vault_order_put(op, row);
	return next_fail(op, v->code, "%s is not known to be issued; sync looks at what was, and so does the "
			 "same order given again: %s", o->row->title, v->failed);
}

static struct next fail_order(struct op *op, const struct reply *r)
{
	const struct vault_order *o = vault_mine(op);
	struct vault *v = op->scratch;
	g_autofree char *path = sends_to(op, o);
	bool is_server = vault_explain(op, r, ORDERING, "update", path);
	g_autofree char *limits = o->limits && *o->limits ?
		g_strconcat("; the role allows: ", o->limits, NULL) : g_strdup("");

	if (vault_order_is_lost(op, r))
		return is_server ? vault_look_at_server(op, fail_lost) : fail_lost(op, NULL);
	vault_order_end(op, REQUEST_FAILED, "Refused", v->failed);
	return next_fail(op, v->code, "%s%s", v->failed, limits);
}

/* ---- kept ---- */

static void say_differences(struct op *op)
{
	const struct vault_order *o = vault_mine(op);
	g_auto(GStrv) has = facts_sorted_names(&o->bundle->facts);

	for (char **n = has; *n; n++)
		if (!has_name(o->names, *n))
			op_trouble(op, "it is for %s too, which was not asked for", *n);
	for (char **n = o->names; *n; n++)
		if (!has_name(has, *n))
			op_trouble(op, "it is not for %s, which was asked for", *n);
	if (*o->warnings)
		op_trouble(op, "the engine warns: %s", o->warnings);
}

static struct next finish(struct op *op, const char *where)
{
	struct vault_order *o = vault_mine(op);
	g_autoptr(GString) ends = g_string_new(NULL);

	clock_say_until(ends, op->now, o->bundle->facts.not_after);
	vault_order_end(op, REQUEST_ISSUED, "Issued", "");
	say_differences(op);
	op_keep_bundle(op, bundle_dup(o->bundle));
	op_touch(op, op->store->id);
	op_say(op, "%s was issued with the serial %s and ends %s; it is kept in the own repository%s",
	       o->row->title, o->bundle->facts.serial, ends->str, where);
	return next_done();
}

static void writing_free(void *p)
{
	struct writing *w = p;

	g_free(w->path);
	x509_key_free(w->key);
	g_free(w);
}

static void run_writing(struct work *work)
{
	struct writing *w = work->in;
	g_autoptr(secret) pem = x509_key_pem(w->key, NULL, &work->error);

	if (pem)
		file_write(w->path, pem->bytes, pem->len, KEY_MODE, FILE_NEW, &work->error);
}

static struct next write_key(struct op *op)
{
	struct vault_order *o = vault_mine(op);
	struct writing *w = g_new0(struct writing, 1);

	w->path = file_absolute(args_text(op->args, "key-file", ""));
	w->key = g_steal_pointer(&o->bundle->key);
	return next_work(work_new(run_writing, w, writing_free, NULL), key_written);
}

static struct next key_written(struct op *op, const struct reply *none)
{
	const struct writing *w = op->work->in;
	g_autofree char *shown = file_shown(w->path);
	g_autofree char *where = g_strdup_printf(", its key NOT encrypted in %s", shown);

	(void)none;
	if (!op->work->error)
		return finish(op, where);
	op_trouble(op, "its key could not be written and is lost, so revoke it and order again: %s",
		   op->work->error->message);
	return finish(op, ", without its key");
}

static struct next answered(struct op *op, const struct reply *r)
{
	struct vault_order *o = vault_mine(op);
	struct vault *v = op->scratch;
	g_autoptr(json) j = vault_json(r);
	GError *error = NULL;

	if (!j)
		return fail_order(op, r);
	o->bundle = vault_issued_read(json_get(j, "data"), &error);
	if (!o->bundle) {
		v->code = (enum err)error->code;
		g_free(v->failed);
		v->failed = g_strdup_printf("Vault at %s: " ORDERING ": %s", v->at, error->message);
		g_error_free(error);
		return fail_lost(op, NULL);
	}
	o->warnings = vault_issued_warnings(j);
	if (o->csr)
		return finish(op, "");
	if (!o->bundle->key) {
		op_trouble(op, "the answer has no key, so that nobody has it");
		return finish(op, ", without its key");
	}
	if (!strcmp(key_choice(op), "file"))
		return write_key(op);
	if (!strcmp(key_choice(op), "encrypted"))
		return finish(op, ", with its key, encrypted");
	g_clear_pointer(&o->bundle->key, x509_key_free);
	return finish(op, ", without its key, which nobody has now");
}

/* ---- what waits ---- */

static struct next nothing_issued(struct op *op, const struct reply *none)
{
	const struct vault_order *o = vault_mine(op);

	(void)none;
	vault_order_end(op, REQUEST_FAILED, "Not issued",
			"nothing for these names was issued since: order it again");
	op_say(op, "%s was not issued: order it again", o->row->title);
	return next_done();
}

struct next vault_sync(struct op *op, const struct reply *none)
{
	const struct vault_order *o = vault_order_begin(op);

	(void)none;
	if (!o)
		return next_fail(op, ERR_SIGN_IN, "the account is not open");
	if (!request_is_waiting(o->row))
		return next_fail(op, ERR_REFUSED, "%s waits for nothing any more", o->row->title);
	if (*o->kept->csr)
		return vault_enrol_sync(op, none);
	return vault_look_issued(op, nothing_issued);
}

struct next vault_request_show(struct op *op, const struct reply *none)
{
	const struct request *r = op->request;
	g_autofree char *id = NULL, *names = NULL;
	g_autoptr(vault_kept) k = NULL;

	(void)none;
	if (!r)
		return next_fail(op, ERR_NOT_FOUND, "there is no such request");
	id = g_strconcat("requests/", r->id, NULL);
	names = g_strjoinv(", ", r->names);
	k = vault_kept_read(r->kept);
	op->detail = detail_new(id, r->title);
	detail_add(op->detail, request_state_tone(r->state), "state", "%s", r->theirs);
	if (*r->reason)
		detail_add(op->detail, TONE_BAD, "reason", "%s", r->reason);
	detail_add_time(op->detail, "since", r->since);
	detail_add_time(op->detail, "ended", r->ended);
	detail_add(op->detail, TONE_PLAIN, "names", "%s", names);
	detail_add(op->detail, TONE_PLAIN, "store", "%s", op->store ? op->store->title : r->store);
	detail_add(op->detail, TONE_PLAIN, "role", "%s", *k->role ? k->role : "none: signed verbatim");
	detail_add(op->detail, TONE_PLAIN, "key", "%s", k->has_csr ? "of the request file" :
								    "made by the engine");
	if (*r->result)
		detail_add(op->detail, TONE_PLAIN, "certificate", "%s", r->result);
	op->detail->made = op->now;
	return next_done();
}
