/*
 * dns_planned: what putting records into DNS, and taking them away again, would do, as far as that is
 * alike wherever the zone is.
 */
#ifndef CERTTY_PROVIDER_DNS_PLANNED_H
#define CERTTY_PROVIDER_DNS_PLANNED_H

#include <certty/model/plan.h>
#include <certty/provider/op.h>

/* Where the records belong is asked of DNS before anything else. */
void dns_planned_look(struct plan *p);
/* "TXT _a1.www.example.org"; new. */
char *dns_planned_title(const struct dns_record *r);
char *dns_planned_name(const struct dns_record *r);	/* without its final dot; new */
/* The name of a variable that the script does not have yet: STEM, STEM_2 and so on; new. */
char *dns_planned_variable(const struct plan *p, const char *stem);
/* By nsupdate, each record.  server: "host" or "host@port"; NULL: the one that the zone's SOA names.
 * key_file NULL: a variable. */
void dns_planned_update(struct plan *p, const GPtrArray *records, bool takes, const char *server,
			const char *key_file);

#endif
