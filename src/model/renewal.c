/*
 * renewal: the rule that says when a certificate should be renewed.
 */
#include <certty/model/renewal.h>

#include <string.h>

#define ID RENEWAL_REQUEST "/"

static const char *const modes[RENEWAL_MODE_COUNT] = {
	[RENEWAL_OFF] = "off", [RENEWAL_PROPOSE] = "propose", [RENEWAL_AUTOMATIC] = "automatic",
};

const char *renewal_mode_word(enum renewal_mode mode)
{
	return (unsigned)mode < RENEWAL_MODE_COUNT ? modes[mode] : "";
}

bool renewal_mode_read(const char *word, enum renewal_mode *ret)
{
	for (int mode = 0; mode < RENEWAL_MODE_COUNT; mode++) {
		if (strcmp(modes[mode], word) != 0)
			continue;
		*ret = (enum renewal_mode)mode;
		return true;
	}
	return false;
}

/* In two parts: a life of eight thousand years times a hundred is still no trouble, but a broken
 * certificate's may be longer. */
int64_t renewal_due(int64_t not_before, int64_t not_after, int percent)
{
	int64_t life = not_after - not_before;

	return not_before + life / 100 * percent + life % 100 * percent / 100;
}

enum renewal_verdict renewal_judge(const struct renewal_case *c)
{
	if (c->mode == RENEWAL_OFF || !c->is_renewable || c->is_superseded ||
	    c->not_after <= c->not_before || c->not_after + RENEWAL_GIVEN_UP < c->now ||
	    renewal_due(c->not_before, c->not_after, c->percent) > c->now)
		return RENEWAL_NOT_DUE;
	if (c->mode != RENEWAL_AUTOMATIC || c->has_warning ||
	    (c->tried && c->tried <= c->now && c->tried + RENEWAL_AGAIN > c->now))
		return RENEWAL_IS_PROPOSED;
	return RENEWAL_IS_STARTED;
}

char *renewal_request_id(const char *cert)
{
	return g_strconcat(ID, cert, NULL);
}

const char *renewal_cert(const char *id)
{
	return g_str_has_prefix(id, ID) ? id + strlen(ID) : id;
}
