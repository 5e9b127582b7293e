/*
 * keyring_secret_service: the keyring of the desktop; the only file that knows libsecret.
 *
 * Every question goes the same way, one call after the other: the session bus, the default
 * collection, whether it is locked (asked on the bus: libsecret answers from a cache, and
 * says "nothing found" where "locked" is meant), then libsecret.  No D-Bus is ever launched
 * and no prompt shown: both would happen on a screen that is ours.
 *
 * All runs in a context of the owner's thread.  When a question takes too long it is answered
 * and forgotten; what libsecret still does for it ends with a cancelled call.
 */
#include "keyring_own.h"

#include <string.h>
#include <sys/stat.h>

#define SECRET_API_SUBJECT_TO_CHANGE	/* said since 2012 of secret_service_encode_dbus_secret() */
#include <gio/gio.h>
#include <libsecret/secret.h>

#define SERVICE		"org.freedesktop.secrets"
#define PATH		"/org/freedesktop/secrets"
#define INTERFACE	"org.freedesktop.Secret.Service"
#define COLLECTION	"org.freedesktop.Secret.Collection"
/* gnome-keyring's own: takes the passphrase from us where the standard way is a prompt. */
#define INTERNAL	"org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface"
#define DENIED		"org.gnome.keyring.Error.Denied"
#define TURNS		64	/* of the context in one turn of the owner */

struct body {
	GMainContext *context;
	GPtrArray *calls;	/* under way or running out */
};

struct call {
	struct body *body;
	struct ask *ask;	/* NULL: answered; the rest is running out */
	GCancellable *cancel;
	GSource *limit;
	GDBusConnection *bus;
	SecretService *service;
	char *collection;
	bool has_tried;		/* to unlock */
};

/* ---- a service that refuses prompts ---- */

static void refuse_prompt(SecretService *self, SecretPrompt *prompt, const GVariantType *type,
			  GCancellable *cancel, GAsyncReadyCallback callback, gpointer data)
{
	g_task_report_new_error(self, callback, data, refuse_prompt, ERR, ERR_SIGN_IN,
				"a prompt was refused");
}

static GVariant *refuse_finish(SecretService *self, GAsyncResult *result, GError **error)
{
	return g_task_propagate_pointer(G_TASK(result), error);
}

static GVariant *refuse_prompt_sync(SecretService *self, SecretPrompt *prompt,
				    GCancellable *cancel, const GVariantType *type,
				    GError **error)
{
	g_set_error_literal(error, ERR, ERR_SIGN_IN, "a prompt was refused");
	return NULL;
}

static void refuse_all(void *class, void *data)
{
	SecretServiceClass *service = class;

	service->prompt_async = refuse_prompt;
	service->prompt_finish = refuse_finish;
	service->prompt_sync = refuse_prompt_sync;
}

static GType quiet_service(void)
{
	static gsize type;

	if (g_once_init_enter(&type))
		g_once_init_leave(&type, g_type_register_static_simple(
			SECRET_TYPE_SERVICE, "CerttyQuietService", sizeof(SecretServiceClass),
			refuse_all, sizeof(SecretService), NULL, 0));
	return type;
}

/* ---- the life of a call ---- */

static void call_free(struct call *c)
{
	g_ptr_array_remove_fast(c->body->calls, c);
	if (c->limit) {
		g_source_destroy(c->limit);
		g_source_unref(c->limit);
	}
	g_clear_object(&c->cancel);
	g_clear_object(&c->bus);
	g_clear_object(&c->service);
	g_free(c->collection);
	g_free(c);
}

/* The end of a call whose last callback this is. */
static void end(struct call *c, enum keyring_state state, struct secret *found,
		const char *trouble)
{
	if (c->ask)
		keyring_answer(g_steal_pointer(&c->ask), state, found, trouble);
	else
		secret_free(found);
	call_free(c);
}

