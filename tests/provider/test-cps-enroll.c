/* New enrollments: profiles out of the configuration, each rule before anything is sent, and the body. */
#include <glib.h>
#include <string.h>

#include <certty/base/err.h>

#include "provider/akamai/cps_enroll.h"

#define WHOLE                                                                                              \
	"[enrollment shop]\ncontract=ctr_C-0N7RAC7\ncountry=de\nstate=Bayern\ncity=Ansbach\n"              \
	"organisation=Beispiel GmbH\nunit=Web\nciphers=ak-akamai-2020q1\n"                                 \
	"preferred-ciphers=ak-akamai-2020q1\ndisallowed-tls=TLSv1,TLSv1_1\norg-name=Beispiel GmbH\n"       \
	"org-address=Weg 1\norg-city=Ansbach\norg-region=Bayern\norg-postal-code=91522\norg-country=DE\n"  \
	"org-phone=+49 981 5550100\nadmin-first-name=Ada\nadmin-last-name=Admin\nadmin-title=Administrator\n" \
	"admin-organisation=Beispiel GmbH\nadmin-email=ada@shop.example\nadmin-phone=+49 981 5550101\n"    \
	"admin-address=Weg 1\nadmin-city=Ansbach\nadmin-region=Bayern\nadmin-postal-code=91522\n"          \
	"admin-country=DE\ntech-first-name=Tom\ntech-last-name=Tech\ntech-title=Engineer\n"                \
	"tech-email=tom@akamai.com\ntech-phone=+1 617 5550111\ntech-address=Broadway 1\n"                  \
	"tech-city=Cambridge\ntech-region=MA\ntech-postal-code=02142\ntech-country=us\n"

static struct settings *load(const char *text)
{
	g_autofree char *path = g_build_filename(g_get_tmp_dir(), "cps-enroll.conf", NULL);

	g_assert_true(g_file_set_contents(path, text, -1, NULL));
	return settings_load(path);
}

static struct args *profile(void)
{
	g_autoptr(settings) s = load(WHOLE);
	g_autoptr(GError) error = NULL;
	struct args *a = cps_profile_read(s, "shop", &error);

	g_assert_no_error(error);
	args_set(a, CPS_CN, "www.shop.example");
	args_set(a, CPS_SANS, "api.shop.example&WWW.shop.example");
	return a;
}

static void has(const GError *error, enum err code, const char *part)
{
	g_assert_error(error, ERR, (int)code);
	if (!strstr(error->message, part))
		g_error("'%s' is not in '%s'", part, error->message);
}

static void profiles(void)
{
	static const struct {
		const char *text, *name, *part;
		enum err code;
	} rows[] = {
		{ "[enrollment a]\ncontract=C-1\n", "b", "there are a", ERR_NOT_FOUND },
		{ "", "b", "there is none at all", ERR_NOT_FOUND },
		{ "[enrollment a]\ncontarct=C-1\n", "a", "did you mean contract", ERR_FORMAT },
		{ "[enrollment a]\n\nnetwork=fast\n", "a", "conf:3: network", ERR_FORMAT },
		{ "[enrollment a]\nsni-only=perhaps\n", "a", "sni-only", ERR_FORMAT },
	};
	g_autoptr(settings) none = load("");
	g_autoptr(args) bare = cps_profile_read(none, "", NULL);

	g_assert_cmpstr(args_get(bare, "tech-organisation"), ==, "Akamai");
	g_assert_cmpstr(args_get(bare, "network"), ==, "standard-tls");
	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(settings) s = load(rows[i].text);
		g_autoptr(GError) error = NULL;

		g_assert_null(cps_profile_read(s, rows[i].name, &error));
		has(error, rows[i].code, rows[i].part);
	}
}

#define TOO_LONG "A name of more letters than the sixty-four that a certificate has room for"

