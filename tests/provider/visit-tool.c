/*
 * Visits an account at a real server, for tests that bring one: reads orders from standard input,
 * a line each, and answers those that do something by a line of JSON.
 *
 *	visit-tool vault
 *	arg KEY VALUE | secret KEY VALUE | route KEY FILE | paste FILE | forget
 *	sign-in | test | find
 *	ahead SECONDS: our clock from now on
 *	config FILE | record LINE | no-records | publish | unpublish
 *
 * Of a token only a digest is said, which tells whether it is still the same one.
 */
#include "visit.h"

#include <stdio.h>
#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/json.h>
#include <certty/net/client.h>

struct place {
	struct client *client;
	struct route *route;
	struct reply *reply;
};

static void hear(void *who, struct reply *reply)
{
	struct place *p = who;

	p->reply = reply;
}

static struct reply *ask(struct visit *v, const struct request_out *request)
{
	struct place *p = v->who;
	struct request_out *copy = exchange_dup(request);

	if (!copy->route)
		copy->route = route_ref(p->route);
	p->reply = NULL;
	client_send(p->client, copy, hear, p);
	while (!p->reply) {
		client_wait(p->client, NULL, 0, -1);
		client_advance(p->client, UINT_MAX);
	}
	return p->reply;
}

static void say_access(struct json_writer *w, const struct visit *v)
{
	const struct secret *token = v->access ? args_secret(v->access->with, "token") : NULL;
	g_autofree char *digest = token ?
		g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)token->bytes, token->len) :
		NULL;

	json_put_str(w, "token", digest);
	json_put_int(w, "lasts", v->access && v->access->ends ? v->access->ends - v->now : 0);
	json_put_bool(w, "renewable", v->access && v->access->is_renewable);
	json_put_str(w, "from", v->access ? v->access->from : NULL);
}

static void say(const struct visit *v, bool ok)
{
	g_autoptr(GString) out = g_string_new(NULL);
	struct json_writer w = { .out = out };

	json_open(&w, NULL, '{');
	json_put_bool(&w, "ok", ok);
	json_put_str(&w, "code", v->error ? err_word((enum err)v->error->code) : NULL);
	json_put_str(&w, "error", v->error ? v->error->message : NULL);
	json_put_str(&w, "who", v->who_said);
	json_put_str(&w, "said", v->said);
	json_put_int(&w, "sign_ins", v->sign_ins);
	json_put_int(&w, "published", v->n_published);
	json_open(&w, "placed", '[');
	for (guint i = 0; i < v->placed->len; i++)
		json_put_str(&w, NULL, v->placed->pdata[i]);
	json_close(&w, ']');
	json_open(&w, "troubles", '[');
	for (guint i = 0; i < v->troubles->len; i++)
		json_put_str(&w, NULL, v->troubles->pdata[i]);
	json_close(&w, ']');
	say_access(&w, v);
	json_close(&w, '}');
	g_print("%s\n", out->str);
}

static void say_found(const struct visit *v)
{
	g_autoptr(GPtrArray) found = g_ptr_array_new_with_free_func((GDestroyNotify)account_unref);
	g_autoptr(GPtrArray) troubles = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GString) out = g_string_new(NULL);
	struct json_writer w = { .out = out };

	v->provider->find_accounts(found, troubles);
	json_open(&w, NULL, '{');
	for (guint i = 0; i < found->len; i++) {
		const struct account *a = found->pdata[i];
		g_auto(GStrv) keys = args_keys(a->answers);

		json_open(&w, a->id, '{');
		for (char **key = keys; *key; key++)
			json_put_str(&w, *key, args_get(a->answers, *key));
		json_close(&w, '}');
	}
	json_close(&w, '}');
	g_print("%s\n", out->str);
}

