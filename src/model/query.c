/*
 * query: the table of keys, the parser, what narrows what, and matching rows that are not
 * certificates (those are in query_certs.c).
 */
#include <certty/model/query.h>

#include <string.h>

#include <certty/base/clock.h>
#include <certty/base/err.h>
#include <certty/model/mark.h>

#include "query_own.h"

#define ON(kind) (1u << KIND_##kind)
#define ON_ALL ((1u << KIND_COUNT) - 1)
#define ON_STORES (ON(STORES) | ON(CERTS))
#define ON_ORDERS (ON(REQUESTS) | ON(DISCOVERY))

/* clang-format off */
const struct query_key query_keys[] = {
	{ "store",    QUERY_STORE,     false, ON_STORES | ON_ORDERS | ON(OBJECTS) | ON(JOBS),
	  "the place where it lies: title, address or id", "store:nginx" },
	{ "issuer",   QUERY_ISSUER,    false, ON(CERTS),
	  "who issued it", "issuer:\"Example CA\"" },
	{ "san",      QUERY_SAN,       false, ON(CERTS) | ON(REQUESTS) | ON(DOMAINS),
	  "one of its names", "san:*.example.org" },
	{ "key",      QUERY_KEY,       false, ON(CERTS),
	  "the type and size of its key", "key:2048" },
	{ "state",    QUERY_STATE,     false, ON_ALL,
	  "its state, or a mark", "state:expired" },
	{ "provider", QUERY_PROVIDER,  false, ON_STORES | ON_ORDERS | ON(DOMAINS) | ON(OBJECTS) | ON(ACCOUNTS),
	  "who keeps the store", "provider:local" },
	{ "account",  QUERY_ACCOUNT,   false, ON_STORES | ON_ORDERS | ON(DOMAINS) | ON(OBJECTS) | ON(ACCOUNTS),
	  "the account through which it is reached", "account:local" },
	{ "network",  QUERY_NETWORK,   false, ON_STORES,
	  "the network of its store", "network:staging" },
	{ "label",    QUERY_LABEL,     false, ON_STORES,
	  "a label of its store", "label:web" },
	{ "in",       QUERY_CONTAINER, false, ON_STORES,
	  "the container of its store", "in:prod" },
	{ "type",     QUERY_TYPE,      false, ON_STORES | ON_ORDERS | ON(OBJECTS),
	  "the sort of store, request or object", "type:endpoint" },
	{ "how",      QUERY_HOW,       false, ON(DOMAINS),
	  "how control of a domain is shown", "how:e-mail" },
	{ "rule",     QUERY_RULE,      false, ON(DOMAINS),
	  "the dated rule that touches a domain next", "rule:reuse-100" },
	{ "exp",      QUERY_EXPIRES,   true,  ON(CERTS) | ON(REQUESTS) | ON(DOMAINS),
	  "when it ends: a span from now, or a date", "exp<30d" },
	{ "life",     QUERY_LIFE,      true,  ON(CERTS),
	  "how much of its life is used", "life>66%" },
	{ NULL, QUERY_ANY, false, 0, NULL, NULL },
};

const struct query_state query_states[] = {
	{ "expired",      QUERY_EXPIRED },
	{ "expires-soon", QUERY_SOON },
	{ "valid",        QUERY_VALID },
	{ NULL, 0 },
};
/* clang-format on */

/* ---- parsing ---- */

struct parser {
	const char *text;
	const char *at;
	GArray *terms;
};

static void term_done(void *ptr)
{
	struct query_term *term = ptr;

	g_free(term->text);
	g_free(term->ascii);
}

static bool fail(const struct parser *p, const char *at, GError **error, const char *format, ...)
	G_GNUC_PRINTF(4, 5);

static bool fail(const struct parser *p, const char *at, GError **error, const char *format, ...)
{
	g_autofree char *why = NULL;
	va_list args;

	va_start(args, format);
	why = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error(error, ERR, ERR_USAGE, "column %ld: %s",
		    g_utf8_strlen(p->text, at - p->text) + 1, why);
	return false;
}

static bool is_blank(char c)
{
	return (unsigned char)c <= ' ' || c == 0x7f;
}

/* Up to the next blank, or to the closing quote; a quote that is still open goes to the end. */
static char *take_value(struct parser *p)
{
	const char *from = p->at;
	char *value, *c;

	if (*from != '"') {
		while (*p->at && !is_blank(*p->at))
			p->at++;
		return g_strndup(from, (gsize)(p->at - from));
	}
	p->at += 1 + strcspn(from + 1, "\"");
	value = g_strndup(from + 1, (gsize)(p->at - from - 1));
	p->at += *p->at == '"';
	for (c = value; *c; c++)
		*c = is_blank(*c) ? ' ' : *c;
	return value;
}

