/*
 * db_item: items (stores, requests, …) to rows and back.
 *
 * Which members a kind has, and in which order they stand in its statements, is one table a
 * kind; saving and loading are written once.
 */
#include "db_own.h"

#include <string.h>

#include <certty/db/db_state.h>
#include <certty/model/account.h>
#include <certty/model/deploy.h>
#include <certty/model/discovery.h>
#include <certty/model/domain.h>
#include <certty/model/job.h>
#include <certty/model/object.h>
#include <certty/model/request.h>
#include <certty/model/verb.h>

#define TEXT_MAX	65536			/* bytes of one member */
#define TIME_MAX	G_GINT64_CONSTANT(253402300799)	/* the year 9999 */

enum member_kind {
	TEXT,		/* char *, never NULL */
	MAYBE,		/* char *, or NULL */
	RAW,		/* char *, any bytes: what a provider needs to reach something */
	LINES,		/* char * with line breaks */
	LIST,		/* char ** */
	WORD,		/* const char *, one of a few: interned */
	VERB,		/* const char *, the name of a verb */
	ENUM,		/* below `count`, else `otherwise` */
	BOOL,
	COUNT32,
	COUNT64,
	TIME,
};

struct member {
	enum member_kind kind;
	size_t at;
	int count, otherwise;
};

#define AT(type, member) offsetof(struct type, member)

/* clang-format off */

static const struct member store_members[] = {
	{ TEXT, AT(store, account) },   { TEXT, AT(store, provider) },
	{ TEXT, AT(store, type) },      { TEXT, AT(store, title) },
	{ RAW, AT(store, address) },    { TEXT, AT(store, network) },
	{ TEXT, AT(store, container) }, { LIST, AT(store, labels) },
	{ ENUM, AT(store, state), STORE_STATE_COUNT, STORE_NEW },
	{ ENUM, AT(store, origin), STORE_ORIGIN_COUNT, STORE_ADDED },
	{ MAYBE, AT(store, trouble) },
	{ TIME, AT(store, tried) },     { TIME, AT(store, seen) },
	{ COUNT32, AT(store, certs) },  { COUNT32, AT(store, keys) },
	{ BOOL, AT(store, is_writable) },
	{ BOOL, AT(store, has_secret) },
};

static const struct member request_members[] = {
	{ TEXT, AT(request, account) }, { TEXT, AT(request, provider) },
	{ TEXT, AT(request, store) },   { TEXT, AT(request, type) },
	{ TEXT, AT(request, title) },   { LIST, AT(request, names) },
	{ ENUM, AT(request, state), REQUEST_STATE_COUNT, REQUEST_WAITS_PERSON },
	{ TEXT, AT(request, theirs) },  { TEXT, AT(request, asked_by) },
	{ TEXT, AT(request, reason) },  { LINES, AT(request, oddities) },
	{ TEXT, AT(request, digest) },  { TEXT, AT(request, result) },
	{ TEXT, AT(request, can) },     { LINES, AT(request, records) },
	{ LINES, AT(request, kept) },
	{ TIME, AT(request, since) },   { TIME, AT(request, due) },
	{ TIME, AT(request, ended) },
};

static const struct member discovery_members[] = {
	{ TEXT, AT(discovery, account) },    { TEXT, AT(discovery, provider) },
	{ TEXT, AT(discovery, type) },       { TEXT, AT(discovery, title) },
	{ RAW, AT(discovery, address) },     { TEXT, AT(discovery, what) },
	{ ENUM, AT(discovery, state), DISCOVERY_STATE_COUNT, DISCOVERY_NEW },
	{ COUNT32, AT(discovery, certs) },   { TIME, AT(discovery, first_seen) },
	{ TIME, AT(discovery, last_seen) },  { TIME, AT(discovery, decided) },
	{ TEXT, AT(discovery, decided_by) },
	{ TEXT, AT(discovery, network) },    { TEXT, AT(discovery, container) },
	{ BOOL, AT(discovery, is_writable) },
};

