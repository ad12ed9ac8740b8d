"""The WSDL of a source's Outbound Message: the fields its mapping reads."""

from xml.sax.saxutils import escape, quoteattr

from connectors.domain.field_mapping import OrderMapping

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<definitions targetNamespace="http://soap.sforce.com/2005/09/outbound"
 xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:xsd="http://www.w3.org/2001/XMLSchema"
 xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
 xmlns:tns="http://soap.sforce.com/2005/09/outbound" xmlns:ent="urn:enterprise.soap.sforce.com"
 xmlns:ens="urn:sobject.enterprise.soap.sforce.com">
<types>
<schema elementFormDefault="qualified" xmlns="http://www.w3.org/2001/XMLSchema"
 targetNamespace="urn:enterprise.soap.sforce.com">
<simpleType name="ID"><restriction base="xsd:string"><length value="18"/>
<pattern value="[a-zA-Z0-9]{18}"/></restriction></simpleType></schema>
<schema elementFormDefault="qualified" xmlns="http://www.w3.org/2001/XMLSchema"
 targetNamespace="urn:sobject.enterprise.soap.sforce.com">
<import namespace="urn:enterprise.soap.sforce.com"/>
<complexType name="sObject"><sequence>
<element name="fieldsToNull" type="xsd:string" nillable="true" minOccurs="0"
 maxOccurs="unbounded"/>
<element name="Id" type="ent:ID" nillable="true"/></sequence></complexType>
"""

_TAIL = """</schema>
<schema elementFormDefault="qualified" xmlns="http://www.w3.org/2001/XMLSchema"
 targetNamespace="http://soap.sforce.com/2005/09/outbound">
<import namespace="urn:enterprise.soap.sforce.com"/>
<import namespace="urn:sobject.enterprise.soap.sforce.com"/>
<element name="notifications"><complexType><sequence>
<element name="OrganizationId" type="ent:ID"/><element name="ActionId" type="ent:ID"/>
<element name="SessionId" type="xsd:string" nillable="true"/>
<element name="EnterpriseUrl" type="xsd:string"/><element name="PartnerUrl" type="xsd:string"/>
<element name="Notification" maxOccurs="100" type="tns:{record}Notification"/>
</sequence></complexType></element>
<complexType name="{record}Notification"><sequence><element name="Id" type="ent:ID"/>
<element name="sObject" type="ens:{record}"/></sequence></complexType>
<element name="notificationsResponse"><complexType><sequence>
<element name="Ack" type="xsd:boolean"/></sequence></complexType></element></schema>
</types>
<message name="notificationsRequest"><part element="tns:notifications" name="request"/></message>
<message name="notificationsResponse">
<part element="tns:notificationsResponse" name="response"/></message>
<portType name="NotificationPort"><operation name="notifications">
<documentation>Process a number of notifications.</documentation>
<input message="tns:notificationsRequest"/><output message="tns:notificationsResponse"/>
</operation></portType>
<binding name="NotificationBinding" type="tns:NotificationPort">
<soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
<operation name="notifications"><soap:operation soapAction=""/>
<input><soap:body use="literal"/></input><output><soap:body use="literal"/></output>
</operation></binding>
<service name="NotificationService"><documentation>Notification Service Implementation
</documentation><port binding="tns:NotificationBinding" name="Notification">
<soap:address location={location}/></port></service>
</definitions>
"""

_DATES = ("signed_on", "status_on")
_TYPES = {"decimal": "xsd:double", "date": "xsd:date", "flag": "xsd:boolean", "text": "xsd:string"}


def write_wsdl(mapping: OrderMapping, location: str) -> str:
    """Return the WSDL with which a Salesforce organisation, or a SOAP client, calls a source."""
    types = _field_types(mapping)
    elements = "\n".join(
        f'<element name={quoteattr(name)} nillable="true" minOccurs="0" type="{types[name]}"/>'
        for name in sorted(types)
        if name != mapping.field("record_id")
    )
    record = escape(mapping.record_type)
    entity = (
        f'<complexType name="{record}"><complexContent><extension base="ens:sObject"><sequence>\n'
        f"{elements}\n</sequence></extension></complexContent></complexType>\n"
    )
    return _HEAD + entity + _TAIL.format(record=record, location=quoteattr(location))


def _field_types(mapping: OrderMapping) -> dict[str, str]:
    types = dict.fromkeys((*mapping.fields.values(), *mapping.roles.values()), "xsd:string")
    types.update({attribute.field: _TYPES[attribute.type] for attribute in mapping.attributes})
    types.update({field: "xsd:date" for _, field in mapping.states.dates})
    types.update({mapping.field(name): "xsd:date" for name in _DATES if mapping.field(name)})
    types[mapping.field("version")] = "xsd:dateTime"
    types[mapping.field("amount")] = "xsd:double"
    if mapping.field("deleted"):
        types[mapping.field("deleted")] = "xsd:boolean"
    types.pop("", None)
    return types
