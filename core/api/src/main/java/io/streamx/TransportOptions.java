package io.streamx;

/**
 * Settings that one transport alone has, such as {@code GrpcOptions} of {@code streamx-grpc}. The module of that transport
 * defines the class, which is immutable; builders of clients and servers take any such object and hand it to the module.
 * A client or server holds at most one object of each class.
 */
public interface TransportOptions {}
