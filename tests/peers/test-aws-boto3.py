#!/usr/bin/python3
"""boto3, which AWS wrote, as a client of the simulator of AWS through whole lives of certificates, so
that the simulator cannot share a misunderstanding of ours.

Debian's boto3 for all that it knows; what is younger (search, revocation, export of public ones) by
the newest from the Python registry, in an environment of its own that is gone afterwards.
"""
import os
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(os.path.dirname(HERE), "sim"))
import running      # noqa: E402

ID, SECRET = "AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
REGION = "eu-west-1"
ALL_KEYS = ["RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1", "EC_secp384r1", "EC_secp521r1"]
HOUR, DAY = 3600, 86400


def client(sim, service, region=REGION, key=ID, secret=SECRET, token=None):
    import boto3
    import botocore.config
    session = boto3.Session(key, secret, token, region_name=region)
    return session.client(service, endpoint_url=sim.url,
                          config=botocore.config.Config(retries={"total_max_attempts": 1}))


def same(got, wanted, what=""):
    if got != wanted:
        raise AssertionError("%s: got %r, wanted %r" % (what, got, wanted))


def refused(code, call, **params):
    import botocore.exceptions
    try:
        call(**params)
    except botocore.exceptions.ClientError as error:
        same(error.response["Error"]["Code"], code, error.response["Error"]["Message"])
        return error.response
    raise AssertionError("it was taken, and not refused with %s" % code)


def describe(acm, arn):
    return acm.describe_certificate(CertificateArn=arn)["Certificate"]


def arns_of(page):
    return [c["CertificateArn"] for c in page["CertificateSummaryList"]]


def publish(dns, zone, record):
    batch = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": {
        "Name": record["Name"], "Type": record["Type"], "TTL": 300,
        "ResourceRecords": [{"Value": record["Value"]}]}}]}
    return dns.change_resource_record_sets(HostedZoneId=zone, ChangeBatch=batch)["ChangeInfo"]


def verify(folder, cert, chain, key=None, passphrase=None):
    """By openssl: the leaf follows from the chain, and the key is the leaf's."""
    for name, text in (("leaf.pem", cert), ("chain.pem", chain), ("key.pem", key or "")):
        with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
            f.write(text)
    running.openssl(folder, "verify", "-CAfile", "chain.pem", "leaf.pem")
    if key:
        wanted = ask(folder, "x509", "-in", "leaf.pem", "-noout", "-pubkey")
        same(ask(folder, "pkey", "-in", "key.pem", "-passin", "pass:" + passphrase, "-pubout"), wanted)


def ask(folder, *args):
    return subprocess.run(("openssl",) + args, cwd=folder, check=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE).stdout


def read(*paths):
    data = []
    for path in paths:
        with open(path, "rb") as f:
            data.append(f.read())
    return data


# --- lives ---------------------------------------------------------------------------------------

def public_dns(folder):
    with running.Running("aws") as sim:
        acm, dns = client(sim, "acm"), client(sim, "route53")
        zone = dns.create_hosted_zone(Name="example.org", CallerReference="1")["HostedZone"]["Id"]
        order = {"DomainName": "example.org", "SubjectAlternativeNames": ["*.example.org"],
                 "ValidationMethod": "DNS", "IdempotencyToken": "once"}
        sim.do("set", not_found_reads=1, record_reads=1)
        arn = acm.request_certificate(**order)["CertificateArn"]
        same(acm.request_certificate(**order)["CertificateArn"], arn)
        refused("ResourceNotFoundException", acm.describe_certificate, CertificateArn=arn)
        same(["ResourceRecord" in o for o in describe(acm, arn)["DomainValidationOptions"]], [False, False])
        records = [o["ResourceRecord"] for o in describe(acm, arn)["DomainValidationOptions"]]
        same(records[0], records[1], "apex and wildcard")
        refused("RequestInProgressException", acm.get_certificate, CertificateArn=arn)
        change = publish(dns, zone, records[0])
        same(change["Status"], "PENDING")
        same([dns.get_change(Id=change["Id"])["ChangeInfo"]["Status"] for _ in range(2)], ["PENDING", "INSYNC"])
        found = describe(acm, arn)
        same((found["Status"], found["Issuer"], found["KeyAlgorithm"]), ("ISSUED", "Amazon", "RSA-2048"))
        got = acm.get_certificate(CertificateArn=arn)
        verify(folder, got["Certificate"], got["CertificateChain"])
        other = client(sim, "acm", "us-east-1")
        sim.do("set", not_found_reads=0, record_reads=0)
        again = other.request_certificate(**order)["CertificateArn"]
        same(describe(other, again)["Status"], "ISSUED", "the record holds in all regions")
        renew_public(sim, acm, arn, records[0], found["Serial"], dns, zone)