static const struct member domain_members[] = {
	{ WORD, AT(domain, account) },       { WORD, AT(domain, provider) },
	{ WORD, AT(domain, validation) },    { WORD, AT(domain, method) },
	{ WORD, AT(domain, registration) },  { WORD, AT(domain, users) },
	{ ENUM, AT(domain, state), DOMAIN_STATE_COUNT, DOMAIN_UNKNOWN },
	{ MAYBE, AT(domain, record) },       { TIME, AT(domain, validated) },
	{ TIME, AT(domain, validated_until) },
};

static const struct member object_members[] = {
	{ TEXT, AT(object, account) },  { TEXT, AT(object, provider) },
	{ TEXT, AT(object, store) },    { TEXT, AT(object, type) },
	{ TEXT, AT(object, name) },     { TEXT, AT(object, summary) },
	{ TEXT, AT(object, state) },    { ENUM, AT(object, tone), TONE_COUNT, TONE_PLAIN },
	{ TEXT, AT(object, can) },      { LINES, AT(object, facts) },
	{ LINES, AT(object, answers) }, { LINES, AT(object, parts) },
	{ TEXT, AT(object, of) },       { TEXT, AT(object, place) },
};

static const struct member job_members[] = {
	{ VERB, AT(job, verb) },        { TEXT, AT(job, target) },
	{ TEXT, AT(job, store) },
	{ ENUM, AT(job, state), JOB_STATE_COUNT, JOB_FAILED },
	{ ENUM, AT(job, code), ERR_COUNT, ERR_FAILED },
	{ MAYBE, AT(job, said) },       { LIST, AT(job, troubles) },
	{ COUNT64, AT(job, done) },     { COUNT64, AT(job, of) },
	{ TIME, AT(job, asked) },       { TIME, AT(job, began) },
	{ TIME, AT(job, ended) },       { BOOL, AT(job, is_quiet) },
};

static const struct member account_members[] = {
	{ TEXT, AT(account, provider) },    { TEXT, AT(account, who) },
	{ TEXT, AT(account, secret_from) }, { TIME, AT(account, secret_ends) },
	{ TIME, AT(account, tested) },      { BOOL, AT(account, has_worked) },
	{ TEXT, AT(account, verdict) },     { TIME, AT(account, looked) },
	{ TEXT, AT(account, rights) },      { LINES, AT(account, may_not) },
	{ TIME, AT(account, told) },
};

static const struct member deploy_members[] = {
	{ TEXT, AT(deploy, account) },  { TEXT, AT(deploy, provider) },
	{ TEXT, AT(deploy, store) },    { TEXT, AT(deploy, place) },
	{ TEXT, AT(deploy, title) },    { LIST, AT(deploy, names) },
	{ TEXT, AT(deploy, key) },      { TEXT, AT(deploy, from) },
	{ TEXT, AT(deploy, print) },    { TEXT, AT(deploy, newer) },
	{ MAYBE, AT(deploy, trouble) },
	{ ENUM, AT(deploy, state), DEPLOY_STATE_COUNT, DEPLOY_UNKNOWN },
	{ ENUM, AT(deploy, mode), DEPLOY_MODE_COUNT, DEPLOY_OFF },
	{ TIME, AT(deploy, since) },
};

/* clang-format on */

/* ---- what is particular to a kind ---- */

static void *new_store(const char *id)
{
	return store_new(id);
}

static void *new_request(const char *id)
{
	return request_new(id);
}

static void *new_discovery(const char *id)
{
	return discovery_new(id);
}

static void *new_domain(const char *id)
{
	return domain_new(id);
}

static void *new_object(const char *id)
{
	return object_new(id);
}

static void *new_job(const char *id)
{
	guint64 number = 0;

	g_ascii_string_to_unsigned(id, 10, 1, G_MAXUINT64, &number, NULL);
	return job_new(number);
}

static void *new_account(const char *id)
{
	return account_new(id);
}