static gboolean too_late(gpointer data)
{
	struct call *c = data;

	if (c->ask)
		keyring_answer(g_steal_pointer(&c->ask), KEYRING_HANGS, NULL, NULL);
	g_cancellable_cancel(c->cancel);
	return G_SOURCE_REMOVE;
}

/* What went wrong on the bus, as a state. */
static void end_badly(struct call *c, const GError *error)
{
	static const struct {
		int code;
		enum keyring_state state;
	} known[] = {
		{ G_DBUS_ERROR_SERVICE_UNKNOWN, KEYRING_NO_DAEMON },
		{ G_DBUS_ERROR_NAME_HAS_NO_OWNER, KEYRING_NO_DAEMON },
		{ G_DBUS_ERROR_SPAWN_EXEC_FAILED, KEYRING_NO_DAEMON },
		{ G_DBUS_ERROR_SPAWN_CHILD_EXITED, KEYRING_NO_DAEMON },
		{ G_DBUS_ERROR_SPAWN_FAILED, KEYRING_NO_DAEMON },
		{ G_DBUS_ERROR_SPAWN_SERVICE_NOT_FOUND, KEYRING_NO_DAEMON },
		{ G_DBUS_ERROR_NO_REPLY, KEYRING_DIED },
		{ G_DBUS_ERROR_TIMEOUT, KEYRING_HANGS },
		{ G_DBUS_ERROR_DISCONNECTED, KEYRING_STALE_BUS },
	};

	if (g_error_matches(error, ERR, ERR_SIGN_IN))
		return end(c, KEYRING_NO_PROMPTER, NULL, NULL);
	if (g_error_matches(error, SECRET_ERROR, SECRET_ERROR_IS_LOCKED))
		return end(c, KEYRING_LOCKED, NULL, NULL);
	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CLOSED))
		return end(c, KEYRING_STALE_BUS, NULL, NULL);
	if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT))
		return end(c, KEYRING_HANGS, NULL, NULL);
	for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
		if (g_error_matches(error, G_DBUS_ERROR, known[i].code))
			return end(c, known[i].state, NULL, NULL);
	end(c, KEYRING_BROKEN, NULL, error->message);
}

/* Goes on, or is at its end: the owner was answered or does not want to be any more. */
static bool goes_on(struct call *c, const GError *error)
{
	if (!c->ask)
		end(c, KEYRING_HANGS, NULL, NULL);
	else if (error)
		end_badly(c, error);
	else
		return true;
	return false;
}

static void send(struct call *c, const char *path, const char *interface, const char *method,
		 GVariant *in, const char *out, GAsyncReadyCallback hear)
{
	g_dbus_connection_call(c->bus, SERVICE, path, interface, method, in,
			       G_VARIANT_TYPE(out), G_DBUS_CALL_FLAGS_NONE, KEYRING_LIMIT_MS,
			       c->cancel, hear, c);
}

static GVariant *reply(struct call *c, GAsyncResult *result, GError **error)
{
	return g_dbus_connection_call_finish(c->bus, result, error);
}

/* ---- the secret itself, by libsecret ---- */

static const SecretSchema schema = {
	"org.certty.Secret", SECRET_SCHEMA_NONE, {
		{ "application", SECRET_SCHEMA_ATTRIBUTE_STRING },
		{ "account", SECRET_SCHEMA_ATTRIBUTE_STRING },
		{ "store", SECRET_SCHEMA_ATTRIBUTE_STRING },
		{ "field", SECRET_SCHEMA_ATTRIBUTE_STRING },
	}
};

/* Not secret_service_lookup(), which in libsecret 0.20 keeps the reply for ever. */
static void got_items(GObject *source, GAsyncResult *result, gpointer data)
{
	struct call *c = data;
	g_autoptr(GError) error = NULL;
	GList *items = secret_service_search_finish(c->service, result, &error);
	SecretValue *value = items ? secret_item_get_secret(items->data) : NULL;
	struct secret *found = NULL;
	const char *bytes;
	gsize len;

	if (value) {
		bytes = secret_value_get(value, &len);
		found = secret_new(bytes, len);
		secret_value_unref(value);
	}
	g_list_free_full(items, g_object_unref);
	if (!goes_on(c, error))
		secret_free(found);
	else
		end(c, KEYRING_READY, found,
		    value && !found ? "the memory for secrets is full" : NULL);
}

