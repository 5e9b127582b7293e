"""What ACM and Account can do since Debian's botocore was frozen, as additions to its models.

Member names, bounds and words as in the public service models of ACM (2015-12-08) and Account
(2021-02-01).  With a botocore that has them already, nothing is added.
"""
STATUSES = "PENDING_VALIDATION ISSUED INACTIVE EXPIRED VALIDATION_TIMED_OUT REVOKED FAILED".split()
TYPES = "IMPORTED AMAZON_ISSUED PRIVATE".split()
ORIGINS = "AWS_MANAGED ACME CUSTOMER_PROVIDED".split()
REASONS = ("UNSPECIFIED KEY_COMPROMISE CA_COMPROMISE AFFILIATION_CHANGED SUPERCEDED SUPERSEDED "
           "CESSATION_OF_OPERATION CERTIFICATE_HOLD REMOVE_FROM_CRL PRIVILEGE_WITHDRAWN A_A_COMPROMISE").split()
SORTS = ("CREATED_AT NOT_AFTER STATUS RENEWAL_STATUS EXPORTED IN_USE NOT_BEFORE KEY_ALGORITHM TYPE "
         "CERTIFICATE_ARN COMMON_NAME REVOKED_AT RENEWAL_ELIGIBILITY ISSUED_AT MANAGED_BY EXPORT_OPTION "
         "VALIDATION_METHOD IMPORTED_AT ACME_ENDPOINT_ARN ACME_ACCOUNT_ID CERTIFICATE_KEY_PAIR_ORIGIN").split()
REGION_STATES = "ENABLED ENABLING DISABLING DISABLED ENABLED_BY_DEFAULT".split()


def words(*allowed):
    return {"type": "string", "enum": list(allowed)}


def some(shape, least=0, most=None):
    return {"type": "list", "member": {"shape": shape}, "min": least, **({"max": most} if most else {})}


def members(required=(), **named):
    return {"type": "structure", "required": list(required),
            "members": {k: {"shape": v} for k, v in named.items()}}


ACM_SHAPES = {
    "SimText": {"type": "string", "min": 1, "max": 10000},
    "SimTruth": {"type": "boolean"},
    "SimTime": {"type": "timestamp"},
    "SimOrigin": words(*ORIGINS),
    "SimOrigins": some("SimOrigin", 1, 3),
    "SimExport": words("ENABLED", "DISABLED"),
    "SimManagedBy": words("CLOUDFRONT"),
    "SimSortBy": words("CREATED_AT"),
    "SimSortOrder": words("ASCENDING", "DESCENDING"),
    "SimSearchSort": words(*SORTS),
    "SimPage": {"type": "integer", "min": 1, "max": 500},
    "SimReason": words(*REASONS),
    "SimComparison": words("CONTAINS", "EQUALS"),
    "SimValue": {"type": "string", "min": 1, "max": 256},
    "SimSerial": {"type": "string", "min": 1, "max": 128, "pattern": "[0-9a-f]{2}(:[0-9a-f]{2})*"},
    "SimRange": members(Start="SimTime", End="SimTime"),
    "SimCompared": members(("Value", "ComparisonOperator"), Value="SimValue",
                           ComparisonOperator="SimComparison"),
    "SimSubject": members(CommonName="SimCompared"),
    "SimAlternative": members(DnsName="SimCompared"),
    "SimX509": members(Subject="SimSubject", SubjectAlternativeName="SimAlternative",
                       ExtendedKeyUsage="ExtendedKeyUsageName", KeyUsage="KeyUsageName",
                       KeyAlgorithm="KeyAlgorithm", SerialNumber="SimSerial", NotAfter="SimRange",
                       NotBefore="SimRange"),
    "SimMetadata": members(Status="CertificateStatus", RenewalStatus="RenewalStatus", Type="CertificateType",
                           InUse="SimTruth", Exported="SimTruth", ExportOption="SimExport",
                           ManagedBy="SimManagedBy", ValidationMethod="ValidationMethod",
                           CertificateKeyPairOrigin="SimOrigin", AcmeEndpointArn="SimText",
                           AcmeAccountId="SimText"),
    "SimFilter": members(CertificateArn="Arn", AcmCertificateMetadataFilter="SimMetadata",
                         X509AttributeFilter="SimX509"),
    "SimStatements": some("SimStatement", 1, 15),
    "SimStatement": members(And="SimStatements", Or="SimStatements", Not="SimStatement", Filter="SimFilter"),
    "SearchCertificatesRequest": members(FilterStatement="SimStatement", MaxResults="SimPage",
                                         NextToken="SimText", SortBy="SimSearchSort", SortOrder="SimSortOrder"),
    "RevokeCertificateRequest": members(("CertificateArn", "RevocationReason"), CertificateArn="Arn",
                                        RevocationReason="SimReason"),
    "SimAnything": members(),
}
ACM_MEMBERS = {     # shape: members that it has got since
    "ListCertificatesRequest": {"CertificateKeyPairOrigins": "SimOrigins", "SortBy": "SimSortBy",
                                "SortOrder": "SimSortOrder"},
    "Filters": {"exportOption": "SimExport", "managedBy": "SimManagedBy"},
    "CertificateOptions": {"Export": "SimExport"},
    "RequestCertificateRequest": {"KeyAlgorithm": "KeyAlgorithm", "ManagedBy": "SimManagedBy"},
}
ACCOUNT_SHAPES = {
    "SimText": {"type": "string", "min": 0, "max": 1000},
    "SimPage": {"type": "integer", "min": 1, "max": 50},
    "SimState": words(*REGION_STATES),
    "SimStates": some("SimState"),
    "SimAccount": {"type": "string", "pattern": r"\d{12}"},
    "ListRegionsRequest": members(AccountId="SimAccount", MaxResults="SimPage", NextToken="SimText",
                                  RegionOptStatusContains="SimStates"),
    "SimAnything": members(),
}


def operation(name, path="/"):
    return {"name": name, "http": {"method": "POST", "requestUri": path},
            "input": {"shape": name + "Request"}, "output": {"shape": "SimAnything"}}


def add_to(service, data):
    acm = {n: operation(n) for n in ("SearchCertificates", "RevokeCertificate")}
    account = {"ListRegions": operation("ListRegions", "/listRegions")}
    shapes, added = {"acm": (ACM_SHAPES, acm), "account": (ACCOUNT_SHAPES, account)}.get(service, ({}, {}))
    for name, shape in shapes.items():
        data["shapes"].setdefault(name, shape)
    for name, what in added.items():
        data["operations"].setdefault(name, what)
    if service == "acm":
        for name, more in ACM_MEMBERS.items():
            for member, shape in more.items():
                data["shapes"][name]["members"].setdefault(member, {"shape": shape})