/* "letters:" or "letters<=", when that is what comes next: the letters' length and the sign. */
static size_t key_len(const char *at, enum query_op *ret_op, size_t *ret_sign)
{
	size_t n = 0;
	bool or_equal;

	while (g_ascii_isalpha(at[n]))
		n++;
	if (!n || !at[n] || !strchr(":<>", at[n]))
		return 0;
	or_equal = at[n] != ':' && at[n + 1] == '=';
	*ret_sign = or_equal ? 2 : 1;
	*ret_op = at[n] == '<' ? (or_equal ? QUERY_AT_MOST : QUERY_LESS) :
		  at[n] == '>' ? (or_equal ? QUERY_AT_LEAST : QUERY_MORE) :
				 QUERY_HAS;
	return n;
}

static const struct query_key *find_key(const char *word, size_t len)
{
	for (const struct query_key *k = query_keys; k->word; k++)
		if (strlen(k->word) == len && g_ascii_strncasecmp(k->word, word, len) == 0)
			return k;
	return NULL;
}

static bool read_share(const char *value, int64_t *ret)
{
	char *end;
	guint64 whole;

	if (!g_ascii_isdigit(*value))
		return false;
	whole = g_ascii_strtoull(value, &end, 10);
	if (whole > 100000)
		return false;
	whole *= 10;
	if (*end == '.' && g_ascii_isdigit(end[1])) {
		whole += (guint64)(end[1] - '0');
		end += 2;
	}
	end += *end == '%';
	*ret = (int64_t)whole;
	return !*end;
}

static bool read_number(const struct parser *p, const char *at, struct query_term *term,
			const struct query_key *key, const char *value, GError **error)
{
	if (term->field == QUERY_LIFE)
		return read_share(value, &term->number) ||
		       fail(p, at, error, "%s needs a share as in %s", key->word, key->example);
	term->is_date = clock_read_date(value, &term->number);
	return term->is_date || clock_read_span(value, &term->number) ||
	       fail(p, at, error, "%s needs a span as in 30d or a date as in 2027-01-01",
		    key->word);
}

/* The marks and states whose words begin with the term's. */
static void read_states(struct query_term *term)
{
	for (const struct mark *m = mark_table; m->bit; m++)
		term->marks |= g_str_has_prefix(m->word, term->text) ? m->bit : 0;
	for (const struct query_state *s = query_states; s->word; s++)
		term->states |= g_str_has_prefix(s->word, term->text) ? s->bit : 0;
}

static void set_text(struct query_term *term, const char *value)
{
	term->text = query_fold(value);
	if (!g_str_is_ascii(value)) {
		g_autofree char *ascii = text_idn_ascii(value, NULL);

		if (ascii && strcmp(ascii, term->text) != 0)
			term->ascii = query_fold(ascii);
	}
	if (term->field == QUERY_STATE)
		read_states(term);
}

/* key:value and key<value; a key without a value asks nothing yet. */
static bool parse_key(struct parser *p, struct query_term *term, size_t len, size_t sign,
		      GError **error)
{
	const struct query_key *key = find_key(p->at, len);
	const char *from = p->at;
	g_autofree char *value = NULL;

	if (!key)
		return fail(p, from, error,
			    "there is no key \"%.*s\"; put quotes around it to find the text",
			    (int)len, from);
	if (key->compares != (term->op != QUERY_HAS))
		return fail(p, from + len, error, "%s is asked as in %s", key->word,
			    key->example);
	term->field = key->field;
	p->at += len + sign;
	from = p->at;
	value = take_value(p);
	if (*value && key->compares && !read_number(p, from, term, key, value, error))
		return false;
	if (*value)
		set_text(term, value);
	return true;
}

static void parse_word(struct parser *p, struct query_term *term)
{
	bool is_quoted = *p->at == '"';
	g_autofree char *value = take_value(p);

	term->field = QUERY_ANY;
	term->marks = is_quoted ? 0 : mark_read(value);
	if (term->marks)
		term->field = QUERY_MARK;
	if (*value)
		set_text(term, value);
}

static bool parse_term(struct parser *p, GError **error)
{
	struct query_term term = { 0 };
	size_t len, sign = 0;

	if (p->terms->len == QUERY_TERMS)
		return fail(p, p->at, error, "a filter has at most %d words", QUERY_TERMS);
	for (; *p->at == '!'; p->at++)
		term.is_negated = !term.is_negated;
	len = key_len(p->at, &term.op, &sign);
	if (!len)
		parse_word(p, &term);
	else if (!parse_key(p, &term, len, sign, error))
		return false;
	if (term.text)
		g_array_append_val(p->terms, term);
	return true;
}

