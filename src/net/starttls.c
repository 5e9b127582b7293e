/*
 * What seven protocols say before TLS.
 *
 * Four of them talk in lines, and a script of "say this, wait for that" is all they need; how
 * a protocol tells that more lines follow is one function each.  The other three answer with
 * one packet, read by one function each.  Nothing here knows a socket, so all of it can be
 * tested and fuzzed with bytes alone.
 */
#include "net/starttls_own.h"

#include <string.h>

#include <certty/base/text.h>

enum heard { HEARD_PART, HEARD_GOOD, HEARD_BAD };

/* One turn of a talk in lines: what we say (NULL: the server begins), and how the line begins
 * that lets us go on. */
struct turn {
	const char *say;
	const char *want;
};

/* Is this line only a part of the answer? */
typedef bool more_fn(const char *line, const struct turn *turn);

/* Reads a packet from the start of t->in: takes what it understood, or says what was wrong. */
typedef enum heard packet_fn(struct starttls_talk *t, GError **error);

struct way {
	struct starttls starttls;
	more_fn *more;			/* a talk in lines … */
	struct turn turns[4];
	packet_fn *packet;		/* … or one packet */
	const char *first;		/* what we say at once, and how long that is */
	size_t first_len;
};

static more_fn more_smtp, more_ftp, more_imap, more_pop3;
static packet_fn packet_ldap, packet_postgres, packet_mysql;

/* LDAPMessage 1, ExtendedRequest with the name of StartTLS (RFC 4511, 4.14.1). */
static const char ldap_request[] = "\x30\x1d\x02\x01\x01\x77\x18\x80\x16"
				   "1.3.6.1.4.1.1466.20037";
/* Length 8 and the number that stands for SSLRequest. */
static const char postgres_request[] = "\0\0\0\x08\x04\xd2\x16\x2f";
/* Packet 1 of 32 bytes: long passwords, protocol 4.1, SSL, secure connection; packets up to
 * 16 MiB; utf8mb4. */
static const char mysql_request[36] = "\x20\0\0\x01\x01\x8a\0\0\0\0\0\x01\x2d";

/* clang-format off */
static const struct way ways[] = {
	{ .starttls = { "smtp", 25 }, .more = more_smtp, .turns = {
		{ NULL,                      "220" },
		{ "EHLO certty.invalid\r\n", "250" },
		{ "STARTTLS\r\n",            "220" } } },
	{ .starttls = { "imap", 143 }, .more = more_imap, .turns = {
		{ NULL,                      "* OK" },
		{ "a1 STARTTLS\r\n",         "a1 OK" } } },
	{ .starttls = { "pop3", 110 }, .more = more_pop3, .turns = {
		{ NULL,                      "+OK" },
		{ "STLS\r\n",                "+OK" } } },
	{ .starttls = { "ftp", 21 }, .more = more_ftp, .turns = {
		{ NULL,                      "220" },
		{ "AUTH TLS\r\n",            "234" } } },
	{ .starttls = { "ldap", 389 }, .packet = packet_ldap,
	  .first = ldap_request, .first_len = sizeof(ldap_request) - 1 },
	{ .starttls = { "postgres", 5432 }, .packet = packet_postgres,
	  .first = postgres_request, .first_len = sizeof(postgres_request) - 1 },
	{ .starttls = { "mysql", 3306 }, .packet = packet_mysql },
};
/* clang-format on */

const struct starttls *const starttls_table[] = {
	&ways[0].starttls, &ways[1].starttls, &ways[2].starttls, &ways[3].starttls,
	&ways[4].starttls, &ways[5].starttls, &ways[6].starttls, NULL,
};

G_STATIC_ASSERT(G_N_ELEMENTS(starttls_table) == G_N_ELEMENTS(ways) + 1);

const struct starttls *starttls_find(const char *name)
{
	for (size_t i = 0; starttls_table[i]; i++) {
		if (strcmp(starttls_table[i]->name, name) == 0)
			return starttls_table[i];
	}
	return NULL;
}

static const struct way *way_of(const struct starttls_talk *t)
{
	const struct way *way = ways;

	while (&way->starttls != t->protocol)
		way++;
	return way;
}

void starttls_init(struct starttls_talk *t, const struct starttls *protocol)
{
	const struct way *way;

	*t = (struct starttls_talk){
		.protocol = protocol,
		.out = g_byte_array_new(),
		.in = g_byte_array_new(),
	};
	way = way_of(t);
	g_byte_array_append(t->out, (const guint8 *)way->first, (guint)way->first_len);
}

