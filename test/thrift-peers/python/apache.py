"""The service of peers.thrift on Apache Thrift's own library: structs, protocols and transports are Apache's; what its
compiler would write around them is written by hand, since the compiler is no package of Python."""

from thrift.protocol.TProtocol import TProtocolBase
from thrift.Thrift import TApplicationException, TMessageType, TType
from thrift.TRecursive import fix_spec
from thrift.protocol.TBase import TBase, TExceptionBase


class Struct(TBase):
    def __init__(self, **values):
        for field in self.thrift_spec:
            if field is not None:
                setattr(self, field[2], values.get(field[2], field[4]))


class Item(Struct):
    pass


Item.thrift_spec = (
    None,
    (1, TType.STRING, "name", "UTF8", None),
    (2, TType.I32, "count", None, 0),
    (3, TType.LIST, "tags", (TType.STRING, "UTF8", False), None),
    (4, TType.MAP, "sums", (TType.STRING, "UTF8", TType.I64, None, False), None),
    (5, TType.STRING, "raw", "BINARY", None),
    (6, TType.BOOL, "flag", None, None),
    (7, TType.DOUBLE, "ratio", None, None),
    (8, TType.STRUCT, "inner", [Item, None], None),
)
fix_spec([Item])


class Refused(TExceptionBase):
    thrift_spec = (None, (1, TType.STRING, "why", "UTF8", None))

    def __init__(self, why=None):
        object.__setattr__(self, "why", why)

    def __setattr__(self, name, value):
        object.__setattr__(self, name, value)


ITEM = [Item, Item.thrift_spec]


def _struct(name, *spec):
    made = type(name, (Struct,), {})
    made.thrift_spec = spec
    return made


METHODS = {
    "Turn": (
        _struct("Turn_args", None, (1, TType.STRUCT, "item", ITEM, None), (2, TType.I32, "times", None, None)),
        _struct(
            "Turn_result",
            (0, TType.STRUCT, "success", ITEM, None),
            (1, TType.STRUCT, "refused", [Refused, Refused.thrift_spec], None),
        ),
    ),
    "Note": (_struct("Note_args", None, (1, TType.STRING, "text", "UTF8", None)), _struct("Note_result")),
    "Tell": (_struct("Tell_args", None, (1, TType.STRING, "text", "UTF8", None)), None),
    "Told": (_struct("Told_args"), _struct("Told_result", (0, TType.STRING, "success", "UTF8", None))),
}


class Client:
    def __init__(self, protocol: TProtocolBase):
        self.protocol = protocol
        self.last = 0

    def __getattr__(self, name):
        arguments, result = METHODS[name]

        def call(*values):
            self.last += 1
            out = self.protocol
            out.writeMessageBegin(name, TMessageType.CALL if result else TMessageType.ONEWAY, self.last)
            fields = [field[2] for field in arguments.thrift_spec if field]
            arguments(**dict(zip(fields, values))).write(out)
            out.writeMessageEnd()
            out.trans.flush()
            return self.receive(name, result) if result else None

        return call

    def receive(self, name, result):
        answered, kind, number = self.protocol.readMessageBegin()
        if kind == TMessageType.EXCEPTION:
            failure = TApplicationException()
            failure.read(self.protocol)
            self.protocol.readMessageEnd()
            raise failure
        assert (answered, number) == (name, self.last), (answered, number)
        reply = result()
        reply.read(self.protocol)
        self.protocol.readMessageEnd()
        if getattr(reply, "refused", None) is not None:
            raise reply.refused
        return getattr(reply, "success", None)


class Processor:
    def __init__(self, handler):
        self.handler = handler

    def on_message_begin(self, observer):
        pass

    def process(self, inward, outward):
        name, _, number = inward.readMessageBegin()
        arguments, result = METHODS[name]
        asked = arguments()
        asked.read(inward)
        inward.readMessageEnd()
        reply = result() if result else None
        try:
            values = [getattr(asked, field[2]) for field in arguments.thrift_spec if field]
            returned = getattr(self.handler, name)(*values)
            if reply is not None and hasattr(reply, "success"):
                reply.success = returned
        except Refused as refused:
            reply.refused = refused
        if reply is not None:
            outward.writeMessageBegin(name, TMessageType.REPLY, number)
            reply.write(outward)
            outward.writeMessageEnd()
            outward.trans.flush()
