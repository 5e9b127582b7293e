/*
 * keyfactor_place_put: a certificate goes into a store that an agent looks after.
 *
 * What Command has already is named by its number; what it has not, or has without the key that this
 * sort of store demands, is uploaded first.  The agent does the rest when it comes for its jobs, so that
 * it is there only once an inventory shows it; until then a row says what it waits for, which is written
 * down before anything is sent.
 */
#include "keyfactor_enrol.h"
#include "keyfactor_places.h"

#include <string.h>

#include <certty/base/file.h>
#include <certty/model/x509.h>
#include <certty/provider/bundle_in.h>

#define LOOKING	  "looking whether Command has the certificate (GET /Certificates)"
#define UPLOADING "uploading the certificate (POST /Certificates/Import)"
#define ADDING	  "adding it to the store (POST /CertificateStores/Certificates/Add)"

struct putting {
	struct keyfactor_place *p;
	struct bundle *read;		/* from a file; or NULL */
	const struct bundle *b;
	struct keyfactor_aim aim;
	char *thumbprint;
	struct secret *password;	/* of the upload; NULL: there is no key in it */
	GBytes *file;			/* of the upload */
	struct request *row;
	int64_t id;			/* Command's number of it */
	bool is_uploaded;
};

struct packing {		/* a work's own */
	struct bundle *b;
	struct secret *password;
};

static step_fn has_read, look, looked, packed, upload, uploaded, add, added;

/* ---- life ---- */

static void putting_done(void *putting)
{
	struct putting *m = putting;

	keyfactor_place_free(m->p);
	bundle_free(m->read);
	keyfactor_aim_done(&m->aim);
	g_free(m->thumbprint);
	secret_free(m->password);
	g_clear_pointer(&m->file, g_bytes_unref);
	request_unref(m->row);
	g_free(m);
}

static struct putting *mine(const struct op *op)
{
	return ((struct keyfactor *)op->scratch)->mine;
}

static void packing_free(void *packing)
{
	struct packing *p = packing;

	bundle_free(p->b);
	secret_free(p->password);
	g_free(p);
}

/* ---- what is put ---- */

static struct next read_first(struct op *op)
{
	bool wants_key = mine(op)->p->key != KEYFACTOR_NEVER && strcmp(args_text(op->args, "key", ""), "no");

	return bundle_in(op, wants_key, args_secret(op->args, "passphrase"), has_read);
}

static struct next begin(struct op *op, const struct bundle *b)
{
	struct putting *m = mine(op);
	GError *error = NULL;
	g_autofree char *low = g_compute_checksum_for_bytes(G_CHECKSUM_SHA1, b->cert);

	m->b = b;
	m->thumbprint = g_ascii_strup(low, -1);
	if (!keyfactor_aim_take(op, m->p, &b->facts, &m->aim, &error))
		return next_fail_error(op, error);
	return look(op, NULL);
}

struct next keyfactor_import(struct op *op, const struct reply *none)
{
	struct putting *m;

	(void)none;
	if (!keyfactor_is_place(op->store))
		return next_fail(op, ERR_REFUSED, "%s: certificates are put into the stores that agents look "
				 "after", op->store->title);
	m = keyfactor_call_mine(op, sizeof(*m), putting_done);
	m->p = keyfactor_place_read(op->memo);
	if (!op->memo)
		return next_fail(op, ERR_PENDING, "%s was not read yet, so that what it takes is not known: "
				 "refresh it first", op->store->title);
	return op->bundle ? begin(op, op->bundle) : read_first(op);
}

static struct next has_read(struct op *op, const struct reply *none)
{
	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	mine(op)->read = g_steal_pointer(&op->work->out);
	return begin(op, mine(op)->read);
}

/* ---- whether Command has it ---- */

static struct next look(struct op *op, const struct reply *none)
{
	g_autofree char *query = g_strdup_printf("Thumbprint -eq \"%s\"", mine(op)->thumbprint);

	(void)none;
	return next_send(keyfactor_call_get(op, "/Certificates", "pq.queryString", query, "pq.returnLimit",
					    "10", "pq.sortField", "CertId", "pq.sortAscending", "0",
					    "pq.includeRevoked", "true", "pq.includeExpired", "true",
					    "includeHasPrivateKey", "true", NULL), looked);
}

static struct next keep(struct op *op, step_fn *step)
{
	struct putting *m = mine(op);
	g_autofree char *print = g_compute_checksum_for_bytes(G_CHECKSUM_SHA256, m->b->cert);