static void *new_deploy(const char *id)
{
	return deploy_new(id);
}

/* A refresh that was interrupted left the rows as they were. */
static void mend_store(void *item)
{
	struct store *s = item;

	if (s->state == STORE_READING)
		s->state = !s->seen ? STORE_NEW : s->trouble ? STORE_PARTLY : STORE_FINE;
}

static void mend_job(void *item)
{
	struct job *j = item;

	if (!job_is_over(j))
		j->state = JOB_FAILED;
}

struct shape {
	const struct item_type *type;
	void *(*new)(const char *id);
	void (*mend)(void *item);	/* NULL: nothing to mend */
	const struct member *members;
	size_t n;
	bool must_last;
	const char *put, *load, *drop;
};

#define MEMBERS(of) of##_members, G_N_ELEMENTS(of##_members)

static const struct shape shapes[] = {
	{ &store_type, new_store, mend_store, MEMBERS(store), false,
	  "REPLACE INTO store(id, account, provider, type, title, address, network, container,"
	  " labels, state, origin, trouble, tried, seen, certs, keys, is_writable,"
	  " has_secret) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
	  "SELECT id, account, provider, type, title, address, network, container, labels,"
	  " state, origin, trouble, tried, seen, certs, keys, is_writable,"
	  " has_secret FROM store LIMIT ?",
	  "DELETE FROM store WHERE id = ?" },
	{ &request_type, new_request, NULL, MEMBERS(request), true,
	  "REPLACE INTO request(id, account, provider, store, type, title, names, state,"
	  " theirs, asked_by, reason, oddities, digest, result, can, records, kept, since, due,"
	  " ended) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
	  "SELECT id, account, provider, store, type, title, names, state, theirs, asked_by,"
	  " reason, oddities, digest, result, can, records, kept, since, due, ended"
	  " FROM request LIMIT ?",
	  "DELETE FROM request WHERE id = ?" },
	{ &discovery_type, new_discovery, NULL, MEMBERS(discovery), false,
	  "REPLACE INTO discovery(id, account, provider, type, title, address, what, state,"
	  " certs, first_seen, last_seen, decided, decided_by, network, container,"
	  " is_writable) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
	  "SELECT id, account, provider, type, title, address, what, state, certs,"
	  " first_seen, last_seen, decided, decided_by, network, container,"
	  " is_writable FROM discovery LIMIT ?",
	  "DELETE FROM discovery WHERE id = ?" },
	{ &domain_type, new_domain, NULL, MEMBERS(domain), false,
	  "REPLACE INTO domain(id, account, provider, validation, method, registration, users,"
	  " state, record, validated, validated_until) VALUES(?,?,?,?,?,?,?,?,?,?,?)",
	  "SELECT id, account, provider, validation, method, registration, users, state, record,"
	  " validated, validated_until FROM domain LIMIT ?",
	  "DELETE FROM domain WHERE id = ?" },
	{ &object_type, new_object, NULL, MEMBERS(object), false,
	  "REPLACE INTO object(id, account, provider, store, type, name, summary, state, tone, can,"
	  " facts, answers, parts, made_as, place) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
	  "SELECT id, account, provider, store, type, name, summary, state, tone, can, facts,"
	  " answers, parts, made_as, place FROM object LIMIT ?",
	  "DELETE FROM object WHERE id = ?" },
	{ &job_type, new_job, mend_job, MEMBERS(job), false,
	  "REPLACE INTO job(id, verb, target, store, state, code, said, troubles, done, total,"
	  " asked, began, ended, is_quiet) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
	  "SELECT id, verb, target, store, state, code, said, troubles, done, total, asked,"
	  " began, ended, is_quiet FROM job LIMIT ?",
	  "DELETE FROM job WHERE id = ?" },
	{ &account_type, new_account, NULL, MEMBERS(account), false,
	  "REPLACE INTO account(id, provider, who, secret_from, secret_ends, tested, has_worked,"
	  " verdict, looked, rights, may_not, told) VALUES(?,?,?,?,?,?,?,?,?,?,?,?)",
	  "SELECT id, provider, who, secret_from, secret_ends, tested, has_worked, verdict,"
	  " looked, rights, may_not, told FROM account LIMIT ?",
	  "DELETE FROM account WHERE id = ?" },
	{ &deploy_type, new_deploy, NULL, MEMBERS(deploy), true,
	  "REPLACE INTO deploy(id, account, provider, store, place, title, names, key, source,"
	  " print, newer, trouble, state, mode, since) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
	  "SELECT id, account, provider, store, place, title, names, key, source, print, newer,"
	  " trouble, state, mode, since FROM deploy LIMIT ?",
	  "DELETE FROM deploy WHERE id = ?" },
};

