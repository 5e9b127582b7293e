/*
 * aws_regions: which regions an account has enabled.
 *
 * The account is asked, then EC2; who may ask neither finds out by knocking: a region that is not
 * enabled says of good keys that it does not know them.  What comes of it is narrowed by the
 * account's answer `regions` and by the site's policy.
 */
#include "acm.h"

#include <string.h>

#include <certty/base/text.h>

#define PAGES_MAX   20
#define REGIONS_MAX 500
#define TOKEN_MAX   4096

static step_fn read_account, read_ec2, probed;
static struct next ask_account(struct op *op), ask_ec2(struct op *op), probe(struct op *op);

void aws_regions_init(struct aws_regions *r, step_fn *then)
{
	r->names = g_ptr_array_new_with_free_func(g_free);
	r->unsure = g_ptr_array_new_with_free_func(g_free);
	r->candidates = g_ptr_array_new_with_free_func(g_free);
	r->then = then;
}

void aws_regions_done(struct aws_regions *r)
{
	g_clear_pointer(&r->names, g_ptr_array_unref);
	g_clear_pointer(&r->unsure, g_ptr_array_unref);
	g_clear_pointer(&r->candidates, g_ptr_array_unref);
	g_clear_pointer(&r->token, g_free);
	g_clear_error(&r->refused);
}

static struct aws_regions *mine(struct op *op)
{
	return ((struct aws_op *)op->scratch)->mine;
}

/* ---- which are wanted ---- */

/* Those that the account names; none: all of them. */
static char **named(const struct op *op)
{
	char **regions = args_list(op->access->with, "regions");

	if (g_strv_contains((const char *const *)regions, "all"))
		g_clear_pointer(&regions, g_strfreev);
	return regions ? regions : g_new0(char *, 1);
}

bool aws_regions_wants(const struct op *op, const char *region)
{
	g_auto(GStrv) regions = named(op);

	return (!*regions || g_strv_contains((const char *const *)regions, region)) &&
	       settings_allows(op->settings, "regions", region, NULL);
}

static bool has(const GPtrArray *names, const char *name)
{
	for (guint i = 0; i < names->len; i++)
		if (!strcmp(names->pdata[i], name))
			return true;
	return false;
}

static void add(struct op *op, const char *region)
{
	struct aws_regions *m = mine(op);

	if (!aws_partition_is_region(region) || m->names->len >= REGIONS_MAX || has(m->names, region))
		return;
	if (aws_regions_wants(op, region))
		g_ptr_array_add(m->names, g_strdup(region));
	else if (!settings_allows(op->settings, "regions", region, NULL))
		m->n_forbidden++;
}

/* What was named and is not there: a misspelling, or nobody has enabled it. */
static struct next found(struct op *op)
{
	struct aws_regions *m = mine(op);
	g_auto(GStrv) regions = named(op);

	for (char **r = regions; *r; r++)
		if (!has(m->names, *r) && !has(m->unsure, *r) && aws_regions_wants(op, *r))
			op_trouble(op, "region %s is not enabled in this account", *r);
	return m->then(op, NULL);
}

/* ---- Account Management: ListRegions ---- */

static struct next ask_account(struct op *op)
{
	struct aws_regions *m = mine(op);
	g_autoptr(GString) body = g_string_new(NULL);
	struct json_writer w = { .out = body };
	struct request_out *r;

	json_open(&w, NULL, '{');
	json_put_int(&w, "MaxResults", 50);
	json_open(&w, "RegionOptStatusContains", '[');
	json_put_str(&w, NULL, "ENABLED");
	json_put_str(&w, NULL, "ENABLED_BY_DEFAULT");
	json_close(&w, ']');
	if (m->token)
		json_put_str(&w, "NextToken", m->token);
	json_close(&w, '}');
	r = aws_call_path(op->access->with, AWS_ACCOUNT, "listRegions", body->str, NULL);
	if (!r)
		return ask_ec2(op);	/* GovCloud has no such service */
	r->is_repeatable = true;
	return next_send(r, read_account);
}

static void read_region(struct op *op, const struct json *j)
{
	const char *status = json_str(j, "RegionOptStatus"), *name = json_str(j, "RegionName");

	if (name && (!status || g_str_has_prefix(status, "ENABLED")))
		add(op, name);
}

static struct next read_account(struct op *op, const struct reply *r)
{
	struct aws_regions *m = mine(op);
	g_autoptr(json) j = aws_call_read_json(r, "listing the account's regions", NULL);
	const struct json *list = json_get(j, "Regions");
	const char *token = json_str(j, "NextToken");

