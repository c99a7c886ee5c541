package io.streamx.spring;

import io.streamx.endpoint.EndpointBuilder;
import io.streamx.grpc.GrpcOptions;
import org.springframework.boot.context.properties.PropertyMapper;
import org.springframework.util.ClassUtils;
import org.springframework.util.unit.DataSize;

/** Gives the settings of gRPC to a client or server. */
final class GrpcSettings {
    private static final boolean PRESENT =
            ClassUtils.isPresent("io.streamx.grpc.GrpcOptions", GrpcSettings.class.getClassLoader());

    private GrpcSettings() {}

    /**
     * Sets the options of gRPC.
     *
     * @param prefix of the settings, for messages
     * @throws StreamXSetupException when gRPC is not on the class path
     */
    static void apply(String prefix, StreamXGrpcProperties settings, EndpointBuilder<?> endpoint) {
        if (!PRESENT) {
            throw new StreamXSetupException(
                    "Settings below '" + prefix + "' are there and streamx-grpc is not on the class path.",
                    "Add the dependency io.streamx:streamx-grpc, or remove the settings.");
        }
        Options.apply(prefix, settings, endpoint);
    }

    /** A class of its own, because it names classes that may be missing. */
    private static final class Options {
        static void apply(String prefix, StreamXGrpcProperties settings, EndpointBuilder<?> endpoint) {
            GrpcOptions.Builder options = GrpcOptions.builder();
            PropertyMapper map = PropertyMapper.get();
            map.from(settings.connectionWindow())
                    .to(size -> options.connectionWindowBytes(Sizes.bytes(prefix + ".connection-window", size)));
            windows(prefix, settings, options);
            map.from(settings.maxHeaderList())
                    .to(size -> options.maxHeaderListBytes(Sizes.bytes(prefix + ".max-header-list", size)));
            map.from(settings.keepAliveTime()).to(options::keepAliveTime);
            map.from(settings.keepAliveTimeout()).to(options::keepAliveTimeout);
            map.from(settings.keepAliveWithoutCalls()).to(options::keepAliveWithoutCalls);
            map.from(settings.permitKeepAliveTime()).to(options::permitKeepAliveTime);
            map.from(settings.permitKeepAliveWithoutCalls()).to(options::permitKeepAliveWithoutCalls);
            map.from(settings.maxConnectionAge()).to(options::maxConnectionAge);
            map.from(settings.maxConnectionAgeGrace()).to(options::maxConnectionAgeGrace);
            map.from(settings.errorStyle())
                    .to(style -> options.errorStyle(GrpcOptions.ErrorStyle.valueOf(style.name())));
            map.from(settings.compression()).to(options::compression);
            endpoint.transportOptions(options.build());
        }

        private static void windows(String prefix, StreamXGrpcProperties settings, GrpcOptions.Builder options) {
            DataSize stream = settings.maxStreamWindow();
            DataSize connection = settings.maxConnectionWindow();
            if (stream == null && connection == null) {
                return;
            }
            if (stream == null || connection == null) {
                throw new IllegalArgumentException(prefix + ": one of max-stream-window (" + stream
                        + ") and max-connection-window (" + connection + ") is set (expected: both)");
            }
            options.maxWindowBytes(
                    Sizes.bytes(prefix + ".max-stream-window", stream),
                    Sizes.bytes(prefix + ".max-connection-window", connection));
        }
    }
}
