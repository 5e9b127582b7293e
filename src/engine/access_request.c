/*
 * access_request: what an open account does to every request of it: its route, its signature, and
 * what is learnt from what comes back.
 */
#include "access_own.h"

#include <string.h>

#include <certty/base/file.h>

static struct route *make_route(const struct opening *w)
{
	const struct account *a = w->account ? w->account : accounts_get(w->engine, w->id);
	g_autoptr(args) all = accounts_fill(accounts_settings(w->engine), a);
	struct route *r = route_new();
	const struct {
		const char *key;
		char **to;
	} texts[] = {
		{ "proxy", &r->proxy },		{ "ca-file", &r->ca_file },
		{ "ca-folder", &r->ca_folder }, { "tls-name", &r->server_name },
		{ "cert-file", &r->cert_file }, { "key-file", &r->key_file },
	};
	bool any = false;

	for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
		const char *value = args_text(all, texts[i].key, "");
		bool is_path = g_str_has_suffix(texts[i].key, "-file") ||
			       g_str_has_suffix(texts[i].key, "-folder");

		if (!*value)
			continue;
		any = true;
		*texts[i].to = is_path ? file_absolute(value) : g_strdup(value);
	}
	if (r->proxy && !strcmp(r->proxy, "none"))
		r->proxy[0] = '\0';
	if (!any)
		g_clear_pointer(&r, route_unref);
	return r;
}

static void set_route(struct opening *w, struct request_out *r)
{
	if (!w->has_route)
		w->route = make_route(w);
	w->has_route = true;
	if (w->route && !r->route)
		r->route = route_ref(w->route);
}

bool access_is_held(struct operation *o)
{
	bool is_signed = o->opening && !o->is_login && !o->op.verb->no_sign_in;

	if (is_signed && !o->is_held && !access_is_good(o->opening))
		access_await(o->opening, o);
	return o->is_held;
}

/* Where it lies; before anything else is asked of it, where one signs in. */
static void note_host(struct opening *w, const struct request_out *r, bool is_login)
{
	g_autoptr(GUri) uri = NULL;

	if (!r->url || (w->heard.host && (is_login || !w->heard.is_of_login)))
		return;
	uri = g_uri_parse(r->url, G_URI_FLAGS_NON_DNS, NULL);
	if (!uri || !g_uri_get_host(uri))
		return;
	g_free(w->heard.host);
	w->heard.host = g_strdup(g_uri_get_host(uri));
	w->heard.is_of_login = is_login;
}

const struct access_heard *access_heard(const struct engine *e, const char *id)
{
	const struct opening *w = g_hash_table_lookup(e->openings, id);

	return w ? &w->heard : NULL;
}

bool access_sign(struct operation *o, struct request_out *r, GError **error)
{
	struct opening *w = o->opening;

	if (!w)
		return true;
	set_route(w, r);
	note_host(w, r, o->is_login);
	if (o->is_login || r->host || r->is_unsigned || !o->provider->sign)
		return true;
	access_use(o);
	w->used = clock_ticks();
	return o->provider->sign(r, o->access, access_server_now(w), error);
}

int64_t access_differs(const struct operation *o)
{
	return o->opening ? o->opening->differs : 0;
}

static void note_clock(struct opening *w, const struct reply *r)
{
	int64_t differs;

	if (!reply_skew(r, clock_now(), &differs))
		return;
	w->heard.has_clock = true;
	w->heard.clock_differs = differs;
	w->differs = ABS(differs) > ACCESS_SKEW_MAX ? differs : 0;
}

static bool is_signed_out(const struct provider *p, const struct reply *r, const struct access *with)
{
	if (r->error)
		return false;
	return p->is_signed_out ? p->is_signed_out(r, with) : r->status == 401;
}

void access_hear(struct operation *o, const struct reply *r)
{
	if (!o->opening)
		return;
	o->opening->heard.was_answered |= !r->error;
	note_clock(o->opening, r);
}

/* Once only, so that a server that always says no is believed.  It did not act on what it turned
 * away, so any request may be sent again. */
bool access_sends_again(struct operation *o, const struct reply *r, const struct access *with,
			int64_t differed)
{
	struct opening *w = o->opening;
	bool is_wrong_time;

	if (!w || o->is_login || !with)
		return false;
	is_wrong_time = ABS(w->differs - differed) > ACCESS_SKEW_MAX &&
			(r->status == 400 || r->status == 401 || r->status == 403);
	if (is_wrong_time)
		return true;
	if (!is_signed_out(o->provider, r, with))
		return false;
	if (w->access == with) {
		access_unref(w->doubted);
		w->doubted = g_steal_pointer(&w->access);
	}
	return true;
}
