/*
 * snapshot_first_page: the rows of each tab's first screen as a few kilobytes, so that a start paints
 * before it has loaded anything.
 *
 * Which members of an item are saved is said by a table for each kind, so that writing and
 * reading cannot disagree.  Certificates are small tables, one for each store that is needed;
 * certs->by_name is the order in which they were shown.
 */
#include <certty/model/snapshot.h>

#include <string.h>

#include <certty/base/err.h>
#include <certty/model/account.h>
#include <certty/model/deploy.h>
#include <certty/model/discovery.h>
#include <certty/model/domain.h>
#include <certty/model/job.h>
#include <certty/model/object.h>
#include <certty/model/request.h>
#include <certty/model/store.h>
#include <certty/model/verb.h>

#include "blob.h"
#include "certs_own.h"

#define VERSION 8
#define ROWS 1000	/* of one tab */
#define TEXTS 1000	/* of one list in an item */

static const char magic[4] = "CtyF";

/* ---- the members of items ---- */

enum member_kind { END, TEXT, WORD, LINES, MAYBE, LIST, NUMBER, STATE, FLAG, TIME, VERB };

struct member {
	enum member_kind kind;
	size_t at;
	uint32_t states;	/* STATE: how many there are */
};

#define M(kind, type, name) { kind, offsetof(struct type, name), 0 }
#define S(type, name, count) { STATE, offsetof(struct type, name), count }

/* clang-format off */
static const struct member store_members[] = {
	M(TEXT, store, account), M(TEXT, store, provider), M(TEXT, store, type),
	M(TEXT, store, title), M(TEXT, store, address), M(TEXT, store, network),
	M(TEXT, store, container), M(LIST, store, labels), M(MAYBE, store, trouble),
	S(store, state, STORE_STATE_COUNT), S(store, origin, STORE_ORIGIN_COUNT),
	M(TIME, store, tried), M(TIME, store, seen), M(NUMBER, store, certs),
	M(NUMBER, store, keys), M(FLAG, store, is_writable),
	M(FLAG, store, has_secret), { END }
};

static const struct member request_members[] = {
	M(TEXT, request, account), M(TEXT, request, provider), M(TEXT, request, store),
	M(TEXT, request, type), M(TEXT, request, title), M(LIST, request, names),
	S(request, state, REQUEST_STATE_COUNT), M(TEXT, request, theirs),
	M(TEXT, request, asked_by), M(TEXT, request, reason), M(LINES, request, oddities),
	M(TEXT, request, digest), M(TEXT, request, result), M(TEXT, request, can),
	M(LINES, request, records), M(LINES, request, kept), M(TIME, request, since),
	M(TIME, request, due), M(TIME, request, ended), { END }
};

static const struct member discovery_members[] = {
	M(TEXT, discovery, account), M(TEXT, discovery, provider), M(TEXT, discovery, type),
	M(TEXT, discovery, title), M(TEXT, discovery, address), M(TEXT, discovery, what),
	S(discovery, state, DISCOVERY_STATE_COUNT), M(NUMBER, discovery, certs),
	M(TIME, discovery, first_seen), M(TIME, discovery, last_seen),
	M(TIME, discovery, decided), M(TEXT, discovery, decided_by), { END }
};

static const struct member domain_members[] = {
	M(WORD, domain, account), M(WORD, domain, provider),
	M(WORD, domain, validation), M(WORD, domain, method), M(WORD, domain, registration),
	M(WORD, domain, users), S(domain, state, DOMAIN_STATE_COUNT), M(NUMBER, domain, certs),
	M(TIME, domain, expires), M(TIME, domain, validated), M(TIME, domain, validated_until),
	M(TIME, domain, public_from), M(TIME, domain, public_until), { END }
};

