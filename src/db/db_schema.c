/*
 * db_schema: the tables, as steps from nothing to now.
 *
 * user_version says how many steps a file has seen.  A step that has been released is never
 * changed; what comes later is a step of its own at the end.
 *
 * A certificate's `print` is the first 8 bytes of its SHA-256 as a signed number; `refs`
 * counts the stores whose rows have that print.
 */
#include "db_own.h"

static const char state[] =
	"CREATE TABLE number(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;"
	"INSERT INTO number VALUES('change', 0);"
	"CREATE TABLE setting(key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE page(id INTEGER PRIMARY KEY CHECK(id = 1), body BLOB NOT NULL);"
	"CREATE TABLE store(id TEXT PRIMARY KEY, account TEXT, provider TEXT, type TEXT,"
	" title TEXT, address TEXT, network TEXT, container TEXT, labels TEXT, state INTEGER,"
	" origin INTEGER, trouble TEXT, tried INTEGER, seen INTEGER, certs INTEGER,"
	" keys INTEGER, is_writable INTEGER, has_secret INTEGER);"
	"CREATE TABLE request(id TEXT PRIMARY KEY, account TEXT, provider TEXT, store TEXT,"
	" type TEXT, title TEXT, names TEXT, state INTEGER, theirs TEXT, asked_by TEXT,"
	" reason TEXT, oddities TEXT, digest TEXT, result TEXT, can TEXT, records TEXT,"
	" kept TEXT, since INTEGER, due INTEGER, ended INTEGER);"
	"CREATE TABLE discovery(id TEXT PRIMARY KEY, account TEXT, provider TEXT, type TEXT,"
	" title TEXT, address TEXT, what TEXT, state INTEGER, certs INTEGER,"
	" first_seen INTEGER, last_seen INTEGER, decided INTEGER, decided_by TEXT);"
	"CREATE TABLE domain(id TEXT PRIMARY KEY, account TEXT, provider TEXT,"
	" validation TEXT, certs INTEGER, expires INTEGER, validated_until INTEGER);"
	"CREATE TABLE job(row INTEGER PRIMARY KEY, id TEXT UNIQUE, verb TEXT, target TEXT,"
	" store TEXT, state INTEGER, code INTEGER, said TEXT, troubles TEXT, done INTEGER,"
	" total INTEGER, asked INTEGER, began INTEGER, ended INTEGER, is_quiet INTEGER);";

static const char holdings[] =
	"CREATE TABLE rows(store TEXT PRIMARY KEY, change INTEGER NOT NULL,"
	" body BLOB NOT NULL);"
	"CREATE TABLE prints(store TEXT PRIMARY KEY, body BLOB NOT NULL);"
	"CREATE TABLE memo(store TEXT PRIMARY KEY, body BLOB NOT NULL);"
	"CREATE TABLE cert(row INTEGER PRIMARY KEY, print INTEGER NOT NULL,"
	" refs INTEGER NOT NULL, sha256 BLOB NOT NULL, der BLOB NOT NULL);"
	"CREATE INDEX cert_print ON cert(print);";

static const char events[] =
	"CREATE TABLE notice(event TEXT PRIMARY KEY, time INTEGER NOT NULL) WITHOUT ROWID;"
	"CREATE INDEX notice_time ON notice(time);"
	"CREATE TABLE lock(name TEXT PRIMARY KEY, boot TEXT NOT NULL, space TEXT NOT NULL,"
	" pid INTEGER NOT NULL, started INTEGER NOT NULL, until INTEGER NOT NULL)"
	" WITHOUT ROWID;"
	"CREATE TABLE journal(number INTEGER PRIMARY KEY, line TEXT NOT NULL,"
	" hash TEXT NOT NULL);"
	"CREATE TABLE journal_head(id INTEGER PRIMARY KEY CHECK(id = 1),"
	" number INTEGER NOT NULL, hash TEXT NOT NULL);";

/* What was learnt of them; what they are stands in the configuration or is found. */
static const char accounts[] =
	"CREATE TABLE account(id TEXT PRIMARY KEY, provider TEXT, who TEXT, secret_from TEXT,"
	" secret_ends INTEGER, tested INTEGER, has_worked INTEGER, verdict TEXT);";

static const char deploys[] =
	"CREATE TABLE deploy(id TEXT PRIMARY KEY, account TEXT, provider TEXT, store TEXT,"
	" place TEXT, title TEXT, names TEXT, key TEXT, source TEXT, print TEXT, newer TEXT,"
	" trouble TEXT, state INTEGER, mode INTEGER, since INTEGER);"
	"ALTER TABLE account ADD COLUMN looked INTEGER;";

/* What accounts and stores tell of them; nothing of it was kept before. */
static const char domains[] =
	"DROP TABLE domain;"
	"CREATE TABLE domain(id TEXT PRIMARY KEY, account TEXT, provider TEXT, validation TEXT,"
	" method TEXT, registration TEXT, users TEXT, state INTEGER, record TEXT,"
	" validated INTEGER, validated_until INTEGER);";

static const char objects[] =
	"CREATE TABLE object(id TEXT PRIMARY KEY, account TEXT, provider TEXT, store TEXT,"
	" type TEXT, name TEXT, summary TEXT, state TEXT, tone INTEGER, can TEXT, facts TEXT,"
	" answers TEXT);";

/* What things of a type are made of. */
static const char parts[] =
	"ALTER TABLE object ADD COLUMN parts TEXT;"
	"ALTER TABLE object ADD COLUMN made_as TEXT;"
	"ALTER TABLE object ADD COLUMN place TEXT;";

/* What a store would be given that discovery has found. */
static const char found[] =
	"ALTER TABLE discovery ADD COLUMN network TEXT;"
	"ALTER TABLE discovery ADD COLUMN container TEXT;"
	"ALTER TABLE discovery ADD COLUMN is_writable INTEGER;";

static const char rights[] =
	"ALTER TABLE account ADD COLUMN rights TEXT;"
	"ALTER TABLE account ADD COLUMN may_not TEXT;"
	"ALTER TABLE account ADD COLUMN told INTEGER;";

/* DOMAIN_NOT came in between. */
static const char domain_states[] = "UPDATE domain SET state = state + 1 WHERE state > 0;";

const char *const db_steps[] = { state,	  holdings, events, accounts, deploys,	    domains,
				 objects, parts,    found,  rights,   domain_states };
const int db_n_steps = G_N_ELEMENTS(db_steps);