/* What is put in place of an answer, and what is said of it; NULL: nothing. */
static const struct rule {
	const char *key, *value, *said;
} rules[] = {
	{ "contract", "", "Contract (contract) is missing" },
	{ "org-city", "  ", "(org-city) is blank" },
	{ "unit", " ", "(unit) is blank" },
	{ "unit", "", NULL },
	{ "org-address-2", "", NULL },
	{ "admin-address-2", "Hinterhaus", NULL },
	{ "tech-address-2", "set-default", "placeholder SET-DEFAULT" },
	{ "admin-title", "SET-DEFAULT", "placeholder SET-DEFAULT" },
	{ "tech-email", "tom@example.org", "not an address at akamai.com" },
	{ "tech-email", "tom@evilakamai.com", "not an address at akamai.com" },
	{ "tech-email", "@akamai.com", "no e-mail address" },
	{ "tech-email", "Tom@Akamai.com", NULL },
	{ "tech-organisation", "Beispiel GmbH", "is not Akamai" },
	{ "tech-organisation", "Akamai", NULL },
	{ "admin-email", "ada", "no e-mail address" },
	{ "admin-email", "ada@@shop.example", "no e-mail address" },
	{ "admin-phone", "call me", "no phone number" },
	{ "admin-phone", "123", "too few or too many digits" },
	{ "admin-phone", "(0981) 555-01.02", NULL },
	{ "admin-phone", "49+981 55501", "no phone number" },
	{ "org-country", "DEU", "not two letters" },
	{ "org-country", "D1", "not two letters" },
	{ "country", "d", "not two letters" },
	{ "country", "", NULL },
	{ "key-type", "DSA", "none of its choices" },
	{ "key-type", "ECDSA", NULL },
	{ "disallowed-tls", "TLSv1,SSLv3", "none of TLSv1" },
	{ "organisation", "An organisation whose name is longer than the sixty-four letters of X.520",
	  "more than 64 letters" },
	{ "unit", TOO_LONG, "more than 64 letters" },
	{ "admin-first-name", TOO_LONG, "more than 64 letters" },
	{ "tech-last-name", TOO_LONG, "more than 64 letters" },
	{ "tech-country", "U.S.", "not two letters" },
	{ "tech-phone", "+1 617 ext. 5", "no phone number" },
	{ "org-address", "", "(org-address) is missing" },
	{ "admin-first-name", "", "(admin-first-name) is missing" },
	{ "country", "SET-DEFAULT", "placeholder SET-DEFAULT" },
	{ "org-name", "Stra\xc3\x9f""enbau \xc3\x84nderungs GmbH", NULL },
	{ "org-name", "one\ntwo", "cannot be sent" },
	{ CPS_CN, "", "the common name is missing" },
	{ CPS_CN, "shop", "'shop' is no host name" },
	{ CPS_CN, "www shop.example", "no host name" },
	{ CPS_CN, "192.0.2.1", "no host name" },
	{ CPS_CN, "*.shop.example", "is not among the names" },
	{ CPS_CN, "other.example", "other.example is not among the names" },
	{ CPS_CN, "a-name-that-is-long.and-goes-on.and-on-and-on.until-it-has-more.shop.example",
	  "more than 64 letters" },
	{ CPS_SANS, "", NULL },
	{ CPS_SANS, "www.shop.example&&api.shop.example&", NULL },
	{ CPS_SANS, "www.shop.example, *.shop.example", NULL },
	{ CPS_SANS, "www.shop.example&a.*.example", "no host name" },
	{ CPS_SANS, "www.shop.example&-a.example", "no host name" },
	{ CPS_SANS, "www.shop.example&WWW.SHOP.example", "comes twice" },
};

static void refuses(void)
{
	for (size_t i = 0; i < G_N_ELEMENTS(rules); i++) {
		g_autoptr(args) a = profile();
		g_autoptr(GError) error = NULL;

		g_test_message("row %zu: %s=%s", i, rules[i].key, rules[i].value);
		args_set(a, rules[i].key, rules[i].value);
		if (cps_enroll_check(a, &error))
			g_assert_null(rules[i].said);
		else
			has(error, ERR_USAGE, rules[i].said ? rules[i].said : "nothing");
	}
}

/* All of it at once, so that nobody has to come back for each. */
static void says_all(void)
{
	g_autoptr(args) a = profile();
	g_autoptr(GError) error = NULL;

	args_set(a, CPS_CN, "x");
	args_set(a, "org-phone", "no");
	args_set(a, "tech-city", NULL);
	g_assert_false(cps_enroll_check(a, &error));
	has(error, ERR_USAGE, "no host name");
	has(error, ERR_USAGE, "(org-phone)");
	has(error, ERR_USAGE, "(tech-city) is missing");
}

static void many_names(void)
{
	g_autoptr(args) a = profile();
	g_autoptr(GString) sans = g_string_new("www.shop.example");
	g_autoptr(GError) error = NULL;

	for (int i = 1; i < 100; i++)
		g_string_append_printf(sans, "&n%d.shop.example", i);
	args_set(a, CPS_SANS, sans->str);
	g_assert_true(cps_enroll_check(a, NULL));
	g_string_append(sans, "&n100.shop.example");
	args_set(a, CPS_SANS, sans->str);
	g_assert_false(cps_enroll_check(a, &error));
	has(error, ERR_USAGE, "more than 100");
}

#define PLACE "\"city\":\"Ansbach\",\"region\":\"Bayern\",\"postalCode\":\"91522\",\"country\":\"DE\""

