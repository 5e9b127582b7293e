/*
 * aws_stores: the stores that an account of AWS has: ACM in each of its regions, IAM's server
 * certificates, and the private authorities that it owns or may use.
 *
 * Whatever is not allowed costs one sentence that names the missing action, and no more.  What
 * is gone is dropped, unless it only could not be asked for.
 */
#include "acm.h"

#include <string.h>

#include <certty/base/text.h>

#define WHO "asking STS who we are"
#define PAGES_MAX 200
#define TOKEN_MAX 43739		/* as long as Private CA's may be */
#define ARN_MAX	  2048

/* ---- what an operation keeps ---- */

/* The authorities of one region and one sort of owner. */
struct listing {
	char *region;
	bool is_shared;		/* OTHER_ACCOUNTS */
	char *token;		/* of the next page */
	guint pages;
	bool is_over, has_failed;
};

struct finding {
	struct aws_regions regions;	/* first: aws_regions.c looks for it there */
	char *partition, *number;	/* of the account */
	GArray *listings;		/* struct listing */
	GHashTable *put;		/* ids of stores */
	GPtrArray *denied;		/* regions whose authorities may not be listed */
	bool has_iam, iam_is_unsure;
	guint n_authorities;
};

static void listing_done(void *listing)
{
	struct listing *l = listing;

	g_free(l->region);
	g_free(l->token);
}

static void finding_done(void *finding)
{
	struct finding *f = finding;

	aws_regions_done(&f->regions);
	g_free(f->partition);
	g_free(f->number);
	g_array_unref(f->listings);
	g_hash_table_unref(f->put);
	g_ptr_array_unref(f->denied);
}

static step_fn read_who, ask_iam, read_iam, ask_authorities, end;

static struct finding *begin(struct op *op)
{
	struct finding *f = aws_mine(op, sizeof(*f), finding_done);

	aws_regions_init(&f->regions, ask_iam);
	f->listings = g_array_new(FALSE, TRUE, sizeof(struct listing));
	g_array_set_clear_func(f->listings, listing_done);
	f->put = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	f->denied = g_ptr_array_new();
	return f;
}

static struct finding *mine(struct op *op)
{
	return ((struct aws_op *)op->scratch)->mine;
}

static struct listing *listing_at(struct finding *f, size_t i)
{
	return &g_array_index(f->listings, struct listing, i);
}

/* ---- a store ---- */

static struct store *put_store(struct op *op, const char *type, const char *rest, const char *title,
			       const char *address)
{
	g_autofree char *id = g_strconcat(op->account->id, "/", rest, NULL);
	struct store *s = store_new(id);

	store_set(&s->account, op->account->id);
	store_set(&s->provider, "aws");
	store_set(&s->type, type);
	store_set(&s->title, title);
	store_set(&s->address, address);
	s->origin = STORE_FOUND;
	g_hash_table_add(mine(op)->put, g_strdup(id));
	op_put_store(op, s);
	return s;
}

static void put_region(struct op *op, const char *region)
{
	const struct finding *f = mine(op);
	g_autofree char *rest = g_strconcat("acm:", region, NULL);
	g_autofree char *title = g_strconcat(op->account->id, " ", region, NULL);
	g_autofree char *address = g_strdup_printf("arn:%s:acm:%s:%s:", f->partition, region,
						   f->number);
	struct store *s = put_store(op, AWS_STORE_ACM, rest, title, address);

	store_set(&s->container, region);
	s->is_writable = true;
}

static void put_iam(struct op *op)
{
	const struct finding *f = mine(op);
	g_autofree char *title = g_strconcat(op->account->id, " IAM", NULL);
	g_autofree char *address = g_strdup_printf("arn:%s:iam::%s:", f->partition, f->number);

	put_store(op, AWS_STORE_IAM, "iam", title, address)->is_writable = true;
}

/* ---- who we are ---- */

struct next aws_stores(struct op *op, const struct reply *none)
{
	GError *error = NULL;
	struct request_out *r;

	(void)none;
	if (!op->access)
		return next_fail(op, ERR_SIGN_IN, "the account is not open");
	begin(op);
	r = aws_call_query(op->access->with, AWS_STS, NULL, "GetCallerIdentity", NULL, &error);
	if (!r)
		return next_fail_error(op, error);
	r->is_repeatable = true;
	return next_send(r, read_who);
}

static bool is_number(const char *account)
{
	return account && strlen(account) == 12 && strspn(account, "0123456789") == 12;
}

static struct next read_who(struct op *op, const struct reply *r)
{
	struct finding *f = mine(op);
	GError *error = NULL;
	g_autoptr(xml) x = aws_call_xml(r, WHO, &error);
	const char *account = xml_str(x, "GetCallerIdentityResult/Account");
	const char *arn = xml_str(x, "GetCallerIdentityResult/Arn");
	g_auto(GStrv) parts = g_strsplit(arn ? arn : "", ":", 3);

