/*
 * aws_partition: the worlds of AWS, which share nothing but a manner of speaking, and their
 * regions.
 *
 * The lists age: they are what is offered and what an unknown account is asked for.  A region
 * that is not among them belongs to the partition whose pattern its name matches.  Source: the
 * endpoint data of botocore, August 2026.
 */
#include "aws_own.h"

#include <string.h>

/* clang-format off */

static const struct aws_region aws_regions[] = {
	{ "af-south-1",      "Africa (Cape Town)",          true, true, false },
	{ "ap-east-1",       "Asia Pacific (Hong Kong)",    true, true, false },
	{ "ap-east-2",       "Asia Pacific (Taipei)",       true, true, false },
	{ "ap-northeast-1",  "Asia Pacific (Tokyo)",        true, true, false },
	{ "ap-northeast-2",  "Asia Pacific (Seoul)",        true, true, false },
	{ "ap-northeast-3",  "Asia Pacific (Osaka)",        true, true, false },
	{ "ap-south-1",      "Asia Pacific (Mumbai)",       true, true, false },
	{ "ap-south-2",      "Asia Pacific (Hyderabad)",    true, true, false },
	{ "ap-southeast-1",  "Asia Pacific (Singapore)",    true, true, false },
	{ "ap-southeast-2",  "Asia Pacific (Sydney)",       true, true, false },
	{ "ap-southeast-3",  "Asia Pacific (Jakarta)",      true, true, false },
	{ "ap-southeast-4",  "Asia Pacific (Melbourne)",    true, true, false },
	{ "ap-southeast-5",  "Asia Pacific (Malaysia)",     true, true, false },
	{ "ap-southeast-6",  "Asia Pacific (New Zealand)",  true, true, false },
	{ "ap-southeast-7",  "Asia Pacific (Thailand)",     true, true, false },
	{ "ca-central-1",    "Canada (Central)",            true, true, true },
	{ "ca-west-1",       "Canada West (Calgary)",       true, true, true },
	{ "eu-central-1",    "Europe (Frankfurt)",          true, true, false },
	{ "eu-central-2",    "Europe (Zurich)",             true, true, false },
	{ "eu-north-1",      "Europe (Stockholm)",          true, true, false },
	{ "eu-south-1",      "Europe (Milan)",              true, true, false },
	{ "eu-south-2",      "Europe (Spain)",              true, true, false },
	{ "eu-west-1",       "Europe (Ireland)",            true, true, false },
	{ "eu-west-2",       "Europe (London)",             true, true, false },
	{ "eu-west-3",       "Europe (Paris)",              true, true, false },
	{ "il-central-1",    "Israel (Tel Aviv)",           true, true, false },
	{ "me-central-1",    "Middle East (UAE)",           true, true, false },
	{ "me-south-1",      "Middle East (Bahrain)",       true, true, false },
	{ "mx-central-1",    "Mexico (Central)",            true, true, false },
	{ "sa-east-1",       "South America (Sao Paulo)",   true, true, false },
	{ "us-east-1",       "US East (N. Virginia)",       true, true, true },
	{ "us-east-2",       "US East (Ohio)",              true, true, true },
	{ "us-west-1",       "US West (N. California)",     true, true, true },
	{ "us-west-2",       "US West (Oregon)",            true, true, true },
	{ NULL }
};

static const struct aws_region aws_cn_regions[] = {
	{ "cn-north-1",      "China (Beijing)",             true, true, false },
	{ "cn-northwest-1",  "China (Ningxia)",             true, true, false },
	{ NULL }
};

static const struct aws_region aws_us_gov_regions[] = {
	{ "us-gov-east-1",   "AWS GovCloud (US-East)",      true, true, true },
	{ "us-gov-west-1",   "AWS GovCloud (US-West)",      true, true, true },
	{ NULL }
};

static const struct aws_region aws_eusc_regions[] = {
	{ "eusc-de-east-1",  "AWS European Sovereign Cloud (Germany)", true, true, false },
	{ NULL }
};

static const struct aws_region aws_iso_regions[] = {
	{ "us-iso-east-1",   "US ISO East",                 true, true, false },
	{ "us-iso-west-1",   "US ISO WEST",                 true, true, false },
	{ NULL }
};

static const struct aws_region aws_iso_b_regions[] = {
	{ "us-isob-east-1",  "US ISOB East (Ohio)",         true, false, false },
	{ "us-isob-west-1",  "US ISOB West",                true, false, false },
	{ NULL }
};

static const struct aws_region aws_iso_e_regions[] = {
	{ "eu-isoe-west-1",  "EU ISOE West",                true, true, false },
	{ NULL }
};

