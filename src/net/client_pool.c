/*
 * Connections by route, each in a share of curl's that only its requests are given.
 */
#include "net/client_pool.h"

#define POOLS_KEPT 32		/* of those that nobody uses just now */

struct client_pool {
	GList link;
	struct route *route;
	CURLSH *share;
	unsigned users;
};

static void pool_free(const struct curl_late *curl, struct client_pool *p)
{
	curl->share_cleanup(p->share);
	route_unref(p->route);
	g_free(p);
}

/* Those that were not used for longest go first. */
static void drop_old(struct client_pools *pools, const struct curl_late *curl)
{
	GList *before;

	for (GList *link = pools->list.tail; link && pools->list.length > POOLS_KEPT; link = before) {
		struct client_pool *p = link->data;

		before = link->prev;
		if (p->users)
			continue;
		g_queue_unlink(&pools->list, link);
		pool_free(curl, p);
	}
}

static struct client_pool *make(const struct curl_late *curl, struct route *route)
{
	struct client_pool *p;
	CURLSH *share = curl->share_init();

	if (!share)
		return NULL;
	curl->share_setopt(share, CURLSHOPT_SHARE, CURL_LOCK_DATA_CONNECT);
	p = g_new0(struct client_pool, 1);
	p->link.data = p;
	p->route = route_ref(route);
	p->share = share;
	return p;
}

struct client_pool *client_pool_take(struct client_pools *pools, const struct curl_late *curl,
				     struct route *route)
{
	struct client_pool *p = NULL;

	for (GList *link = pools->list.head; link && !p; link = link->next)
		if (((struct client_pool *)link->data)->route == route)
			p = link->data;
	if (p)
		g_queue_unlink(&pools->list, &p->link);
	else if (route)
		p = make(curl, route);
	if (!p)
		return NULL;
	g_queue_push_head_link(&pools->list, &p->link);
	p->users++;
	drop_old(pools, curl);
	return p;
}

void client_pool_put(struct client_pools *pools, const struct curl_late *curl,
		     struct client_pool *p)
{
	if (!p)
		return;
	p->users--;
	drop_old(pools, curl);
}

CURLSH *client_pool_share(struct client_pool *p)
{
	return p->share;
}

void client_pools_done(struct client_pools *pools, const struct curl_late *curl)
{
	GList *link;

	while ((link = g_queue_pop_head_link(&pools->list)))
		pool_free(curl, link->data);
}