	if (!x)
		return next_fail_error(op, error);
	if (!is_number(account) || g_strv_length(parts) != 3)
		return next_fail(op, ERR_REPLY, WHO ": the answer does not say it");
	f->number = g_strdup(account);
	f->partition = g_strdup(aws_partition_find(parts[1]) ? parts[1] :
				args_text(op->access->with, "partition", "aws"));
	return aws_regions_ask(op);
}

/* ---- IAM: whether its certificates may be listed at all ---- */

static struct next ask_iam(struct op *op, const struct reply *none)
{
	struct aws_form *form = aws_form_new();
	struct request_out *r;

	(void)none;
	for (guint i = 0; i < mine(op)->regions.names->len; i++)
		put_region(op, mine(op)->regions.names->pdata[i]);
	aws_form_add(form, "MaxItems", "1");
	r = aws_call_query(op->access->with, AWS_IAM, NULL, "ListServerCertificates", form, NULL);
	if (!r)
		return ask_authorities(op, NULL);
	r->is_repeatable = true;
	return next_send(r, read_iam);
}

static struct next read_iam(struct op *op, const struct reply *r)
{
	struct finding *f = mine(op);
	g_autoptr(GError) error = NULL;
	struct aws_error e = { 0 };
	bool is_denied = aws_error_read(r, &e) && aws_error_is(&e, "AccessDenied");

	f->has_iam = !is_denied && aws_error_check(r, "IAM", &error);
	f->iam_is_unsure = !is_denied && !f->has_iam;
	if (f->has_iam)
		put_iam(op);
	else if (is_denied)
		op_trouble(op, "IAM's server certificates may not be listed: the action "
			       "iam:ListServerCertificates is missing");
	else
		op_trouble(op, "%s", error->message);
	aws_error_done(&e);
	return ask_authorities(op, NULL);
}

/* ---- the authorities of each region ---- */

static void add_listings(struct finding *f)
{
	for (guint i = 0; i < 2 * f->regions.names->len; i++) {
		const char *region = f->regions.names->pdata[i / 2];
		const struct aws_region *known = aws_partition_region(region);
		struct listing l = { .is_shared = i % 2 };

		if (known && !known->has_acm_pca)
			continue;
		l.region = g_strdup(region);
		g_array_append_val(f->listings, l);
	}
}

static struct ask ask_listing(struct op *op, size_t i)
{
	struct listing *l = listing_at(mine(op), i);
	g_autoptr(GString) body = g_string_new(NULL);
	struct json_writer w = { .out = body };
	struct request_out *r;

	if (l->is_over)
		return (struct ask){ 0 };
	json_open(&w, NULL, '{');
	json_put_int(&w, "MaxResults", 1000);
	json_put_str(&w, "ResourceOwner", l->is_shared ? "OTHER_ACCOUNTS" : "SELF");
	if (l->token)
		json_put_str(&w, "NextToken", l->token);
	json_close(&w, '}');
	r = aws_call_json(op->access->with, AWS_ACM_PCA, l->region, "ListCertificateAuthorities",
			  body->str, NULL);
	if (r)
		r->is_repeatable = true;
	else
		l->is_over = true;	/* no FIPS endpoint there */
	return (struct ask){ .send = r };
}

static char *name_of(const struct json *authority, const char *arn)
{
	const struct json *subject = json_get(json_get(authority, "CertificateAuthorityConfiguration"),
					      "Subject");
	const char *name = json_str(subject, "CommonName");

	if (!name || !*name)
		name = json_str(subject, "Organization");
	if (!name || !*name)
		name = strrchr(arn, '/') ? strrchr(arn, '/') + 1 : arn;
	return text_harmless_dup(name, 200);
}

static void put_authority(struct op *op, const struct listing *l, const struct json *j)
{
	const char *arn = json_str(j, "Arn"), *status = json_str(j, "Status");
	g_autofree char *rest = NULL, *region = NULL, *name = NULL, *title = NULL, *shown = NULL;
	struct store *s;

	if (!arn || strlen(arn) > ARN_MAX || !strstr(arn, ":certificate-authority/") ||
	    !g_strcmp0(status, "DELETED"))
		return;
	shown = text_harmless_dup(arn, ARN_MAX);
	region = aws_arn_region(arn);
	if (strcmp(shown, arn) || strcmp(region, l->region))
		return;
	name = name_of(j, arn);
	rest = g_strconcat("ca:", arn, NULL);
	title = g_strconcat(op->account->id, " CA ", name, NULL);
	s = put_store(op, AWS_STORE_CA, rest, title, arn);
	store_set(&s->container, l->region);
	mine(op)->n_authorities++;
}

/* The service is not there, or the region's own endpoint is none. */
static bool is_absent(const struct aws_error *e)
{
	return aws_error_is(e, "UnknownOperation") || aws_error_is(e, "InvalidAction") ||
	       aws_error_is(e, "OptInRequired") || aws_error_is(e, "SubscriptionRequired");
}

/* Its own authorities, or those of others. */
static bool has_failed(const struct finding *f, const char *region)
{
	for (guint i = 0; i < f->listings->len; i++) {
		const struct listing *l = &g_array_index(f->listings, struct listing, i);

		if (l->has_failed && !strcmp(l->region, region))
			return true;
	}
	return false;
}

