/*
 * cps_memo: what the last refresh of a network knew of each enrollment, so that bytes are read once and
 * details can be shown without asking, those of the other network beside them.
 *
 * Its form is provider/memo_variant.h's.
 */
#include "cps.h"

#include <string.h>

#include <certty/model/store.h>

#include "provider/memo_variant.h"

/* algorithm, serial, issuer, signature; end; whether it was read; digest; chain */
#define ONE_TYPE  "(ssssxbayas)"
/* settings, certificates */
#define NETWORK_TYPE "(asa" ONE_TYPE ")"
/* id, sort, slots, pending; names; networks */
#define DEPLOYED_TYPE "(ssssasa" NETWORK_TYPE ")"
#define MEMO_TYPE "(ua" DEPLOYED_TYPE ")"
#define MEMO_VERSION 1

/* ---- reading ---- */

static void take_text(char **to, GVariant *entry, gsize i)
{
	memo_variant_take_text(to, entry, i, 2 * CPS_TEXT_MAX);
}

static void take_texts(char ***to, GVariant *entry, gsize i)
{
	memo_variant_take_texts(to, entry, i, 2 * CPS_LIST_MAX, 2 * CPS_TEXT_MAX);
}

static struct cps_one *read_one(GVariant *entry)
{
	uint8_t sha256[MEMO_VARIANT_DIGEST];
	struct cps_one *o;
	gboolean is_read;

	if (!memo_variant_take_digest(sha256, entry, 6))
		return NULL;
	o = cps_one_new();
	memcpy(o->sha256, sha256, sizeof(o->sha256));
	take_text(&o->algorithm, entry, 0);
	take_text(&o->serial, entry, 1);
	take_text(&o->issuer, entry, 2);
	take_text(&o->signature, entry, 3);
	g_variant_get_child(entry, 4, "x", &o->not_after);
	g_variant_get_child(entry, 5, "b", &is_read);
	o->is_read = is_read;
	take_texts(&o->chain, entry, 7);
	return o;
}

static void read_network(struct cps_network *to, GVariant *entry)
{
	g_autoptr(GVariant) certs = g_variant_get_child_value(entry, 1);

	take_texts(&to->settings, entry, 0);
	for (gsize i = 0; i < g_variant_n_children(certs); i++) {
		g_autoptr(GVariant) one = g_variant_get_child_value(certs, i);
		struct cps_one *o = read_one(one);

		if (o)
			g_ptr_array_add(to->certs, o);
	}
}

static struct cps_deployed *read_deployed(GVariant *entry)
{
	g_autoptr(GVariant) networks = g_variant_get_child_value(entry, 5);
	g_autofree char *id = memo_variant_text(entry, 0, 2 * CPS_TEXT_MAX);
	struct cps_deployed *d = cps_deployed_new(id);

	take_text(&d->sort, entry, 1);
	take_text(&d->slots, entry, 2);
	take_text(&d->pending, entry, 3);
	take_texts(&d->names, entry, 4);
	for (gsize i = 0; i < MIN(g_variant_n_children(networks), CPS_NETWORKS); i++) {
		g_autoptr(GVariant) network = g_variant_get_child_value(networks, i);

		read_network(&d->on[i], network);
	}
	return d;
}

static void free_deployed(void *d)
{
	cps_deployed_free(d);
}

GHashTable *cps_memo_read(GBytes *memo)
{
	GHashTable *all = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_deployed);
	g_autoptr(GVariant) v = memo_variant_open(memo, MEMO_TYPE, MEMO_VERSION), list = NULL;

	if (!v)
		return all;
	list = g_variant_get_child_value(v, 1);
	for (gsize i = 0; i < g_variant_n_children(list); i++) {
		g_autoptr(GVariant) entry = g_variant_get_child_value(list, i);
		struct cps_deployed *d = read_deployed(entry);

		g_hash_table_replace(all, d->id, d);
	}
	return all;
}

/* ---- writing ---- */

static GVariant *write_network(const struct cps_network *n)
{
	GVariantBuilder certs;

	g_variant_builder_init(&certs, G_VARIANT_TYPE("a" ONE_TYPE));
	for (guint i = 0; i < n->certs->len; i++) {
		const struct cps_one *o = n->certs->pdata[i];

		g_variant_builder_add(&certs, "(ssssxb@ay^as)", o->algorithm, o->serial, o->issuer,
				      o->signature, o->not_after, (gboolean)o->is_read,
				      memo_variant_of_digest(o->sha256), o->chain);
	}
	return g_variant_new("(^as@a" ONE_TYPE ")", n->settings, g_variant_builder_end(&certs));
}

static GVariant *write_deployed(const struct cps_deployed *d)
{
	GVariantBuilder networks;

	g_variant_builder_init(&networks, G_VARIANT_TYPE("a" NETWORK_TYPE));
	for (unsigned i = 0; i < CPS_NETWORKS; i++)
		g_variant_builder_add_value(&networks, write_network(&d->on[i]));
	return g_variant_new("(ssss^as@a" NETWORK_TYPE ")", d->id, d->sort, d->slots, d->pending, d->names,
			     g_variant_builder_end(&networks));
}

GBytes *cps_memo_write(const GPtrArray *deployed)
{
	GVariantBuilder list;

	g_variant_builder_init(&list, G_VARIANT_TYPE("a" DEPLOYED_TYPE));
	for (guint i = 0; i < deployed->len; i++)
		g_variant_builder_add_value(&list, write_deployed(deployed->pdata[i]));
	return memo_variant_end(g_variant_new("(u@a" DEPLOYED_TYPE ")", MEMO_VERSION,
					      g_variant_builder_end(&list)));
}