static const struct member object_members[] = {
	M(TEXT, object, account), M(TEXT, object, provider), M(TEXT, object, store),
	M(TEXT, object, type), M(TEXT, object, name), M(TEXT, object, summary),
	M(TEXT, object, state), S(object, tone, TONE_COUNT), M(TEXT, object, can),
	M(LINES, object, facts), M(LINES, object, answers), { END }
};

static const struct member job_members[] = {
	M(VERB, job, verb), M(TEXT, job, target), M(TEXT, job, store),
	S(job, state, JOB_STATE_COUNT), S(job, code, ERR_COUNT), M(MAYBE, job, said),
	M(LIST, job, troubles), M(TIME, job, done), M(TIME, job, of), M(TIME, job, asked),
	M(TIME, job, began), M(TIME, job, ended), M(FLAG, job, is_quiet), { END }
};

static const struct member account_members[] = {
	M(TEXT, account, provider), M(TEXT, account, title), M(TEXT, account, who),
	M(TEXT, account, secret_from), M(TIME, account, secret_ends),
	S(account, origin, ACCOUNT_FOUND + 1), M(TEXT, account, found_in),
	M(TEXT, account, defaults), M(FLAG, account, is_read_only),
	M(FLAG, account, is_read_only_by_site), M(FLAG, account, is_disabled),
	M(TIME, account, tested), M(FLAG, account, has_worked), M(TEXT, account, verdict),
	M(MAYBE, account, trouble), { END }
};

static const struct member deploy_members[] = {
	M(TEXT, deploy, account), M(TEXT, deploy, provider), M(TEXT, deploy, store),
	M(TEXT, deploy, place), M(TEXT, deploy, title), M(LIST, deploy, names),
	M(TEXT, deploy, key), M(TEXT, deploy, from), M(TEXT, deploy, print),
	M(TEXT, deploy, newer), M(MAYBE, deploy, trouble),
	S(deploy, state, DEPLOY_STATE_COUNT), S(deploy, mode, DEPLOY_MODE_COUNT),
	M(TIME, deploy, since), { END }
};
/* clang-format on */

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
	return job_new(g_ascii_strtoull(id, NULL, 10));
}

static void *new_account(const char *id)
{
	return account_new(id);
}

static void *new_deploy(const char *id)
{
	return deploy_new(id);
}

static const struct {
	void *(*make)(const char *id);
	const struct member *members;
} kinds[KIND_COUNT] = {
	[KIND_STORES] = { new_store, store_members },
	[KIND_REQUESTS] = { new_request, request_members },
	[KIND_DISCOVERY] = { new_discovery, discovery_members },
	[KIND_DOMAINS] = { new_domain, domain_members },
	[KIND_OBJECTS] = { new_object, object_members },
	[KIND_JOBS] = { new_job, job_members },
	[KIND_ACCOUNTS] = { new_account, account_members },
	[KIND_DEPLOYS] = { new_deploy, deploy_members },
};

/* ---- packing ---- */

static void put_list(GByteArray *b, char *const *list)
{
	uint32_t n = (uint32_t)MIN(g_strv_length((char **)list), TEXTS);

	blob_put_u32(b, n);
	for (uint32_t i = 0; i < n; i++)
		blob_put_text(b, list[i]);
}

static void put_member(GByteArray *b, const void *item, const struct member *m)
{
	const void *at = (const char *)item + m->at;

	switch (m->kind) {
	case TEXT:
	case LINES:
	case MAYBE:
	case WORD:
	case VERB:
		blob_put_text(b, *(char *const *)at);
		break;
	case LIST:
		put_list(b, *(char **const *)at);
		break;
	case NUMBER:
	case STATE:
		blob_put(b, at, sizeof(uint32_t));
		break;
	case FLAG:
		blob_put_u32(b, *(const bool *)at);
		break;
	default:
		blob_put(b, at, sizeof(uint64_t));
	}
}

static void put_item(GByteArray *b, enum kind kind, const struct items *items, size_t i)
{
	blob_put_text(b, items->type->id(items->item[i]));
	for (const struct member *m = kinds[kind].members; m->kind != END; m++)
		put_member(b, items->item[i], m);
}

