/*
 * dns_service: records into the zones of a service that has an API over HTTP, whoever it is.
 *
 * For each record: where it belongs is asked of DNS (CNAMEs followed to where the record is looked for,
 * then the zone around it); the service is asked for the zone and for what stands at the name; the
 * record is added; and it is read back, for only that shows that it is there.  What stands there is
 * never changed: a record beside which ours cannot stand is a sentence.
 */
#ifndef CERTTY_PROVIDER_DNS_SERVICE_H
#define CERTTY_PROVIDER_DNS_SERVICE_H

#include <certty/net/dns.h>
#include <certty/provider/provider.h>

/* One record on its way. */
struct dns_task {
	struct dns_record *record;
	char *name, *zone;	/* without a dot at the end; zone NULL: none was found */
	char *plain;		/* its value, as dns_record_plain */
	char *zone_id;		/* the service's own name of the zone; or NULL */
	GPtrArray *there;	/* struct dns_value: what stands at the name */
	guint asked;		/* sets that were asked for */
	bool is_told;		/* the service was told to add it, or to take it away */
	bool is_elsewhere;	/* the service does not have the zone */
};

struct dns_value {
	char *type, *plain;	/* plain NULL: of another type than ours */
	char *id;		/* the service's own; or NULL */
};
void dns_service_value(struct dns_task *t, const char *type, const char *plain, const char *id);

/* What a reply said: as asked; that the service does not have the zone; or an error. */
enum dns_heard { DNS_HEARD, DNS_NO_ZONE, DNS_REFUSED };

struct dns_service {
	const char *title;
	unsigned ttl_min;
	/* NULL both: zones go by their names. */
	struct request_out *(*ask_zone)(const struct op *op, const struct dns_task *t);
	enum dns_heard (*read_zone)(const struct reply *r, struct dns_task *t, GError **error);
	/* What stands at the name, set after set; NULL: those were all. */
	struct request_out *(*ask_set)(const struct op *op, const struct dns_task *t, guint set);
	enum dns_heard (*read_set)(const struct reply *r, struct dns_task *t, GError **error);
	struct request_out *(*add)(const struct op *op, const struct dns_task *t, unsigned ttl);
	/* Takes `ours` away and nothing else; NULL with a sentence where that cannot be. */
	struct request_out *(*take)(const struct op *op, const struct dns_task *t,
				    const struct dns_value *ours, GError **error);
	bool (*read_told)(const struct reply *r, GError **error);
};

/* Of the scratch of an operation. */
struct dns_run {
	const struct dns_service *service;
	GPtrArray *tasks;	/* struct dns_task */
	guint at, failed;
	bool takes;		/* takes records away */
};
void dns_service_done(void *scratch);

struct next dns_service_publish(struct op *op, const struct dns_service *s);
struct next dns_service_unpublish(struct op *op, const struct dns_service *s);

/* The work's result, for tests that have no DNS: struct dns_spot, one for each record. */
struct dns_spot {
	char *name, *zone;	/* zone NULL: `error` says why */
	GError *error;
};
GPtrArray *dns_service_spots(void);
void dns_service_spot(GPtrArray *spots, const char *name, const char *zone);

#endif
