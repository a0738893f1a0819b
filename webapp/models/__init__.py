"""The tables, one module per noun. Columns and constraints; no behaviour beyond properties."""

from webapp.models.absence import Absence
from webapp.models.base import Base, UtcDateTime, new_id
from webapp.models.command import Command
from webapp.models.device import Device, PushSubscription
from webapp.models.engine import EngineState, TestClock
from webapp.models.event import Event, RecordHead, RecordStamp, RecordSubtree
from webapp.models.kiosk import CodeTries, Kiosk, Pairing, PinTries, Turn
from webapp.models.location import Closure, Location
from webapp.models.organisation import Organisation
from webapp.models.outbox import OutboxMessage, Receipt
from webapp.models.pattern import Pattern
from webapp.models.person import ApiToken, Invitation, Person, SignIn
from webapp.models.process import ChainLevel, Process, ProcessVersion, Step, StepWording
from webapp.models.proof import Blob, FixNote, LikenessBand, Proof, Review
from webapp.models.run import Handoff, Run, StepRun
from webapp.models.sandbox import Sandbox
from webapp.models.signal import Signal

__all__ = [
    "Absence",
    "ApiToken",
    "Base",
    "Blob",
    "ChainLevel",
    "Closure",
    "CodeTries",
    "Command",
    "Device",
    "EngineState",
    "Event",
    "FixNote",
    "Handoff",
    "Invitation",
    "Kiosk",
    "LikenessBand",
    "Location",
    "Organisation",
    "OutboxMessage",
    "Pairing",
    "Pattern",
    "Person",
    "PinTries",
    "Process",
    "ProcessVersion",
    "Proof",
    "PushSubscription",
    "Receipt",
    "RecordHead",
    "RecordStamp",
    "RecordSubtree",
    "Review",
    "Run",
    "Sandbox",
    "SignIn",
    "Signal",
    "Step",
    "StepRun",
    "StepWording",
    "TestClock",
    "Turn",
    "UtcDateTime",
    "new_id",
]
