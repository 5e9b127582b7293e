/* test-renewal: when a certificate should be renewed, and whether anybody is asked first. */
#include <string.h>
#include <glib.h>
#include <certty/model/renewal.h>

#define DAY INT64_C(86400)
#define NOW (INT64_C(20000) * DAY)

static void words(void)
{
	enum renewal_mode mode = RENEWAL_PROPOSE;

	for (int i = 0; i < RENEWAL_MODE_COUNT; i++) {
		g_assert_true(renewal_mode_read(renewal_mode_word((enum renewal_mode)i), &mode));
		g_assert_cmpint(mode, ==, i);
	}
	g_assert_false(renewal_mode_read("", &mode));
	g_assert_false(renewal_mode_read("always", &mode));
	g_assert_cmpint(mode, ==, RENEWAL_AUTOMATIC);
	g_assert_cmpstr(renewal_mode_word(RENEWAL_MODE_COUNT), ==, "");
}

static void dates(void)
{
	g_assert_cmpint(renewal_due(0, 90 * DAY, 66), ==, 90 * DAY * 66 / 100);
	g_assert_cmpint(renewal_due(NOW, NOW + 100, 1), ==, NOW + 1);
	g_assert_cmpint(renewal_due(NOW, NOW + 199, 99), ==, NOW + 197);
	g_assert_cmpint(renewal_due(0, INT64_MAX / 2, 99), <, INT64_MAX / 2);
	g_assert_cmpint(renewal_due(0, INT64_MAX / 2, 99), >, INT64_MAX / 4);
}

/* A certificate of a hundred days, so many of which are gone. */
static struct renewal_case old(int days, enum renewal_mode mode)
{
	return (struct renewal_case){
		.not_before = NOW - days * DAY, .not_after = NOW + (100 - days) * DAY, .now = NOW,
		.percent = 66, .mode = mode, .is_renewable = true,
	};
}

static void rule(void)
{
	static const struct {
		int days;
		enum renewal_verdict verdict;
	} table[] = {
		{ 0, RENEWAL_NOT_DUE },	      { 65, RENEWAL_NOT_DUE },	    { 66, RENEWAL_IS_PROPOSED },
		{ 99, RENEWAL_IS_PROPOSED },  { 100, RENEWAL_IS_PROPOSED }, { 130, RENEWAL_IS_PROPOSED },
		{ 131, RENEWAL_NOT_DUE },     { 4000, RENEWAL_NOT_DUE },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(table); i++) {
		struct renewal_case c = old(table[i].days, RENEWAL_PROPOSE);

		g_assert_cmpint(renewal_judge(&c), ==, table[i].verdict);
		c.mode = RENEWAL_OFF;
		g_assert_cmpint(renewal_judge(&c), ==, RENEWAL_NOT_DUE);
		c.mode = RENEWAL_AUTOMATIC;
		g_assert_cmpint(renewal_judge(&c), ==, table[i].verdict == RENEWAL_NOT_DUE ?
				RENEWAL_NOT_DUE : RENEWAL_IS_STARTED);
	}
}

static void nobody(void)
{
	struct renewal_case c = old(90, RENEWAL_AUTOMATIC);

	c.is_renewable = false;
	g_assert_cmpint(renewal_judge(&c), ==, RENEWAL_NOT_DUE);
	c = old(90, RENEWAL_AUTOMATIC);
	c.is_superseded = true;
	g_assert_cmpint(renewal_judge(&c), ==, RENEWAL_NOT_DUE);
	c = old(90, RENEWAL_AUTOMATIC);
	c.not_after = c.not_before;
	g_assert_cmpint(renewal_judge(&c), ==, RENEWAL_NOT_DUE);
}

/* A warning always waits for a person; what was tried rests, unless the clock was set back. */
static void alone(void)
{
	struct renewal_case c = old(90, RENEWAL_AUTOMATIC);

	c.has_warning = true;
	g_assert_cmpint(renewal_judge(&c), ==, RENEWAL_IS_PROPOSED);
	c.has_warning = false;
	c.tried = NOW - RENEWAL_AGAIN + 1;
	g_assert_cmpint(renewal_judge(&c), ==, RENEWAL_IS_PROPOSED);
	c.tried = NOW - RENEWAL_AGAIN;
	g_assert_cmpint(renewal_judge(&c), ==, RENEWAL_IS_STARTED);
	c.tried = NOW + DAY;
	g_assert_cmpint(renewal_judge(&c), ==, RENEWAL_IS_STARTED);
}

/* Nothing but a warning, a recent try or the mode stands between a proposal and its start. */
static void all_together(void)
{
	for (unsigned bits = 0; bits < 1u << 6; bits++) {
		struct renewal_case c = old(bits & 1 ? 90 : 10, (enum renewal_mode)((bits >> 1) % 3));
		enum renewal_verdict verdict;

		c.is_superseded = bits & 8;
		c.has_warning = bits & 16;
		c.tried = bits & 32 ? NOW - 1 : 0;
		verdict = renewal_judge(&c);
		if (verdict == RENEWAL_IS_STARTED)
			g_assert_true(c.mode == RENEWAL_AUTOMATIC && !c.has_warning && !c.tried);
		if (verdict != RENEWAL_NOT_DUE)
			g_assert_true((bits & 1) && c.mode != RENEWAL_OFF && !c.is_superseded);
	}
}

static void ids(void)
{
	g_autofree char *id = renewal_request_id("0123456789abcdef");

	g_assert_cmpstr(renewal_cert(id), ==, "0123456789abcdef");
	g_assert_cmpstr(renewal_cert("0123"), ==, "0123");
	g_assert_true(g_str_has_prefix(id, RENEWAL_REQUEST));
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/model/renewal/words", words);
	g_test_add_func("/model/renewal/dates", dates);
	g_test_add_func("/model/renewal/rule", rule);
	g_test_add_func("/model/renewal/nobody", nobody);
	g_test_add_func("/model/renewal/alone", alone);
	g_test_add_func("/model/renewal/all-together", all_together);
	g_test_add_func("/model/renewal/ids", ids);
	return g_test_run();
}