static void stored(GObject *source, GAsyncResult *result, gpointer data)
{
	struct call *c = data;
	g_autoptr(GError) error = NULL;

	secret_service_store_finish(c->service, result, &error);
	if (goes_on(c, error))
		end(c, KEYRING_READY, NULL, NULL);
}

static void forgotten(GObject *source, GAsyncResult *result, gpointer data)
{
	struct call *c = data;
	g_autoptr(GError) error = NULL;

	secret_service_clear_finish(c->service, result, &error);
	if (goes_on(c, error))
		end(c, KEYRING_READY, NULL, NULL);
}

static void got_service(GObject *source, GAsyncResult *result, gpointer data)
{
	struct call *c = data;
	g_autoptr(GError) error = NULL;
	g_autoptr(GHashTable) attributes = NULL;
	SecretValue *value;

	c->service = secret_service_open_finish(result, &error);
	if (!goes_on(c, error))
		return;
	attributes = secret_attributes_build(&schema, "application", "certty", "account",
					     c->ask->account, "store", c->ask->store, "field",
					     c->ask->field, NULL);
	if (c->ask->kind == ASK_LOOK_UP) {
		secret_service_search(c->service, &schema, attributes, SECRET_SEARCH_LOAD_SECRETS,
				      c->cancel, got_items, c);
	} else if (c->ask->kind == ASK_FORGET) {
		secret_service_clear(c->service, &schema, attributes, c->cancel, forgotten, c);
	} else {
		value = secret_value_new(c->ask->given->bytes, (gssize)c->ask->given->len,
					 "text/plain");
		secret_service_store(c->service, &schema, attributes, SECRET_COLLECTION_DEFAULT,
				     c->ask->label, value, c->cancel, stored, c);
		secret_value_unref(value);
	}
}

/* ---- unlocking ---- */

static void ask_locked(struct call *c);

/* Encrypted for the service, as stored secrets are: GDBus keeps what it sends in memory that
 * it does not wipe. */
static GVariant *master(const struct call *c)
{
	const struct secret *s = c->ask->given;
	SecretValue *value = secret_value_new(s->bytes, (gssize)s->len, "text/plain");
	GVariant *coded = secret_service_encode_dbus_secret(c->service, value);

	secret_value_unref(value);
	return g_variant_take_ref(coded);
}

/* A service without the internal interface can only be unlocked by its own prompt. */
static bool is_open(struct call *c, const GError *error)
{
	g_autofree char *name = error ? g_dbus_error_get_remote_error(error) : NULL;

	if (!c->ask || !error)
		return goes_on(c, error);
	if (!g_strcmp0(name, DENIED))
		end(c, KEYRING_WRONG_PASSPHRASE, NULL, NULL);
	else if (g_error_matches(error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD) ||
		 g_error_matches(error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_INTERFACE))
		end(c, KEYRING_NO_PROMPTER, NULL, NULL);
	else
		end_badly(c, error);
	return false;
}

/* Believed only when reading back says so. */
static void unlocked(GObject *source, GAsyncResult *result, gpointer data)
{
	struct call *c = data;
	g_autoptr(GError) error = NULL;
	GVariant *nothing = reply(c, result, &error);

	g_clear_pointer(&nothing, g_variant_unref);
	if (is_open(c, error))
		ask_locked(c);
}

static void made(GObject *source, GAsyncResult *result, gpointer data)
{
	struct call *c = data;
	g_autoptr(GError) error = NULL;
	g_autoptr(GVariant) answer = reply(c, result, &error);

	if (!is_open(c, error))
		return;
	g_variant_get(answer, "(o)", &c->collection);
	send(c, PATH, INTERFACE, "SetAlias", g_variant_new("(so)", "default", c->collection),
	     "()", unlocked);
}