struct query *query_parse(const char *text, GError **error)
{
	g_autoptr(GArray) terms = g_array_new(FALSE, FALSE, sizeof(struct query_term));
	struct parser p = { text, text, terms };
	struct query *q;

	g_array_set_clear_func(terms, term_done);
	if (strlen(text) > QUERY_LONGEST || !g_utf8_validate(text, -1, NULL)) {
		g_set_error(error, ERR, ERR_USAGE,
			    "a filter is at most %d bytes of UTF-8", QUERY_LONGEST);
		return NULL;
	}
	for (;;) {
		while (*p.at && is_blank(*p.at))
			p.at++;
		if (!*p.at)
			break;
		if (!parse_term(&p, error))
			return NULL;
	}
	q = g_new(struct query, 1);
	q->n = terms->len;
	q->term = g_array_steal(terms, NULL);
	return q;
}

void query_free(struct query *q)
{
	if (!q)
		return;
	for (size_t i = 0; i < q->n; i++)
		term_done(&q->term[i]);
	g_free(q->term);
	g_free(q);
}

bool query_is_empty(const struct query *q)
{
	return q->n == 0;
}

/* ---- what narrows what ---- */

/* Whatever contains the one text contains the other. */
static bool text_implies(const struct query_term *a, const struct query_term *b)
{
	if (a->field == QUERY_STATE)
		return g_str_has_prefix(a->text, b->text);
	return strstr(a->text, b->text) &&
	       (!a->ascii || strstr(a->ascii, b->text) ||
		(b->ascii && strstr(a->ascii, b->ascii)));
}

/* All that the one finds, leaving aside what is negated, the other finds too. */
static bool finds_less(const struct query_term *a, const struct query_term *b)
{
	if (a->field != b->field || a->op != b->op || a->is_date != b->is_date)
		return false;
	switch (a->op) {
	case QUERY_LESS:
	case QUERY_AT_MOST:
		return a->number <= b->number;
	case QUERY_MORE:
	case QUERY_AT_LEAST:
		return a->number >= b->number;
	default:
		return a->field == QUERY_MARK ? a->marks == b->marks : text_implies(a, b);
	}
}

static bool implies(const struct query_term *a, const struct query_term *b)
{
	if (a->is_negated != b->is_negated)
		return false;
	return a->is_negated ? finds_less(b, a) : finds_less(a, b);
}

bool query_narrows(const struct query *narrow, const struct query *wide)
{
	for (size_t i = 0; i < wide->n; i++) {
		bool is_implied = false;

		for (size_t j = 0; j < narrow->n && !is_implied; j++)
			is_implied = implies(&narrow->term[j], &wide->term[i]);
		if (!is_implied)
			return false;
	}
	return true;
}

/* ---- rows of other kinds ---- */

bool query_compares(const struct query_term *term, int64_t value, int64_t now)
{
	int64_t bound = term->number;

	if (term->field == QUERY_EXPIRES && !term->is_date)
		bound += now;
	switch (term->op) {
	case QUERY_LESS:
		return value < bound;
	case QUERY_AT_MOST:
		return value <= bound;
	case QUERY_MORE:
		return value > bound;
	default:
		return value >= bound;
	}
}

bool query_is_in(const struct query_term *term, const char *folded)
{
	return strstr(folded, term->text) || (term->ascii && strstr(folded, term->ascii));
}

static bool term_row(const struct query_term *term, const void *row, query_text_fn *text,
		     query_time_fn *number, int64_t now, GString *scratch)
{
	enum query_field field = term->field == QUERY_MARK ? QUERY_ANY : term->field;
	g_autofree char *folded = NULL;
	int64_t value;

	if (term->op != QUERY_HAS)
		return number && number(row, field, &value) &&
		       query_compares(term, value, now);
	g_string_truncate(scratch, 0);
	text(row, field, scratch);
	folded = query_fold(scratch->str);
	return query_is_in(term, folded);
}

bool query_row(const struct query *q, const void *row, query_text_fn *text,
	       query_time_fn *number, int64_t now)
{
	g_autoptr(GString) scratch = g_string_new(NULL);

	for (size_t i = 0; i < q->n; i++)
		if (term_row(&q->term[i], row, text, number, now, scratch) ==
		    q->term[i].is_negated)
			return false;
	return true;
}