/* The stores of the certificates come behind those that are shown. */
static GArray *wanted_items(const struct snapshot *s, enum kind kind,
			    const struct first_rows rows[KIND_COUNT])
{
	GArray *wanted = g_array_new(FALSE, FALSE, sizeof(uint32_t));
	g_autoptr(GHashTable) known = g_hash_table_new(NULL, NULL);
	const struct first_rows *certs = &rows[KIND_CERTS];

	for (uint32_t i = 0; i < MIN(rows[kind].n, ROWS); i++)
		if (rows[kind].row[i] < s->kind[kind]->n &&
		    g_hash_table_add(known, GUINT_TO_POINTER(rows[kind].row[i])))
			g_array_append_val(wanted, rows[kind].row[i]);
	for (uint32_t i = 0; kind == KIND_STORES && i < MIN(certs->n, ROWS); i++) {
		gssize at = certs->row[i] < s->certs->n ?
				    items_find(s->kind[kind],
					       certs_first(s->certs, certs->row[i]).table->store) :
				    -1;
		uint32_t row = (uint32_t)at;

		if (at >= 0 && g_hash_table_add(known, GUINT_TO_POINTER(row)))
			g_array_append_val(wanted, row);
	}
	return wanted;
}

static void put_items(GByteArray *b, const struct snapshot *s, enum kind kind,
		      const struct first_rows rows[KIND_COUNT])
{
	g_autoptr(GArray) wanted = wanted_items(s, kind, rows);

	blob_put_u32(b, wanted->len);
	for (guint i = 0; i < wanted->len; i++)
		put_item(b, kind, s->kind[kind], g_array_index(wanted, uint32_t, i));
}

/* A row to be saved: which table, which row of it, and as which it was shown. */
struct chosen {
	struct place place;
	uint32_t cert, shown;
};

static int by_table(const void *a, const void *b)
{
	const struct chosen *x = a, *y = b;

	if (x->place.table_number != y->place.table_number)
		return x->place.table_number < y->place.table_number ? -1 : 1;
	return (x->shown > y->shown) - (x->shown < y->shown);
}