	if (m->row)
		return step(op, NULL);
	m->row = keyfactor_job_new(op, REQUEST_PLACE, m->b->facts.name, m->aim.alias, print);
	op_put_request(op, request_ref(m->row));
	return next_keep(step);
}

static void pack(struct work *w)
{
	const struct packing *p = w->in;
	g_autoptr(GPtrArray) chain = bundle_chain(p->b);

	w->out = x509_pkcs12(p->b->facts.name, p->b->cert, (GBytes *const *)chain->pdata, chain->len,
			     p->b->key, p->password, &w->error);
}

/* Its key goes encrypted; without one there is nothing to encrypt. */
static struct next prepare(struct op *op)
{
	struct putting *m = mine(op);
	struct packing *p;

	if (!m->b->key || !m->aim.with_key) {
		m->file = g_bytes_ref(m->b->cert);
		return keep(op, upload);
	}
	m->password = keyfactor_pfx_password();
	if (!m->password)
		return next_fail(op, ERR_LIMIT, "the memory for secrets is full");
	p = g_new0(struct packing, 1);
	p->b = bundle_dup(m->b);
	p->password = secret_dup(m->password);
	return next_work(work_new(pack, p, packing_free, (GDestroyNotify)g_bytes_unref), packed);
}

static void put(struct op *op, struct request *r /* taken */)
{
	struct putting *m = mine(op);

	request_unref(m->row);
	m->row = r;
	op_put_request(op, request_ref(r));
}

/* Nothing was asked of the agent. */
static struct next give_up(struct op *op, const char *theirs, GError *error)
{
	struct request *r = mine(op)->row ? request_dup(mine(op)->row) : NULL;

	if (r) {
		keyfactor_row_end(r, REQUEST_FAILED, theirs, error->message, op->now);
		put(op, r);
	}
	return next_fail_error(op, error);
}

static GError *no_key(const struct putting *m)
{
	if (m->is_uploaded)
		return g_error_new(ERR, ERR_REFUSED, "Command took the certificate without its key, which "
				   "stores of the type %s demand: private key retention may be off",
				   m->p->type);
	return g_error_new(ERR, ERR_REFUSED, "the key, which stores of the type %s demand, is neither in "
			   "Command nor with the certificate: deploy it from where its key is", m->p->type);
}

/* Whether what Command has is enough for this store. */
static bool is_enough(const struct putting *m, const struct keyfactor_cert *c)
{
	bool must = m->p->has_type && m->p->key == KEYFACTOR_MUST;

	if (c->has_key || !m->aim.with_key)
		return true;
	return !must && (m->is_uploaded || !m->b->key);
}

static struct next looked(struct op *op, const struct reply *r)
{
	struct putting *m = mine(op);
	GError *error = NULL;
	g_autoptr(json) j = keyfactor_call_json(op, r, '[', LOOKING, &error);
	g_autoptr(keyfactor_cert) c = j && json_count(j) ? keyfactor_cert_read(json_at(j, 0)) : NULL;
	bool must = m->p->has_type && m->p->key == KEYFACTOR_MUST;

	if (!j)
		return give_up(op, "Not looked up", error);
	m->id = c ? c->id : 0;
	if (c && is_enough(m, c)) {
		m->aim.with_key = m->aim.with_key && c->has_key;
		return keep(op, add);
	}
	if (m->is_uploaded && !c)
		return give_up(op, "Not listed", g_error_new(ERR, ERR_REPLY, "Command took the certificate, "
			       "and does not list it: add it again a little later"));
	if (m->is_uploaded || (must && (!m->b->key || !m->aim.with_key)))
		return give_up(op, "Without its key", no_key(m));
	return prepare(op);
}

/* ---- uploading ---- */

static struct next packed(struct op *op, const struct reply *none)
{
	(void)none;
	if (op->work->error)
		return next_fail_error(op, g_steal_pointer(&op->work->error));
	mine(op)->file = g_steal_pointer(&op->work->out);
	return keep(op, upload);
}

/* Nothing of the password is left in memory that is given back. */
static struct next upload(struct op *op, const struct reply *none)
{
	struct putting *m = mine(op);
	gsize len;
	const guchar *bytes = g_bytes_get_data(m->file, &len);
	g_autofree char *coded = g_base64_encode(bytes, len);
	GString *body = g_string_sized_new(strlen(coded) + 1024);
	struct json_writer w = { .out = body };
	struct request_out *r;

	(void)none;
	json_open(&w, NULL, '{');
	json_put_str(&w, "Certificate", coded);
	if (m->password)
		json_put_str(&w, "Password", m->password->bytes);
	json_close(&w, '}');
	r = keyfactor_call_post(op, "/Certificates/Import", body->str);
	keyfactor_body_free(body);
	return next_send(r, uploaded);
}

