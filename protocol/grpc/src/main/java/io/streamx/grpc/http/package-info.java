/**
 * The seam for requests on an HTTP/2 connection that are no calls of gRPC: who takes them, and what a request is given. This
 * module knows of nobody who does.
 */
@NullMarked
package io.streamx.grpc.http;

import org.jspecify.annotations.NullMarked;
