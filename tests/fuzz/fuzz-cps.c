/* fuzz-cps: whatever CPS answers about what is deployed, about a change and about what it waits for becomes
 * rows and lines whose texts are harmless, or none; what a row and a memo remember is read back as it was. */
#include <provider/akamai/cps_enrollment.h>

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_text(const char *text, bool may_break)
{
	g_assert_true(g_utf8_validate(text, -1, NULL));
	for (const char *p = text; *p; p++)
		g_assert_true((unsigned char)*p >= 0x20 || (may_break && *p == '\n'));
}

static void check_texts(char *const *texts)
{
	for (; *texts; texts++)
		check_text(*texts, false);
}

static void check_memo(struct cps_deployed *d)
{
	g_autoptr(GPtrArray) one = g_ptr_array_new();
	g_autoptr(GHashTable) again = NULL;
	g_autoptr(GBytes) memo = NULL, same = NULL;

	g_ptr_array_add(one, d);
	memo = cps_memo_write(one);
	again = cps_memo_read(memo);
	g_assert_cmpuint(g_hash_table_size(again), ==, 1);
	g_ptr_array_index(one, 0) = g_hash_table_lookup(again, d->id);
	same = cps_memo_write(one);
	g_assert_true(g_bytes_equal(memo, same));
}

static void check_deployed(const struct json *j)
{
	g_autoptr(cps_deployed) d = cps_deployed_read(j);

	if (!d)
		return;
	cps_deployed_take(d, j);
	check_texts(d->names);
	for (unsigned n = 0; n < CPS_NETWORKS; n++) {
		check_texts(d->on[n].settings);
		for (guint i = 0; i < d->on[n].certs->len; i++) {
			struct facts f;

			cps_deployed_facts(d, d->on[n].certs->pdata[i], &f);
			check_text(f.name, false);
			check_text(f.issuer, false);
			facts_done(&f);
		}
	}
	g_strfreev(cps_deployed_differences(d));
	check_memo(d);
}

static void check_change(const struct op *op, const struct json *j)
{
	g_autoptr(cps_change) c = cps_change_new("10002", "20003", "renewal"), kept = NULL;
	g_autoptr(request) r = NULL;
	g_autofree char *again = NULL;

	if (!cps_change_read_status(c, j))
		return;
	cps_change_read_input(c, j);
	r = cps_row(op, c, NULL);
	check_text(r->title, false);
	check_text(r->theirs, false);
	check_text(r->reason, false);
	check_text(r->oddities, true);
	check_text(r->records, true);
	kept = cps_change_kept(r->kept);
	again = cps_change_keep(kept);
	g_assert_cmpstr(again, ==, r->kept);
}

static void check_histories(const struct json *j)
{
	for (unsigned i = 0; i < CPS_HISTORIES; i++) {
		g_autoptr(detail) d = detail_new("history/x", "x");

		cps_history_tell(d, i, j);
		for (size_t k = 0; k < d->n; k++) {
			check_text(d->line[k].label, false);
			check_text(d->line[k].text, false);
		}
	}
}

static void check_objects(const struct op *op, const struct json *j)
{
	g_autoptr(GPtrArray) all = cps_enrollment_rows(op, json_get(j, "enrollments"));

	for (guint i = 0; i < all->len; i++) {
		struct object *o = all->pdata[i];

		cps_enrollment_set_schedule(o, op->now, 0);
		check_text(o->name, false);
		check_text(o->summary, false);
		check_text(o->facts, true);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	g_autoptr(json) j = json_parse(data, size, 1u << 20, NULL);
	g_autofree char *text = g_strndup((const char *)data, size);
	g_autoptr(cps_change) junk = cps_change_kept(text);
	g_autoptr(GBytes) bytes = g_bytes_new(data, size);
	g_autoptr(GHashTable) memo = cps_memo_read(bytes);
	g_autoptr(store) s = store_new("ak/production");
	struct op op;

	op_init(&op);
	op.store = s;
	op.now = 1772604367;
	if (j) {
		check_deployed(j);
		check_change(&op, j);
		check_histories(j);
		check_objects(&op, j);
	}
	op_done(&op);
	return 0;
}
