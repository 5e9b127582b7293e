/*
 * local: this machine: its folders, keystore files, endpoints, the own repository, and a small
 * CA of plain files.  Needs no account.
 */
#include "install.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <certty/base/text.h>

static step_fn refresh, store_add, show, approve, deny, countersign, withdraw;

static const char *const store_types[] = { LOCAL_FOLDER, LOCAL_KEYSTORE, LOCAL_ENDPOINT,
					   LOCAL_REPOSITORY, LOCAL_CA, LOCAL_INSTALL, TICKETS_STORE,
					   NULL };

/* What a certificate of the CA is for, and how long, is for the person to say who approves it. */
static const struct field no_fields[] = { { NULL } };
static const struct verb_questions questions[] = { { VERB_ENROLL, LOCAL_CA, no_fields }, { 0 } };

static const struct provider_info local_info = {
	.name = "local",
	.title = "This machine",
	.sentence = "Files, folders and TLS endpoints that can be reached from here",
	.store_types = store_types,
	.questions = questions,
};

static void scratch_done(void *scratch)
{
	struct local *l = scratch;

	if (l->mine && l->free_mine)
		l->free_mine(l->mine);
}

static void own_stores(const struct settings *settings, GPtrArray *stores);

const struct provider provider_local = {
	.info = &local_info,
	.scratch = sizeof(struct local),
	.scratch_done = scratch_done,
	.at_once_store = 64,
	.at_once_account = 64,
	.own_stores = own_stores,
	.hand = hand_cert,
	.key_maker = &enrol_key_maker,
	.issuer = &ca_enrol_issuer,
	.verb = {
		[VERB_REFRESH]	 = refresh,
		[VERB_SHOW]	 = show,
		[VERB_DISCOVER]	 = discover,
		[VERB_STORE_ADD] = store_add,
		[VERB_IMPORT]	 = import_file,
		[VERB_REMOVE]	 = remove_cert,
		[VERB_EXPORT]	 = export_cert,
		[VERB_KEY]	 = key_pair,
		[VERB_APPROVE]	 = approve,
		[VERB_DENY]	 = deny,
		[VERB_RENEW]	 = ca_renew,
		[VERB_WITHDRAW]	 = withdraw,
		[VERB_COUNTERSIGN] = countersign,
	},
	.plan = {
		[VERB_STORE_ADD] = planned_store_add,
		[VERB_IMPORT]	 = planned_import,
		[VERB_REMOVE]	 = planned_remove,
		[VERB_EXPORT]	 = planned_export,
		[VERB_KEY]	 = planned_key,
		[VERB_APPROVE]	 = planned_approve,
		[VERB_DENY]	 = planned_deny,
		[VERB_RENEW]	 = planned_renew,
		[VERB_WITHDRAW]	 = planned_withdraw,
		[VERB_COUNTERSIGN] = planned_countersign,
		[VERB_DEPLOY]	 = planned_hand,
	},
};

/* ---- stores ---- */

char *local_store_id(const char *type, const char *address)
{
	return g_strdup_printf("local/%s:%s", type, address);
}

char *local_repository(void)
{
	g_autofree char *data = file_data_folder();

	return g_build_filename(data, "store", NULL);
}

void local_touch_repository(struct op *op)
{
	g_autofree char *path = local_repository(), *id = local_store_id(LOCAL_REPOSITORY, path);

	op_touch(op, id);
}

struct store *local_store(const char *type, const char *address, enum store_origin origin)
{
	g_autofree char *id = local_store_id(type, address);
	g_autofree char *title = text_harmless_dup(address, 400);
	struct store *s = store_new(id);

	store_set(&s->account, "local");
	store_set(&s->provider, "local");
	store_set(&s->type, type);
	store_set(&s->title, title);
	store_set(&s->address, address);
	s->origin = origin;
	return s;
}

static void add_paths(const struct settings *settings, const char *key, const char *type,
		      GPtrArray *stores)
{
	const char *const *paths = settings_list(settings, "local", key);
	bool is_default = !strcmp(settings_origin(settings, "local", key), "default");

	for (; paths && *paths; paths++) {
		g_autofree char *path = file_absolute(*paths);

		/* A default that is not on this machine is no news; a configured one is. */
		if (is_default && !g_file_test(path, G_FILE_TEST_EXISTS))
			continue;
		g_ptr_array_add(stores, local_store(type, path, is_default ? STORE_BUILT_IN :
								STORE_CONFIGURED));
	}
}

static void add_endpoints(const struct settings *settings, GPtrArray *stores)
{
	const char *const *list = settings_list(settings, "local", "endpoints");

	for (; list && *list; list++)
		g_ptr_array_add(stores, local_store(LOCAL_ENDPOINT, *list, STORE_CONFIGURED));
}

static void add_repository(GPtrArray *stores)
{
	g_autofree char *path = local_repository();
	struct store *s = local_store(LOCAL_REPOSITORY, path, STORE_BUILT_IN);

	store_set(&s->title, "own repository");
	s->is_writable = true;
	g_ptr_array_add(stores, s);
}

static void add_tickets(const struct settings *settings, GPtrArray *stores)
{
	const char *folder = settings_text(settings, "countersign", "folder");
	g_autofree char *path = folder && *folder ? file_absolute(folder) : NULL;

	if (path)
		g_ptr_array_add(stores, local_store(TICKETS_STORE, path, STORE_CONFIGURED));
}

static void own_stores(const struct settings *settings, GPtrArray *stores)
{
	const char *ca = settings_text(settings, "local", "ca-folder");

	add_paths(settings, "folders", LOCAL_FOLDER, stores);
	add_paths(settings, "files", LOCAL_KEYSTORE, stores);
	add_endpoints(settings, stores);
	add_repository(stores);
	if (ca && *ca) {
		g_autofree char *path = file_absolute(ca);

		g_ptr_array_add(stores, local_store(LOCAL_CA, path, STORE_CONFIGURED));
	}
	install_stores(settings, stores);
	add_tickets(settings, stores);
}