def renew_public(sim, acm, arn, record, serial, dns, zone):
    refused("ValidationException", acm.renew_certificate, CertificateArn=arn)
    sim.do("attach", arn=arn, user="arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/x")
    same(describe(acm, arn)["RenewalEligibility"], "ELIGIBLE")
    sim.do("drop_record", name=record["Name"])
    sim.do("advance", seconds=150 * DAY)
    summary = describe(acm, arn)["RenewalSummary"]
    same((summary["RenewalStatus"], summary["DomainValidationOptions"][0]["ResourceRecord"]),
         ("PENDING_VALIDATION", record))
    publish(dns, zone, record)
    found = describe(acm, arn)
    same((found["RenewalSummary"]["RenewalStatus"], found["Status"]), ("SUCCESS", "ISSUED"))
    same(found["Serial"] == serial, False, "the serial is new")
    refused("ResourceInUseException", acm.delete_certificate, CertificateArn=arn)
    sim.do("advance", seconds=200 * DAY)


def ends(_folder):
    with running.Running("aws") as sim:
        acm = client(sim, "acm")
        sim.do("set", doom={"caa.example.org": "CAA_ERROR"})
        slow, doomed = (acm.request_certificate(DomainName=n, ValidationMethod="DNS")["CertificateArn"]
                        for n in ("slow.example.org", "caa.example.org"))
        sim.do("advance", seconds=72 * HOUR - 60)
        same(describe(acm, slow)["Status"], "PENDING_VALIDATION")
        sim.do("advance", seconds=120)
        same(describe(acm, slow)["Status"], "VALIDATION_TIMED_OUT")
        found = describe(acm, doomed)
        same((found["Status"], found["FailureReason"]), ("FAILED", "CAA_ERROR"))
        sim.do("set", delete_lag=60)
        acm.delete_certificate(CertificateArn=slow)
        same(len(acm.list_certificates()["CertificateSummaryList"]), 2)
        refused("ResourceNotFoundException", acm.describe_certificate, CertificateArn=slow)
        sim.do("advance", seconds=61)
        same(arns_of(acm.list_certificates()), [doomed])
        sim.do("set", quota_year=2, names=2)
        refused("LimitExceededException", acm.request_certificate, DomainName="third.example.org")
        refused("LimitExceededException", acm.request_certificate, DomainName="a.example.org",
                SubjectAlternativeNames=["b.example.org", "c.example.org"])
        refused("InvalidParameterException", acm.request_certificate, DomainName="x.amazonaws.com")
        refused("ValidationException", acm.request_certificate, DomainName="a..example.org")


def public_mail(_folder):
    with running.Running("aws") as sim:
        acm = client(sim, "acm")
        arn = acm.request_certificate(
            DomainName="www.example.org", SubjectAlternativeNames=["shop.example.org"],
            ValidationMethod="EMAIL",
            DomainValidationOptions=[{"DomainName": "shop.example.org", "ValidationDomain": "example.org"}],
        )["CertificateArn"]
        options = describe(acm, arn)["DomainValidationOptions"]
        same([o["ValidationEmails"][0] for o in options], ["admin@example.org"] * 2)
        refused("InvalidDomainValidationOptionsException", acm.resend_validation_email, CertificateArn=arn,
                Domain="www.example.org", ValidationDomain="example.net")
        sim.do("advance", seconds=70 * HOUR)
        again = {"CertificateArn": arn, "Domain": "www.example.org", "ValidationDomain": "example.org"}
        acm.resend_validation_email(**again)
        sim.do("advance", seconds=70 * HOUR)
        same(sim.do("approve", arn=arn, domain="www.example.org")["status"], "PENDING_VALIDATION")
        same(sim.do("approve", arn=arn)["status"], "ISSUED")
        refused("InvalidStateException", acm.resend_validation_email, **again)
        refused("ValidationException", acm.export_certificate, CertificateArn=arn, Passphrase=b"abcd")
        refused("InvalidDomainValidationOptionsException", acm.request_certificate, DomainName="a.example.org",
                ValidationMethod="EMAIL",
                DomainValidationOptions=[{"DomainName": "a.example.org", "ValidationDomain": "example.net"}])


