/*
 * doctor: a look at all that certty stands on: accounts, places for secrets, names and proxies,
 * trusted CAs, the saved state, the configuration.
 *
 * Accounts are asked who we are first, unless we are offline; then what the engine knows becomes
 * rows, and what must be looked at (name servers, proxies, files) is one work of the pool.  Nothing
 * is changed.
 */
#include "own.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <certty/base/clock.h>
#include <certty/base/file.h>
#include <certty/base/secret.h>
#include <certty/keyring/keyring_file.h>
#include <certty/model/account.h>
#include <certty/model/checkup.h>

#define TEST_SECONDS 90		/* for all accounts; what is not back by then is said to be late */
#define LOOK_EVERY_MS 50
#define CLOCKS_DIFFER 30	/* seconds that no signature minds */
#define SOON (7 * CLOCK_DAY)	/* before a secret's end that is worth a word */
#define HOSTS_MOST 32
#define PROXY_MS 3000
#define BUNDLE_MOST (16u << 20)

static step_fn begin, wait_for_tests, look, told;

/* ---- what the engine knows ---- */

static void add_configuration(struct checkup *c, const struct settings *s)
{
	const char *const *warnings = settings_warnings(s);
	g_auto(GStrv) of_accounts = engine_check_accounts(s);

	for (const char *const *w = warnings; *w; w++)
		checkup_add(c, CHECKUP_WRONG, "configuration", NULL, "certty.conf(5) has all settings",
			    "%s", *w);
	for (char **w = of_accounts; *w; w++)
		checkup_add(c, CHECKUP_WRONG, "configuration", NULL, NULL, "%s", *w);
	if (!*warnings && !*of_accounts)
		checkup_add(c, CHECKUP_FINE, "configuration", NULL, NULL, "all of it is understood");
}

/* What other tools have set up, and we cannot read. */
static void add_found(struct checkup *c, const struct engine *e)
{
	const GPtrArray *troubles = accounts_troubles(e);

	for (guint i = 0; troubles && i < troubles->len; i++)
		checkup_add(c, CHECKUP_WRONG, "found-accounts", NULL, NULL, "%s",
			    (const char *)troubles->pdata[i]);
}

static void add_memory(struct checkup *c)
{
	struct rlimit core = { 0, 0 };
	bool may_dump = prctl(PR_GET_DUMPABLE) > 0 ||
			(getrlimit(RLIMIT_CORE, &core) == 0 && core.rlim_cur > 1);

	if (secret_heap_state() == SECRET_HEAP_LOCKED)
		checkup_add(c, CHECKUP_FINE, "secret-memory", NULL, NULL, "locked, and never swapped");
	else
		checkup_add(c, CHECKUP_NOTE, "secret-memory", NULL,
			    "raise the limit of locked memory (ulimit -l) to 2048 or more",
			    secret_heap_state() == SECRET_HEAP_NONE ? "ordinary memory" :
								      "not locked: it may be swapped");
	if (may_dump)
		checkup_add(c, CHECKUP_NOTE, "core-dumps", NULL, "start certty as usual; a debugger or "
			    "a test switches them on", "a crash would leave secrets on the disk");
	else
		checkup_add(c, CHECKUP_FINE, "core-dumps", NULL, NULL, "off");
}

/* How many secrets of accounts, and of stores, are in each place. */
static void count_use(const struct snapshot *s, guint used[RUNG_COUNT])
{
	const struct items *all = s->kind[KIND_ACCOUNTS], *stores = s->kind[KIND_STORES];

	for (size_t i = 0; i < all->n; i++) {
		const struct account *a = all->item[i];
		const struct provider *p = provider_find(a->provider);
		const struct field *f = p ? p->info->account_fields : NULL;

		used[RUNG_FOUND] += a->origin == ACCOUNT_FOUND;
		for (; f && f->key && a->origin != ACCOUNT_FOUND; f++) {
			const char *place = f->kind == FIELD_SECRET ? args_get(a->answers, f->key) : NULL;
			const char *command;
			enum rung rung;

			if (place && rung_read(place, &rung, &command, NULL))
				used[rung]++;
		}
	}
	for (size_t i = 0; i < stores->n; i++)
		used[RUNG_KEYRING] += ((const struct store *)stores->item[i])->has_secret;
}