static void put_table(GByteArray *b, const struct certs *c, const struct chosen *row, guint n)
{
	struct table_builder *builder = table_builder_new(row->place.table->store, NULL);
	g_autoptr(table) table = NULL;
	g_autoptr(GBytes) bytes = NULL;

	for (guint i = 0; i < n; i++)
		table_builder_copy(builder, row[i].place.table, row[i].place.row,
				   certs_marks(c, row[i].cert));
	table = table_builder_end(builder, row->place.table->seen);
	bytes = table_pack(table, c->words);
	blob_put_text(b, row->place.table->store);
	blob_put_u32(b, (uint32_t)g_bytes_get_size(bytes));
	blob_put(b, g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static void put_certs(GByteArray *b, const struct certs *c, const struct first_rows *rows)
{
	g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(struct chosen));
	g_autoptr(GHashTable) known = g_hash_table_new(NULL, NULL);
	const struct chosen *row;
	uint32_t n_tables = 0;

	for (uint32_t i = 0; i < MIN(rows->n, ROWS); i++) {
		struct chosen one = { .cert = rows->row[i], .shown = all->len };

		if (one.cert >= c->n || !g_hash_table_add(known, GUINT_TO_POINTER(one.cert)))
			continue;
		one.place = certs_first(c, one.cert);
		g_array_append_val(all, one);
	}
	g_array_sort(all, by_table);
	row = (const struct chosen *)(void *)all->data;
	for (guint i = 0; i < all->len; i++)
		n_tables += !i || row[i].place.table != row[i - 1].place.table;
	blob_put_u32(b, all->len);
	for (guint i = 0; i < all->len; i++) {
		blob_put_u32(b, row[i].shown);
		blob_put_u32(b, certs_count_places(c, row[i].cert));
		blob_put_u32(b, bit_is_set(c->known_issuer, row[i].cert));
	}
	blob_put_u32(b, n_tables);
	for (guint i = 0, j; i < all->len; i = j) {
		for (j = i; j < all->len && row[j].place.table == row[i].place.table;)
			j++;
		put_table(b, c, row + i, j - i);
	}
}

GBytes *snapshot_pack_first_page(const struct snapshot *s,
				 const struct first_rows rows[KIND_COUNT])
{
	GByteArray *b = blob_new(magic, VERSION);

	blob_put_u64(b, s->number);
	blob_put_u64(b, (uint64_t)s->made);
	blob_put_u64(b, (uint64_t)s->oldest);
	blob_put_u32(b, s->stores_read);
	blob_put_u32(b, s->stores_failed);
	blob_put_u32(b, s->stores_reading);
	blob_put_u32(b, s->jobs_running);
	for (enum kind kind = 0; kind < KIND_COUNT; kind++) {
		blob_put_u32(b, s->count[kind]);
		if (kind == KIND_CERTS)
			put_certs(b, s->certs, &rows[kind]);
		else
			put_items(b, s, kind, rows);
	}
	return blob_end(b);
}

/* ---- unpacking ---- */

static void take_text(struct blob_reader *r, char **text, enum member_kind kind)
{
	const char *found = kind == LINES ? blob_take_lines(r) : blob_take_text(r);

	if (!found && kind != MAYBE)
		r->bad = true;
	if (r->bad)
		return;
	g_free(*text);
	*text = g_strdup(found);
}

static void take_word(struct blob_reader *r, const char **word)
{
	const char *found = blob_take_text(r);

	if (found)
		*word = g_intern_string(found);
	else
		r->bad = true;
}

static void take_list(struct blob_reader *r, char ***list)
{
	uint32_t n = blob_take_u32(r, TEXTS);
	g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);

	for (uint32_t i = 0; i < n && !r->bad; i++) {
		char *text = NULL;

		take_text(r, &text, TEXT);
		if (text)
			g_ptr_array_add(texts, text);
	}
	g_ptr_array_add(texts, NULL);
	g_strfreev(*list);
	*list = (char **)g_ptr_array_steal(texts, NULL);
}

static void take_verb(struct blob_reader *r, const char **verb)
{
	const char *name = blob_take_text(r);
	const struct verb *found = name ? verb_find(name) : NULL;

	if (found)
		*verb = found->name;
}

static void take_member(struct blob_reader *r, void *item, const struct member *m)
{
	void *at = (char *)item + m->at;
	uint32_t number;
	uint64_t time;

	switch (m->kind) {
	case TEXT:
	case LINES:
	case MAYBE:
		take_text(r, at, m->kind);
		break;
	case WORD:
		take_word(r, at);
		break;
	case VERB:
		take_verb(r, at);
		break;
	case LIST:
		take_list(r, at);
		break;
	case NUMBER:
	case STATE:
		number = blob_take_u32(r, m->kind == STATE ? m->states - 1 : UINT32_MAX);
		memcpy(at, &number, sizeof(number));
		break;
	case FLAG:
		*(bool *)at = blob_take_u32(r, 1);
		break;
	default:
		time = blob_take_u64(r);
		memcpy(at, &time, sizeof(time));
	}
}

static void take_items(struct blob_reader *r, struct snapshot *s, enum kind kind)
{
	const struct item_type *type = s->kind[kind]->type;
	uint32_t n = blob_take_u32(r, 2 * ROWS);
	g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func(type->unref);

	for (uint32_t i = 0; i < n && !r->bad; i++) {
		const char *id = blob_take_text(r);
		void *item;

		if (!id) {
			r->bad = true;
			break;
		}
		item = kinds[kind].make(id);
		g_ptr_array_add(items, item);
		for (const struct member *m = kinds[kind].members; m->kind != END; m++)
			take_member(r, item, m);
	}
	if (r->bad)
		return;
	items_unref(s->kind[kind]);
	s->kind[kind] = items_new(type, items->pdata, items->len);
}

