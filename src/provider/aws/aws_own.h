/*
 * aws, what its files share.
 *
 * Signing in is one work and a few requests: the work reads environment and files and makes a
 * plan (where the first keys come from, which roles are then assumed), the steps carry it out.
 * What every later request must know beside the keys (region, partition, endpoints) is worked
 * out in the plan as well and travels in access->with:
 *
 *   access-key, secret-key, session-token     what is signed with
 *   region, regions, partition, fips, dual-stack, endpoint-SERVICE, account, rates
 *   others                                    "yes": signing in again may give other keys
 */
#ifndef CERTTY_PROVIDER_AWS_OWN_H
#define CERTTY_PROVIDER_AWS_OWN_H

#include <certty/base/ini.h>
#include <certty/base/json.h>
#include <certty/net/xml.h>
#include <certty/provider/provider.h>

/* ---- aws_partition.c: the worlds of AWS and their regions ---- */

struct aws_region {
	const char *name, *title;
	bool has_acm, has_acm_pca;
	bool has_acm_fips;
};

struct aws_global {		/* a service that has one host for a whole partition */
	const char *host, *region;
};

struct aws_partition {
	const char *name;	/* "aws-cn" */
	const char *suffix, *dual_suffix;	/* of its hosts */
	const char *pattern;	/* of its regions, also of those that are not in the list */
	const char *first;	/* the region to ask when nobody named one */
	struct aws_global iam, route53, account;
	const struct aws_region *regions;	/* ends with name NULL */
};

extern const struct aws_partition aws_partition_table[];	/* ends with name NULL */
const struct aws_partition *aws_partition_find(const char *name);	/* or NULL */
/* The partition that a region is of: never NULL, "aws" for names that nobody knows. */
const struct aws_partition *aws_partition_of(const char *region);
const struct aws_region *aws_partition_region(const char *region);	/* or NULL */
bool aws_partition_is_region(const char *text);	/* whether it can be a region's name at all */

/* ---- aws_place.c: where a service of a region is asked ---- */

enum aws_service {
	AWS_ACM, AWS_ACM_PCA, AWS_IAM, AWS_ROUTE53, AWS_STS, AWS_EC2, AWS_ACCOUNT, AWS_SSO,
	AWS_SSO_OIDC,
	AWS_SERVICES
};

struct aws_service_info {
	const char *name;	/* "acm-pca": also in the answer `endpoints`, and to sign for */
	const char *variable;	/* AWS_ENDPOINT_URL_… */
	const char *section;	/* in a [services …] of the shared configuration */
	const char *version;	/* of its form-encoded protocol, or NULL */
	const char *target;	/* prefix of X-Amz-Target of its JSON protocol, or NULL */
};

extern const struct aws_service_info aws_place_services[AWS_SERVICES];

struct aws_place {
	char *url;		/* without a slash at the end */
	char *region;		/* to sign for */
};

void aws_place_done(struct aws_place *p);
/* `with` as in an access; region NULL: the account's own. */
bool aws_place_find(const struct args *with, enum aws_service service, const char *region,
		    struct aws_place *ret, GError **error);
/* An endpoint as a person gave it: http or https, a host, perhaps a port and a path. */
bool aws_place_is_url(const char *url);

/* ---- aws_keys.c: what is signed with ---- */

struct aws_keys {
	char *id;
	struct secret *secret, *session;	/* session: NULL for keys that last */
	int64_t ends;				/* 0: not said */
	char *account;				/* twelve digits, or NULL */
};

void aws_keys_done(struct aws_keys *k);
/* Whether they can be keys at all (they go into headers); ERR_FORMAT. */
bool aws_keys_check(const struct aws_keys *k, const char *what, GError **error);
bool aws_keys_read_id(const char *id);

enum aws_keys_form {
	AWS_KEYS_PROCESS,	/* what a credential_process prints */
	AWS_KEYS_METADATA,	/* of an instance or a container */
	AWS_KEYS_PORTAL,	/* of the SSO portal */
	AWS_KEYS_ASSUMED,	/* what `aws sts assume-role` prints */
	AWS_KEYS_CREATED,	/* what `aws iam create-access-key` prints */
	AWS_KEYS_FORMS
};

bool aws_keys_read(const struct json *j, enum aws_keys_form form, const char *what,
		   struct aws_keys *ret, GError **error);
/* Whether a document has that form's members at all. */
bool aws_keys_is_form(const struct json *j, enum aws_keys_form form);
/* Into args as the answers access-key, secret-key and session-token; takes them out of `k`. */
void aws_keys_give(struct aws_keys *k, struct args *to);
/* The times that AWS and its tools write; 0: not understood. */
int64_t aws_keys_time(const char *text);

/* ---- aws_error.c: what AWS says when it does not want to ---- */

#define AWS_NO_ANSWER "that is no answer of AWS: is there a proxy between, and is the endpoint right?"

