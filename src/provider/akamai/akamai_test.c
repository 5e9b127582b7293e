/*
 * Who am I: the contracts that the API client sees.  Listing them wants a grant of its own, which
 * many credentials lack that work well; then the list of enrollments tells as much.  Last, what it may do.
 */
#include "own.h"

#include <string.h>

#include <certty/base/json.h>
#include <certty/base/text.h>

#define CONTRACTS "/contract-api/v1/contracts/identifiers?depth=TOP"
#define ENROLLMENTS_TYPE "application/vnd.akamai.cps.enrollments.v11+json"
#define NAMED 3			/* contracts that are said by name */

static step_fn read_contracts, read_enrollments, read_rights;

struct next akamai_test(struct op *op, const struct reply *none)
{
	(void)none;
	if (args_get(op->access->with, AKAMAI_WARNING))
		op_trouble(op, "%s", args_get(op->access->with, AKAMAI_WARNING));
	return next_send(akamai_ask(op->access, CONTRACTS, NULL), read_contracts);
}

static const char *answer(const struct op *op, const char *key)
{
	return args_text(op->access->with, key, "");
}

/* Ids are also written with a prefix, by which they are not known here. */
static const char *bare(const char *contract)
{
	return g_str_has_prefix(contract, "ctr_") ? contract + strlen("ctr_") : contract;
}

static void tell_who(struct op *op, const char *contracts)
{
	const char *key = answer(op, AKAMAI_SWITCH);

	op_who(op, "client %s%s%s%s%s", answer(op, AKAMAI_CLIENT), *contracts ? " of " : "", contracts,
	       *key ? " in account " : "", key);
}

static struct json *read_json(struct op *op, const struct reply *r, const char *what, struct next *ret)
{
	gsize len = 0;
	const void *bytes = r->body ? g_bytes_get_data(r->body, &len) : NULL;
	GError *error = NULL;
	struct json *j = json_parse(bytes ? bytes : "", len, EXCHANGE_BODY_MAX, &error);

	if (!j) {
		g_prefix_error(&error, "%s: ", what);
		error->code = ERR_REPLY;
		*ret = next_fail_error(op, error);
	}
	return j;
}

static void check_contract(struct op *op, const struct json *list)
{
	const char *wanted = bare(answer(op, AKAMAI_CONTRACT));

	for (size_t i = 0; i < json_count(list); i++) {
		const char *id = json_text(json_at(list, i));

		if (id && !strcmp(bare(id), wanted))
			return;
	}
	if (*wanted)
		op_trouble(op, "the contract %s of the account is not among those that its API client sees",
			   wanted);
}

static struct next ask_rights(struct op *op, size_t n, const char *what)
{
	struct akamai *a = op->scratch;

	a->mine = g_strdup_printf("signed in as %s; %zu %s%s visible", op->who, n, what, n == 1 ? "" : "s");
	a->free_mine = g_free;
	return next_send(akamai_rights_ask(op->access), read_rights);
}

static struct next read_contracts(struct op *op, const struct reply *r)
{
	static const char what[] = "listing the contracts";
	g_autoptr(GString) named = g_string_new(NULL);
	g_autoptr(json) list = NULL;
	GError *error = NULL;
	struct next failed;
	size_t n;

	if (akamai_ask_is_no_grant(r)) {
		const char *contract = bare(answer(op, AKAMAI_CONTRACT));
		g_autofree char *path = g_strconcat("/cps/v2/enrollments", *contract ? "?contractId=" : "",
						    contract, NULL);

		return next_send(akamai_ask(op->access, path, ENROLLMENTS_TYPE), read_enrollments);
	}
	if (!akamai_ask_is_good(r, what, op->now, &error))
		return next_fail_error(op, error);
	list = read_json(op, r, what, &failed);
	if (!list)
		return failed;
	n = json_count(list);
	for (size_t i = 0; i < MIN(n, NAMED); i++) {
		const char *id = json_text(json_at(list, i));

		if (!id)
			return next_fail(op, ERR_REPLY, "%s: the answer is no list of names", what);
		g_string_append_printf(named, "%s%s", i ? ", " : "", bare(id));
	}
	if (n > NAMED)
		g_string_append_printf(named, " and %zu more", n - NAMED);
	check_contract(op, list);
	tell_who(op, named->str);
	return ask_rights(op, n, "contract");
}

static struct next read_enrollments(struct op *op, const struct reply *r)
{
	static const char what[] = "listing the enrollments";
	g_autoptr(json) j = NULL;
	GError *error = NULL;
	struct next failed;
	size_t n;

	if (akamai_ask_is_no_grant(r))
		return next_fail(op, ERR_REFUSED, "the credential is right, but its API client has neither "
				 "the grant to list contracts nor that to read enrollments (Certificate "
				 "Provisioning System); whoever manages API clients in Control Center can "
				 "give them");
	if (!r->error && r->status == 400 && !*answer(op, AKAMAI_CONTRACT))
		return next_fail(op, ERR_USAGE, "the credential is right, but its API client may not list "
				 "contracts; name the contract in the account (as in C-0N7RAC7)");
	if (!akamai_ask_is_good(r, what, op->now, &error))
		return next_fail_error(op, error);
	j = read_json(op, r, what, &failed);
	if (!j)
		return failed;
	n = json_count(json_get(j, "enrollments"));
	tell_who(op, bare(answer(op, AKAMAI_CONTRACT)));
	return ask_rights(op, n, "enrollment");
}

static struct next read_rights(struct op *op, const struct reply *r)
{
	const struct akamai *a = op->scratch;
	g_autofree char *rights = akamai_rights_say(r);

	op_say(op, "%s; %s", (const char *)a->mine, rights);
	return next_done();
}
