/*
 * snapshot: making and freeing; the parts are counted by themselves.
 */
#include <certty/model/snapshot.h>

#include <certty/model/deploy.h>
#include <certty/model/detail.h>
#include <certty/model/discovery.h>
#include <certty/model/domain.h>
#include <certty/model/job.h>
#include <certty/model/object.h>
#include <certty/model/request.h>
#include <certty/model/store.h>

static const struct item_type *const types[KIND_COUNT] = {
	[KIND_STORES] = &store_type,	   [KIND_REQUESTS] = &request_type,
	[KIND_DISCOVERY] = &discovery_type, [KIND_DOMAINS] = &domain_type,
	[KIND_OBJECTS] = &object_type,	   [KIND_JOBS] = &job_type,
	[KIND_ACCOUNTS] = &account_type,   [KIND_DEPLOYS] = &deploy_type,
};

struct snapshot *snapshot_new(struct intern *words)
{
	struct snapshot *s = g_new0(struct snapshot, 1);

	ref_init(&s->ref);
	s->certs = certs_new(NULL, NULL, 0, words);
	for (enum kind kind = 0; kind < KIND_COUNT; kind++)
		if (types[kind])
			s->kind[kind] = items_new(types[kind], NULL, 0);
	s->details = items_new(&detail_type, NULL, 0);
	return s;
}

struct snapshot *snapshot_ref(struct snapshot *s)
{
	ref_hold(&s->ref);
	return s;
}

void snapshot_unref(struct snapshot *s)
{
	if (!s || !ref_drop(&s->ref))
		return;
	certs_unref(s->certs);
	for (enum kind kind = 0; kind < KIND_COUNT; kind++)
		items_unref(s->kind[kind]);
	items_unref(s->details);
	g_free(s->saying);
	for (int r = 0; r < RUNG_COUNT; r++)
		g_free(s->rung[r].said);
	g_free(s);
}

const struct store *snapshot_store(const struct snapshot *s, uint32_t table_number)
{
	const struct items *stores = s->kind[KIND_STORES];
	gssize at = items_find(stores, s->certs->table[table_number]->store);

	return at < 0 ? NULL : stores->item[at];
}
