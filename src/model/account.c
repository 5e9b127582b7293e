/*
 * account: making and freeing accounts.
 */
#include <certty/model/account.h>

#include <string.h>

#include "item_own.h"

static const struct own own[] = {
	{ OWN_TEXT, offsetof(struct account, provider) },
	{ OWN_TEXT, offsetof(struct account, title) },
	{ OWN_TEXT, offsetof(struct account, who) },
	{ OWN_TEXT, offsetof(struct account, secret_from) },
	{ OWN_MAYBE, offsetof(struct account, trouble) },
	{ OWN_END },
};

struct account *account_new(const char *id)
{
	return item_new(sizeof(struct account), own, id);
}

struct account *account_dup(const struct account *a)
{
	return item_dup(a, sizeof(*a), own);
}

struct account *account_ref(struct account *a)
{
	return item_ref(a);
}

void account_unref(struct account *a)
{
	item_drop(a, own);
}

static void unref(void *item)
{
	account_unref(item);
}

static int compare(const void *a, const void *b)
{
	const struct account *x = a, *y = b;

	return strcmp(x->title, y->title);
}

const struct item_type account_type = { KIND_ACCOUNTS, item_id, item_ref, unref, compare };