static void fail_listing(struct op *op, struct listing *l, const struct reply *r)
{
	struct finding *f = mine(op);
	g_autofree char *what = g_strconcat("listing Private CA's authorities in ", l->region, NULL);
	g_autoptr(GError) error = NULL;
	struct aws_error e = { 0 };
	bool is_error = aws_error_read(r, &e), is_said = has_failed(f, l->region);

	l->is_over = true;
	l->has_failed = !(is_error && is_absent(&e));
	if (is_error && aws_error_is(&e, "AccessDenied")) {
		if (!g_ptr_array_find_with_equal_func(f->denied, l->region, g_str_equal, NULL))
			g_ptr_array_add(f->denied, l->region);
	} else if (l->has_failed && !is_said && !aws_error_check(r, what, &error)) {
		op_trouble(op, "%s", error->message);
	}
	aws_error_done(&e);
}

static void next_page(struct op *op, struct listing *l, const char *token)
{
	if (!token || !*token) {
		l->is_over = true;
	} else if (strlen(token) > TOKEN_MAX || ++l->pages >= PAGES_MAX ||
		   !g_strcmp0(token, l->token)) {
		l->is_over = l->has_failed = true;
		op_trouble(op, "listing Private CA's authorities in %s: the list does not end",
			   l->region);
	} else {
		g_free(l->token);
		l->token = g_strdup(token);
	}
}

static void hear_listing(struct op *op, size_t i, const struct reply *r, struct work *none)
{
	struct listing *l = listing_at(mine(op), i);
	g_autoptr(GError) error = NULL;
	g_autoptr(json) j = NULL;
	const struct json *list;

	(void)none;
	if (r->error || r->status < 200 || r->status >= 300) {
		fail_listing(op, l, r);
		return;
	}
	j = aws_call_read_json(r, "listing Private CA's authorities", &error);
	if (!j) {
		l->is_over = l->has_failed = true;
		op_trouble(op, "%s: %s", l->region, error->message);
		return;
	}
	list = json_get(j, "CertificateAuthorities");
	for (size_t k = 0; k < json_count(list); k++)
		put_authority(op, l, json_at(list, k));
	next_page(op, l, json_str(j, "NextToken"));
}

static struct next ask_authorities(struct op *op, const struct reply *none)
{
	struct finding *f = mine(op);

	(void)none;
	if (!f->listings->len)
		add_listings(f);
	for (guint i = 0; i < f->listings->len; i++)
		if (!listing_at(f, i)->is_over)
			return next_each(f->listings->len, ask_listing, hear_listing,
					 ask_authorities);
	return end(op, NULL);
}

/* ---- what is gone ---- */

/* Whether the place where it would be could be looked at. */
static bool was_looked_for(const struct finding *f, const struct store *s)
{
	if (!strcmp(s->type, AWS_STORE_IAM))
		return f->has_iam;
	if (f->regions.is_cut)
		return false;
	if (g_ptr_array_find_with_equal_func(f->regions.unsure, s->container, g_str_equal, NULL))
		return false;
	return !strcmp(s->type, AWS_STORE_ACM) || !has_failed(f, s->container);
}

static void drop_gone(struct op *op)
{
	const struct finding *f = mine(op);

	for (size_t i = 0; op->stores && i < op->stores->n; i++) {
		const struct store *s = op->stores->item[i];

		if (strcmp(s->account, op->account->id) || s->origin != STORE_FOUND ||
		    g_hash_table_contains(f->put, s->id))
			continue;
		if (was_looked_for(f, s))
			op_drop_store(op, s->id);
	}
}

/* In one sentence, since it is the same one in each of perhaps thirty regions. */
static void say_denied(struct op *op)
{
	struct finding *f = mine(op);
	g_autofree char *regions = NULL;

	if (!f->denied->len)
		return;
	g_ptr_array_add(f->denied, NULL);
	regions = g_strjoinv(", ", (char **)f->denied->pdata);
	op_trouble(op, "Private CA's authorities may not be listed in %s: the action "
		       "acm-pca:ListCertificateAuthorities is missing", regions);
}

static const char *plural(guint n)
{
	return n == 1 ? "" : "s";
}

static struct next end(struct op *op, const struct reply *none)
{
	struct finding *f = mine(op);
	guint n = f->regions.names->len;

	(void)none;
	say_denied(op);
	drop_gone(op);
	op_say(op, "%u region%s with ACM, %u private authorit%s%s", n, plural(n), f->n_authorities,
	       f->n_authorities == 1 ? "y" : "ies", f->has_iam ? ", and IAM" : "");
	if (f->regions.n_forbidden)
		op_say(op, "%s; %u more region%s left out by %s", op->said, f->regions.n_forbidden,
		       f->regions.n_forbidden == 1 ? " is" : "s are",
		       settings_origin(op->settings, "safety", "regions"));
	return next_done();
}
