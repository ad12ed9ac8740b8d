"""How each error of the service is answered."""

from connectors.application.create_source import MappingChanged
from connectors.application.errors import (
    DeliveryKeyReused,
    FileNameTaken,
    FileNotFound,
    MessageNotFound,
    QuarantineEntryNotFound,
    QuarantineEntryReleased,
    SourceExists,
    SourceNotFound,
    WatermarkInFuture,
    WrongOrganisation,
    WrongSourceKind,
)
from connectors.application.json_records import NotJson
from connectors.domain.field_mapping import MappingNotValid
from connectors.domain.outbound_message import MalformedEnvelope
from connectors.domain.source import SourceNotValid
from premia_runtime.problems import Problem, ProblemTable

PROBLEMS: ProblemTable = {
    SourceNotFound: Problem(404, "source-not-found", "There is no such source"),
    SourceExists: Problem(409, "source-exists", "The source exists already"),
    SourceNotValid: Problem(422, "source-not-valid", "The source cannot be set up like this"),
    MappingNotValid: Problem(422, "mapping-not-valid", "The mapping cannot be used"),
    MappingChanged: Problem(412, "mapping-changed", "The mapping was changed meanwhile"),
    MalformedEnvelope: Problem(400, "malformed-envelope", "The envelope cannot be read"),
    NotJson: Problem(400, "not-json", "The body is not JSON"),
    WrongOrganisation: Problem(403, "wrong-organisation", "Another organisation is expected"),
    WrongSourceKind: Problem(409, "wrong-source-kind", "The source has no such endpoint"),
    DeliveryKeyReused: Problem(409, "delivery-key-reused", "The id was used for another body"),
    MessageNotFound: Problem(404, "message-not-found", "There is no such message"),
    FileNotFound: Problem(404, "file-not-found", "There is no such file"),
    FileNameTaken: Problem(409, "file-name-taken", "The file name stands for other content"),
    QuarantineEntryNotFound: Problem(404, "quarantine-entry-not-found", "There is no such entry"),
    QuarantineEntryReleased: Problem(409, "quarantine-entry-released", "The entry was released"),
    WatermarkInFuture: Problem(422, "watermark-in-future", "The watermark lies in the future"),
}