static void add_use(struct checkup *c, const guint used[RUNG_COUNT])
{
	g_autoptr(GString) out = g_string_new(NULL);

	for (int r = 0; r < RUNG_COUNT; r++)
		if (used[r])
			g_string_append_printf(out, "%s%s %u", out->len ? ", " : "",
					       rung_word((enum rung)r), used[r]);
	checkup_add(c, CHECKUP_FINE, "secret-places", NULL, NULL, "%s",
		    out->len ? out->str : "none is kept");
}

/* A place that is locked is in nobody's way unless something is in it. */
static void add_place(struct checkup *c, const char *name, bool is_open, bool is_locked,
		      bool is_used, const char *said)
{
	if (is_open)
		checkup_add(c, CHECKUP_FINE, name, NULL, NULL, "%s", said);
	else
		checkup_add(c, is_used ? CHECKUP_SIGN_IN : CHECKUP_NOTE, name, NULL,
			    is_locked ? "certty unlock opens it" : NULL, "%s", said);
}

static void add_places(struct checkup *c, struct operation *o, const struct snapshot *s)
{
	struct engine *e = o->engine;
	const GError *error = o->keyring_error;
	g_autofree char *keyring = ladder_say(e, RUNG_KEYRING), *file = ladder_say(e, RUNG_FILE);
	g_autofree char *path = keyring_file_path();
	bool needs_file = ladder_locked(e) == RUNG_FILE;
	guint used[RUNG_COUNT] = { 0 };

	count_use(s, used);
	add_use(c, used);
	add_place(c, "keyring", !error, g_error_matches(error, ERR, ERR_SIGN_IN), used[RUNG_KEYRING],
		  error ? error->message : keyring);
	add_place(c, "secrets-file", !keyring_file_is_there(path) || !needs_file, needs_file,
		  used[RUNG_FILE], keyring_file_is_there(path) ? file : "there is none");
}

static void add_state(struct checkup *c, const struct engine *e)
{
	g_autofree char *path = keep_path(e);
	struct stat st;

	if (e->is_unsaved)
		checkup_add(c, CHECKUP_WRONG, "state", NULL, "see to its folder's owner and room",
			    "%s", e->saying ? e->saying : "nothing can be saved");
	else if (!path)
		checkup_add(c, CHECKUP_NOTE, "state", NULL, NULL, "kept in memory only");
	else if (stat(path, &st) != 0)
		checkup_add(c, CHECKUP_WRONG, "state", NULL, "see to its folder", "%s: %s", path,
			    g_strerror(errno));
	else if (st.st_mode & 077)
		checkup_add(c, CHECKUP_WRONG, "state", NULL, "chmod 600 it", "others can read %s", path);
	else if (e->saying)
		checkup_add(c, CHECKUP_WRONG, "state", NULL, NULL, "%s", e->saying);
	else
		checkup_add(c, CHECKUP_FINE, "state", NULL, NULL, "saved in %s", path);
}

/* ---- accounts ---- */

static void say_end(GString *out, int64_t ends, int64_t now)
{
	g_autoptr(GString) when = g_string_new(NULL);

	if (!ends)
		return;
	clock_say_iso(when, ends);
	g_string_append_printf(out, "%s %s", ends <= now ? "; ended" : "; until", when->str);
}

/* It was asked for something, and nothing came back. */
static bool is_unreachable(const struct access_heard *h)
{
	return h && h->host && !h->was_answered;
}

static void add_account(struct checkup *c, const struct account *a, const struct access_heard *heard,
			int64_t now, bool is_offline)
{
	g_autoptr(GString) said = g_string_new(NULL);

	g_string_append_printf(said, "%s%s%s", *a->who ? a->who : a->title,
			       *a->secret_from ? ", secret from " : "", a->secret_from);
	say_end(said, a->secret_ends, now);
	if (a->is_disabled)
		checkup_add(c, CHECKUP_NOTE, "account", a->id, "certty accounts enable uses it again",
			    "disabled");
	else if (a->trouble && is_unreachable(heard))
		checkup_add(c, CHECKUP_WRONG, "account", a->id, NULL, "%s", a->trouble);
	else if (a->trouble)
		checkup_add(c, CHECKUP_SIGN_IN, "account", a->id, "certty accounts test says more; "
			    "rotate takes new secrets", "%s", a->trouble);
	else if (a->secret_ends && a->secret_ends < now + SOON && a->secret_ends > now)
		checkup_add(c, CHECKUP_NOTE, "account", a->id, NULL, "%s, which is soon", said->str);
	else if (!a->tested)
		checkup_add(c, CHECKUP_NOTE, "account", a->id, is_offline ? NULL :
			    "certty accounts test asks it", "%s; never asked yet", said->str);
	else
		checkup_add(c, CHECKUP_FINE, "account", a->id, NULL, "%s", said->str);
}