/* What was refused is over; whether what was not answered is done, an inventory tells. */
static struct next failed(struct op *op, const struct reply *reply, const char *tried)
{
	GError *error = keyfactor_error(op, reply, tried);
	struct request *r;

	if (!keyfactor_answer_is_lost(reply))
		return give_up(op, "Refused", error);
	r = request_dup(mine(op)->row);
	store_set(&r->theirs, "Not answered");
	store_set(&r->reason, error->message);
	put(op, r);
	g_prefix_error(&error, "whether it is on its way is not known; an inventory tells: ");
	return next_fail_error(op, error);
}

static struct next uploaded(struct op *op, const struct reply *r)
{
	if (r->error || (r->status != 200 && r->status != 204))
		return give_up(op, "Not uploaded", keyfactor_error(op, r, UPLOADING));
	mine(op)->is_uploaded = true;
	return look(op, NULL);
}

/* ---- adding ---- */

static struct next add(struct op *op, const struct reply *none)
{
	const struct putting *m = mine(op);
	GString *body = keyfactor_aim_body(op, &m->aim, m->id, args_secret(op->args, "new-passphrase"));
	struct request_out *r = keyfactor_call_post(op, "/CertificateStores/Certificates/Add", body->str);

	(void)none;
	keyfactor_body_free(body);
	return next_send(r, added);
}

static struct next added(struct op *op, const struct reply *r)
{
	struct putting *m = mine(op);
	g_autoptr(json) j = keyfactor_json(r);
	const char *guid = json_text(json_at(j, 0));

	if (r->error || (r->status != 200 && r->status != 204))
		return failed(op, r, ADDING);
	put(op, keyfactor_job_numbered(m->row, guid ? guid : ""));
	op_placed(op, *m->aim.alias ? m->aim.alias : m->thumbprint, m->b->facts.sha256);
	op_touch(op, op->store->id);
	op_say(op, "%s waits for the agent%s%s, which puts it into %s%s%s", m->b->facts.name,
	       *m->p->agent ? " " : "", m->p->agent, op->store->title, guid ? ": job " : "", guid ? guid : "");
	return next_done();
}

/* ---- what would be done ---- */

bool keyfactor_puts(const struct store *from, const struct store *to)
{
	return !strcmp(from->type, KEYFACTOR_STORE) && keyfactor_is_place(to) &&
	       !strcmp(from->account, to->account);
}

/* What is known of it before a file is read. */
static void facts_of(const struct op *op, struct facts *ret)
{
	gsize len = 0;
	const uint8_t *der = op->cert.der ? g_bytes_get_data(op->cert.der, &len) : NULL;

	if (der && x509_facts(der, len, ret, NULL))
		return;
	ret->name = g_strdup("the certificate's name");
	ret->key = g_strdup("");
}

static void say_upload(const struct op *op, struct plan *p, const struct keyfactor_aim *a)
{
	plan_call(p, PLAN_ASKS, "GET /Certificates", op->store->address, "whether Command has it");
	plan_call(p, PLAN_CHANGES | PLAN_MAYBE, "POST /Certificates/Import", op->store->address,
		  a->with_key ? "with its key, encrypted, where Command has not got both" :
				"where Command has not got it");
	plan_call(p, PLAN_CHANGES, "POST /CertificateStores/Certificates/Add", op->store->address,
		  *a->alias ? a->alias : "under the name that the agent gives it");
}

bool keyfactor_planned_import(struct op *op, struct plan *p, GError **error)
{
	g_autoptr(keyfactor_place) place = keyfactor_place_read(op->memo);
	const char *file = args_text(op->args, "file", "");
	struct keyfactor_aim a = { 0 };
	struct facts f = { 0 };
	bool ok;

	facts_of(op, &f);
	ok = keyfactor_aim_take(op, place, &f, &a, error);
	facts_done(&f);
	if (!ok)
		return false;
	if (*file)
		plan_call(p, PLAN_ASKS, "read", file, "the certificate, and its key");
	say_upload(op, p, &a);
	if (a.overwrites)
		plan_differ(p, "%s is there already, and is replaced", a.alias);
	if (strcmp(a.fields, "{}"))
		plan_differ(p, "entry parameters: %s", a.fields);
	plan_warn(p, "the agent%s%s does it when it comes for its jobs, and may fail: what came of it is in "
		  "the request", *place->agent ? " " : "", place->agent);
	plan_not(p, "no inventory is asked for, and only the next one shows it");
	keyfactor_aim_done(&a);
	return true;
}