	if (!j || (!json_count(list) && !m->names->len && !token))
		return ask_ec2(op);
	for (size_t i = 0; i < json_count(list); i++)
		read_region(op, json_at(list, i));
	if (!token || !*token)
		return found(op);
	if (strlen(token) > TOKEN_MAX || ++m->pages >= PAGES_MAX || !g_strcmp0(token, m->token)) {
		m->is_cut = true;
		op_trouble(op, "listing the account's regions: the list does not end; there may be "
			       "more than the %u that were read", m->names->len);
		return found(op);
	}
	g_free(m->token);
	m->token = g_strdup(token);
	return ask_account(op);
}

/* ---- EC2: DescribeRegions ---- */

static struct next ask_ec2(struct op *op)
{
	struct request_out *r;

	g_ptr_array_set_size(mine(op)->names, 0);
	mine(op)->n_forbidden = 0;
	r = aws_call_query(op->access->with, AWS_EC2, NULL, "DescribeRegions", NULL, NULL);
	if (!r)
		return probe(op);
	r->is_repeatable = true;
	return next_send(r, read_ec2);
}

static struct next read_ec2(struct op *op, const struct reply *r)
{
	g_autoptr(xml) x = aws_call_xml(r, "listing EC2's regions", NULL);
	const struct xml *list = xml_get(x, "regionInfo");

	for (size_t i = 0; list && i < xml_count(list); i++) {
		const char *name = xml_str(xml_at(list, i), "regionName");
		const char *status = xml_str(xml_at(list, i), "optInStatus");

		if (name && g_strcmp0(status, "not-opted-in"))
			add(op, name);
	}
	return list && xml_count(list) ? found(op) : probe(op);
}

/* ---- knocking ---- */

static struct ask ask_region(struct op *op, size_t i)
{
	const char *region = mine(op)->candidates->pdata[i];
	struct request_out *r = aws_call_json(op->access->with, AWS_ACM, region, "ListCertificates",
					      "{\"MaxItems\":1}", NULL);

	if (r)
		r->is_repeatable = true;
	return (struct ask){ .send = r };
}

/* Whether it does not take the keys, which elsewhere may be good; what is not allowed with them
 * was asked with good ones. */
static bool is_not_enabled(const struct aws_error *e, const GError *said)
{
	return g_error_matches(said, ERR, ERR_SIGN_IN) || aws_error_is(e, "OptInRequired");
}

static void hear_region(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	struct aws_regions *m = mine(op);
	const char *region = m->candidates->pdata[i];
	g_autofree char *what = g_strconcat("asking ACM in ", region, NULL);
	g_autoptr(GError) error = NULL;
	struct aws_error e = { 0 };

	(void)none;
	if (aws_error_read(r, &e))
		error = aws_error_say(&e, what);
	if (error && is_not_enabled(&e, error)) {
		if (!m->refused)
			m->refused = g_steal_pointer(&error);
	} else if (r->error || (error && !*e.code)) {
		if (!error)
			aws_error_check(r, what, &error);
		op_trouble(op, "%s", error->message);
		g_ptr_array_add(m->unsure, g_strdup(region));
	} else {
		m->n_taken++;
		g_ptr_array_add(m->names, g_strdup(region));
	}
	aws_error_done(&e);
}

static int by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static struct next probed(struct op *op, const struct reply *none)
{
	struct aws_regions *m = mine(op);

	(void)none;
	if (!m->n_taken && m->refused)
		return next_fail_error(op, g_steal_pointer(&m->refused));
	g_ptr_array_sort(m->names, by_name);
	return found(op);
}

static void add_candidate(struct op *op, const char *region)
{
	struct aws_regions *m = mine(op);

	if (aws_regions_wants(op, region) && !has(m->candidates, region))
		g_ptr_array_add(m->candidates, g_strdup(region));
}

static struct next probe(struct op *op)
{
	struct aws_regions *m = mine(op);
	const struct aws_partition *p =
		aws_partition_find(args_text(op->access->with, "partition", "aws"));
	g_auto(GStrv) regions = named(op);

	g_ptr_array_set_size(m->names, 0);
	m->n_forbidden = 0;
	for (char **r = regions; *r; r++)
		add_candidate(op, *r);
	for (const struct aws_region *r = p ? p->regions : aws_partition_table->regions;
	     !*regions && r->name; r++)
		if (r->has_acm)
			add_candidate(op, r->name);
	return next_each(m->candidates->len, ask_region, hear_region, probed);
}

struct next aws_regions_ask(struct op *op)
{
	return ask_account(op);
}