/* A server that sends no date, or was not asked, says nothing of clocks. */
static void add_clock(struct checkup *c, const struct engine *e, const struct account *a)
{
	const struct access_heard *h = access_heard(e, a->id);
	g_autoptr(GString) span = g_string_new(NULL);

	if (!h || !h->has_clock)
		return;
	clock_say_span(span, ABS(h->clock_differs));
	if (ABS(h->clock_differs) <= CLOCKS_DIFFER)
		checkup_add(c, CHECKUP_FINE, "clock", a->id, NULL, "as the server's");
	else
		checkup_add(c, CHECKUP_WRONG, "clock", a->id, "set this machine's clock, and see that it "
			    "is kept right (timedatectl)", "%s %s the server's", span->str,
			    h->clock_differs > 0 ? "behind" : "ahead of");
}

static void add_clocks(struct checkup *c, const struct engine *e, const struct snapshot *s)
{
	const struct items *all = s->kind[KIND_ACCOUNTS];
	size_t before = checkup_count(c);

	for (size_t i = 0; i < all->n; i++)
		add_clock(c, e, all->item[i]);
	if (checkup_count(c) == before)
		checkup_add(c, CHECKUP_FINE, "clock", NULL, NULL, "no server was asked for its own");
}

static void add_accounts(struct checkup *c, const struct engine *e, const struct snapshot *s,
			 int64_t now)
{
	const struct items *all = s->kind[KIND_ACCOUNTS];

	for (size_t i = 0; i < all->n; i++) {
		const struct account *a = all->item[i];

		if (a->origin != ACCOUNT_BUILT_IN)
			add_account(c, a, access_heard(e, a->id), now, s->is_offline);
	}
}

/* ---- what must be looked at, on the pool ---- */

struct looking {
	struct checkup *page;
	GPtrArray *hosts;	/* char * */
	bool is_offline;
};

static void looking_free(void *looking)
{
	struct looking *l = looking;

	checkup_free(l->page);
	g_ptr_array_unref(l->hosts);
	g_free(l);
}

/* Nobody answers: one wait is enough. */
static bool look_up(struct checkup *c, const char *host)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct addrinfo *found = NULL;
	int why = getaddrinfo(host, NULL, &hints, &found);

	if (why == 0) {
		freeaddrinfo(found);
		checkup_add(c, CHECKUP_FINE, "dns", host, NULL, "the name is known");
		return true;
	}
	checkup_add(c, CHECKUP_WRONG, "dns", host,
		    why == EAI_AGAIN ? "see to the name servers in /etc/resolv.conf" :
				       "check its spelling, or the name server", "%s", gai_strerror(why));
	return why != EAI_AGAIN;
}

static void look_up_all(struct checkup *c, const GPtrArray *hosts)
{
	if (!hosts->len)
		checkup_add(c, CHECKUP_FINE, "dns", NULL, NULL, "no account needs a name");
	for (guint i = 0; i < hosts->len; i++)
		if (!look_up(c, hosts->pdata[i]))
			return;
}

/* "http://user@proxy:3128/" → proxy and 3128. */
static char *proxy_host(const char *value, uint16_t *ret_port)
{
	g_autoptr(GUri) uri = NULL;
	g_autofree char *whole = strstr(value, "://") ? g_strdup(value) :
							g_strconcat("http://", value, NULL);

	uri = g_uri_parse(whole, G_URI_FLAGS_HAS_PASSWORD | G_URI_FLAGS_NON_DNS, NULL);
	if (!uri || !g_uri_get_host(uri) || !*g_uri_get_host(uri))
		return NULL;
	*ret_port = g_uri_get_port(uri) > 0 ? (uint16_t)g_uri_get_port(uri) : 1080;
	return g_strdup(g_uri_get_host(uri));
}

static bool can_connect(const struct addrinfo *to)
{
	int fd = socket(to->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	int failed = 0;
	socklen_t len = sizeof(failed);
	bool ok;

	if (fd < 0)
		return false;
	ok = connect(fd, to->ai_addr, to->ai_addrlen) == 0 ||
	     (errno == EINPROGRESS && poll(&p, 1, PROXY_MS) == 1 &&
	      getsockopt(fd, SOL_SOCKET, SO_ERROR, &failed, &len) == 0 && !failed);
	close(fd);
	return ok;
}

static bool is_reachable(const char *host, uint16_t port)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	g_autofree char *service = g_strdup_printf("%u", port);
	struct addrinfo *found = NULL;
	bool ok = false;

	if (getaddrinfo(host, service, &hints, &found) != 0)
		return false;
	for (const struct addrinfo *a = found; a && !ok; a = a->ai_next)
		ok = can_connect(a);
	freeaddrinfo(found);
	return ok;
}