def make_authority(pca):
    arn = pca.create_certificate_authority(
        CertificateAuthorityType="ROOT", CertificateAuthorityConfiguration={
            "KeyAlgorithm": "RSA_2048", "SigningAlgorithm": "SHA256WITHRSA",
            "Subject": {"CommonName": "Our Root", "Organization": "Us"}})["CertificateAuthorityArn"]
    refused("InvalidStateException", pca.get_certificate_authority_certificate, CertificateAuthorityArn=arn)
    csr = pca.get_certificate_authority_csr(CertificateAuthorityArn=arn)["Csr"].encode()
    made = pca.issue_certificate(CertificateAuthorityArn=arn, Csr=csr, SigningAlgorithm="SHA256WITHRSA",
                                 TemplateArn="arn:aws:acm-pca:::template/RootCACertificate/V1",
                                 Validity={"Value": 10, "Type": "YEARS"})["CertificateArn"]
    root = pca.get_certificate(CertificateAuthorityArn=arn, CertificateArn=made)["Certificate"]
    pca.import_certificate_authority_certificate(CertificateAuthorityArn=arn, Certificate=root.encode())
    found = pca.describe_certificate_authority(CertificateAuthorityArn=arn)["CertificateAuthority"]
    same((found["Status"], found["Type"]), ("ACTIVE", "ROOT"))
    return arn


def private(folder):
    with running.Running("aws") as sim:
        acm, pca = client(sim, "acm"), client(sim, "acm-pca")
        ca = make_authority(pca)
        arn = acm.request_certificate(DomainName="db.corp.example",
                                      CertificateAuthorityArn=ca)["CertificateArn"]
        found = describe(acm, arn)
        same((found["Status"], found["Type"], found["CertificateAuthorityArn"]), ("ISSUED", "PRIVATE", ca))
        refused("ValidationException", acm.renew_certificate, CertificateArn=arn)
        refused("ValidationException", acm.export_certificate, CertificateArn=arn, Passphrase=b"with#sign")
        got = acm.export_certificate(CertificateArn=arn, Passphrase=b"correct horse")
        verify(folder, got["Certificate"], got["CertificateChain"], got["PrivateKey"], "correct horse")
        acm.renew_certificate(CertificateArn=arn)
        same(describe(acm, arn)["RenewalSummary"]["RenewalStatusReason"], "PCA_ACCESS_DENIED")
        pca.create_permission(CertificateAuthorityArn=ca, Principal="acm.amazonaws.com",
                              Actions=["IssueCertificate", "GetCertificate", "ListPermissions"])
        same(len(pca.list_permissions(CertificateAuthorityArn=ca)["Permissions"]), 1)
        acm.renew_certificate(CertificateArn=arn)
        after = describe(acm, arn)
        same((after["RenewalSummary"]["RenewalStatus"], after["Serial"] == found["Serial"]), ("SUCCESS", False))
        revoke = {"CertificateAuthorityArn": ca, "CertificateSerial": after["Serial"],
                  "RevocationReason": "KEY_COMPROMISE"}
        pca.revoke_certificate(**revoke)
        refused("RequestAlreadyProcessedException", pca.revoke_certificate, **revoke)
        make_authority(pca)
        pages = list(pca.get_paginator("list_certificate_authorities").paginate(
            ResourceOwner="SELF", PaginationConfig={"PageSize": 1}))
        same([p["CertificateAuthorities"][0]["Status"] for p in pages], ["ACTIVE", "ACTIVE"])
        same(pca.list_certificate_authorities(ResourceOwner="OTHER_ACCOUNTS")["CertificateAuthorities"], [])
        issue_by_csr(folder, sim, pca, ca)
        pca.update_certificate_authority(CertificateAuthorityArn=ca, Status="DISABLED")
        late = acm.request_certificate(DomainName="late.corp.example", CertificateAuthorityArn=ca)
        same(describe(acm, late["CertificateArn"])["FailureReason"], "PCA_INVALID_STATE")


