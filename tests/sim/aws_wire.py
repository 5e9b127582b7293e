"""Requests of AWS's four protocols to plain values and back, by botocore's models of the services.

Botocore's own validator judges what came; what it leaves out (upper bounds, patterns, words of
an enumeration) is judged here by the same models.  Operations and members that are younger than
Debian's botocore are added from aws_newer.
"""
import base64
import datetime
import json
import re
import xml.etree.ElementTree
from xml.sax.saxutils import escape

import botocore.loaders
import botocore.model
import botocore.validate

import aws_newer
from aws_keys import Refusal, refuse
from sim import Reply

NUMBERS = {"integer": int, "long": int, "float": float, "double": float}
ERRORS = {"json": "ValidationException", "rest-json": "ValidationException", "query": "ValidationError",
          "rest-xml": "InvalidInput", "ec2": "InvalidParameterValue"}


class Service:
    """A service as its model describes it: name is the one that requests are signed for."""

    def __init__(self, name):
        data = json.loads(json.dumps(botocore.loaders.Loader().load_service_model(name, "service-2")))
        aws_newer.add_to(name, data)
        self.name, self.model = name, botocore.model.ServiceModel(data)
        self.protocol = data["metadata"]["protocol"]
        self.prefix = data["metadata"].get("targetPrefix")
        self.namespace = data["metadata"].get("xmlNamespace")
        self.routes = [(o["http"]["method"], path_pattern(o["http"]["requestUri"]), n)
                       for n, o in data["operations"].items()]
        self.routes.sort(key=lambda r: -len(r[1].pattern))

    def operation_of(self, request):
        """What it asks for, as far as that can be said before it is known to be right."""
        if self.protocol == "json":
            prefix, _, name = (request.headers.get("X-Amz-Target") or "").partition(".")
            return name if prefix == self.prefix else None
        if self.protocol in ("query", "ec2"):
            return request.form().get("Action")
        return next((n for method, path, n in self.routes
                     if method == request.method and path.fullmatch(request.path)), None)

    def read(self, request):
        """The operation's name and its parameters, valid by the model."""
        name = self.operation_of(request)
        if name not in self.model.operation_names:
            raise refuse("operation", self.protocol, "Could not find operation %s for version %s"
                         % (name, self.model.api_version))
        shape = self.model.operation_model(name).input_shape
        given = {"json": self.read_json, "rest-json": self.read_json, "query": self.read_form,
                 "ec2": self.read_form, "rest-xml": self.read_rest}[self.protocol](request, name, shape)
        self.check(given, shape)
        return name, given

    def check(self, given, shape):
        if shape is None:
            wrong = ["unknown %s" % k for k in given]
        else:
            report = botocore.validate.ParamValidator().validate(given, shape)
            wrong = report.generate_report().split("\n") if report.has_errors() else []
            wrong = wrong or list(strictly(given, shape, ""))
        if wrong:
            raise Refusal(400, ERRORS[self.protocol], "%d validation error%s detected: %s"
                          % (len(wrong), "s"[:len(wrong) != 1], "; ".join(wrong)))

    def read_json(self, request, name, shape):
        wanted = "application/x-amz-json-1.1" if self.protocol == "json" else "application/json"
        kind = (request.headers.get("Content-Type") or "").split(";")[0]
        if request.method != "POST" or (self.protocol == "json" and kind != wanted):
            raise refuse("operation", self.protocol, "no %s" % wanted)
        try:
            body = json.loads(request.body or b"{}" if self.protocol != "json" else request.body)
        except ValueError:
            raise Refusal(400, "SerializationException", "no JSON") from None
        return plain(body, shape)

    def read_form(self, request, name, shape):
        kind = request.headers.get("Content-Type") or ""
        if request.method != "POST" or not kind.startswith("application/x-www-form-urlencoded"):
            raise Refusal(415, "UnsupportedMediaType", "form wanted")
        form = request.form()
        if form.get("Version") != self.model.api_version:
            raise refuse("operation", self.protocol, "Version")
        fields = {k: v for k, v in form.items() if k not in ("Action", "Version")}
        used = set()
        given = from_form(fields, shape, "", used, self.protocol == "ec2") if shape else {}
        for key in set(fields) - used:
            given[key] = fields[key]
        return given or {}

    def read_rest(self, request, name, shape):
        given, operation = {}, self.model.operation_model(name)
        path = path_pattern(operation.http["requestUri"]).fullmatch(request.path).groupdict()
        query = {k: v[0] for k, v in request.query.items()}
        body = {}
        if request.body:
            body = self.read_xml(request, name, operation, shape)
        for member, inner in (shape.members if shape else {}).items():
            place = inner.serialization.get("location")
            key = inner.serialization.get("name", member)
            if place == "uri" and key in path:
                given[member] = path[key]
            elif place == "querystring" and key in query:
                given[member] = scalar(query.pop(key), inner)
        given.update(body)
        given.update({"?" + k: v for k, v in query.items()})
        return given

    def read_xml(self, request, name, operation, shape):
        try:
            root = xml.etree.ElementTree.fromstring(request.body)
        except xml.etree.ElementTree.ParseError:
            raise Refusal(400, "InvalidInput", "no XML") from None
        space = (shape.serialization.get("xmlNamespace") or {}).get("uri")
        if root.tag != "{%s}%s" % (space, shape.serialization.get("name", name + "Request")):
            raise Refusal(400, "InvalidInput", "unexpected root %s" % root.tag)
        return from_xml(root, shape)

    # --- answers ---

    def reply(self, name, value, number):
        shape = self.model.operation_model(name).output_shape
        ident = {"x-amzn-RequestId": "sim-%d" % number}
        if self.protocol in ("json", "rest-json"):
            body = b"" if value is None else json.dumps(to_json(value))
            return Reply(200, body, ident, kind="application/x-amz-json-1.1")
        if self.protocol == "rest-xml":
            root = shape.serialization.get("name") or name + "Response"
            status = self.model.operation_model(name).http.get("responseCode", 200)
            return Reply(status, "<?xml version=\"1.0\"?>\n<%s xmlns=\"https://route53.amazonaws.com/doc/"
                         "2013-04-01/\">%s</%s>" % (root, members_xml(shape, value), root), ident,
                         kind="text/xml")
        if self.protocol == "ec2":
            return Reply(200, "<%sResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><requestId>sim-%d"
                         "</requestId>%s</%sResponse>" % (name, number, members_xml(shape, value), name),
                         kind="text/xml")
        result = "" if shape is None else "<%sResult>%s</%sResult>" % (name, members_xml(shape, value), name)
        return Reply(200, "<%sResponse xmlns=\"%s\">%s<ResponseMetadata><RequestId>sim-%d</RequestId>"
                     "</ResponseMetadata></%sResponse>" % (name, self.namespace, result, number, name), ident,
                     kind="text/xml")

    def error(self, refusal, number):
        ident = {"x-amzn-RequestId": "sim-%d" % number}
        if refusal.xml:
            return Reply(refusal.status, refusal.xml, ident, kind="text/xml")
        if self.protocol in ("json", "rest-json"):
            code = ("com.amazonaws.acmpca#" if self.name == "acm-pca" else "") + refusal.code
            said = "Message" if refusal.code == "AccessDeniedException" else "message"
            if self.protocol == "rest-json":
                return Reply(refusal.status, {said: refusal.message}, dict(ident, **{"x-amzn-ErrorType": code}))
            return Reply(refusal.status, {"__type": code, said: refusal.message}, ident,
                         kind="application/x-amz-json-1.1")
        text = (escape(refusal.code), escape(refusal.message), number)
        if self.protocol == "ec2":
            return Reply(refusal.status, "<?xml version=\"1.0\"?>\n<Response><Errors><Error><Code>%s</Code>"
                         "<Message>%s</Message></Error></Errors><RequestID>sim-%d</RequestID></Response>"
                         % text, kind="text/xml")
        return Reply(refusal.status, "<ErrorResponse xmlns=\"%s\"><Error><Type>Sender</Type><Code>%s</Code>"
                     "<Message>%s</Message></Error><RequestId>sim-%d</RequestId></ErrorResponse>"
                     % ((self.namespace or "https://route53.amazonaws.com/doc/2013-04-01/",) + text), ident,
                     kind="text/xml")


