/*
 * The journal: what an entry says, and that every way of altering the file shows.
 */
#include <certty/db/db_journal.h>

#include <stdlib.h>
#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/json.h>

#include "db_test.h"

static const char *const warnings[] = { "the name is odd", "the key is \"small\"", NULL };

static char *append(struct db *db, enum db_journal_phase phase, uint64_t begun,
		    const char *target)
{
	struct db_journal_entry e = { .phase = phase, .begun = begun, .verb = "approve",
				      .account = "local", .store = "local/ca:/srv/ca",
				      .target = target, .digest = "00ff",
				      .warnings = phase == JOURNAL_BEGIN ? warnings : NULL,
				      .outcome = phase == JOURNAL_END ? "done" : NULL };
	g_autoptr(GError) error = NULL;
	uint64_t number;
	char *line;

	db_journal_append(db, &e, &number, &line, &error);
	g_assert_no_error(error);
	g_assert_cmpuint(number, >, begun);
	return line;
}

static void append_n(struct db *db, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		g_free(append(db, JOURNAL_BEGIN, 0, "web1.csr"));
}

static void assert_sound(struct db *db, const char *start)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *sentence = NULL;

	db_journal_verify(db, &sentence, &error);
	g_assert_no_error(error);
	g_assert_true(g_str_has_prefix(sentence, start));
}

static void test_entry(void)
{
	g_autoptr(db) db = test_open(NULL);
	g_autofree char *line = NULL;
	g_autoptr(json) j = NULL;
	const struct json *actor;
	int64_t number;

	clock_set(1766400000);
	g_setenv("SUDO_USER", "eve\x1b]0;x", TRUE);
	g_setenv("SSH_CONNECTION", "192.0.2.7 50000 192.0.2.1 22", TRUE);
	line = append(db, JOURNAL_BEGIN, 0, "web\xe2\x80\xae.csr");
	g_free(append(db, JOURNAL_END, 1, "web1.csr"));
	clock_set(0);

	j = json_parse(line, strlen(line), DB_JOURNAL_LINE_MAX, NULL);
	g_assert_nonnull(j);
	g_assert_true(json_int(j, "number", &number) && number == 1);
	g_assert_cmpstr(json_str(j, "time"), ==, "2025-12-22T10:40:00Z");
	g_assert_cmpstr(json_str(j, "phase"), ==, "begin");
	g_assert_cmpstr(json_str(j, "verb"), ==, "approve");
	g_assert_cmpstr(json_str(j, "account"), ==, "local");
	g_assert_cmpstr(json_str(j, "store"), ==, "local/ca:/srv/ca");
	g_assert_cmpstr(json_str(j, "digest"), ==, "00ff");
	g_assert_cmpuint(json_count(json_get(j, "warnings")), ==, 2);
	g_assert_true(json_is_null(json_get(j, "outcome")));
	g_assert_cmpuint(strlen(json_str(j, "hash")), ==, 64);
	actor = json_get(j, "actor");
	g_assert_cmpstr(json_str(actor, "sudo_user"), ==, "eve\\x1b]0;x");
	g_assert_cmpstr(json_str(actor, "from"), ==, "192.0.2.7");
	g_assert_true(json_int(actor, "uid", &number) && number == getuid());
	g_assert_true(json_int(actor, "process", &number) && number == getpid());
	g_assert_nonnull(json_get(actor, "login_uid"));
	g_assert_nonnull(json_str(actor, "user"));
	g_assert_null(strchr(line, '\n'));
	assert_sound(db, "2 entries");
}

/* The hash can be checked by anybody who has the line and the one before. */
static void test_hash(void)
{
	g_autoptr(db) db = test_open(NULL);
	g_autofree char *one = append(db, JOURNAL_BEGIN, 0, "a");
	g_autofree char *two = append(db, JOURNAL_END, 1, "a");
	g_autoptr(json) first = json_parse(one, strlen(one), DB_JOURNAL_LINE_MAX, NULL);
	g_autoptr(json) second = json_parse(two, strlen(two), DB_JOURNAL_LINE_MAX, NULL);
	char *cut = strstr(two, ",\"hash\":");
	g_autofree char *text = g_strdup_printf("%s%.*s}", json_str(first, "hash"),
						(int)(cut - two), two);
	g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);

	g_assert_cmpstr(hash, ==, json_str(second, "hash"));
	g_assert_cmpstr(json_str(first, "hash"), ==, json_str(second, "previous"));
}

static void test_empty(void)
{
	g_autoptr(db) db = test_open(NULL);

	assert_sound(db, "0 entries");
}