def issue_by_csr(folder, sim, pca, ca):
    running.openssl(folder, "req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", "k.pem", "-out", "r.pem",
                    "-subj", "/CN=a.corp.example", "-addext", "subjectAltName=DNS:a.corp.example")
    order = {"CertificateAuthorityArn": ca, "Csr": read(os.path.join(folder, "r.pem"))[0],
             "SigningAlgorithm": "SHA256WITHRSA", "Validity": {"Value": 30, "Type": "DAYS"},
             "IdempotencyToken": "t"}
    sim.do("set", pca_reads=1)
    arn = pca.issue_certificate(**order)["CertificateArn"]
    same(pca.issue_certificate(**order)["CertificateArn"], arn)
    refused("RequestInProgressException", pca.get_certificate, CertificateAuthorityArn=ca, CertificateArn=arn)
    got = pca.get_certificate(CertificateAuthorityArn=ca, CertificateArn=arn)
    verify(folder, got["Certificate"], got["CertificateChain"])
    refused("MalformedCSRException", pca.issue_certificate, **dict(order, Csr=b"-----", IdempotencyToken="u"))
    refused("ValidationException", pca.issue_certificate,
            **dict(order, Validity={"Value": 20, "Type": "YEARS"}, IdempotencyToken="v"))


def imported(folder):
    with running.Running("aws") as sim:
        acm = client(sim, "acm")
        cert, key = read(*running.make_certificate(folder, "one.example.org"))
        other_cert, other_key = read(*running.make_certificate(folder, "two.example.org"))
        arn = acm.import_certificate(Certificate=cert, PrivateKey=key,
                                     Tags=[{"Key": "a", "Value": "b"}])["CertificateArn"]
        twin = acm.import_certificate(Certificate=cert, PrivateKey=key)["CertificateArn"]
        same(arn == twin, False, "no duplicate check")
        said = refused("ValidationException", acm.import_certificate, Certificate=cert + other_cert,
                       PrivateKey=key)
        same("more than one certificate" in said["Error"]["Message"], True)
        for part in ({"PrivateKey": other_key}, {"PrivateKey": b"none"}, {"CertificateChain": other_cert},
                     {"Certificate": b"text\n" + cert}):
            refused("ValidationException", acm.import_certificate,
                    **dict({"Certificate": cert, "PrivateKey": key}, **part))
        acm.import_certificate(CertificateArn=arn, Certificate=other_cert, PrivateKey=other_key)
        same(describe(acm, arn)["DomainName"], "two.example.org")
        refused("InvalidParameterException", acm.import_certificate, CertificateArn=arn, Certificate=cert,
                PrivateKey=key, Tags=[{"Key": "a"}])
        running.openssl(folder, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                        "-nodes", "-keyout", "ec.key", "-out", "ec.pem", "-subj", "/CN=ec.example.org",
                        "-days", "2")
        ec, ec_key = read(os.path.join(folder, "ec.pem"), os.path.join(folder, "ec.key"))
        refused("ValidationException", acm.import_certificate, CertificateArn=arn, Certificate=ec,
                PrivateKey=ec_key)
        hidden = acm.import_certificate(Certificate=ec, PrivateKey=ec_key)["CertificateArn"]
        listed(acm, hidden)
        tags(acm, arn)
        refused("ValidationException", acm.export_certificate, CertificateArn=arn, Passphrase=b"abcd")
        refused("ValidationException", acm.renew_certificate, CertificateArn=arn)
        acm.delete_certificate(CertificateArn=arn)
        refused("ResourceNotFoundException", acm.delete_certificate, CertificateArn=arn)
        refused("InvalidArnException", client(sim, "acm", "us-east-1").get_certificate, CertificateArn=twin)


