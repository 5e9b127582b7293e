/*
 * keyfactor_place_remove: a certificate is taken out of a store that an agent looks after: a job, which
 * is done when an inventory does not show the alias any more.
 */
#include "keyfactor_places.h"

#include <string.h>

#define REMOVING "removing it from the store (POST /CertificateStores/Certificates/Remove)"

#define FIELDS_MAX (1u << 20)

static step_fn send, removed;

struct removing {
	struct request *row;
	char *fields;		/* JSON */
};

static struct removing *mine(const struct op *op)
{
	return ((struct keyfactor *)op->scratch)->mine;
}

static void removing_done(void *removing)
{
	struct removing *m = removing;

	request_unref(m->row);
	g_free(m->fields);
	g_free(m);
}

/* The entry that may be removed; NULL: why nothing is. */
static const struct keyfactor_entry *find(const struct op *op, const struct keyfactor_place *p,
					  GError **error)
{
	const char *alias = op->cert.alias ? op->cert.alias : "";
	const struct keyfactor_entry *e = keyfactor_place_find(p, alias);

	if (!keyfactor_is_place(op->store))
		g_set_error(error, ERR, ERR_REFUSED, "%s: certificates are removed from the stores that agents "
			    "look after", op->store->title);
	else if (!e)
		g_set_error(error, ERR, ERR_NOT_FOUND, "%s: Command's inventory has no %s: refresh the store",
			    op->store->title, alias);
	else if (strcmp(e->alias, e->name))
		g_set_error(error, ERR, ERR_REFUSED, "%s: it lies there as an issuer of %s, and goes with that "
			    "one", op->store->title, e->name);
	else if (p->has_type && !p->removes)
		g_set_error(error, ERR, ERR_REFUSED, "%s: agents remove nothing from stores of the type %s",
			    op->store->title, p->type);
	else
		return e;
	return NULL;
}

struct next keyfactor_remove(struct op *op, const struct reply *none)
{
	g_autoptr(keyfactor_place) p = keyfactor_place_read(op->memo);
	GError *error = NULL;
	const struct keyfactor_entry *e = find(op, p, &error);
	g_autofree char *fields = e ? keyfactor_place_fields(p, op->args, e, KEYFACTOR_REMOVE, &error) : NULL;
	struct removing *m;

	(void)none;
	if (!fields)
		return next_fail_error(op, error);
	m = keyfactor_call_mine(op, sizeof(*m), removing_done);
	m->fields = g_steal_pointer(&fields);
	m->row = keyfactor_job_new(op, KEYFACTOR_REMOVAL, e->name, e->name, e->print);
	op_put_request(op, request_ref(m->row));
	return next_keep(send);
}

static char *body_of(const struct op *op, const char *alias, const char *fields)
{
	g_autoptr(json) j = json_parse(fields, strlen(fields), FIELDS_MAX, NULL);
	GString *out = g_string_new(NULL);
	struct json_writer w = { .out = out };

	json_open(&w, NULL, '{');
	json_open(&w, "CertificateStores", '[');
	json_open(&w, NULL, '{');
	json_put_str(&w, "CertificateStoreId", keyfactor_place_guid(op->store));
	json_put_str(&w, "Alias", alias);
	if (j && json_count(j))
		json_put_copy(&w, "JobFields", j);
	json_close(&w, '}');
	json_close(&w, ']');
	json_open(&w, "Schedule", '{');
	json_put_bool(&w, "Immediate", true);
	json_close(&w, '}');
	json_close(&w, '}');
	return g_string_free(out, FALSE);
}

static struct next send(struct op *op, const struct reply *none)
{
	g_autofree char *body = body_of(op, mine(op)->row->title, mine(op)->fields);

	(void)none;
	return next_send(keyfactor_call_post(op, "/CertificateStores/Certificates/Remove", body), removed);
}

static struct next removed(struct op *op, const struct reply *reply)
{
	g_autoptr(json) j = keyfactor_json(reply);
	const char *guid = json_text(json_at(j, 0));
	struct request *r;
	GError *error;

	if (!reply->error && (reply->status == 200 || reply->status == 204)) {
		op_put_request(op, keyfactor_job_numbered(mine(op)->row, guid ? guid : ""));
		op_touch(op, op->store->id);
		op_say(op, "%s waits for the agent, which removes it from %s%s%s", mine(op)->row->title,
		       op->store->title, guid ? ": job " : "", guid ? guid : "");
		return next_done();
	}
	error = keyfactor_error(op, reply, REMOVING);
	r = request_dup(mine(op)->row);
	if (keyfactor_answer_is_lost(reply)) {
		store_set(&r->theirs, "Not answered");
		store_set(&r->reason, error->message);
		g_prefix_error(&error, "whether it is on its way is not known; an inventory tells: ");
	} else {
		keyfactor_row_end(r, REQUEST_FAILED, "Refused", error->message, op->now);
	}
	op_put_request(op, r);
	return next_fail_error(op, error);
}

bool keyfactor_planned_remove(struct op *op, struct plan *p, GError **error)
{
	g_autoptr(keyfactor_place) place = keyfactor_place_read(op->memo);
	const struct keyfactor_entry *e = find(op, place, error);
	g_autofree char *fields = e ? keyfactor_place_fields(place, op->args, e, KEYFACTOR_REMOVE, error) :
				     NULL;

	if (!fields)
		return false;
	plan_call(p, PLAN_CHANGES, "POST /CertificateStores/Certificates/Remove", op->store->address, e->name);
	plan_warn(p, "the agent%s%s does it when it comes for its jobs, and may fail: what came of it is in "
		  "the request", *place->agent ? " " : "", place->agent);
	plan_not(p, "the certificate is not revoked, and Command goes on knowing it");
	plan_not(p, "no inventory is asked for, and only the next one shows that it is gone");
	return true;
}
