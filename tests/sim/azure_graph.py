"""Resource Graph: as much of its query language as lists of resources need; anything else is refused, as a
query that the service does not understand."""
import base64
import json
import re

from azure_bodies import check
from azure_world import refuse
from sim import Reply

WORD = re.compile(r"""\s*(?:(?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")|(?P<number>\d+)|"""
                  r"""(?P<name>[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*)|"""
                  r"""(?P<op>=~|==|!=|!~|\(|\)|,|\||=))""")
TESTS = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "=~": lambda a, b: str(a).lower() == str(b).lower(),
    "!~": lambda a, b: str(a).lower() != str(b).lower(),
}
CALLS = {"tostring": lambda v: "" if v is None else str(v), "tolower": lambda v: str(v).lower(),
         "isnotnull": lambda v: v is not None}


def invalid(text):
    refuse(400, "BadRequest", "Please provide below info when asking for support: timestamp, correlationId. "
           "%s" % text,
           "InvalidQuery")


class Words:
    def __init__(self, text):
        self.words, at = [], 0
        text = text.strip()
        while at < len(text):
            found = WORD.match(text, at)
            if not found:
                invalid("ParserFailure at %d" % at)
            self.words.append((found.lastgroup, found.group(found.lastgroup)))
            at = found.end()

    def peek(self):
        return self.words[0][1] if self.words else None

    def take(self, kind=None, value=None):
        if not self.words or kind not in (None, self.words[0][0]) or value not in (None, self.words[0][1]):
            invalid("ParserFailure at '%s'" % self.peek())
        return self.words.pop(0)[1]

    def has(self, value):
        if self.peek() == value:
            self.words.pop(0)
            return True
        return False


def member(row, path):
    for part in path.split("."):
        row = row.get(part) if isinstance(row, dict) else None
    return row


def value(words):
    """An expression, as a function of a row."""
    kind, text = words.words[0] if words.words else (None, None)
    words.take()
    if kind == "text":
        return lambda row: text[1:-1]
    if kind == "number":
        return lambda row: int(text)
    if kind != "name":
        invalid("ParserFailure at '%s'" % text)
    if words.has("("):
        if text not in CALLS:
            invalid("Unknown function '%s'" % text)
        inner = value(words)
        words.take("op", ")")
        return lambda row: CALLS[text](inner(row))
    return lambda row: member(row, text)


def condition(words):
    left = value(words)
    if words.peek() in ("in", "in~"):
        words.take()
        words.take("op", "(")
        those = [value(words)]
        while words.has(","):
            those.append(value(words))
        words.take("op", ")")
        return lambda row: str(left(row)).lower() in [str(v(row)).lower() for v in those]
    if words.peek() not in TESTS:
        return left
    test = TESTS[words.take()]
    right = value(words)
    return lambda row: test(left(row), right(row))


def where(words, rows):
    tests = [condition(words)]
    kind = None
    while words.peek() in ("and", "or"):
        kind = words.take()
        tests.append(condition(words))
    which = any if kind == "or" else all
    return [row for row in rows if which(t(row) for t in tests)]


def project(words, rows):
    columns = []
    while True:
        name = words.take("name")
        of = value(words) if words.has("=") else (lambda row, name=name: member(row, name))
        columns.append((name, of))
        if not words.has(","):
            return [{name: of(row) for name, of in columns} for row in rows]


def order(words, rows):
    words.take("name", "by")
    name = words.take("name")
    down = words.peek() in ("asc", "desc") and words.take() == "desc"
    return sorted(rows, key=lambda row: str(member(row, name)), reverse=down)


def limit(words, rows):
    return rows[:int(words.take("number"))]


STAGES = {"where": where, "project": project, "order": order, "sort": order, "limit": limit, "take": limit}


def run(text, tables):
    words = Words(text.replace("in~", "in"))
    name = words.take("name").lower()
    if name not in tables:
        invalid("Table '%s' is unknown" % name)
    rows = tables[name]
    while words.words:
        words.take("op", "|")
        stage = words.take("name")
        if stage not in STAGES:
            invalid("Operator '%s' is not supported" % stage)
        rows = STAGES[stage](words, rows)
    return rows


def tables_of(call, subscriptions):
    seen = [s for s in call.visible() if subscriptions is None or s in [w.lower() for w in subscriptions]]
    found = [dict(call.vault_body(v), group=v.group, sub=v.subscription)
             for _, v in sorted(call.world.vaults.items()) if v.stale <= 0]
    found += [dict(z.body(), group=z.group, sub=z.subscription) for z in call.world.zones.values()]
    rows = [{"id": r["id"], "name": r["name"], "type": r["type"].lower(), "location": r["location"],
             "resourceGroup": r["group"].lower(), "subscriptionId": r["sub"], "tags": r["tags"],
             "tenantId": r["properties"].get("tenantId"), "properties": r["properties"]}
            for r in found if r["sub"] in seen]
    return {"resources": rows, "resourcecontainers": [
        {"id": "/subscriptions/" + s, "name": "Sub " + s[-1], "type": "microsoft.resources/subscriptions",
         "subscriptionId": s} for s in seen]}


def shaped(rows, form):
    if form != "table":
        return rows
    names = list(rows[0]) if rows else []
    return {"columns": [{"name": n, "type": "string"} for n in names],
            "rows": [[r[n] for n in names] for r in rows]}


def query(call):
    asked = check(call.request, "query", "BadRequest")
    if not call.knobs["graph"]:
        refuse(403, "AuthorizationFailed", "The client does not have authorization to perform action "
               "'Microsoft.ResourceGraph/resources/read' over scope '/' or the scope is invalid.")
    rows = run(asked["query"], tables_of(call, asked.get("subscriptions")))
    options = asked.get("options", {})
    size = options.get("$top", 100)
    if not 1 <= size <= 1000:
        refuse(400, "BadRequest", "$top must be between 1 and 1000.")
    size = min(size, call.knobs["graph_page"])
    token = options.get("$skipToken")
    at = json.loads(base64.b64decode(token))["at"] if token else options.get("$skip", 0)
    page = rows[at:at + size]
    body = {"totalRecords": len(rows), "count": len(page), "resultTruncated": "false", "facets": [],
            "data": shaped(page, options.get("resultFormat", "objectArray"))}
    if at + size < len(rows):
        if page and "id" in page[0]:
            body["$skipToken"] = base64.b64encode(json.dumps({"at": at + size}).encode()).decode()
        else:
            body["resultTruncated"] = "true"
    return Reply(200, body, {"x-ms-user-quota-remaining": "14", "x-ms-user-quota-resets-after": "00:00:05"})