def path_pattern(uri):
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(uri.split("?")[0])))


# --- reading -------------------------------------------------------------------------------------

def scalar(text, shape):
    try:
        if shape.type_name in NUMBERS:
            return NUMBERS[shape.type_name](text)
        if shape.type_name == "boolean" and text in ("true", "false"):
            return text == "true"
        if shape.type_name == "blob":
            return base64.b64decode(text, validate=True)
    except ValueError:
        pass        # stays a text, which the validator then calls one
    return text


def plain(value, shape):
    """Of JSON: blobs become bytes, all else stays."""
    if value is None or shape is None:
        return value
    if shape.type_name == "structure" and isinstance(value, dict):
        return {k: plain(v, shape.members.get(k)) for k, v in value.items() if v is not None}
    if shape.type_name == "list" and isinstance(value, list):
        return [plain(v, shape.member) for v in value]
    if shape.type_name == "blob" and isinstance(value, str):
        try:
            return base64.b64decode(value, validate=True)
        except ValueError:
            raise Refusal(400, "SerializationException", "no base64") from None
    return value


def from_form(fields, shape, prefix, used, is_ec2):
    if shape.type_name == "structure":
        found = {}
        for name, inner in shape.members.items():
            key = inner.serialization.get("queryName") or inner.serialization.get("name", name)
            if is_ec2:
                key = inner.serialization.get("queryName") or key[0].upper() + key[1:]
            value = from_form(fields, inner, prefix + "." + key if prefix else key, used, is_ec2)
            if value is not None:
                found[name] = value
        return found or None if prefix else found
    if shape.type_name == "list":
        found = []
        while True:
            at = "%s.%s%d" % (prefix, "" if is_ec2 or shape.serialization.get("flattened") else "member.",
                              len(found) + 1)
            if not any(k == at or k.startswith(at + ".") for k in fields):
                return found or None
            found.append(from_form(fields, shape.member, at, used, is_ec2))
    if prefix not in fields:
        return None
    used.add(prefix)
    return scalar(fields[prefix], shape)


