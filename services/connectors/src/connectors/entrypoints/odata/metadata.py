"""The feed's OData V2 metadata, written from one table of fields."""

SERVICE = "ICM_INVOICE_SRV"
ROOT = f"/odata/v2/{SERVICE}"

_STRING, _DECIMAL = "Edm.String", "Edm.Decimal"
_DATE, _INSTANT = "Edm.DateTime", "Edm.DateTimeOffset"

Fields = tuple[tuple[str, str, str], ...]

INVOICE: Fields = (
    ("InvoiceUuid", _STRING, 'MaxLength="36" Nullable="false"'),
    ("ChangeSeq", "Edm.Int64", 'Nullable="false"'),
    ("InvoiceNumber", _STRING, 'MaxLength="16" Nullable="false"'),
    ("CompanyCode", _STRING, 'MaxLength="4" Nullable="false"'),
    ("SupplierNumber", _STRING, 'MaxLength="10" Nullable="false"'),
    ("DocumentDate", _DATE, 'Precision="0" Nullable="false"'),
    ("PostingDate", _DATE, 'Precision="0" Nullable="false"'),
    ("Currency", _STRING, 'MaxLength="5" Nullable="false"'),
    ("GrossAmount", _DECIMAL, 'Precision="15" Scale="2" Nullable="false"'),
    ("NetAmount", _DECIMAL, 'Precision="15" Scale="2" Nullable="false"'),
    ("TaxAmount", _DECIMAL, 'Precision="15" Scale="2" Nullable="false"'),
    ("WithholdingAmount", _DECIMAL, 'Precision="15" Scale="2" Nullable="false"'),
    ("PayableAmount", _DECIMAL, 'Precision="15" Scale="2" Nullable="false"'),
    ("IsCreditMemo", "Edm.Boolean", 'Nullable="false"'),
    ("StatementId", _STRING, 'MaxLength="36" Nullable="false"'),
    ("Period", _STRING, 'MaxLength="7" Nullable="false"'),
    ("ContentHash", _STRING, 'MaxLength="64" Nullable="false"'),
    ("Status", _STRING, 'MaxLength="12" Nullable="false"'),
    ("LeaseId", _STRING, 'MaxLength="36"'),
    ("LeaseUntil", _INSTANT, 'Precision="3"'),
    ("DeliveryCount", "Edm.Int32", 'Nullable="false"'),
    ("MaybePosted", "Edm.Boolean", 'Nullable="false"'),
    ("AccountingDocument", _STRING, 'MaxLength="10"'),
    ("FiscalYear", _STRING, 'MaxLength="4"'),
    ("ApprovedAt", _INSTANT, 'Precision="3" Nullable="false"'),
)
ITEM: Fields = (
    ("InvoiceUuid", _STRING, 'MaxLength="36" Nullable="false"'),
    ("ItemNo", _STRING, 'MaxLength="6" Nullable="false"'),
    ("Text", _STRING, 'MaxLength="255"'),
    ("Plan", _STRING, 'MaxLength="255"'),
    ("Component", _STRING, 'MaxLength="255"'),
    ("Competence", _STRING, 'MaxLength="7"'),
    ("GLAccount", _STRING, 'MaxLength="10"'),
    ("CostCenter", _STRING, 'MaxLength="10"'),
    ("TaxCode", _STRING, 'MaxLength="2"'),
    ("NetAmount", _DECIMAL, 'Precision="15" Scale="2" Nullable="false"'),
)
TAX: Fields = (
    ("InvoiceUuid", _STRING, 'MaxLength="36" Nullable="false"'),
    ("ItemNo", _STRING, 'MaxLength="6" Nullable="false"'),
    ("TaxCode", _STRING, 'MaxLength="2"'),
    ("TaxRate", _DECIMAL, 'Precision="9" Scale="6"'),
    ("BaseAmount", _DECIMAL, 'Precision="15" Scale="2" Nullable="false"'),
    ("TaxAmount", _DECIMAL, 'Precision="15" Scale="2" Nullable="false"'),
)
WITHHOLDING: Fields = (
    ("InvoiceUuid", _STRING, 'MaxLength="36" Nullable="false"'),
    ("ItemNo", _STRING, 'MaxLength="6" Nullable="false"'),
    ("WithholdingType", _STRING, 'MaxLength="10"'),
    ("WithholdingCode", _STRING, 'MaxLength="10"'),
    ("BaseAmount", _DECIMAL, 'Precision="15" Scale="2" Nullable="false"'),
    ("TaxAmount", _DECIMAL, 'Precision="15" Scale="2" Nullable="false"'),
)

