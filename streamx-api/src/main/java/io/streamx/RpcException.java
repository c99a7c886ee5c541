package io.streamx;

public class RpcException extends RuntimeException {
    public RpcException(String m) {
        super(m);
    }
}