static const struct shape *shape_of(const struct item_type *type)
{
	for (size_t i = 0; i < G_N_ELEMENTS(shapes); i++)
		if (shapes[i].type == type)
			return &shapes[i];
	g_assert_not_reached();
}

/* ---- one member ---- */

#define MEMBER(type, item, m) (*(type *)(void *)((char *)(item) + (m)->at))
#define CONST_MEMBER(type, item, m) (*(type const *)(const void *)((const char *)(item) + (m)->at))

/* `kept` owns what must live until the step. */
static void put_member(struct sql *q, const void *item, const struct member *m,
		       GPtrArray *kept)
{
	char *joined;

	switch (m->kind) {
	case TEXT:
	case MAYBE:
	case RAW:
	case LINES:
	case VERB:
	case WORD:
		sql_put_text(q, CONST_MEMBER(char *, item, m));
		break;
	case LIST:
		joined = g_strjoinv("\n", CONST_MEMBER(char **, item, m));
		g_ptr_array_add(kept, joined);
		sql_put_text(q, joined);
		break;
	case ENUM:
		sql_put_int(q, CONST_MEMBER(int, item, m));
		break;
	case BOOL:
		sql_put_int(q, CONST_MEMBER(bool, item, m));
		break;
	case COUNT32:
		sql_put_int(q, CONST_MEMBER(uint32_t, item, m));
		break;
	case COUNT64:
	case TIME:
		sql_put_int(q, CONST_MEMBER(int64_t, item, m));
		break;
	}
}

static void set_text(void *item, const struct member *m, char *value)
{
	char **text = &MEMBER(char *, item, m);

	g_free(*text);
	*text = value || m->kind == MAYBE ? value : g_strdup("");
}

static void set_list(void *item, const struct member *m, char *lines)
{
	char ***list = &MEMBER(char **, item, m);
	g_autofree char *owned = lines;
	g_auto(GStrv) split = NULL;

	g_strfreev(*list);
	if (owned && *owned)	/* has room for all that there may be, so a copy is kept */
		split = g_strsplit(owned, "\n", JOB_TROUBLES + 1);
	*list = split ? g_strdupv(split) : g_new0(char *, 1);
}

static void set_word(void *item, const struct member *m, char *word)
{
	g_autofree char *owned = word;

	MEMBER(const char *, item, m) = owned ? g_intern_string(owned) : "";
}

static void set_verb(void *item, const struct member *m, char *name)
{
	g_autofree char *owned = name;
	const struct verb *verb = owned ? verb_find(owned) : NULL;

	MEMBER(const char *, item, m) = verb ? verb->name : "";
}