/* ---- refresh ---- */

/* Certificates can be added to a folder that we may write to, but never to the system's trust
 * store, which has tools of its own. */
static bool is_writable(const struct store *s)
{
	if (!strcmp(s->type, LOCAL_REPOSITORY))
		return true;
	return (!strcmp(s->type, LOCAL_FOLDER) || !strcmp(s->type, LOCAL_INSTALL)) &&
	       strcmp(s->address, LOCAL_TRUST_STORE) && access(s->address, W_OK) == 0;
}

static void tell_writable(struct op *op)
{
	bool now = is_writable(op->store);
	struct store *s;

	if (now == op->store->is_writable)
		return;
	s = store_dup(op->store);
	s->is_writable = now;
	op_put_store(op, s);
}

/* The own repository is made when something is first put there; until then it is empty. */
static bool is_empty_repository(const struct store *s)
{
	return !strcmp(s->type, LOCAL_REPOSITORY) &&
	       !g_file_test(s->address, G_FILE_TEST_EXISTS);
}

static struct next refresh(struct op *op, const struct reply *none)
{
	static const struct {
		const char *type;
		step_fn *step;
	} by_type[] = {
		{ LOCAL_FOLDER, files_refresh },     { LOCAL_KEYSTORE, files_refresh },
		{ LOCAL_REPOSITORY, files_refresh }, { LOCAL_ENDPOINT, endpoint_refresh },
		{ LOCAL_CA, ca_refresh },	     { TICKETS_STORE, tickets_store_refresh },
		{ LOCAL_INSTALL, files_refresh },
	};

	tell_writable(op);
	if (is_empty_repository(op->store)) {
		op_say(op, "nothing has been kept here yet");
		return next_done();
	}
	for (size_t i = 0; i < G_N_ELEMENTS(by_type); i++)
		if (!strcmp(by_type[i].type, op->store->type))
			return by_type[i].step(op, none);
	return next_fail(op, ERR_FORMAT, "%s is no sort of store on this machine",
			 op->store->type);
}

/* ---- requests: of the small CA, or tickets ---- */

static bool is_ticket(const struct op *op)
{
	return op->request && !strcmp(op->request->type, TICKETS_REQUEST);
}

bool local_is_no_verb(const struct op *op, GError **error)
{
	g_set_error(error, ERR, ERR_REFUSED, is_ticket(op) ?
		    "a ticket is countersigned, denied or withdrawn: %s is not for it" :
		    "a request of this CA is approved or denied: %s is not for it", op->verb->name);
	return false;
}

static struct next by_store(struct op *op, step_fn *of_ca, step_fn *of_tickets)
{
	step_fn *step = is_ticket(op) ? of_tickets : of_ca;
	GError *error = NULL;

	if (step)
		return step(op, NULL);
	local_is_no_verb(op, &error);
	return next_fail_error(op, error);
}

static struct next show(struct op *op, const struct reply *none)
{
	(void)none;
	return by_store(op, ca_show, tickets_store_show);
}

static struct next approve(struct op *op, const struct reply *none)
{
	(void)none;
	return by_store(op, ca_approve, NULL);
}

static struct next deny(struct op *op, const struct reply *none)
{
	(void)none;
	return by_store(op, ca_deny, tickets_store_deny);
}

static struct next countersign(struct op *op, const struct reply *none)
{
	(void)none;
	return by_store(op, NULL, tickets_store_countersign);
}

static struct next withdraw(struct op *op, const struct reply *none)
{
	(void)none;
	return by_store(op, NULL, tickets_store_withdraw);
}

/* ---- store-add ---- */

/* What an address is, when nobody says: something with a path in it, or a host. */
static const char *guess_type(const char *address)
{
	struct stat st;
	g_autofree char *path = file_absolute(address);

	if (stat(path, &st) == 0)
		return S_ISDIR(st.st_mode) ? LOCAL_FOLDER : LOCAL_KEYSTORE;
	if (strstr(address, "://") || strchr(address, ':'))
		return LOCAL_ENDPOINT;
	return strchr("/.~", *address) ? LOCAL_FOLDER : LOCAL_ENDPOINT;
}

static struct next store_add(struct op *op, const struct reply *none)
{
	const char *given = args_text(op->args, "address", "");
	const char *type = args_text(op->args, "type", guess_type(given));
	bool is_endpoint = !strcmp(type, LOCAL_ENDPOINT);
	g_autofree char *address = is_endpoint ? g_strdup(given) : file_absolute(given);
	g_autofree char *id = local_store_id(type, address), *host = NULL;
	const struct starttls *starttls;
	GError *error = NULL;
	struct store *s;
	uint16_t port;

	(void)none;
	if (items_find(op->stores, id) >= 0)
		return next_fail(op, ERR_EXISTS, "%s is a store already", address);
	if (is_endpoint && !exchange_read_endpoint(address, &host, &port, &starttls, &error))
		return next_fail_error(op, error);
	if (!is_endpoint && !g_file_test(address, G_FILE_TEST_EXISTS))
		return next_fail(op, ERR_NOT_FOUND, "there is no %s", address);
	s = local_store(type, address, STORE_ADDED);
	if (args_get(op->args, "title")) {
		g_autofree char *title = text_harmless_dup(args_get(op->args, "title"), 200);

		store_set(&s->title, title);
	}
	op_put_store(op, s);
	op_touch(op, s->id);
	op_say(op, "%s is a store now", s->title);
	return next_done();
}