def listed(acm, hidden):
    arns = arns_of(acm.list_certificates())
    same((len(arns), hidden in arns), (2, False), "the default hides EC keys")
    pages = list(acm.get_paginator("list_certificates").paginate(
        Includes={"keyTypes": ALL_KEYS}, PaginationConfig={"PageSize": 1}))
    same((len(pages), pages[2]["CertificateSummaryList"][0]["CertificateArn"]), (3, hidden))
    refused("ValidationException", acm.list_certificates, MaxItems=1, NextToken=pages[0]["NextToken"])


def tags(acm, arn):
    acm.add_tags_to_certificate(CertificateArn=arn, Tags=[{"Key": "c", "Value": "d"}, {"Key": "e"}])
    acm.remove_tags_from_certificate(CertificateArn=arn, Tags=[{"Key": "a", "Value": "x"}, {"Key": "c"}])
    same({t["Key"] for t in acm.list_tags_for_certificate(CertificateArn=arn)["Tags"]}, {"a", "e"})
    refused("InvalidTagException", acm.add_tags_to_certificate, CertificateArn=arn, Tags=[{"Key": "aws:x"}])
    acm.put_account_configuration(IdempotencyToken="x", ExpiryEvents={"DaysBeforeExpiry": 30})
    same(acm.get_account_configuration()["ExpiryEvents"]["DaysBeforeExpiry"], 30)


def server_certificates(folder):
    with running.Running("aws") as sim:
        iam = client(sim, "iam", "us-east-1")
        cert, key = (d.decode() for d in read(*running.make_certificate(folder, "iam.example.org")))
        other = read(*running.make_certificate(folder, "iam2.example.org"))[1].decode()
        new = {"ServerCertificateName": "web-1", "CertificateBody": cert, "PrivateKey": key}
        sim.do("set", iam_reads=1)
        made = iam.upload_server_certificate(**new, Path="/a/b/", Tags=[{"Key": "k", "Value": "v"}])
        same(made["ServerCertificateMetadata"]["Arn"],
             "arn:aws:iam::111122223333:server-certificate/a/b/web-1")
        refused("NoSuchEntity", iam.get_server_certificate, ServerCertificateName="web-1")
        got = iam.get_server_certificate(ServerCertificateName="web-1")["ServerCertificate"]
        same((got["CertificateBody"].strip(), "CertificateChain" in got), (cert.strip(), False))
        refused("EntityAlreadyExists", iam.upload_server_certificate, **new)
        refused("KeyPairMismatch", iam.upload_server_certificate,
                **dict(new, ServerCertificateName="x", PrivateKey=other))
        refused("MalformedCertificate", iam.upload_server_certificate,
                **dict(new, ServerCertificateName="x", CertificateBody="none"))
        iam.upload_server_certificate(**dict(new, ServerCertificateName="web-2"))
        pages = list(iam.get_paginator("list_server_certificates").paginate(PaginationConfig={"PageSize": 1}))
        same([len(p["ServerCertificateMetadataList"]) for p in pages], [1, 1])
        same(len(iam.list_server_certificates(PathPrefix="/a/")["ServerCertificateMetadataList"]), 1)
        iam.tag_server_certificate(ServerCertificateName="web-2", Tags=[{"Key": "team", "Value": "web"}])
        same(iam.list_server_certificate_tags(ServerCertificateName="web-2")["Tags"],
             [{"Key": "team", "Value": "web"}])
        iam.untag_server_certificate(ServerCertificateName="web-2", TagKeys=["team"])
        iam.update_server_certificate(ServerCertificateName="web-2", NewServerCertificateName="web-3")
        arn = made["ServerCertificateMetadata"]["Arn"]
        sim.do("attach", arn=arn, user="arn:aws:elb")
        refused("DeleteConflict", iam.delete_server_certificate, ServerCertificateName="web-1")
        sim.do("detach", arn=arn, user="arn:aws:elb")
        iam.delete_server_certificate(ServerCertificateName="web-1")
        same(iam.list_server_certificate_tags(ServerCertificateName="web-3")["Tags"], [])
        sim.do("set", iam_quota=1)
        refused("LimitExceeded", iam.upload_server_certificate, **new)


