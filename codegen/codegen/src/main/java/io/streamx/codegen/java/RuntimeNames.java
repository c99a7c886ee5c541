package io.streamx.codegen.java;

/** Names of the runtime that generated code uses. */
public final class RuntimeNames {
    public static final String NULLABLE = "org.jspecify.annotations.Nullable";
    public static final String NULL_MARKED = "org.jspecify.annotations.NullMarked";
    public static final String NULL_UNMARKED = "org.jspecify.annotations.NullUnmarked";

    public static final String RPC_EXCEPTION = "io.streamx.RpcException";
    public static final String APPLICATION_EXCEPTION = "io.streamx.ApplicationException";
    public static final String DECLARED_EXCEPTION = "io.streamx.DeclaredException";
    public static final String STREAMING_MODE = "io.streamx.StreamingMode";
    public static final String BIDI_CLIENT = "io.streamx.BidiStreamingClient";
    public static final String BIDI_SERVER = "io.streamx.BidiStreamingServer";
    public static final String CLIENT_CLIENT = "io.streamx.ClientStreamingClient";
    public static final String CLIENT_SERVER = "io.streamx.ClientStreamingServer";
    public static final String SERVER_CLIENT = "io.streamx.ServerStreamingClient";
    public static final String SERVER_SERVER = "io.streamx.ServerStreamingServer";

    public static final String CALL_OPTIONS = "io.streamx.service.CallOptions";
    public static final String CHANNEL = "io.streamx.service.Channel";
    public static final String METHOD_DESCRIPTOR = "io.streamx.service.MethodDescriptor";
    public static final String PAYLOAD_FORMAT = "io.streamx.service.PayloadFormat";
    public static final String SERVICE_CLIENT = "io.streamx.service.ServiceClient";
    public static final String SERVICE_DEFINITION = "io.streamx.service.ServiceDefinition";
    public static final String SERVICE_DESCRIPTOR = "io.streamx.service.ServiceDescriptor";

    public static final String BINARY = "io.streamx.thrift.Binary";
    public static final String IMMUTABLE = "io.streamx.thrift.Immutable";
    public static final String STRUCT_CODEC = "io.streamx.thrift.StructCodec";
    public static final String THRIFT_READER = "io.streamx.thrift.ThriftReader";
    public static final String THRIFT_TYPE = "io.streamx.thrift.ThriftType";
    public static final String THRIFT_WRITER = "io.streamx.thrift.ThriftWriter";
    public static final String UNARY_RESULT = "io.streamx.thrift.UnaryResult";
    public static final String VALUE_CODEC = "io.streamx.thrift.ValueCodec";

    public static final String PROTOBUF_METHOD = "io.streamx.protobuf.ProtobufMethod";
    public static final String PROTOBUF_SCHEMA = "io.streamx.protobuf.ProtobufSchema";

    public static final String SERVER = "io.streamx.server.Server";

    private RuntimeNames() {}
}