static struct table *take_table(struct blob_reader *r, struct intern *words)
{
	const char *store = blob_take_text(r);
	uint32_t len = blob_take_u32(r, UINT32_MAX);
	const void *bytes = blob_take(r, len);
	g_autoptr(GBytes) blob = NULL;

	if (!store || !bytes)
		return NULL;
	blob = g_bytes_new(bytes, len);
	return table_unpack(store, blob, words, NULL, NULL);
}

/* The order shown, the counts and what was known of the issuers, over the joined tables. */
static void tell(struct certs *c, const uint32_t *said, struct blob_reader *r)
{
	g_autofree uint8_t *seen = g_new0(uint8_t, c->n + 1);

	c->told = g_new(uint32_t, c->n);
	for (uint32_t i = 0; i < c->n; i++) {
		const uint32_t *one = said + (size_t)i * 3;

		if (one[0] >= c->n || seen[one[0]]) {
			r->bad = true;
			return;
		}
		seen[one[0]] = 1;
		c->by_name[one[0]] = i;
		c->told[i] = one[1];
		c->known_issuer[i / 64] &= ~(UINT64_C(1) << i % 64);
		c->known_issuer[i / 64] |= (uint64_t)one[2] << i % 64;
	}
}

static void drop_table(void *table)
{
	table_unref(table);
}

static void take_certs(struct blob_reader *r, struct snapshot *s, struct intern *words)
{
	uint32_t n = blob_take_u32(r, ROWS), n_tables;
	g_autofree uint32_t *said = g_new0(uint32_t, (size_t)n * 3 + 1);
	g_autoptr(GPtrArray) tables = g_ptr_array_new_with_free_func(drop_table);
	struct certs *c;

	for (uint32_t i = 0; i < n * 3; i++)
		said[i] = blob_take_u32(r, i % 3 == 2 ? 1 : UINT32_MAX);
	n_tables = blob_take_u32(r, n);
	for (uint32_t i = 0; i < n_tables && !r->bad; i++) {
		struct table *t = take_table(r, words);

		if (t && t->n <= n)
			g_ptr_array_add(tables, t);
		else
			table_unref(t);
		r->bad |= tables->len == i;
	}
	if (r->bad)
		return;
	c = certs_new(NULL, (struct table *const *)tables->pdata, tables->len, words);
	if (c->n == n && c->n_places == n)
		tell(c, said, r);
	else
		r->bad = true;
	certs_unref(s->certs);
	s->certs = c;
}

struct snapshot *snapshot_unpack_first_page(GBytes *bytes, struct intern *words, GError **error)
{
	g_autoptr(snapshot) s = NULL;
	struct blob_reader r;

	if (!blob_open(&r, bytes, magic, VERSION, error))
		return NULL;
	s = snapshot_new(words);
	s->is_first_page = true;
	s->number = blob_take_u64(&r);
	s->made = (int64_t)blob_take_u64(&r);
	s->oldest = (int64_t)blob_take_u64(&r);
	s->stores_read = blob_take_u32(&r, UINT32_MAX);
	s->stores_failed = blob_take_u32(&r, UINT32_MAX);
	s->stores_reading = blob_take_u32(&r, UINT32_MAX);
	s->jobs_running = blob_take_u32(&r, UINT32_MAX);
	for (enum kind kind = 0; kind < KIND_COUNT && !r.bad; kind++) {
		s->count[kind] = blob_take_u32(&r, UINT32_MAX);
		if (kind == KIND_CERTS)
			take_certs(&r, s, words);
		else
			take_items(&r, s, kind);
	}
	return blob_close(&r, error) ? g_steal_pointer(&s) : NULL;
}
