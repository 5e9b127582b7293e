/* account-tool: signs in to a provider over the network, asks who we are, and says as JSON what
 * came of it, for tests that bring a server: account-tool PROVIDER key=answer… key:=secret… */
#include "visit.h"

#include <stdio.h>
#include <string.h>

#include <certty/base/json.h>
#include <certty/net/client.h>

static void hear(void *who, struct reply *r)
{
	*(struct reply **)who = r;
}

/* As the account's answers say, where a provider knows no better. */
static struct route *route_of(const struct args *answers)
{
	struct route *route = route_new();

	route->ca_file = g_strdup(args_get(answers, "ca-file"));
	route->cert_file = g_strdup(args_get(answers, "cert-file"));
	route->key_file = g_strdup(args_get(answers, "key-file"));
	return route;
}

static struct reply *ask(struct visit *v, const struct request_out *request)
{
	struct client *c = v->who;
	struct request_out *out = exchange_dup(request);
	struct reply *r = NULL;

	if (!out->route)
		out->route = route_of(v->login);
	client_send(c, out, hear, &r);
	while (!r) {
		client_wait(c, NULL, 0, 1000);
		client_advance(c, UINT_MAX);
	}
	return r;
}

static void take_answer(struct visit *v, const char *argument)
{
	g_auto(GStrv) pair = g_strsplit(argument, "=", 2);
	size_t len = strlen(pair[0]);

	if (!pair[1])
		g_error("%s is not key=answer", argument);
	if (pair[0][len - 1] != ':') {
		visit_arg(v, pair[0], pair[1]);
		return;
	}
	pair[0][len - 1] = '\0';
	visit_secret(v, pair[0], pair[1]);
}

static void say(struct visit *v, bool ok)
{
	g_autoptr(GString) out = g_string_new(NULL);
	struct json_writer w = { .out = out };

	json_open(&w, NULL, '{');
	json_put_bool(&w, "ok", ok);
	if (v->error) {
		json_put_str(&w, "code", err_word((enum err)v->error->code));
		json_put_str(&w, "message", v->error->message);
	}
	if (v->access) {
		json_put_str(&w, "from", v->access->from);
		json_put_int(&w, "ends", v->access->ends);
		json_put_bool(&w, "renewable", v->access->is_renewable);
	}
	json_put_str(&w, "who", v->who_said);
	json_put_str(&w, "said", v->said);
	json_open(&w, "troubles", '[');
	for (guint i = 0; i < v->troubles->len; i++)
		json_put_str(&w, NULL, v->troubles->pdata[i]);
	json_close(&w, ']');
	json_close(&w, '}');
	puts(out->str);
}

int main(int argc, char **argv)
{
	struct visit v;
	bool ok;

	if (argc < 2)
		g_error("which provider?");
	visit_init(&v, argv[1]);
	v.answer = ask;
	v.who = client_new(NULL);
	for (int i = 2; i < argc; i++)
		take_answer(&v, argv[i]);
	ok = visit_test(&v);
	say(&v, ok);
	client_free(v.who);
	visit_done(&v);
	return 0;
}
