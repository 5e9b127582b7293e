/*
 * sectigo_refresh: reading what an account sees at Sectigo.
 */
#include "sectigo_domains.h"

static step_fn read_domains, end;

struct next sectigo_refresh(struct op *op, const struct reply *none)
{
	(void)none;
	return sectigo_organization_read(op, read_domains);
}

static struct next read_domains(struct op *op, const struct reply *none)
{
	(void)none;
	return sectigo_domain_read(op, end);
}

static struct next end(struct op *op, const struct reply *none)
{
	(void)op;
	(void)none;
	return next_done();
}
