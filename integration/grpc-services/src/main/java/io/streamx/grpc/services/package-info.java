/**
 * The services that gRPC's tools expect beside a server's own: health and reflection.
 *
 * <p>Start at {@link io.streamx.grpc.services.HealthService} and {@link io.streamx.grpc.services.ReflectionService}. The
 * packages below hold what protoc makes of their protos.
 *
 * <p>Threads: those of the calls.
 */
@NullMarked
package io.streamx.grpc.services;

import org.jspecify.annotations.NullMarked;