def from_xml(element, shape):
    if shape.type_name == "structure":
        names = {s.serialization.get("name", n): (n, s) for n, s in shape.members.items()
                 if "location" not in s.serialization}
        found, order = {}, []
        for child in element:
            tag = child.tag.split("}")[-1]
            name, inner = names.get(tag, (tag, None))
            order.append(list(names).index(tag) if tag in names else -1)
            found[name] = from_xml(child, inner) if inner else child.text
        if order != sorted(order):
            raise Refusal(400, "InvalidInput", "elements of %s in a wrong order" % element.tag)
        return found
    if shape.type_name == "list":
        wanted = shape.member.serialization.get("name", "member")
        if any(child.tag.split("}")[-1] != wanted for child in element):
            raise Refusal(400, "InvalidInput", "unexpected element in %s" % element.tag)
        return [from_xml(child, shape.member) for child in element]
    return scalar(element.text or "", shape)


def strictly(value, shape, path):
    """What botocore's validator leaves to the service."""
    meta, kind = shape.metadata, shape.type_name
    if kind == "structure":
        for name, inner in value.items():
            if name in shape.members:
                yield from strictly(inner, shape.members[name], "%s.%s" % (path, name))
        return
    if kind == "list":
        for number, inner in enumerate(value):
            yield from strictly(inner, shape.member, "%s[%d]" % (path, number))
    size = value if kind in NUMBERS else len(value) if kind in ("string", "blob", "list") else 0
    if "max" in meta and size > meta["max"]:
        yield "Value at '%s' failed to satisfy constraint: at most %s" % (path, meta["max"])
    if getattr(shape, "enum", None) and value not in shape.enum:
        yield ("Value '%s' at '%s' failed to satisfy constraint: Member must satisfy enum value set: [%s]"
               % (value, path, ", ".join(shape.enum)))
    if kind == "string" and "pattern" in meta and not fits(meta["pattern"], value):
        yield ("Value '%s' at '%s' failed to satisfy constraint: Member must satisfy regular expression "
               "pattern: %s" % (value, path, meta["pattern"]))


def fits(pattern, value):
    pattern = re.sub(r"\\p\{(\w+)\}", lambda m: {"Z": r"\s", "L": r"\w", "N": r"\d"}.get(m.group(1)[0], "."),
                     pattern)
    try:
        return re.fullmatch(pattern, value, re.S) is not None
    except re.error:
        return True     # Java's own dialect


# --- writing -------------------------------------------------------------------------------------

def to_json(value):
    if isinstance(value, dict):
        return {k: to_json(v) for k, v in value.items() if v is not None}
    if isinstance(value, (list, tuple)):
        return [to_json(v) for v in value]
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


def members_xml(shape, value):
    parts = []
    for name, inner in shape.members.items():
        if value.get(name) is not None:
            parts.append(element_xml(inner.serialization.get("name", name), inner, value[name]))
    return "".join(parts)


def element_xml(name, shape, value):
    if shape.type_name == "structure":
        text = members_xml(shape, value)
    elif shape.type_name == "list":
        item = shape.member.serialization.get("name", "member")
        text = "".join(element_xml(item, shape.member, v) for v in value)
    elif shape.type_name == "boolean":
        text = "true" if value else "false"
    elif shape.type_name == "timestamp":
        text = datetime.datetime.fromtimestamp(value, datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        text = re.sub(r"(\.\d{3})\d+Z", r"\1Z", text)
    else:
        text = escape(str(value))
    return "<%s>%s</%s>" % (name, text, name)