/* Each alteration, and what is said about it. */
static void test_altered(void)
{
	static const struct {
		const char *sql, *says;
	} cases[] = {
		{ "UPDATE journal SET line = replace(line, 'web1', 'web2') WHERE number = 3",
		  "*entry 3 is not as it was written" },
		{ "UPDATE journal SET hash = replace(hash, substr(hash, 1, 1), 'x')"
		  " WHERE number = 4", "*entry 4 is not as it was written" },
		{ "DELETE FROM journal WHERE number = 2", "*entry 2 is missing" },
		{ "DELETE FROM journal WHERE number = 1", "*entry 1 is missing" },
		{ "DELETE FROM journal WHERE number > 3",
		  "*entries after 3 are missing, up to 5" },
		{ "DELETE FROM journal", "*entries after 0 are missing, up to 5" },
		{ "INSERT INTO journal VALUES(6, '{\"number\":6,}', 'x')",
		  "*entry 6 is not as it was written" },
		{ "INSERT INTO journal VALUES(0, '{\"number\":0,}', 'x')",
		  "*entry 1 is missing" },
		{ "UPDATE journal SET line = x'00' WHERE number = 2", "*entry 2 is not one" },
		{ "UPDATE journal SET line = NULL WHERE number = 5",
		  "*entry 5 is not one" },
		{ "DELETE FROM journal_head", "*entry 1 was not written by certty" },
		{ "UPDATE journal_head SET hash = 'x'", "*entry 5 is not the one that was last" },
		{ "UPDATE journal_head SET number = 4", "*entry 5 was not written by certty" },
		{ "UPDATE journal SET number = number + 10 WHERE number = 5",
		  "*entry 5 is missing" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *path = test_path();
		g_autoptr(GError) error = NULL;
		g_autofree char *sentence = NULL;
		struct db *db = test_open(path);

		append_n(db, 5);
		assert_sound(db, "5 entries");
		db_close(db);
		if (strstr(cases[i].sql, "NULL"))
			test_tamper(path, "CREATE TABLE j AS SELECT * FROM journal;"
					  "DROP TABLE journal; ALTER TABLE j RENAME TO journal");
		test_tamper(path, cases[i].sql);
		db = test_open(path);
		g_assert_false(db_journal_verify(db, &sentence, &error));
		g_assert_null(sentence);
		g_assert_error(error, ERR, ERR_FORMAT);
		if (!g_pattern_match_simple(cases[i].says, error->message))
			g_error("%s: %s", cases[i].sql, error->message);
		db_close(db);
	}
}

/* A journal that was altered goes on; nobody stops certty's writing by altering it. */
static void test_goes_on(void)
{
	g_autofree char *path = test_path();
	struct db *db = test_open(path);
	g_autoptr(GError) error = NULL;
	g_autofree char *sentence = NULL;

	append_n(db, 3);
	test_tamper(path, "DELETE FROM journal_head");
	append_n(db, 2);
	g_assert_false(db_journal_verify(db, &sentence, &error));
	g_assert_error(error, ERR, ERR_FORMAT);
	db_close(db);
}

static bool collect(const char *line, void *who)
{
	GPtrArray *lines = who;

	g_ptr_array_add(lines, g_strdup(line));
	return lines->len < 4;
}

static void test_each(void)
{
	g_autofree char *path = test_path();
	g_autoptr(db) db = test_open(path);
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *third = NULL;

	append_n(db, 2);
	third = append(db, JOURNAL_BEGIN, 0, "third");
	append_n(db, 5);
	test_tamper(path, "UPDATE journal SET line = 'x' || char(27) WHERE number = 4");
	g_assert_true(db_journal_each(db, 3, collect, lines, NULL));
	g_assert_cmpuint(lines->len, ==, 4);
	g_assert_cmpstr(lines->pdata[0], ==, third);
	g_assert_cmpstr(lines->pdata[1], ==, "{\"number\":4,\"unreadable\":true}");
}

static void test_too_long(void)
{
	g_autoptr(db) db = test_open(NULL);
	g_autofree char *large = g_strnfill(DB_JOURNAL_LINE_MAX, 'x');
	g_autoptr(GError) error = NULL;

	g_assert_false(db_journal_append(db, &(struct db_journal_entry){ .verb = "export",
									.target = large },
					 NULL, NULL, &error));
	g_assert_error(error, ERR, ERR_LIMIT);
	append_n(db, 1);
	assert_sound(db, "1 entries");
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/db-journal/entry", test_entry);
	g_test_add_func("/db-journal/hash", test_hash);
	g_test_add_func("/db-journal/empty", test_empty);
	g_test_add_func("/db-journal/altered", test_altered);
	g_test_add_func("/db-journal/goes-on", test_goes_on);
	g_test_add_func("/db-journal/each", test_each);
	g_test_add_func("/db-journal/too-long", test_too_long);
	return g_test_run();
}
