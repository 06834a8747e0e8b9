"""What plugins of other packages import: the only module of mailconf that they need.

Names are added in minor versions of mailconf. A change that breaks plugins raises VERSION, and a
plugin whose `Plugin.api` is another number is named and not used (CFG080).
"""

from mailconf.formats.dkim_signature import OVERSIGNED
from mailconf.formats.names import absolute, relative
from mailconf.formats.quoting import UnrepresentableError
from mailconf.model.artifact import (
    Artifact,
    Certificate,
    Checker,
    Directory,
    Package,
    Port,
    Prepare,
    Render,
    Unit,
    User,
)
from mailconf.model.base import HostName, Model, Read
from mailconf.model.domain import Domain
from mailconf.model.endpoint import Endpoint, EndpointAddress, Security
from mailconf.model.finding import Finding, Rule, Severity
from mailconf.model.host import Host
from mailconf.model.lab import (
    Done,
    EffectiveConfig,
    LabCheck,
    LabMachine,
    LabScene,
    LabService,
    LabSupport,
    port_in,
)
from mailconf.model.machine_mail import owner_of
from mailconf.model.measure import Measure
from mailconf.model.plugin import API_VERSION as VERSION
from mailconf.model.plugin import Check, Facet, Plugin, Scopes, View
from mailconf.model.question import Question
from mailconf.model.questions.dns import AuthoritativeQuery, DnsQuery
from mailconf.model.questions.pages import Page, PageRequest
from mailconf.model.questions.sessions import ServerSession
from mailconf.model.record import Record, Records
from mailconf.model.record_kind import RecordKind
from mailconf.model.request import PluginRequest, Requests
from mailconf.model.requests.accounts import (
    AuthorsHeld,
    ExternalAccounts,
    RewrittenSenders,
    SieveNotices,
    SpfFieldAdded,
)
from mailconf.model.requests.firewall import (
    ConnectionLimit,
    LocalService,
    LocalServicesGuarded,
    MailClient,
    OpenPort,
    PortGuarded,
)
from mailconf.model.requests.listeners import Listener
from mailconf.model.requests.mail import (
    JudgeMail,
    LearnSpam,
    MailChecked,
    RunSigner,
    SieveBefore,
    SignHostMail,
    UseSigningKey,
)
from mailconf.model.requests.mta import (
    CanonicalMap,
    MasterCfEntry,
    Milter,
    PolicyService,
    SieveSubmission,
    SrsDomain,
    StartAfter,
    StoreTransport,
    TlsPolicyMap,
)
from mailconf.model.requests.promises import (
    AccessCapabilities,
    MessageSizeLimit,
    SmtpCapabilities,
    StsMode,
)
from mailconf.model.requests.web import CertificateUse, PageName, PlainSites, ServedPage
from mailconf.model.secret import SecretRef, marked
from mailconf.model.spec import Spec
from mailconf.model.step import Step
from mailconf.model.world import ConnectionRejected, Inconclusive, NotApplicable, World

__all__ = [
    "OVERSIGNED",
    "VERSION",
    "AccessCapabilities",
    "Artifact",
    "AuthoritativeQuery",
    "AuthorsHeld",
    "CanonicalMap",
    "Certificate",
    "CertificateUse",
    "Check",
    "Checker",
    "ConnectionLimit",
    "ConnectionRejected",
    "Directory",
    "DnsQuery",
    "Domain",
    "Done",
    "EffectiveConfig",
    "Endpoint",
    "EndpointAddress",
    "ExternalAccounts",
    "Facet",
    "Finding",
    "Host",
    "HostName",
    "Inconclusive",
    "JudgeMail",
    "LabCheck",
    "LabMachine",
    "LabScene",
    "LabService",
    "LabSupport",
    "LearnSpam",
    "Listener",
    "LocalService",
    "LocalServicesGuarded",
    "MailChecked",
    "MailClient",
    "MasterCfEntry",
    "Measure",
    "MessageSizeLimit",
    "Milter",
    "Model",
    "NotApplicable",
    "OpenPort",
    "Package",
    "Page",
    "PageName",
    "PageRequest",
    "PlainSites",
    "Plugin",
    "PluginRequest",
    "PolicyService",
    "Port",
    "PortGuarded",
    "Prepare",
    "Question",
    "Read",
    "Record",
    "RecordKind",
    "Records",
    "Render",
    "Requests",
    "RewrittenSenders",
    "Rule",
    "RunSigner",
    "Scopes",
    "SecretRef",
    "Security",
    "ServedPage",
    "ServerSession",
    "Severity",
    "SieveBefore",
    "SieveNotices",
    "SieveSubmission",
    "SignHostMail",
    "SmtpCapabilities",
    "Spec",
    "SpfFieldAdded",
    "SrsDomain",
    "StartAfter",
    "Step",
    "StoreTransport",
    "StsMode",
    "TlsPolicyMap",
    "Unit",
    "UnrepresentableError",
    "UseSigningKey",
    "User",
    "View",
    "World",
    "absolute",
    "marked",
    "owner_of",
    "port_in",
    "relative",
]
