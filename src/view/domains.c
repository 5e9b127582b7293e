/*
 * domains: the columns of domains.
 */
#include "own.h"

#include <certty/model/domain.h>

static cell_fn id, name, certs, expires, validation, provider, raw_expires, raw_certs, ascii;
static tone_fn tone_expires;
static value_fn v_expires, v_certs;
static order_fn by_certs, by_expires;
static query_text_fn field;
static query_time_fn when;

/* clang-format off */
static const struct column columns[] = {
	{ "name",       "DOMAIN",        COLUMN_FLEX,   ALIGN_LEFT,  name,       NULL,         NULL,      NULL,        NULL,       -1,
	  "the name as people read it" },
	{ "certs",      "CERTS",         6,             ALIGN_RIGHT, certs,      NULL,         v_certs,   raw_certs,   by_certs,   -1,
	  "certificates that cover it" },
	{ "expires",    "COVERED UNTIL", 13,            ALIGN_RIGHT, expires,    tone_expires, v_expires, raw_expires, by_expires, -1,
	  "when the last of them ends, ISO 8601" },
	{ "validation", "VALIDATION",    COLUMN_FLEX,   ALIGN_LEFT,  validation, NULL,         NULL,      NULL,        NULL,       -1,
	  "state of its control validation" },
	{ "provider",   "PROVIDER",      10,            ALIGN_LEFT,  provider,   NULL,         NULL,      NULL,        NULL,       -1,
	  "who reports it" },
	{ "ascii",      "",              COLUMN_HIDDEN, ALIGN_LEFT,  ascii,      NULL,         NULL,      NULL,        NULL,       -1,
	  "the name as it stands in certificates (A-labels)" },
};
/* clang-format on */

const struct view view_domains = {
	.kind = KIND_DOMAINS,
	.columns = columns,
	.n_columns = G_N_ELEMENTS(columns),
	.default_order = 2,
	.id = id,
	.empty = "No domain is known: none of the certificates here has its private key beside it "
		 "or is presented by an endpoint.",
	.field = field,
	.time = when,
};

static const char *validation_word(const struct domain *d)
{
	return *d->validation ? d->validation : "nobody reports one";
}

/* clang-format off */
CELL_TEXT(domain, KIND_DOMAINS, id, it->id)
CELL_TEXT(domain, KIND_DOMAINS, ascii, it->name)
CELL_TEXT(domain, KIND_DOMAINS, provider, it->provider)
CELL_TEXT(domain, KIND_DOMAINS, validation, validation_word(it))
CELL_COUNT(domain, KIND_DOMAINS, certs, it->certs)
CELL_NUMBER(domain, KIND_DOMAINS, raw_certs, it->certs)
CELL_UNTIL(domain, KIND_DOMAINS, expires, it->expires)
CELL_ISO(domain, KIND_DOMAINS, raw_expires, it->expires)
TONE_OF(domain, KIND_DOMAINS, tone_expires, tone_of_life(it->expires - 90 * 86400, it->expires, f->now))
VALUE_OF(domain, KIND_DOMAINS, v_expires, value_iso(w, key, it->expires))
VALUE_OF(domain, KIND_DOMAINS, v_certs, json_put_int(w, key, it->certs))
ORDER_BY(domain, KIND_DOMAINS, by_certs, it->certs)
ORDER_BY(domain, KIND_DOMAINS, by_expires, it->expires)
/* clang-format on */

static void name(GString *out, const struct frame *f, uint32_t row)
{
	g_autofree char *shown = text_idn_show(ITEM(domain, f, KIND_DOMAINS, row)->name);

	g_string_append(out, shown);
}

static void field(const void *row, enum query_field which, GString *out)
{
	const struct domain *d = row;

	if (which == QUERY_ANY || which == QUERY_SAN) {
		g_autofree char *shown = text_idn_show(d->name);

		g_string_append_printf(out, "%s\n%s", d->name, shown);
	} else if (which == QUERY_STATE) {
		g_string_append(out, validation_word(d));
	} else if (which == QUERY_PROVIDER || which == QUERY_ACCOUNT) {
		g_string_append(out, which == QUERY_PROVIDER ? d->provider : d->account);
	}
}

static bool when(const void *row, enum query_field which, int64_t *ret)
{
	if (which == QUERY_EXPIRES)
		*ret = ((const struct domain *)row)->expires;
	return which == QUERY_EXPIRES;
}