static const struct aws_region aws_iso_f_regions[] = {
	{ "us-isof-east-1",  "US ISOF EAST",                true, true, false },
	{ "us-isof-south-1", "US ISOF SOUTH",               true, true, false },
	{ NULL }
};

const struct aws_partition aws_partition_table[] = {
	{ "aws", "amazonaws.com", "api.aws",
	  "^(us|eu|ap|sa|ca|me|af|il|mx)-\\w+-\\d+$", "us-east-1",
	  { "iam.amazonaws.com", "us-east-1" },
	  { "route53.amazonaws.com", "us-east-1" },
	  { "account.us-east-1.amazonaws.com", "us-east-1" },
	  aws_regions },
	{ "aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn",
	  "^cn-\\w+-\\d+$", "cn-northwest-1",
	  { "iam.cn-north-1.amazonaws.com.cn", "cn-north-1" },
	  { "route53.amazonaws.com.cn", "cn-northwest-1" },
	  { "account.cn-northwest-1.amazonaws.com.cn", "cn-northwest-1" },
	  aws_cn_regions },
	{ "aws-us-gov", "amazonaws.com", "api.aws",
	  "^us-gov-\\w+-\\d+$", "us-gov-west-1",
	  { "iam.us-gov.amazonaws.com", "us-gov-west-1" },
	  { "route53.us-gov.amazonaws.com", "us-gov-west-1" },
	  { NULL, NULL },
	  aws_us_gov_regions },
	{ "aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu",
	  "^eusc-(de)-\\w+-\\d+$", "eusc-de-east-1",
	  { "iam.eusc-de-east-1.amazonaws.eu", "eusc-de-east-1" },
	  { "route53.amazonaws.eu", "eusc-de-east-1" },
	  { NULL, NULL },
	  aws_eusc_regions },
	{ "aws-iso", "c2s.ic.gov", "api.aws.ic.gov",
	  "^us-iso-\\w+-\\d+$", "us-iso-east-1",
	  { "iam.us-iso-east-1.c2s.ic.gov", "us-iso-east-1" },
	  { "route53.c2s.ic.gov", "us-iso-east-1" },
	  { NULL, NULL },
	  aws_iso_regions },
	{ "aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud",
	  "^us-isob-\\w+-\\d+$", "us-isob-east-1",
	  { "iam.us-isob-east-1.sc2s.sgov.gov", "us-isob-east-1" },
	  { "route53.sc2s.sgov.gov", "us-isob-east-1" },
	  { NULL, NULL },
	  aws_iso_b_regions },
	{ "aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk",
	  "^eu-isoe-\\w+-\\d+$", "eu-isoe-west-1",
	  { "iam.eu-isoe-west-1.cloud.adc-e.uk", "eu-isoe-west-1" },
	  { "route53.cloud.adc-e.uk", "eu-isoe-west-1" },
	  { NULL, NULL },
	  aws_iso_e_regions },
	{ "aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov",
	  "^us-isof-\\w+-\\d+$", "us-isof-south-1",
	  { "iam.us-isof-south-1.csp.hci.ic.gov", "us-isof-south-1" },
	  { "route53.csp.hci.ic.gov", "us-isof-south-1" },
	  { NULL, NULL },
	  aws_iso_f_regions },
	{ NULL }
};
/* clang-format on */

const struct aws_partition *aws_partition_find(const char *name)
{
	for (const struct aws_partition *p = aws_partition_table; p->name; p++)
		if (!strcmp(p->name, name))
			return p;
	return NULL;
}

static const struct aws_region *find_in(const struct aws_partition *p, const char *region)
{
	for (const struct aws_region *r = p->regions; r->name; r++)
		if (!strcmp(r->name, region))
			return r;
	return NULL;
}

const struct aws_partition *aws_partition_of(const char *region)
{
	for (const struct aws_partition *p = aws_partition_table; p->name; p++)
		if (find_in(p, region))
			return p;
	for (const struct aws_partition *p = aws_partition_table; p->name; p++)
		if (g_regex_match_simple(p->pattern, region, G_REGEX_DOLLAR_ENDONLY, 0))
			return p;
	return aws_partition_table;
}

const struct aws_region *aws_partition_region(const char *region)
{
	return find_in(aws_partition_of(region), region);
}

/* It becomes a part of a host's name. */
bool aws_partition_is_region(const char *text)
{
	size_t len = strlen(text);

	if (len < 2 || len > 32 || !g_ascii_islower(text[0]) || !g_ascii_isalnum(text[len - 1]))
		return false;
	for (const char *c = text; *c; c++)
		if (!g_ascii_islower(*c) && !g_ascii_isdigit(*c) && *c != '-')
			return false;
	return true;
}