void starttls_done(struct starttls_talk *t)
{
	g_clear_pointer(&t->out, g_byte_array_unref);
	g_clear_pointer(&t->in, g_byte_array_unref);
}

/* The server's own words, which may be long, foreign and broken. */
static enum heard refuse(GError **error, enum err code, const char *how, const void *said,
			 size_t len)
{
	g_autoptr(GString) words = g_string_new(NULL);

	text_harmless(words, said, len, 200);
	g_set_error(error, ERR, code, "%s \"%s\"", how, words->str);
	return HEARD_BAD;
}

/* --- talks in lines ---------------------------------------------------------------------- */

static bool more_smtp(const char *line, const struct turn *turn)
{
	return strncmp(line, turn->want, 3) == 0 && line[3] == '-';
}

/* Between "220-" and "220 " a line may hold anything, but nothing else begins with 220 or
 * with another code and a blank before the answer is over. */
static bool more_ftp(const char *line, const struct turn *turn)
{
	return more_smtp(line, turn) || !(g_ascii_isdigit(line[0]) && g_ascii_isdigit(line[1]) &&
					  g_ascii_isdigit(line[2]) &&
					  (line[3] == ' ' || line[3] == '\0'));
}

/* Untagged lines may come before the answer to our command. */
static bool more_imap(const char *line, const struct turn *turn)
{
	return turn->say && g_str_has_prefix(line, "* ") && !g_str_has_prefix(line, "* BYE");
}

static bool more_pop3(const char *line, const struct turn *turn)
{
	return false;
}

/* The wanted word has to stand alone: "220x" is no answer. */
static bool is_wanted(const char *line, const char *want)
{
	size_t len = strlen(want);

	return g_ascii_strncasecmp(line, want, len) == 0 &&
	       (line[len] == '\0' || line[len] == ' ');
}

static enum heard hear_line(struct starttls_talk *t, const struct way *way, char *line,
			    size_t len, GError **error)
{
	const struct turn *turn = &way->turns[t->turn];
	const struct turn *next = turn + 1;

	if (strlen(line) != len)
		return refuse(error, ERR_REPLY, "it said, with a NUL in it,", line, len);
	if (way->more(line, turn))
		return HEARD_GOOD;
	if (!is_wanted(line, turn->want))
		return refuse(error, turn->say ? ERR_REFUSED : ERR_REPLY,
			      turn->say ? "it refused to begin TLS:" : "it greeted with", line,
			      len);
	if (next->want) {
		g_byte_array_append(t->out, (const guint8 *)next->say, (guint)strlen(next->say));
		t->turn++;
	} else {
		t->ready = true;
	}
	return HEARD_GOOD;
}

static enum heard hear_lines(struct starttls_talk *t, GError **error)
{
	const guint8 *end = memchr(t->in->data, '\n', t->in->len);
	g_autofree char *line = NULL;
	size_t len;

	if (!end)
		return HEARD_PART;
	len = (size_t)(end - t->in->data);
	line = g_malloc(len + 1);
	memcpy(line, t->in->data, len);
	g_byte_array_remove_range(t->in, 0, (guint)len + 1);
	while (len > 0 && line[len - 1] == '\r')
		len--;
	line[len] = '\0';
	return hear_line(t, way_of(t), line, len, error);
}

/* --- one packet -------------------------------------------------------------------------- */

/* A piece of BER, in as far as LDAP uses it: one byte of tag, a definite length. */
struct ber {
	const guint8 *bytes;
	size_t len;
};

static enum heard ber_take(struct ber *from, guint8 tag, struct ber *ret)
{
	size_t head = 2, len;

	if (from->len > 0 && from->bytes[0] != tag)
		return HEARD_BAD;
	if (from->len < head)
		return HEARD_PART;
	len = from->bytes[1];
	if (len > 0x80) {
		size_t more = len - 0x80;

		if (more > 4)
			return HEARD_BAD;
		if (from->len < head + more)
			return HEARD_PART;
		for (len = 0; head < 2 + more; head++)
			len = len << 8 | from->bytes[head];
	} else if (len == 0x80) {
		return HEARD_BAD;
	}
	if (from->len - head < len)
		return len > STARTTLS_HEAR_MAX ? HEARD_BAD : HEARD_PART;
	*ret = (struct ber){ from->bytes + head, len };
	from->bytes += head + len;
	from->len -= head + len;
	return HEARD_GOOD;
}

/* SEQUENCE { messageID, [APPLICATION 24] { resultCode, matchedDN, diagnosticMessage, … } } */
static enum heard packet_ldap(struct starttls_talk *t, GError **error)
{
	struct ber in = { t->in->data, t->in->len }, message, id, answer, code, dn, words;
	enum heard heard = ber_take(&in, 0x30, &message);

