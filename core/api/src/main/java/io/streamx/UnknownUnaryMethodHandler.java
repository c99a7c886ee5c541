package io.streamx;

/**
 * Serves unary calls of services and methods that a server does not know, with payloads as they came. A proxy passes them
 * on as calls of a method whose codecs are {@link io.streamx.service.MessageCodec#raw} and
 * {@link io.streamx.service.ResultCodec#raw}.
 */
@FunctionalInterface
public interface UnknownUnaryMethodHandler {
    /**
     * Runs a call. What it throws is answered as if a handler of the method had thrown it.
     *
     * @param call names the service and method as the caller did; the service is empty where the caller's carrier has no
     *     room for it
     * @param request the bytes of the arguments: in Thrift a struct with a field for each of them, in Kitex Protobuf
     *     they are the request message
     * @return the bytes of the outcome: in Thrift a struct whose field 0 is the result, or field n the declared
     *     exception n, or without a field for void; in Kitex Protobuf they are the response message. They are dropped
     *     when the call is oneway
     */
    byte[] handle(CallContext call, byte[] request) throws Exception;
}