static void got_session(GObject *source, GAsyncResult *result, gpointer data)
{
	struct call *c = data;
	g_autoptr(GError) error = NULL;
	g_autoptr(GVariant) passphrase = NULL;
	GVariantBuilder properties;

	c->service = secret_service_open_finish(result, &error);
	if (!goes_on(c, error))
		return;
	passphrase = master(c);
	if (c->collection) {
		send(c, PATH, INTERNAL, "UnlockWithMasterPassword",
		     g_variant_new("(o@(oayays))", c->collection, passphrase), "()", unlocked);
		return;
	}
	g_variant_builder_init(&properties, G_VARIANT_TYPE_VARDICT);
	g_variant_builder_add(&properties, "{sv}", COLLECTION ".Label",
			      g_variant_new_string("Login"));
	send(c, PATH, INTERNAL, "CreateWithMasterPassword",
	     g_variant_new("(a{sv}@(oayays))", &properties, passphrase), "(o)", made);
}

static void open_session(struct call *c)
{
	c->has_tried = true;
	secret_service_open(quiet_service(), NULL, SECRET_SERVICE_OPEN_SESSION, c->cancel,
			    got_session, c);
}

/* ---- on the way there ---- */

/* Not there yet, and what to do about it. */
static void without_collection(struct call *c)
{
	g_clear_pointer(&c->collection, g_free);
	if (c->ask->kind != ASK_UNLOCK || c->has_tried) {
		end(c, KEYRING_NO_COLLECTION, NULL, NULL);
		return;
	}
	open_session(c);
}

static void with_collection(struct call *c, bool is_locked)
{
	if (c->ask->kind != ASK_UNLOCK && is_locked) {
		end(c, KEYRING_LOCKED, NULL, NULL);
	} else if (c->ask->kind != ASK_UNLOCK) {
		secret_service_open(quiet_service(), NULL, SECRET_SERVICE_NONE,
				    c->cancel, got_service, c);
	} else if (!is_locked || c->has_tried) {
		end(c, is_locked ? KEYRING_WRONG_PASSPHRASE : KEYRING_READY, NULL, NULL);
	} else {
		open_session(c);
	}
}

static void got_locked(GObject *source, GAsyncResult *result, gpointer data)
{
	struct call *c = data;
	g_autoptr(GError) error = NULL;
	g_autoptr(GVariant) answer = reply(c, result, &error);
	g_autoptr(GVariant) value = NULL;

	/* gnome-keyring names a login collection that it does not have. */
	if (g_error_matches(error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_METHOD) ||
	    g_error_matches(error, G_DBUS_ERROR, G_DBUS_ERROR_UNKNOWN_OBJECT))
		g_clear_error(&error);
	if (!goes_on(c, error))
		return;
	if (!answer) {
		without_collection(c);
		return;
	}
	g_variant_get(answer, "(v)", &value);
	with_collection(c, !g_variant_is_of_type(value, G_VARIANT_TYPE_BOOLEAN) ||
			   g_variant_get_boolean(value));
}

static void ask_locked(struct call *c)
{
	send(c, c->collection, "org.freedesktop.DBus.Properties", "Get",
	     g_variant_new("(ss)", COLLECTION, "Locked"), "(v)", got_locked);
}

static void got_alias(GObject *source, GAsyncResult *result, gpointer data)
{
	struct call *c = data;
	g_autoptr(GError) error = NULL;
	g_autoptr(GVariant) answer = reply(c, result, &error);

	if (!goes_on(c, error))
		return;
	g_variant_get(answer, "(o)", &c->collection);
	if (!strcmp(c->collection, "/"))
		without_collection(c);
	else
		ask_locked(c);
}

static void ask_alias(struct call *c)
{
	send(c, PATH, INTERFACE, "ReadAlias", g_variant_new("(s)", "default"), "(o)", got_alias);
}