	if (heard == HEARD_PART)
		return HEARD_PART;
	if (heard == HEARD_BAD || ber_take(&message, 0x02, &id) != HEARD_GOOD ||
	    ber_take(&message, 0x78, &answer) != HEARD_GOOD ||
	    ber_take(&answer, 0x0a, &code) != HEARD_GOOD || code.len != 1 ||
	    ber_take(&answer, 0x04, &dn) != HEARD_GOOD ||
	    ber_take(&answer, 0x04, &words) != HEARD_GOOD)
		return refuse(error, ERR_REPLY, "it does not speak LDAP: it said", t->in->data,
			      t->in->len);
	if (code.bytes[0] != 0) {
		g_autofree char *how = g_strdup_printf(
			"it refused to begin TLS with LDAP result %u:", code.bytes[0]);

		return refuse(error, ERR_REFUSED, how, words.bytes, words.len);
	}
	t->ready = true;
	g_byte_array_remove_range(t->in, 0, t->in->len - (guint)in.len);
	return HEARD_GOOD;
}

static enum heard packet_postgres(struct starttls_talk *t, GError **error)
{
	guint8 answer;

	if (t->in->len == 0)
		return HEARD_PART;
	answer = t->in->data[0];
	if (answer == 'N') {
		g_set_error(error, ERR, ERR_REFUSED,
			    "it has TLS switched off (\"ssl = off\" in PostgreSQL)");
		return HEARD_BAD;
	}
	if (answer != 'S')
		return refuse(error, ERR_REPLY, "it does not speak PostgreSQL: it said",
			      t->in->data, t->in->len);
	t->ready = true;
	g_byte_array_remove_index(t->in, 0);
	return HEARD_GOOD;
}

/* The greeting: protocol 10, version as a C string, thread (4), salt (8), 0, then the lower
 * half of what the server can, where 0x0800 is TLS; or 0xff, a number and words. */
static enum heard packet_mysql(struct starttls_talk *t, GError **error)
{
	const guint8 *in = t->in->data, *end;
	size_t len, at;

	if (t->in->len < 5)
		return HEARD_PART;
	len = in[0] | (size_t)in[1] << 8 | (size_t)in[2] << 16;
	if (in[3] != 0 || (in[4] != 10 && in[4] != 0xff) || len < 5 || len > STARTTLS_HEAR_MAX)
		return refuse(error, ERR_REPLY, "it does not speak MySQL: it said", in,
			      t->in->len);
	if (t->in->len < 4 + len)
		return HEARD_PART;
	if (in[4] == 0xff)
		return refuse(error, ERR_REFUSED, "it turned us away:", in + 7, len - 3);
	end = memchr(in + 5, '\0', len - 1);
	at = end ? (size_t)(end - in) + 1 + 4 + 8 + 1 : SIZE_MAX;
	if (at > 4 + len - 2)
		return refuse(error, ERR_REPLY, "it sent a broken MySQL greeting:", in + 4, len);
	if (!(in[at + 1] & 0x08)) {
		g_set_error(error, ERR, ERR_REFUSED,
			    "it has TLS switched off (no certificate configured in MySQL)");
		return HEARD_BAD;
	}
	g_byte_array_append(t->out, (const guint8 *)mysql_request, sizeof(mysql_request));
	t->ready = true;
	g_byte_array_remove_range(t->in, 0, 4 + (guint)len);
	return HEARD_GOOD;
}

/* ----------------------------------------------------------------------------------------- */

bool starttls_hear(struct starttls_talk *t, const void *bytes, size_t len, GError **error)
{
	packet_fn *packet = way_of(t)->packet;
	enum heard heard = HEARD_GOOD;

	t->heard += len;
	if (t->heard > STARTTLS_HEAR_MAX) {
		g_set_error(error, ERR, ERR_LIMIT,
			    "it said more than %u KiB before TLS; whatever answers there is "
			    "not a plain %s server", STARTTLS_HEAR_MAX >> 10, t->protocol->name);
		return false;
	}
	g_byte_array_append(t->in, bytes, (guint)len);
	while (!t->ready && heard == HEARD_GOOD)
		heard = packet ? packet(t, error) : hear_lines(t, error);
	if (heard == HEARD_BAD)
		return false;
	if (t->ready && t->in->len > 0) {
		refuse(error, ERR_REFUSED, "it sent bytes before the handshake, which anybody "
		       "on the way may have put there:", t->in->data, t->in->len);
		return false;
	}
	return true;
}