static void body(void)
{
	static const char wanted[] =
		"{\"ra\":\"third-party\",\"validationType\":\"third-party\","
		"\"certificateType\":\"third-party\","
		"\"certificateChainType\":\"default\",\"changeManagement\":true,"
		"\"enableMultiStackedCertificates\":false,\"signatureAlgorithm\":\"SHA-256\",\"csr\":{"
		"\"cn\":\"www.shop.example\",\"sans\":[\"www.shop.example\",\"api.shop.example\"],\"c\":\"DE\","
		"\"st\":\"Bayern\",\"l\":\"Ansbach\",\"o\":\"Beispiel GmbH\",\"ou\":\"Web\","
		"\"preferredTrustChain\":null},\"networkConfiguration\":{\"geography\":\"core\","
		"\"secureNetwork\":\"standard-tls\",\"sniOnly\":true,\"quicEnabled\":false,"
		"\"mustHaveCiphers\":\"ak-akamai-2020q1\",\"preferredCiphers\":\"ak-akamai-2020q1\","
		"\"disallowedTlsVersions\":[\"TLSv1\",\"TLSv1_1\"],\"ocspStapling\":\"on\","
		"\"dnsNameSettings\":{\"cloneDnsNames\":true,\"dnsNames\":null}},"
		"\"thirdParty\":{\"excludeSans\":false},\"org\":{\"name\":\"Beispiel GmbH\","
		"\"addressLineOne\":\"Weg 1\",\"addressLineTwo\":null," PLACE ",\"phone\":\"+49 981 5550100\"},"
		"\"adminContact\":{\"firstName\":\"Ada\",\"lastName\":\"Admin\",\"title\":\"Administrator\","
		"\"organizationName\":\"Beispiel GmbH\",\"email\":\"ada@shop.example\","
		"\"phone\":\"+49 981 5550101\",\"addressLineOne\":\"Weg 1\",\"addressLineTwo\":null," PLACE "},"
		"\"techContact\":{\"firstName\":\"Tom\",\"lastName\":\"Tech\",\"title\":\"Engineer\","
		"\"organizationName\":\"Akamai\",\"email\":\"tom@akamai.com\",\"phone\":\"+1 617 5550111\","
		"\"addressLineOne\":\"Broadway 1\",\"addressLineTwo\":null,\"city\":\"Cambridge\","
		"\"region\":\"MA\",\"postalCode\":\"02142\",\"country\":\"US\"}}";
	g_autoptr(args) a = profile();
	g_autofree char *contract = cps_enroll_contract(a), *said = cps_enroll_body(a), *vip = NULL;

	g_assert_cmpstr(contract, ==, "C-0N7RAC7");
	g_assert_cmpstr(said, ==, wanted);
	args_set(a, "sni-only", "no");
	vip = cps_enroll_body(a);
	g_assert_nonnull(strstr(vip, "\"sniOnly\":false"));
	g_assert_null(strstr(vip, "dnsNameSettings"));
}

/* What is renewed goes back as it was, with what nobody here knows. */
static void again(void)
{
	static const char was[] =
		"{\"id\":10002,\"location\":\"/cps/v2/enrollments/10002\",\"ra\":\"third-party\","
		"\"new\":{\"a\":[1]},\"csr\":{\"cn\":\"a.example\",\"sans\":null},\"pendingChanges\":[],"
		"\"productionSlots\":[1],\"orgId\":null}";
	g_autoptr(json) j = json_parse(was, strlen(was), sizeof(was), NULL);
	g_autofree char *said = cps_enroll_body_again(j, "10002", NULL);

	g_assert_cmpstr(said, ==, "{\"ra\":\"third-party\",\"new\":{\"a\":[1]},\"csr\":{\"cn\":\"a.example\","
				  "\"sans\":null},\"orgId\":null}");
}

/* Nothing is made of an answer that is not the enrollment: it would take the place of all that is there. */
static void half(void)
{
	static const struct {
		const char *answer, *said;
	} rows[] = {
		{ "{}", "has no common name" },
		{ "[]", "has no common name" },
		{ "{\"id\":10002,\"csr\":null}", "has no common name" },
		{ "{\"id\":10002,\"csr\":{\"cn\":\"\"}}", "has no common name" },
		{ "{\"id\":10002,\"csr\":{\"cn\":7}}", "has no common name" },
		{ "{\"id\":10003,\"csr\":{\"cn\":\"a.example\"}}", "answered with 10003" },
	};

	for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
		const char *text = rows[i].answer;
		g_autoptr(json) j = json_parse(text, strlen(text), 1000, NULL);
		g_autoptr(GError) error = NULL;

		g_assert_nonnull(j);
		g_assert_null(cps_enroll_body_again(j, "10002", &error));
		has(error, ERR_REPLY, rows[i].said);
		has(error, ERR_REPLY, "nothing was changed");
	}
}

int main(int argc, char **argv)
{
	g_test_init(&argc, &argv, NULL);
	g_test_add_func("/cps-enroll/profiles", profiles);
	g_test_add_func("/cps-enroll/refuses", refuses);
	g_test_add_func("/cps-enroll/says-all", says_all);
	g_test_add_func("/cps-enroll/many-names", many_names);
	g_test_add_func("/cps-enroll/body", body);
	g_test_add_func("/cps-enroll/again", again);
	g_test_add_func("/cps-enroll/half", half);
	return g_test_run();
}
