/*
 * aws_who: testing an account: STS is asked who we are.  That needs no permission, so it proves
 * the key, the clock, the partition and the way there, and nothing of what we may do.
 */
#include "aws_own.h"

#include <string.h>

#include <certty/base/text.h>

#define WHAT "asking STS who we are"

/* arn:aws-cn:… is China's, whatever the account says. */
static void compare_partition(struct op *op, const char *arn)
{
	g_auto(GStrv) parts = g_strsplit(arn, ":", 3);
	const char *ours = args_text(op->access->with, "partition", "");
	g_autofree char *theirs = g_strv_length(parts) == 3 ? text_harmless_dup(parts[1], 60) : NULL;

	if (theirs && *ours && strcmp(theirs, ours))
		op_trouble(op, "these keys are of partition %s, and the account says %s", theirs,
			   ours);
}

static struct next read_who(struct op *op, const struct reply *r)
{
	GError *error = NULL;
	g_autoptr(xml) x = aws_call_xml(r, WHAT, &error);
	const char *arn, *account;
	g_autofree char *shown = NULL;

	if (!x)
		return next_fail_error(op, error);
	arn = xml_str(x, "GetCallerIdentityResult/Arn");
	account = xml_str(x, "GetCallerIdentityResult/Account");
	if (!arn || !account || strlen(arn) > 2048 || strlen(account) != 12)
		return next_fail(op, ERR_REPLY, WHAT ": the answer does not say it");
	shown = text_harmless_dup(arn, 200);
	compare_partition(op, arn);
	op_who(op, "%s (account %s)", arn, account);
	op_say(op, "signed in as %s; that proves keys, clock and partition, not what they may do",
	       shown);
	return next_done();
}

struct next aws_who(struct op *op, const struct reply *none)
{
	GError *error = NULL;
	struct request_out *r;

	(void)none;
	if (!op->access)
		return next_fail(op, ERR_SIGN_IN, "the account is not open");
	r = aws_call_query(op->access->with, AWS_STS, NULL, "GetCallerIdentity", NULL, &error);
	if (!r)
		return next_fail_error(op, error);
	r->is_repeatable = true;
	return next_send(r, read_who);
}
