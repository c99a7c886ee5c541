/**
 * The protoc plugin: Java interfaces and clients of Protobuf services, around the message classes that protoc's own Java
 * generator writes.
 *
 * <p>Start at {@link io.streamx.protoc.ProtocPlugin}.
 */
@NullMarked
package io.streamx.protoc;

import org.jspecify.annotations.NullMarked;