static void look_at_proxy(struct checkup *c, const char *variable, bool is_offline)
{
	const char *value = g_getenv(variable);
	uint16_t port = 0;
	g_autofree char *host = value ? proxy_host(value, &port) : NULL;

	if (!host)
		checkup_add(c, CHECKUP_WRONG, "proxy", variable, "set it as in "
			    "http://proxy.example:3128, or unset it", "no address of a proxy");
	else if (is_offline)
		checkup_add(c, CHECKUP_NOTE, "proxy", variable, NULL, "%s, port %u; not asked", host,
			    port);
	else if (is_reachable(host, port))
		checkup_add(c, CHECKUP_FINE, "proxy", variable, NULL, "%s, port %u, answers", host,
			    port);
	else
		checkup_add(c, CHECKUP_WRONG, "proxy", variable, "start it, or unset the variable",
			    "%s, port %u, cannot be reached", host, port);
}

static void look_at_proxies(struct checkup *c, bool is_offline)
{
	static const char *const variables[] = { "https_proxy", "HTTPS_PROXY", "all_proxy",
						 "ALL_PROXY" };
	const char *without = g_getenv("no_proxy");
	bool any = false;

	for (size_t i = 0; i < G_N_ELEMENTS(variables); i++) {
		const char *value = g_getenv(variables[i]);

		if (!value || !*value)
			continue;
		look_at_proxy(c, variables[i], is_offline);
		any = true;
	}
	if (!without)
		without = g_getenv("NO_PROXY");
	if (!any)
		checkup_add(c, CHECKUP_FINE, "proxy", NULL, NULL, "the environment names none");
	else if (without && *without)
		checkup_add(c, CHECKUP_NOTE, "proxy", "NO_PROXY", NULL, "without it: %s", without);
}

static guint count_certificates(GBytes *pem)
{
	static const char begin[] = "-----BEGIN ";
	gsize len;
	const char *all = g_bytes_get_data(pem, &len), *at = all;
	guint n = 0;

	while (at && (at = memmem(at, len - (gsize)(at - all), begin, strlen(begin)))) {
		at += strlen(begin);
		n += g_str_has_prefix(at, "CERTIFICATE-----") ||
		     g_str_has_prefix(at, "TRUSTED CERTIFICATE-----");
	}
	return n;
}

static void look_at_bundle(struct checkup *c)
{
	const char *set = g_getenv("SSL_CERT_FILE");
	const char *path = set && *set ? set : "/etc/ssl/certs/ca-certificates.crt";
	g_autoptr(GError) why = NULL;
	g_autoptr(GBytes) pem = file_read(path, BUNDLE_MOST, NULL, &why);
	const char *what_to_do = set && *set ? "correct SSL_CERT_FILE, or unset it" :
					       "install the package ca-certificates";
	guint n = pem ? count_certificates(pem) : 0;

	if (!pem)
		checkup_add(c, CHECKUP_WRONG, "ca-bundle", NULL, what_to_do, "%s", why->message);
	else if (!n)
		checkup_add(c, CHECKUP_WRONG, "ca-bundle", NULL, what_to_do,
			    "%s holds no certificate", path);
	else
		checkup_add(c, CHECKUP_FINE, "ca-bundle", NULL, NULL, "%s, %u CAs%s", path, n,
			    set && *set ? ", by SSL_CERT_FILE" : "");
}

static void look_around(struct work *w)
{
	struct looking *l = w->in;

	if (!l->is_offline && !work_is_stopped(w))
		look_up_all(l->page, l->hosts);
	if (!work_is_stopped(w))
		look_at_proxies(l->page, l->is_offline);
	look_at_bundle(l->page);
	w->out = checkup_detail(l->page);
}

/* ---- the steps ---- */

/* The host in an answer that is an address; NULL: it is none. */
static char *host_in(const char *answer)
{
	g_autoptr(GUri) uri = strstr(answer, "://") ? g_uri_parse(answer, G_URI_FLAGS_NON_DNS, NULL) :
						      NULL;
	const char *host = uri ? g_uri_get_host(uri) : NULL;

	return host && *host ? g_strdup(host) : NULL;
}

