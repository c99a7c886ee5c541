package io.streamx;

/** Serves streams of services and methods that a server does not know, with payloads as they came. */
@FunctionalInterface
public interface UnknownMethodHandler {
    /**
     * Runs a stream; returning ends it.
     *
     * @param call names the service and method as the caller did
     * @param stream messages are the bytes of their payload, which need not be Thrift
     */
    void handle(CallContext call, BidiStreamingServer<byte[], byte[]> stream) throws Exception;
}
