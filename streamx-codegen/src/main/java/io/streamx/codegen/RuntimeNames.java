package io.streamx.codegen;

/** Names of the runtime that generated code uses. */
final class RuntimeNames {
    static final String NULLABLE = "org.jspecify.annotations.Nullable";
    static final String NULL_MARKED = "org.jspecify.annotations.NullMarked";

    static final String RPC_EXCEPTION = "io.streamx.RpcException";
    static final String APPLICATION_EXCEPTION = "io.streamx.ApplicationException";
    static final String DECLARED_EXCEPTION = "io.streamx.DeclaredException";
    static final String STREAMING_MODE = "io.streamx.StreamingMode";
    static final String BIDI_CLIENT = "io.streamx.BidiStreamingClient";
    static final String BIDI_SERVER = "io.streamx.BidiStreamingServer";
    static final String CLIENT_CLIENT = "io.streamx.ClientStreamingClient";
    static final String CLIENT_SERVER = "io.streamx.ClientStreamingServer";
    static final String SERVER_CLIENT = "io.streamx.ServerStreamingClient";
    static final String SERVER_SERVER = "io.streamx.ServerStreamingServer";

    static final String CALL_OPTIONS = "io.streamx.service.CallOptions";
    static final String CHANNEL = "io.streamx.service.Channel";
    static final String METHOD_DESCRIPTOR = "io.streamx.service.MethodDescriptor";
    static final String PAYLOAD_FORMAT = "io.streamx.service.PayloadFormat";
    static final String SERVICE_CLIENT = "io.streamx.service.ServiceClient";
    static final String SERVICE_DEFINITION = "io.streamx.service.ServiceDefinition";
    static final String SERVICE_DESCRIPTOR = "io.streamx.service.ServiceDescriptor";

    static final String BINARY = "io.streamx.thrift.Binary";
    static final String IMMUTABLE = "io.streamx.thrift.Immutable";
    static final String STRUCT_CODEC = "io.streamx.thrift.StructCodec";
    static final String THRIFT_READER = "io.streamx.thrift.ThriftReader";
    static final String THRIFT_TYPE = "io.streamx.thrift.ThriftType";
    static final String THRIFT_WRITER = "io.streamx.thrift.ThriftWriter";
    static final String UNARY_RESULT = "io.streamx.thrift.UnaryResult";
    static final String VALUE_CODEC = "io.streamx.thrift.ValueCodec";

    static final String SERVER = "io.streamx.server.Server";

    private RuntimeNames() {}
}
