"""Every frame, and the one closed union of them."""

from typing import Literal

from openviber_protocol.frame import Frame
from openviber_protocol.hub_payloads import (
    ArchivePayload,
    CancelPayload,
    ChallengePayload,
    HubAckPayload,
    PreparePayload,
    RedactionTestPayload,
    RotatePayload,
    StopPayload,
    SubmitPayload,
    SyncPayload,
    WelcomePayload,
)
from openviber_protocol.node_payloads import (
    CompletedPayload,
    ErrorPayload,
    HeartbeatPayload,
    HelloPayload,
    LogPayload,
    NodeAckPayload,
    ProgressPayload,
    RedactionTestedPayload,
    SlotsPayload,
    StartedPayload,
    StatusPayload,
    ThreadErrorPayload,
)

# ---------------------------------------------------------------- hub to node


class HubChallenge(Frame):
    """The first frame of every connection: prove who you are."""

    type: Literal["hub:challenge"] = "hub:challenge"
    payload: ChallengePayload


class HubWelcome(Frame):
    """The session is open, under these terms."""

    type: Literal["hub:welcome"] = "hub:welcome"
    payload: WelcomePayload


class HubAck(Frame):
    """What the hub has committed; never more than that."""

    type: Literal["hub:ack"] = "hub:ack"
    payload: HubAckPayload


class EnvironmentPrepare(Frame):
    """Provision a binding, or one more slot of it."""

    type: Literal["environment:prepare"] = "environment:prepare"
    payload: PreparePayload


class EnvironmentSync(Frame):
    """These are all the bindings of this node now."""

    type: Literal["environment:sync"] = "environment:sync"
    payload: SyncPayload


class EnvironmentCancel(Frame):
    """End a prepare early."""

    type: Literal["environment:cancel"] = "environment:cancel"
    payload: CancelPayload


class ThreadSubmit(Frame):
    """Carry out a message as a run."""

    type: Literal["thread:submit"] = "thread:submit"
    payload: SubmitPayload


class ThreadStop(Frame):
    """End a run early."""

    type: Literal["thread:stop"] = "thread:stop"
    payload: StopPayload


class ThreadArchive(Frame):
    """Put a thread's workspace away, keeping its work."""

    type: Literal["thread:archive"] = "thread:archive"
    payload: ArchivePayload


class KeysRotate(Frame):
    """Make new keys and a new token, and have the board take them."""

    type: Literal["keys:rotate"] = "keys:rotate"
    payload: RotatePayload


class RedactionTest(Frame):
    """Print made-up secrets through a real runner; for nodes with the feature `redaction-test`."""

    type: Literal["redaction:test"] = "redaction:test"
    payload: RedactionTestPayload


# ---------------------------------------------------------------- node to hub


class NodeHello(Frame):
    """Who the node is, what it runs, and what it still holds for the hub."""

    type: Literal["node:hello"] = "node:hello"
    payload: HelloPayload


class NodeHeartbeat(Frame):
    """The hub answers with the same frame, same `n`."""

    type: Literal["node:heartbeat"] = "node:heartbeat"
    payload: HeartbeatPayload


class NodeAck(Frame):
    """The reply to a command."""

    type: Literal["node:ack"] = "node:ack"
    payload: NodeAckPayload


class EnvironmentStatus(Frame):
    """Where a prepare is."""

    type: Literal["environment:status"] = "environment:status"
    payload: StatusPayload


class EnvironmentLog(Frame):
    """Output of a prepare."""

    type: Literal["environment:log"] = "environment:log"
    payload: LogPayload


class ThreadLog(Frame):
    """Output of a run."""

    type: Literal["thread:log"] = "thread:log"
    payload: LogPayload


class ThreadStarted(Frame):
    """A run has its workspace, and its process is up."""

    type: Literal["thread:started"] = "thread:started"
    payload: StartedPayload


class ThreadProgress(Frame):
    """New timeline records of a run."""

    type: Literal["thread:progress"] = "thread:progress"
    payload: ProgressPayload


class ThreadCompleted(Frame):
    """A run ended by itself."""

    type: Literal["thread:completed"] = "thread:completed"
    payload: CompletedPayload


class ThreadError(Frame):
    """A run was ended, or never began."""

    type: Literal["thread:error"] = "thread:error"
    payload: ThreadErrorPayload


class EnvironmentSlots(Frame):
    """The slots of a binding changed outside an attempt; rides on the control stream."""

    type: Literal["environment:slots"] = "environment:slots"
    payload: SlotsPayload


class RedactionTested(Frame):
    """The result of a redaction self-test; rides on the control stream."""

    type: Literal["redaction:tested"] = "redaction:tested"
    payload: RedactionTestedPayload


# ---------------------------------------------------------------- both ways


class ProtocolErrorReply(Frame):
    """A frame was not understood, and nothing was done."""

    type: Literal["error"] = "error"
    payload: ErrorPayload


HubFrame = (
    HubChallenge
    | HubWelcome
    | HubAck
    | NodeHeartbeat
    | EnvironmentPrepare
    | EnvironmentSync
    | EnvironmentCancel
    | ThreadSubmit
    | ThreadStop
    | ThreadArchive
    | KeysRotate
    | RedactionTest
    | ProtocolErrorReply
)
"""What a hub may send."""

NodeFrame = (
    NodeHello
    | NodeHeartbeat
    | NodeAck
    | EnvironmentStatus
    | EnvironmentLog
    | EnvironmentSlots
    | ThreadStarted
    | ThreadProgress
    | ThreadLog
    | ThreadCompleted
    | ThreadError
    | RedactionTested
    | ProtocolErrorReply
)
"""What a node may send."""

Command = (
    EnvironmentPrepare
    | EnvironmentSync
    | EnvironmentCancel
    | ThreadSubmit
    | ThreadStop
    | ThreadArchive
    | KeysRotate
    | RedactionTest
)
"""Frames that come from the hub's outbox and are answered by one `node:ack`."""

LogFrame = EnvironmentLog | ThreadLog
"""Stream frames whose position counts bytes."""

RecordFrame = (
    EnvironmentStatus
    | EnvironmentSlots
    | ThreadStarted
    | ThreadProgress
    | ThreadCompleted
    | ThreadError
    | RedactionTested
)
"""Stream frames whose position counts records."""

StreamFrame = RecordFrame | LogFrame
"""Frames that the node keeps until the hub has committed them."""