struct aws_error {
	int status;
	char *code, *message, *request;	/* harmless; never NULL */
	guint64 wait;			/* seconds after which it wants to be asked again; or 0 */
};

/* False when the reply is none of an error: a status below 300. */
bool aws_error_read(const struct reply *r, struct aws_error *ret);
void aws_error_done(struct aws_error *e);
bool aws_error_is(const struct aws_error *e, const char *code);	/* or with "Exception" behind */
/* As a sentence that begins with what was tried ("asking STS who we are"). */
GError *aws_error_say(const struct aws_error *e, const char *what);
/* Whether a reply came and is good; else why not. */
bool aws_error_check(const struct reply *r, const char *what, GError **error);
is_signed_out_fn aws_error_is_signed_out;
/* Whether the same may be sent again, by the code and not by the status. */
enum verdict aws_error_judge(const struct reply *r);

/* ---- aws_call.c: requests to a service, and reading what comes back ---- */

/* A form-encoded body; what is in it is wiped. */
struct aws_form;
struct aws_form *aws_form_new(void);
void aws_form_free(struct aws_form *f);
AUTO_FREE(aws_form, aws_form_free)
void aws_form_add(struct aws_form *f, const char *name, const char *value);	/* NULL: left out */
void aws_form_add_secret(struct aws_form *f, const char *name, const struct secret *value);
GBytes *aws_form_put(struct aws_form *f);

/* Requests that the engine signs (scope set).  region NULL: the account's own. */
struct request_out *aws_call_query(const struct args *with, enum aws_service service,
				   const char *region, const char *action,
				   struct aws_form *form /* taken; or NULL */, GError **error);
struct request_out *aws_call_json(const struct args *with, enum aws_service service,
				  const char *region, const char *operation, const char *body,
				  GError **error);
/* The same with a body in which secrets may be: taken. */
struct request_out *aws_call_json_body(const struct args *with, enum aws_service service,
				       const char *region, const char *operation, GBytes *body,
				       GError **error);
/* A JSON object with one more member, the base64 of a secret; in memory that is wiped. */
GBytes *aws_call_body(const char *object, const char *key, const struct secret *value);
/* A POST of plain JSON to a path ("listRegions"), as the newer services have it. */
struct request_out *aws_call_path(const struct args *with, enum aws_service service,
				  const char *path, const char *body, GError **error);
/* Of Route 53: a path with its query, and what is sent to it, or NULL; `operation` for the pace. */
struct request_out *aws_call_rest(const struct args *with, enum aws_service service,
				  const char *operation, const char *path,
				  const char *body /* or NULL: GET */, GError **error);
/* The answer read, when it is a good one of that form. */
struct xml *aws_call_xml(const struct reply *r, const char *what, GError **error);
struct json *aws_call_read_json(const struct reply *r, const char *what, GError **error);
sign_fn aws_call_sign;
/* Signs now with these keys, for requests that are no account's yet. */
bool aws_call_sign_with(struct request_out *r, const struct aws_keys *keys, int64_t now,
			GError **error);

/* ---- aws_pace.c: how many calls a second ---- */

/* The answer `rates`: "ListCertificates=5, acm-pca.GetCertificate=20, route53=3". */
bool aws_pace_check(const char *rates, GError **error);
/* By its scope, which is set, and what `with` says of rates. */
void aws_pace_set(struct request_out *r, const struct args *with, enum aws_service service,
		  const char *operation);

/* ---- aws_shared.c: the two files that all of AWS's tools read ---- */

struct aws_shared;
/* Where they are: answers config-file and credentials-file, else environment, else ~/.aws. */
struct aws_shared *aws_shared_load(const struct args *answers, GError **error);
/* From bytes, for tests; either may be NULL. */
struct aws_shared *aws_shared_read(GBytes *config, GBytes *credentials, GError **error);
void aws_shared_free(struct aws_shared *s);
AUTO_FREE(aws_shared, aws_shared_free)
const char *const *aws_shared_profiles(const struct aws_shared *s);	/* sorted; borrowed */
bool aws_shared_has(const struct aws_shared *s, const char *profile);
const char *aws_shared_get(const struct aws_shared *s, const char *profile, const char *key);
const char *aws_shared_sso(const struct aws_shared *s, const char *session, const char *key);
bool aws_shared_has_sso(const struct aws_shared *s, const char *session);
/* Of a [services NAME] section, by aws_service_info.section; a new string, or NULL. */
char *aws_shared_endpoint(const struct aws_shared *s, const char *services, const char *service);
/* Where a profile's key stands: "~/.aws/credentials [prod]"; a new string. */
char *aws_shared_where(const struct aws_shared *s, const char *profile, const char *key);
bool aws_shared_is_credential(const struct aws_shared *s, const char *profile, const char *key);
/* Gives back bytes in which secrets may be, wiped; NULL is fine. */
void aws_shared_wipe(GBytes *bytes);