def zones(_folder):
    with running.Running("aws") as sim:
        dns = client(sim, "route53")
        names = ["example.org", "example.com", "sub.example.org"]
        ids = {n: dns.create_hosted_zone(Name=n, CallerReference=n)["HostedZone"]["Id"] for n in names}
        found = dns.list_hosted_zones_by_name(DNSName="example.org")
        same([z["Name"] for z in found["HostedZones"]], ["example.org.", "sub.example.org."])
        same(len(list(dns.get_paginator("list_hosted_zones").paginate(PaginationConfig={"PageSize": 1}))), 3)
        record = {"Name": "_a.example.org.", "Type": "CNAME", "Value": "_b.example.com."}
        publish(dns, ids["example.org"], record)
        refused("", publish, dns=dns, zone=ids["example.com"], record=record)      # a root it does not know
        sim.do("set", batch_root=False)
        refused("InvalidChangeBatch", publish, dns=dns, zone=ids["example.com"], record=record)
        refused("NoSuchHostedZone", publish, dns=dns, zone="Z0", record=record)
        rows = dns.list_resource_record_sets(HostedZoneId=ids["example.org"], StartRecordName="_a.example.org",
                                             StartRecordType="CNAME", MaxItems="1")["ResourceRecordSets"]
        same(rows[0]["ResourceRecords"], [{"Value": "_b.example.com."}])
        change = {"Action": "CREATE", "ResourceRecordSet": rows[0]}
        for action in ("CREATE", "DELETE"):
            wrong = dict(rows[0], TTL=60)
            refused("InvalidChangeBatch", dns.change_resource_record_sets, HostedZoneId=ids["example.org"],
                    ChangeBatch={"Changes": [dict(change, Action=action, ResourceRecordSet=wrong)]})
        refused("NoSuchChange", dns.get_change, Id="C0")
        texts(dns, ids["example.org"])
        same(dns.get_hosted_zone(Id=ids["example.org"])["HostedZone"]["ResourceRecordSetCount"], 4)


def texts(dns, zone):
    """Values of texts stand in quotation marks; several belong to one name."""
    def put(*values):
        return dns.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [{
            "Action": "UPSERT", "ResourceRecordSet": {"Name": "_t.example.org.", "Type": "TXT", "TTL": 60,
                                                      "ResourceRecords": [{"Value": v} for v in values]}}]})
    refused("InvalidChangeBatch", lambda: put("bare"))
    refused("InvalidChangeBatch", lambda: put('"%s"' % ("x" * 256)))
    values = ['"a \\"b\\" \\011"', '"first" "second"']
    put(*values)
    rows = dns.list_resource_record_sets(HostedZoneId=zone, StartRecordName="_t.example.org",
                                         StartRecordType="TXT", MaxItems="1")["ResourceRecordSets"]
    same([r["Value"] for r in rows[0]["ResourceRecords"]], values)