PARTS: dict[str, tuple[str, str, Fields]] = {
    "to_Item": ("InvoiceItem", "InvoiceItems", ITEM),
    "to_Tax": ("InvoiceTax", "InvoiceTaxes", TAX),
    "to_Withholding": ("InvoiceWithholding", "InvoiceWithholdings", WITHHOLDING),
}
"""Navigation → entity type, entity set, fields."""

_FUNCTIONS: dict[str, tuple[str, tuple[tuple[str, str], ...]]] = {
    "AcquireBatch": (
        f"Collection({SERVICE}.ApprovedInvoice)",
        (("Consumer", _STRING), ("MaxCount", "Edm.Int32"), ("LeaseSeconds", "Edm.Int32")),
    ),
    "Acknowledge": (
        f"{SERVICE}.ApprovedInvoice",
        (
            ("InvoiceUuid", _STRING),
            ("LeaseId", _STRING),
            ("ContentHash", _STRING),
            ("AccountingDocument", _STRING),
            ("FiscalYear", _STRING),
            ("CompanyCode", _STRING),
            ("PostingDate", _DATE),
        ),
    ),
    "Reject": (
        f"{SERVICE}.ApprovedInvoice",
        (
            ("InvoiceUuid", _STRING),
            ("LeaseId", _STRING),
            ("MessageClass", _STRING),
            ("MessageNumber", _STRING),
            ("Text", _STRING),
            ("Retryable", "Edm.Boolean"),
        ),
    ),
}


def metadata() -> str:
    """Return the `$metadata` document."""
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<edmx:Edmx Version="1.0"',
        ' xmlns:edmx="http://schemas.microsoft.com/ado/2007/06/edmx"',
        ' xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"',
        ' xmlns:sap="http://www.sap.com/Protocols/SAPData">',
        '<edmx:DataServices m:DataServiceVersion="2.0">',
        f'<Schema Namespace="{SERVICE}" xmlns="http://schemas.microsoft.com/ado/2008/09/edm">',
        *_entity_type("ApprovedInvoice", ("InvoiceUuid",), INVOICE, tuple(PARTS)),
    ]
    for entity, _, fields in PARTS.values():
        lines += _entity_type(entity, ("InvoiceUuid", "ItemNo"), fields, ())
    for entity, _, _ in PARTS.values():
        lines += _association(entity)
    lines += _container()
    lines.append("</Schema></edmx:DataServices></edmx:Edmx>")
    return "\n".join(lines)


def _entity_type(
    name: str, keys: tuple[str, ...], fields: Fields, navigations: tuple[str, ...]
) -> list[str]:
    references = "".join(f'<PropertyRef Name="{key}"/>' for key in keys)
    return [
        f'<EntityType Name="{name}"><Key>{references}</Key>',
        *(f'<Property Name="{field}" Type="{kind}" {facets}/>' for field, kind, facets in fields),
        *(
            f'<NavigationProperty Name="{navigation}" '
            f'Relationship="{SERVICE}.{PARTS[navigation][0]}Of" FromRole="Invoice" ToRole="Part"/>'
            for navigation in navigations
        ),
        "</EntityType>",
    ]


def _association(entity: str) -> list[str]:
    return [
        f'<Association Name="{entity}Of">',
        f'<End Type="{SERVICE}.ApprovedInvoice" Multiplicity="1" Role="Invoice"/>',
        f'<End Type="{SERVICE}.{entity}" Multiplicity="*" Role="Part"/>',
        '<ReferentialConstraint><Principal Role="Invoice"><PropertyRef Name="InvoiceUuid"/>',
        '</Principal><Dependent Role="Part"><PropertyRef Name="InvoiceUuid"/></Dependent>',
        "</ReferentialConstraint></Association>",
    ]


def _container() -> list[str]:
    lines = [
        f'<EntityContainer Name="{SERVICE}_Entities" m:IsDefaultEntityContainer="true">',
        f'<EntitySet Name="ApprovedInvoices" EntityType="{SERVICE}.ApprovedInvoice"/>',
    ]
    for entity, entities, _ in PARTS.values():
        lines.append(f'<EntitySet Name="{entities}" EntityType="{SERVICE}.{entity}"/>')
        lines.append(
            f'<AssociationSet Name="{entity}OfSet" Association="{SERVICE}.{entity}Of">'
            '<End EntitySet="ApprovedInvoices" Role="Invoice"/>'
            f'<End EntitySet="{entities}" Role="Part"/></AssociationSet>'
        )
    for name, (returns, parameters) in _FUNCTIONS.items():
        lines.append(
            f'<FunctionImport Name="{name}" ReturnType="{returns}" EntitySet="ApprovedInvoices" '
            'm:HttpMethod="POST">'
        )
        lines += [f'<Parameter Name="{p}" Type="{kind}" Mode="In"/>' for p, kind in parameters]
        lines.append("</FunctionImport>")
    lines.append("</EntityContainer>")
    return lines