static void get_member(struct sql *q, void *item, const struct member *m)
{
	int64_t number;

	switch (m->kind) {
	case TEXT:
	case MAYBE:
		set_text(item, m, sql_text(q, TEXT_MAX));
		return;
	case RAW:
		set_text(item, m, sql_raw(q, TEXT_MAX));
		return;
	case LINES:
		set_text(item, m, sql_lines(q, TEXT_MAX));
		return;
	case LIST:
		set_list(item, m, sql_lines(q, JOB_TROUBLES * 1024));
		return;
	case WORD:
		set_word(item, m, sql_text(q, TEXT_MAX));
		return;
	case VERB:
		set_verb(item, m, sql_text(q, TEXT_MAX));
		return;
	default:
		number = sql_int(q);
	}
	if (m->kind == ENUM)
		MEMBER(int, item, m) = number >= 0 && number < m->count ? (int)number :
									  m->otherwise;
	else if (m->kind == BOOL)
		MEMBER(bool, item, m) = number != 0;
	else if (m->kind == COUNT32)
		MEMBER(uint32_t, item, m) = (uint32_t)CLAMP(number, 0, UINT32_MAX);
	else
		MEMBER(int64_t, item, m) =
			CLAMP(number, 0, m->kind == TIME ? TIME_MAX : INT64_MAX);
}

/* ---- items ---- */

static bool put(struct db *db, const struct shape *shape, const char *text, const void *item,
		GError **error)
{
	g_autoptr(GPtrArray) kept = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(sql) q = sql_new(db, text);

	sql_put_text(q, shape->type->id(item));
	for (size_t i = 0; i < shape->n; i++)
		put_member(q, item, &shape->members[i], kept);
	if (!sql_run(q, error))
		return false;
	if (shape->must_last)
		db_must_last(db);
	return true;
}

/* Every put of a job gives it a new row number, the highest, so the oldest are the lowest. */
static bool trim_jobs(struct db *db, GError **error)
{
	g_autoptr(sql) q = sql_new(
		db, "DELETE FROM job WHERE row <= (SELECT max(row) FROM job) - ?");

	sql_put_int(q, DB_JOBS_KEPT);
	return sql_run(q, error);
}

bool db_item_put(struct db *db, const struct item_type *type, const void *item,
		 GError **error)
{
	const struct shape *shape = shape_of(type);

	return db_begin(db, error) &&
	       db_end(db, put(db, shape, shape->put, item, error) &&
		      (type != &job_type || trim_jobs(db, error)), error);
}

bool db_item_put_refreshed(struct db *db, const struct store *store, GError **error)
{
	return put(db, shape_of(&store_type),
		   "INSERT INTO store(id, account, provider, type, title, address, network,"
		   " container, labels, state, origin, trouble, tried, seen, certs, keys,"
		   " is_writable, has_secret)"
		   " VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT(id) DO UPDATE SET"
		   " state = excluded.state, trouble = excluded.trouble,"
		   " tried = excluded.tried, seen = excluded.seen, certs = excluded.certs,"
		   " keys = excluded.keys,"
		   " is_writable = excluded.is_writable", store, error);
}

static bool drop(struct db *db, const struct shape *shape, const char *id, GError **error)
{
	g_autoptr(sql) q = sql_new(db, shape->drop);

	sql_put_text(q, id);
	if (!sql_run(q, error))
		return false;
	if (shape->must_last)
		db_must_last(db);
	return shape->type != &store_type || db_refresh_drop(db, id, error);
}

bool db_item_drop(struct db *db, const struct item_type *type, const char *id, GError **error)
{
	return db_begin(db, error) &&
	       db_end(db, drop(db, shape_of(type), id, error), error);
}

static void *read_item(struct sql *q, const struct shape *shape)
{
	g_autofree char *id = sql_text(q, TEXT_MAX);
	void *item;

	if (!id || !*id)
		return NULL;
	item = shape->new(id);
	for (size_t i = 0; i < shape->n; i++)
		get_member(q, item, &shape->members[i]);
	if (shape->mend)
		shape->mend(item);
	return item;
}

bool db_item_load(struct db *db, const struct item_type *type, struct shelf *shelf,
		  GError **error)
{
	const struct shape *shape = shape_of(type);
	g_autoptr(sql) q = sql_new(db, shape->load);
	enum sql_end end;

	sql_put_int(q, DB_ITEMS_MAX);
	while ((end = sql_next(q, error)) == SQL_ROW) {
		void *item = read_item(q, shape);

		if (item)
			shelf_put(shelf, item);
	}
	return end == SQL_DONE;
}