static bool set_route(struct route *r, const char *key, const char *value)
{
	const struct {
		const char *key;
		char **to;
	} all[] = { { "ca-file", &r->ca_file },	  { "cert-file", &r->cert_file },
		    { "key-file", &r->key_file }, { "tls-name", &r->server_name } };

	for (size_t i = 0; i < G_N_ELEMENTS(all); i++) {
		if (strcmp(all[i].key, key))
			continue;
		g_free(*all[i].to);
		*all[i].to = g_strdup(value);
		return true;
	}
	return false;
}

static bool set(struct visit *v, char *const *words)
{
	struct place *p = v->who;

	if (!words[0] || !words[1] || !words[2])
		return false;
	if (!strcmp(words[0], "arg"))
		visit_arg(v, words[1], words[2]);
	else if (!strcmp(words[0], "secret"))
		visit_secret(v, words[1], words[2]);
	else
		return !strcmp(words[0], "route") && set_route(p->route, words[1], words[2]);
	return true;
}

/* What a person would copy, into the answers. */
static bool paste(struct visit *v, const char *path)
{
	g_autofree char *text = NULL;
	g_autoptr(args) got = args_new();
	g_autoptr(secret) block = NULL;
	gsize len;

	if (!g_file_get_contents(path, &text, &len, NULL))
		return false;
	block = secret_new(text, len);
	if (!v->provider->info->read_block(block, got, NULL))
		return false;
	for (const struct field *f = v->provider->info->account_fields; f->key; f++) {
		if (args_get(got, f->key))
			visit_arg(v, f->key, args_get(got, f->key));
		if (args_secret(got, f->key))
			visit_secret(v, f->key, args_secret(got, f->key)->bytes);
	}
	return true;
}

static void configure(struct visit *v, const char *path)
{
	settings_free(v->settings);
	v->settings = settings_load(path);
}

/* What is to be put into zones. */
static bool obey_of_records(struct visit *v, const char *line)
{
	if (!strcmp(line, "publish"))
		say(v, visit_publish(v));
	else if (!strcmp(line, "unpublish"))
		say(v, visit_unpublish(v));
	else if (!strcmp(line, "no-records"))
		g_ptr_array_set_size(v->records, 0);
	else if (g_str_has_prefix(line, "record "))
		visit_record(v, line + strlen("record "));
	else
		return false;
	return true;
}

static bool obey(struct visit *v, const char *line)
{
	g_auto(GStrv) words = g_strsplit(line, " ", 3);

	if (!strcmp(line, "sign-in"))
		say(v, visit_sign_in(v));
	else if (!strcmp(line, "test"))
		say(v, visit_test(v));
	else if (!strcmp(line, "find"))
		say_found(v);
	else if (!strcmp(line, "forget"))
		g_clear_pointer(&v->access, access_unref);
	else if (g_str_has_prefix(line, "paste "))
		return paste(v, line + strlen("paste "));
	else if (g_str_has_prefix(line, "ahead "))
		clock_set(clock_now() + g_ascii_strtoll(line + strlen("ahead "), NULL, 10));
	else if (g_str_has_prefix(line, "config "))
		configure(v, line + strlen("config "));
	else if (obey_of_records(v, line))
		return true;
	else
		return set(v, words);
	return true;
}

int main(int argc, char **argv)
{
	g_autoptr(GIOChannel) in = g_io_channel_unix_new(0);
	struct place p = { .route = route_new() };
	struct visit v;
	char *line;
	int status = 0;

	if (argc != 2 || !provider_find(argv[1])) {
		g_printerr("usage: visit-tool PROVIDER\n");
		return 2;
	}
	secret_heap_open();
	p.client = client_new(NULL);
	visit_init(&v, argv[1]);
	v.answer = ask;
	v.who = &p;
	while (!status && g_io_channel_read_line(in, &line, NULL, NULL, NULL) == G_IO_STATUS_NORMAL) {
		g_autofree char *mine = line;

		if (!obey(&v, g_strchomp(mine))) {
			g_printerr("what is '%s'?\n", mine);
			status = 2;
		}
		fflush(stdout);
	}
	visit_done(&v);
	client_free(p.client);
	route_unref(p.route);
	return status;
}
