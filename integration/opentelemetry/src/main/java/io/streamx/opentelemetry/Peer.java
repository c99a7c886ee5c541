package io.streamx.opentelemetry;

/** What Kitex' obs-opentelemetry tells of a caller beside the trace: transient metainfo of these keys. */
final class Peer {
    static final String SERVICE_NAME = "service.name";
    static final String SERVICE_NAMESPACE = "service.namespace";
    static final String DEPLOYMENT_ENVIRONMENT = "deployment.environment";

    private Peer() {}
}
