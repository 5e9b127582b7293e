"""Command's query language, and the paging of its lists."""
import datetime
import re

from sim import Reply

TOKEN = re.compile(r'\s*(?:(\()|(\))|(AND|OR)\b|(-\w+)|"([^"]*)"|([\w.%+]+))', re.I)
NUMBERS = {"-eq": "__eq__", "-ne": "__ne__", "-lt": "__lt__", "-le": "__le__", "-gt": "__gt__", "-ge": "__ge__"}
TEXTS = {
    "-eq": lambda a, b: a == b, "-ne": lambda a, b: a != b,
    "-contains": lambda a, b: b in a, "-notcontains": lambda a, b: b not in a,
    "-startswith": lambda a, b: a.startswith(b), "-endswith": lambda a, b: a.endswith(b),
}
# The prefix of each list's parameters; newer ones go without.
PREFIXES = ("pq.", "cstquery.", "certificatestorequery.", "sq.", "query.", "pagedquery.", "instancequery.")


class Refused(Exception):
    """What Command says to a request that it does not take, with 400 unless said."""

    def __init__(self, message, status=400, code="0xA0110002"):
        super().__init__(message)
        self.reply = Reply(status, {"ErrorCode": code, "Message": message})


def tokens(text):
    at, found = 0, []
    while text[at:].strip():
        match = TOKEN.match(text, at)
        if not match:
            raise Refused("Invalid query: '%s'" % text[at:])
        kind = next(i for i, g in enumerate(match.groups()) if g is not None)
        found.append((("(", ")", "join", "op", "text", "word")[kind], match.group(kind + 1)))
        at = match.end()
    return found


class Query:
    """(field, op, value) joined by AND and OR, as a predicate of a record.  `fields` says what each
    field's name is in a record."""

    def __init__(self, text, fields):
        self.left, self.fields = tokens(text), fields
        self.test = self.either() if self.left else lambda record: True
        if self.left:
            raise Refused("Invalid query near '%s'" % self.left[0][1])

    def take(self, *kinds):
        if not self.left or self.left[0][0] not in kinds:
            raise Refused("Invalid query")
        return self.left.pop(0)[1]

    def joined(self, word, part):
        parts = [part()]
        while self.left and self.left[0][0] == "join" and self.left[0][1].upper() == word:
            self.left.pop(0)
            parts.append(part())
        gather = any if word == "OR" else all
        return lambda record: gather(p(record) for p in parts)

    def either(self):
        return self.joined("OR", lambda: self.joined("AND", self.one))

    def one(self):
        if self.left and self.left[0][0] == "(":
            self.left.pop(0)
            inner = self.either()
            self.take(")")
            return inner
        name, op, value = self.take("word"), self.take("op").lower(), self.take("text", "word")
        known = {k.lower(): k for k in self.fields}
        if name.lower() not in known:
            raise Refused("Invalid field: %s" % name)
        return self.compare(known[name.lower()], op, value)

    def compare(self, name, op, value):
        key = self.fields[name]
        if value == "NULL":
            return lambda r: (r.get(key) is None) == (op == "-eq")
        if name in ("CertId", "CertRequestId", "CertState", "Status", "ReferenceId"):
            if not value.isdigit():
                raise Refused("Invalid %s value: %s." % (name, value))
            return lambda r: getattr(int(r.get(key) or 0), NUMBERS[op])(int(value))
        if op not in TEXTS:
            raise Refused("Invalid operator: %s" % op)
        return lambda r: TEXTS[op](str(r.get(key) or "").lower(), value.lower())


def parameters(request):
    """Names in lower case, with and without their prefix."""
    found = {}
    for name, values in request.query.items():
        name = name.lower()
        prefix = next((p for p in PREFIXES if name.startswith(p)), "")
        found[name[len(prefix):]] = values[0]
    return found


def page(world, request, records, fields, default):
    """The records of a query, in order, one page of them."""
    asked = parameters(request)
    sort = asked.get("sortfield", default)
    if sort not in fields:
        raise Refused("Invalid sort field: %s." % sort)
    found = [r for r in records if Query(asked.get("querystring", ""), fields).test(r)]
    if "sortfield" in asked:
        found.sort(key=lambda r: r.get(fields[sort]) or 0, reverse=asked.get("sortascending") == "1")
    elif world.knobs["shuffled"]:
        found = found[::2] + found[1::2]
    size = min(int(asked.get("returnlimit", 50)), world.knobs["page_cap"])
    start = (int(asked.get("pagereturned", 1)) - 1) * size
    headers = {"x-total-count": str(len(found))} if world.knobs["counts"] else {}
    return found[start:start + size], headers


def when(seconds, fraction=""):
    if not seconds:
        return None
    at = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
    return at.strftime("%Y-%m-%dT%H:%M:%S") + fraction + "Z"