static void got_bus(GObject *source, GAsyncResult *result, gpointer data)
{
	struct call *c = data;
	g_autoptr(GError) error = NULL;

	c->bus = g_bus_get_finish(result, &error);
	if (c->ask && error) {
		end(c, KEYRING_STALE_BUS, NULL, NULL);
		return;
	}
	if (c->bus)	/* or a session bus that ends would end us too */
		g_dbus_connection_set_exit_on_close(c->bus, FALSE);
	if (goes_on(c, error))
		ask_alias(c);
}

/* A set address that launches nothing, or the usual socket; else GLib would start a bus. */
static bool has_bus(void)
{
	const char *address = g_getenv("DBUS_SESSION_BUS_ADDRESS");
	const char *folder = g_getenv("XDG_RUNTIME_DIR");
	g_autofree char *path = folder ? g_build_filename(folder, "bus", NULL) : NULL;
	struct stat st;

	if (address)
		return *address && !strstr(address, "autolaunch:");
	return path && stat(path, &st) == 0 && S_ISSOCK(st.st_mode);
}

/* ---- the body ---- */

static void *open_body(void)
{
	struct body *b = g_new0(struct body, 1);

	b->context = g_main_context_new();
	g_main_context_push_thread_default(b->context);
	b->calls = g_ptr_array_new();
	return b;
}

static enum keyring_state glance(void)
{
	return has_bus() ? KEYRING_UNASKED : KEYRING_NO_BUS;
}

static void turn(void *body)
{
	struct body *b = body;

	for (int i = 0; i < TURNS && g_main_context_iteration(b->context, FALSE); i++)
		;
}

/* Cancelled calls end within a turn; one that does not is left to the end of the program. */
static void close_body(void *body)
{
	struct body *b = body;
	bool is_idle;

	for (guint i = 0; i < b->calls->len; i++) {
		struct call *c = b->calls->pdata[i];

		c->ask = NULL;
		g_cancellable_cancel(c->cancel);
	}
	turn(b);
	is_idle = !b->calls->len;
	g_main_context_pop_thread_default(b->context);
	g_main_context_unref(b->context);
	if (is_idle) {
		g_ptr_array_unref(b->calls);
		g_free(b);
	}
}

static void ask_body(void *body, struct ask *ask)
{
	struct body *b = body;
	struct call *c;

	if (!has_bus()) {
		keyring_answer(ask, KEYRING_NO_BUS, NULL, NULL);
		return;
	}
	c = g_new0(struct call, 1);
	c->body = b;
	c->ask = ask;
	ask->own = c;
	c->cancel = g_cancellable_new();
	c->limit = g_timeout_source_new(KEYRING_LIMIT_MS);
	g_source_set_callback(c->limit, too_late, c, NULL);
	g_source_attach(c->limit, b->context);
	g_ptr_array_add(b->calls, c);
	g_bus_get(G_BUS_TYPE_SESSION, c->cancel, got_bus, c);
}

static void cancel_body(void *body, struct ask *ask)
{
	struct call *c = ask->own;

	c->ask = NULL;
	g_cancellable_cancel(c->cancel);
	keyring_answer(ask, keyring_state(ask->keyring), NULL, "cancelled");
}

static unsigned poll_body(void *body, struct pollfd *fds, int *timeout_ms)
{
	struct body *b = body;
	GPollFD wanted[KEYRING_FDS];
	int priority, n;

	g_main_context_prepare(b->context, &priority);
	n = g_main_context_query(b->context, priority, timeout_ms, wanted, KEYRING_FDS);
	if (n > KEYRING_FDS) {	/* never seen; looked at often rather than missed */
		n = KEYRING_FDS;
		*timeout_ms = 10;
	}
	for (int i = 0; i < n; i++) {
		fds[i].fd = wanted[i].fd;
		fds[i].events = (short)wanted[i].events;
		fds[i].revents = 0;
	}
	return (unsigned)n;
}

const struct keyring_body keyring_secret_service = {
	.open = open_body,
	.glance = glance,
	.close = close_body,
	.ask = ask_body,
	.cancel = cancel_body,
	.poll = poll_body,
	.turn = turn,
};