static void add_host(GPtrArray *hosts, char *host)
{
	if (host && hosts->len < HOSTS_MOST &&
	    !g_ptr_array_find_with_equal_func(hosts, host, g_str_equal, NULL))
		g_ptr_array_add(hosts, host);
	else
		g_free(host);
}

/* Hosts that accounts name, and those that were asked on their behalf. */
static GPtrArray *hosts_of(const struct engine *e, const struct snapshot *s)
{
	const struct items *all = s->kind[KIND_ACCOUNTS];
	GPtrArray *hosts = g_ptr_array_new_with_free_func(g_free);

	for (size_t i = 0; i < all->n; i++) {
		const struct account *a = all->item[i];
		g_auto(GStrv) keys = a->is_disabled ? NULL : args_keys(a->answers);
		const struct access_heard *h = access_heard(e, a->id);

		for (char **k = keys; k && *k; k++)
			if (strcmp(*k, "proxy"))
				add_host(hosts, host_in(args_get(a->answers, *k)));
		add_host(hosts, h && h->host ? g_strdup(h->host) : NULL);
	}
	return hosts;
}

/* All that can be asked who we are, at once. */
static bool start_tests(struct engine *e)
{
	g_autoptr(items) all = shelf_freeze(e->known.shelf[KIND_ACCOUNTS]);
	struct command *test = command_new(VERB_ACCOUNT_TEST, NULL);

	for (size_t i = 0; !e->config.is_offline && i < all->n; i++) {
		const struct account *a = all->item[i];

		if (a->origin != ACCOUNT_BUILT_IN && !a->is_disabled)
			g_ptr_array_add(test->targets, g_strdup(a->id));
	}
	if (!test->targets->len) {
		command_free(test);
		return false;
	}
	task_start(e, engine_own_number(e), test, true);
	return true;
}

static bool are_tests_under_way(const struct engine *e)
{
	for (guint i = 0; i < e->tasks->len; i++) {
		const struct task *t = e->tasks->pdata[i];

		if (t->command->verb->id == VERB_ACCOUNT_TEST)
			return true;
	}
	return false;
}

static struct next wait_for_tests(struct op *op, const struct reply *none)
{
	const struct operation *o = operation_of(op);
	bool is_late = clock_now() > op->now + TEST_SECONDS;

	if (are_tests_under_way(o->engine) && !is_late)
		return next_wait(LOOK_EVERY_MS, wait_for_tests);
	return look(op, none);
}

static struct next look(struct op *op, const struct reply *none)
{
	struct engine *e = operation_of(op)->engine;
	struct looking *l = g_new0(struct looking, 1);
	g_autoptr(snapshot) s = publish_snapshot(e);

	(void)none;
	l->page = checkup_new();
	l->is_offline = e->config.is_offline;
	add_accounts(l->page, e, s, clock_now());
	add_places(l->page, operation_of(op), s);
	add_memory(l->page);
	add_state(l->page, e);
	add_clocks(l->page, e, s);
	add_configuration(l->page, op->settings);
	add_found(l->page, e);
	l->hosts = hosts_of(e, s);
	return next_work(work_new(look_around, l, looking_free, (GDestroyNotify)detail_unref), told);
}

static struct next told(struct op *op, const struct reply *none)
{
	(void)none;
	op->detail = g_steal_pointer(&op->work->out);
	op_say(op, "the doctor's page is there");
	return next_done();
}

/* Other tools' accounts are looked for when the program has just started. */
static struct next begin(struct op *op, const struct reply *none)
{
	if (accounts_are_looked_for(operation_of(op)->engine))
		return next_wait(LOOK_EVERY_MS, begin);
	if (start_tests(operation_of(op)->engine))
		return next_wait(LOOK_EVERY_MS, wait_for_tests);
	return look(op, none);
}

static void hear_keyring(struct secret *none, const GError *error, void *who)
{
	struct operation *o = who;

	secret_free(none);
	g_clear_error(&o->keyring_error);
	if (error && error->code != ERR_NOT_FOUND)
		o->keyring_error = g_error_copy(error);
	operation_wake(o);
}

/* The keyring says how it stands when it is asked for something. */
struct next doctor_step(struct op *op, const struct reply *none)
{
	static const struct keyring_key nothing = { "", "", "doctor" };
	struct operation *o = operation_of(op);

	(void)none;
	ladder_look_up(o->engine, RUNG_KEYRING, NULL, &nothing, hear_keyring, o);
	return operation_sleep(o, begin);
}