/* ---- aws_plan.c: how an account's answers become keys ---- */

enum aws_base {
	AWS_BASE_KEYS,		/* they are there */
	AWS_BASE_PROCESS,	/* a program prints them */
	AWS_BASE_SSO,		/* the portal gives them for a token of `aws sso login` */
	AWS_BASE_WEB,		/* STS gives them for a token that somebody else signed */
	AWS_BASE_CONTAINER, AWS_BASE_INSTANCE,
};

struct aws_role {
	char *arn, *session_name, *external_id, *mfa_serial;
	char *duration;		/* seconds; or NULL */
};

#define AWS_ROLES_MAX 8		/* roles assumed one after the other */

struct aws_plan {
	struct args *with;	/* as in the access, but for the keys */
	enum aws_base base;
	char *from;		/* where the first keys come from, in words */
	char *profile;		/* the one that was asked for; or NULL */
	GPtrArray *roles;	/* struct aws_role, in the order in which they are assumed */
	bool is_kept;		/* keys that somebody put there: reading again gives the same */
	/* KEYS, and what the others lead to */
	struct aws_keys keys;
	char *command;		/* PROCESS */
	char *session, *start_url;	/* SSO: session NULL for profiles of the old form */
	char *sso_region, *sso_account, *sso_role;
	char *file;		/* WEB, CONTAINER: the token's; or NULL */
	struct secret *token;	/* SSO, WEB, CONTAINER */
	int64_t token_ends;	/* SSO */
	struct secret *renewal;	/* SSO: what asks for a new token, the old one having ended */
	struct aws_role *web;	/* WEB */
	char *url;		/* CONTAINER, INSTANCE */
};

void aws_plan_free(struct aws_plan *p);
AUTO_FREE(aws_plan, aws_plan_free)
/* From answers, environment and those files; runs nothing and reads no token. */
struct aws_plan *aws_plan_make(const struct args *answers, const struct aws_shared *shared,
			       GError **error);
/* What the answers and the environment say of regions and endpoints, into plan->with. */
bool aws_world_find(const struct args *answers, const struct aws_shared *shared,
		    const char *profile, struct args *with, GError **error);
/* The profile that is meant when nobody names one; borrowed. */
const char *aws_world_profile(const struct args *answers);
const char *aws_world_env(const char *name);	/* not empty, or NULL */
/* ---- aws_gather.c: what of a plan must block ---- */

#define AWS_TOKEN_MAX (64u << 10)

/* Runs the program, reads the tokens. */
bool aws_gather(struct aws_plan *p, int64_t now, const atomic_bool *stop, GError **error);

/* ---- aws_sign_in.c: the steps ---- */

struct aws_op {			/* the scratch of an operation */
	struct aws_plan *plan;
	guint roles_done;
	struct secret *ticket;	/* of instance metadata */
	bool code_is_used;
	step_fn *then;		/* once the SSO session was renewed */
	void *mine;		/* aws_mine() */
	GDestroyNotify free_mine;
};

void aws_op_done(void *scratch);
step_fn aws_sign_in;
/* Goes on with the keys that have come, which are taken: into plan->keys. */
struct next aws_sign_in_with(struct op *op, struct aws_keys *keys);

/* ---- the sources that are asked over the network ---- */

bool aws_sso_fail(const struct aws_plan *p, const char *why, GError **error);	/* false */
/* Renews the session, which is its file's from then on, and goes on with a token. */
struct next aws_sso_renew(struct op *op, step_fn *then);
step_fn aws_sso_ask, aws_container_ask, aws_imds_ask;
/* The file of the token that `aws sso login` left; a new string. */
char *aws_sso_path(const struct aws_plan *p);
/* Into plan->token, or plan->renewal; ERR_SIGN_IN when there is none, or it has ended. */
bool aws_sso_read_token(struct aws_plan *p, int64_t now, GError **error);
/* The address that credentials may be asked of; a new string. */
char *aws_container_url(const char *relative, const char *full, GError **error);

/* ---- aws_sts.c ---- */

step_fn aws_sts_ask_web;
struct request_out *aws_sts_assume(const struct aws_plan *p, const struct aws_role *role,
				   const struct secret *code, GError **error);
/* The keys in an answer whose result element has that name. */
bool aws_sts_read_keys(const struct reply *r, const char *result, const char *what,
		       struct aws_keys *ret, GError **error);
struct aws_role *aws_role_new(const char *arn);
void aws_role_free(void *role);

/* ---- aws_who.c, aws_find.c, aws_block.c ---- */

step_fn aws_who;
find_accounts_fn aws_find;
bool aws_find_is_ec2(const char *root);	/* "" for this machine's / */
read_block_fn aws_block;

#endif