def who(_folder):
    import boto3
    import botocore
    import botocore.config
    with running.Running("aws") as sim:
        sts = client(sim, "sts", "us-east-1")
        same(sts.get_caller_identity()["Account"], "111122223333")
        role = "arn:aws:iam::111122223333:role/"
        refused("AccessDenied", sts.assume_role, RoleArn=role + "external", RoleSessionName="me")
        keys = sts.assume_role(RoleArn=role + "external", RoleSessionName="me", ExternalId="x/1")["Credentials"]
        theirs = client(sim, "sts", "us-east-1", keys["AccessKeyId"], keys["SecretAccessKey"],
                        keys["SessionToken"])
        same(theirs.get_caller_identity()["Arn"], "arn:aws:sts::111122223333:assumed-role/external/me")
        refused("InvalidIdentityToken", sts.assume_role_with_web_identity, RoleArn=role + "plain",
                RoleSessionName="web", WebIdentityToken="another")
        said = sts.assume_role_with_web_identity(RoleArn=role + "plain", RoleSessionName="web",
                                                 WebIdentityToken="eyJ.web.token")
        same(said["AssumedRoleUser"]["Arn"], "arn:aws:sts::111122223333:assumed-role/plain/web")
        unsigned = {"endpoint_url": sim.url, "region_name": REGION, "config": botocore.config.Config(
            signature_version=botocore.UNSIGNED, retries={"total_max_attempts": 1})}
        oidc, sso = boto3.client("sso-oidc", **unsigned), boto3.client("sso", **unsigned)
        ask_again = {"clientId": "client-id", "clientSecret": "client-secret", "grantType": "refresh_token",
                     "refreshToken": "refresh-1"}
        token = oidc.create_token(**ask_again)
        same((token["expiresIn"], token["refreshToken"]), (28800, "refresh-1+"))
        refused("InvalidGrantException", oidc.create_token, **ask_again)
        keys = sso.get_role_credentials(roleName="ReadOnly", accountId="111122223333",
                                        accessToken=token["accessToken"])["roleCredentials"]
        same(client(sim, "sts", "us-east-1", keys["accessKeyId"], keys["secretAccessKey"],
                    keys["sessionToken"]).get_caller_identity()["Account"], "111122223333")
        refused("UnauthorizedException", sso.get_role_credentials, roleName="ReadOnly",
                accountId="111122223333", accessToken="another")


def gates(_folder):
    with running.Running("aws") as sim:
        acm, iam, dns = client(sim, "acm"), client(sim, "iam"), client(sim, "route53")
        refused("InvalidSignatureException", client(sim, "acm", secret="x").list_certificates)
        refused("SignatureDoesNotMatch", client(sim, "route53", secret="x").list_hosted_zones)
        refused("UnrecognizedClientException", client(sim, "acm", "ap-east-1").list_certificates)
        refused("UnrecognizedClientException", client(sim, "acm", key="AKIAUNKNOWN").list_certificates)
        refused("ExpiredTokenException", client(sim, "acm", REGION, "ASIAIOSFODNN7EXPIRED", "expired-secret",
                                                "expired-session").list_certificates)
        client(sim, "acm", REGION, "ASIASESSIONSIMEXAMPL", "session-secret",
               "session/of+sim=").list_certificates()
        client(sim, "acm", "cn-north-1", "AKIACHINASIMEXAMPLE0", "china-secret").list_certificates()
        denied = client(sim, "acm", REGION, "AKIADENIEDSIMEXAMPLE", "denied-secret")
        said = refused("AccessDeniedException", denied.list_certificates)
        same("acm:ListCertificates" in said["Error"]["Message"], True)
        sim.do("set", deny={ID: ["iam:*"]}, throttle=True)
        refused("AccessDenied", iam.list_server_certificates)
        acm.list_certificates()
        refused("ThrottlingException", acm.list_certificates)
        sim.do("advance", seconds=1)
        acm.list_certificates()
        for _ in range(5):
            dns.list_hosted_zones()
        refused("Throttling", dns.list_hosted_zones)
        sim.do("set", throttle=False, clock_offset=400)
        said = refused("InvalidSignatureException", acm.list_certificates)
        same(said["Error"]["Message"].startswith("Signature expired"), True)
        dns.list_hosted_zones()
        sim.do("set", clock_offset=0)
        sim.do("fail", operation="acm:List.*", code="InternalServerException", status=500, message="sorry")
        refused("InternalServerException", acm.list_certificates)
        acm.list_certificates()
        same(sorted(r["RegionName"] for r in client(sim, "ec2").describe_regions()["Regions"])[:2],
             ["eu-central-1", "eu-west-1"])


