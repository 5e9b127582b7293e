/*
 * keyfactor_revoke: a certificate is revoked by the CA that issued it, through Command, which wants a
 * comment, and may have a workflow that wants somebody's approval first.
 */
#include "keyfactor_places.h"

#include <string.h>

#include <certty/base/text.h>

#define REVOKING "revoking it (POST /Certificates/Revoke)"

static step_fn revoked;

/* Command's numbers; the last one EJBCA's authorities take, and others refuse. */
static const struct {
	const char *reason;
	int number;
} reasons[] = {
	{ "unspecified", 0 },	     { "key-compromise", 1 },	      { "affiliation-changed", 3 },
	{ "superseded", 4 },	     { "cessation-of-operation", 5 }, { "privilege-withdrawn", 9 },
};

static int64_t number_of(const struct op *op)
{
	const char *alias = op->cert.alias ? op->cert.alias : "";

	if (keyfactor_is_place(op->store)) {
		g_autoptr(keyfactor_place) p = keyfactor_place_read(op->memo);
		const struct keyfactor_entry *e = keyfactor_place_find(p, alias);

		return e ? e->id : 0;
	}
	return *alias && strspn(alias, "0123456789") == strlen(alias) ? g_ascii_strtoll(alias, NULL, 10) : 0;
}

char *keyfactor_revoke_body(const struct op *op, GError **error)
{
	g_autofree char *comment = g_strstrip(g_strdup(args_text(op->args, "comment", "")));
	const char *reason = args_text(op->args, "reason", "");
	GString *out;
	struct json_writer w = { 0 };
	size_t i = 0;

	while (i < G_N_ELEMENTS(reasons) && strcmp(reasons[i].reason, reason))
		i++;
	if (!*comment || i == G_N_ELEMENTS(reasons) || number_of(op) <= 0) {
		g_set_error(error, ERR, ERR_USAGE, "%s", !*comment ?
			    "Keyfactor Command revokes nothing without a comment, which it keeps with the "
			    "certificate: say why in a few words" :
			    i == G_N_ELEMENTS(reasons) ? "there is no such reason" :
			    "Command has no number for this certificate: refresh the store");
		return NULL;
	}
	w.out = out = g_string_new(NULL);
	json_open(&w, NULL, '{');
	json_open(&w, "CertificateIds", '[');
	json_put_int(&w, NULL, number_of(op));
	json_close(&w, ']');
	json_put_int(&w, "Reason", reasons[i].number);
	json_put_str(&w, "Comment", comment);
	if (keyfactor_call_collection(op))
		json_put_int(&w, "CollectionId", g_ascii_strtoll(keyfactor_call_collection(op), NULL, 10));
	json_close(&w, '}');
	return g_string_free(out, FALSE);
}

struct next keyfactor_revoke(struct op *op, const struct reply *none)
{
	struct keyfactor *k = op->scratch;
	GError *error = NULL;
	g_autofree char *body = keyfactor_revoke_body(op, &error);

	(void)none;
	if (!body)
		return next_fail_error(op, error);
	k->at = g_strdup(args_get(op->access->with, "at"));
	return next_send(keyfactor_call_post(op, "/Certificates/Revoke", body), revoked);
}

static bool has_id(const struct json *list, int64_t id)
{
	int64_t theirs;

	for (size_t i = 0; i < json_count(list); i++)
		if (json_int_at(list, i, &theirs) && theirs == id)
			return true;
	return false;
}

static struct next done(struct op *op)
{
	op_touch(op, op->store->id);
	op_say(op, "Command's certificate %s is revoked", op->cert.alias);
	return next_done();
}

static struct next suspended(struct op *op, const struct json *list, int64_t id)
{
	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *item = json_at(list, i);
		g_autofree char *message = keyfactor_text(item, "Message", 300);
		g_autofree char *workflow = keyfactor_text(item, "WorkflowId", 60);
		int64_t theirs = 0;

		if (keyfactor_int(item, "CertId", &theirs) && theirs == id)
			return next_fail(op, ERR_PENDING, "Command's certificate %s is not revoked yet: a "
					 "workflow (%s) wants somebody's approval first%s%s", op->cert.alias,
					 workflow, *message ? ": " : "", message);
	}
	return next_fail(op, ERR_REPLY, "Command does not say that its certificate %s is revoked: refresh "
			 "the store, which tells", op->cert.alias);
}

static struct next revoked(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	g_autoptr(json) j = NULL;

	if (!r->error && r->status == 204)
		return done(op);
	if (r->error || r->status != 200) {
		error = keyfactor_error(op, r, REVOKING);
		if (keyfactor_answer_is_lost(r))
			g_prefix_error(&error, "whether it is revoked is not known; a refresh tells: ");
		return next_fail_error(op, error);
	}
	j = keyfactor_call_json(op, r, '{', REVOKING, &error);
	if (!j) {
		g_prefix_error(&error, "whether it is revoked is not known; a refresh tells: ");
		return next_fail_error(op, error);
	}
	if (has_id(keyfactor_get(j, "RevokedIds"), number_of(op)))
		return done(op);
	return suspended(op, keyfactor_get(j, "SuspendedCerts"), number_of(op));
}
