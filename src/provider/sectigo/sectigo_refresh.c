/*
 * sectigo_refresh: reading what an account sees at Sectigo: all lists first, then the bytes of
 * certificates, which take a call for each of them.
 */
#include "sectigo_acme.h"
#include "sectigo_anchor.h"
#include "sectigo_certs.h"
#include "sectigo_domains.h"

static step_fn read_certs, read_domains, read_acme, read_anchors, read_bytes, end;

struct next sectigo_refresh(struct op *op, const struct reply *none)
{
	(void)none;
	return sectigo_organization_read(op, read_certs);
}

static struct next read_certs(struct op *op, const struct reply *none)
{
	(void)none;
	return sectigo_cert_list(op, read_domains);
}

static struct next read_domains(struct op *op, const struct reply *none)
{
	(void)none;
	return sectigo_domain_read(op, read_acme);
}

static struct next read_acme(struct op *op, const struct reply *none)
{
	(void)none;
	return sectigo_acme_read(op, read_anchors);
}

static struct next read_anchors(struct op *op, const struct reply *none)
{
	(void)none;
	return sectigo_anchor_read(op, read_bytes);
}

static struct next read_bytes(struct op *op, const struct reply *none)
{
	(void)none;
	return sectigo_cert_bytes(op, end);
}

static struct next end(struct op *op, const struct reply *none)
{
	g_autofree char *domains = g_strdup(op->said);

	(void)none;
	op_say(op, "%u certificate%s%s%s", op->n_rows, op->n_rows == 1 ? "" : "s", domains ? ", " : "",
	       domains ? domains : "");
	return next_done();
}