NEWEST = r"""
import boto3, botocore.config, botocore.exceptions, json, os
def client(service, region="eu-west-1"):
    return boto3.Session("%s", "%s", region_name=region).client(service, endpoint_url=os.environ["SIM"],
        config=botocore.config.Config(retries={"total_max_attempts": 1}))
acm, out = client("acm"), {}
out["regions"] = [r["RegionName"] for r in client("account", "us-east-1").list_regions(
    RegionOptStatusContains=["ENABLED_BY_DEFAULT"], MaxResults=50)["Regions"]]
def search(*statements):
    f = {"FilterStatement": {"And": list(statements)}} if statements else {}
    return [r["X509Attributes"]["SubjectAlternativeNames"][0]["DnsName"]
            for r in acm.search_certificates(SortBy="COMMON_NAME", SortOrder="ASCENDING", **f)["Results"]]
meta = lambda **k: {"Filter": {"AcmCertificateMetadataFilter": k}}
out["all"] = search()
out["public"] = search(meta(Type="AMAZON_ISSUED"), meta(Status="ISSUED"))
out["not"] = search({"Not": meta(Type="IMPORTED")})
out["ec"] = search({"Filter": {"X509AttributeFilter": {"KeyAlgorithm": "EC_prime256v1"}}})
row = acm.search_certificates(FilterStatement=meta(Type="IMPORTED"))["Results"][0]
out["serial"] = row["X509Attributes"]["SerialNumber"]
out["describe"] = acm.describe_certificate(CertificateArn=row["CertificateArn"])["Certificate"]["Serial"]
arn = acm.search_certificates(FilterStatement=meta(ExportOption="ENABLED"))["Results"][0]["CertificateArn"]
def refused(call, **k):
    try:
        call(**k)
    except botocore.exceptions.ClientError as e:
        return e.response["Error"]["Code"]
revoke = dict(CertificateArn=arn, RevocationReason="SUPERSEDED")
out["too early"] = refused(acm.revoke_certificate, **revoke)
out["key"] = acm.export_certificate(CertificateArn=arn, Passphrase=b"abcd")["PrivateKey"][:37]
out["revoked"] = acm.revoke_certificate(**revoke)["CertificateArn"] == arn
out["status"] = acm.describe_certificate(CertificateArn=arn)["Certificate"]["Status"]
out["acme"] = len(acm.list_certificates(CertificateKeyPairOrigins=["ACME"])["CertificateSummaryList"])
print(json.dumps(out))
""" % (ID, SECRET)


def newest(folder):
    import json
    python = running.make_peer(folder, "boto3")
    with running.Running("aws") as sim:
        sim.do("seed", name="a.example.org")
        sim.do("seed", name="b.example.org", kind="AMAZON_ISSUED", algorithm="EC_prime256v1", export="ENABLED")
        sim.do("seed", name="c.example.org", kind="AMAZON_ISSUED", origin="ACME")
        said = running.ask_peer(python, NEWEST, {"SIM": sim.url})
        out = json.loads(said) if said.startswith("{") else {"error": said}
        same(out.pop("serial", 1), out.pop("describe", out))
        same(out, {"regions": ["us-east-1", "us-east-2", "eu-west-1", "eu-central-1"],
                   "all": ["a.example.org", "b.example.org", "c.example.org"],
                   "public": ["b.example.org", "c.example.org"], "not": ["b.example.org", "c.example.org"],
                   "ec": ["b.example.org"], "too early": "ValidationException",
                   "key": "-----BEGIN ENCRYPTED PRIVATE KEY-----", "revoked": True, "status": "REVOKED",
                   "acme": 1})


def main():
    try:
        import boto3  # noqa: F401: is it there?
    except ImportError:
        print("1..0 # SKIP python3-boto3 is not installed")
        return
    os.environ.update(HOME=tempfile.gettempdir(), AWS_EC2_METADATA_DISABLED="true", NO_PROXY="127.0.0.1")
    running.run({"a public certificate by DNS, and its renewal": public_dns,
                 "orders that fail, time out and are withdrawn": ends,
                 "a public certificate by e-mail": public_mail,
                 "a private CA and its certificates": private,
                 "imported certificates, lists and tags": imported,
                 "server certificates of IAM": server_certificates,
                 "zones of Route 53": zones,
                 "who we are, roles and the SSO portal": who,
                 "keys, clocks, rates, refusals and faults": gates,
                 "what Debian's boto3 does not know yet": newest})


main()
