/*
 * keyring_memory: secrets kept until the program ends; for machines without a keyring, for
 * people who do not want one, and for tests.
 */
#include "keyring_own.h"

#include <string.h>

static void free_secret(void *secret)
{
	secret_free(secret);
}

static void *open_memory(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_secret);
}

static void close_memory(void *body)
{
	g_hash_table_unref(body);
}

/* The parts cannot run into each other: a line break is in none of them. */
static char *name_of(const struct ask *ask)
{
	return g_strjoin("\n", ask->account, ask->store, ask->field, NULL);
}

static void ask_memory(void *body, struct ask *ask)
{
	g_autofree char *name = name_of(ask);
	const struct secret *found = NULL;
	struct secret *copy = NULL;

	if (ask->kind == ASK_STORE)
		g_hash_table_replace(body, g_steal_pointer(&name), g_steal_pointer(&ask->given));
	else if (ask->kind == ASK_FORGET)
		g_hash_table_remove(body, name);
	else if (ask->kind == ASK_LOOK_UP)
		found = g_hash_table_lookup(body, name);
	if (found)
		copy = secret_dup(found);
	keyring_answer(ask, KEYRING_UNTIL_END, copy,
		       found && !copy ? "the memory for secrets is full" : NULL);
}

const struct keyring_body keyring_memory = {
	.open = open_memory,
	.close = close_memory,
	.ask = ask_memory,
};
