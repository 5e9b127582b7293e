/*
 * sectigo_planned: what would be asked of Sectigo, call by call, and the same for curl.
 */
#include "own.h"

#include <string.h>

void sectigo_planned_call(const struct op *op, struct plan *p, unsigned how, const char *method,
			  const char *path, const char *what)
{
	g_autofree char *call = g_strconcat(method, " ", path, NULL);

	plan_call(p, how, call, op->store ? op->store->address : "Sectigo", what);
}

/* curl's sign-in comes from a file that it reads: no secret is an argument. */
void sectigo_planned_run(const struct op *op, struct plan *p, const char *method, const char *path,
			 const char *body)
{
	g_autofree char *url = g_strconcat(op->store->address, path, NULL);

	plan_run(p, "curl --fail-with-body");
	plan_variable(p, "--config ", "CURL_CONFIG", "a configuration of curl with the headers login, "
		      "password and customerUri, or with Authorization");
	plan_option(p, "--json", body);
	plan_option(p, "--request", body && !strcmp(method, "POST") ? NULL : method);
	plan_word(p, url);
}
