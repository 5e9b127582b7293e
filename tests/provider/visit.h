/*
 * visit: plays the engine for an account: signs in, keeps the access, or what a step made of it,
 * signs what is asked, signs in once more when the server no longer takes it.  The answers come
 * from the test: a script of them, or a server that it really asks.
 */
#ifndef CERTTY_TESTS_PROVIDER_VISIT_H
#define CERTTY_TESTS_PROVIDER_VISIT_H

#include <certty/provider/provider.h>

struct visit;
typedef struct reply *visit_answer_fn(struct visit *v, const struct request_out *request);
/* Does a work in its stead, and says whether it did. */
typedef bool visit_work_fn(struct visit *v, struct work *w);

struct visit {
	const struct provider *provider;
	struct account *account;
	struct args *login;	/* plain answers and secrets */
	struct access *access;	/* of the last sign-in */
	visit_answer_fn *answer;
	visit_work_fn *work;	/* NULL: works are done as they are */
	struct settings *settings;	/* NULL: none */
	GPtrArray *records;	/* struct dns_record, for visit_publish */
	void *who;		/* the answerer's */
	unsigned sign_ins;	/* of the last operation */
	bool may_again;
	int64_t now;
	/* of the last operation */
	GError *error;
	char *who_said, *said, *rights, *may_not;
	GPtrArray *troubles;	/* sentences (char *) */
	unsigned waits;
	guint n_published;
	GPtrArray *placed;	/* what was put there: "ZONE LINE" (char *) */
	/* of a script */
	const struct visit_answer *script;
	GPtrArray *asked;	/* what was asked (char *): "POST URL", header lines, body */
};

void visit_init(struct visit *v, const char *provider);
void visit_done(struct visit *v);
void visit_arg(struct visit *v, const char *key, const char *value);
void visit_secret(struct visit *v, const char *key, const char *value);

/* With what we have as op->access, as the engine does it; false: v->error says why not. */
bool visit_sign_in(struct visit *v);
/* A verb, signed in to before when we are not, and once more when the server wants it. */
bool visit_run(struct visit *v, enum verb_id verb);
bool visit_test(struct visit *v);		/* VERB_ACCOUNT_TEST */
void visit_record(struct visit *v, const char *line);	/* "_a.example.org. 300 IN TXT x" */
bool visit_publish(struct visit *v);		/* those records; likewise */
bool visit_unpublish(struct visit *v);

/* The error has that code, and each part of its sentence is there: part, part…, NULL. */
void visit_expect_error(struct visit *v, enum err code, ...) G_GNUC_NULL_TERMINATED;

/* ---- answers from a script ---- */

struct visit_answer {		/* ends with target NULL */
	const char *target;	/* "POST /v1/auth/…": must be what is asked, without the host */
	int status;
	const char *body;
	const char *type;	/* NULL: application/json */
	const char *header, *value;	/* one more; or NULL */
};

/* Each answer is asked for once, in this order. */
void visit_script(struct visit *v, const struct visit_answer *script);
bool visit_script_is_over(const struct visit *v);
/* The n-th thing that was asked had this line: a header ("X-Vault-Token: a") or the body. */
bool visit_has_line(const struct visit *v, guint n, const char *line);

#endif
