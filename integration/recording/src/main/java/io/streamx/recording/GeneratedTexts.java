package io.streamx.recording;

import io.netty.buffer.ByteBuf;
import io.streamx.DeclaredException;
import io.streamx.StreamingMode;
import io.streamx.service.MethodDescriptor;
import io.streamx.service.ServiceDescriptor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Messages as {@code toString} of their generated classes says them. Methods of other services are shown as bytes. Safe from
 * any thread.
 */
public final class GeneratedTexts implements FrameTexts {
    private final List<ServiceDescriptor> services;

    /** Knows these services, whose descriptors stand in their generated classes, such as {@code ChatMethods.DESCRIPTOR}. */
    public GeneratedTexts(List<ServiceDescriptor> services) {
        this.services = List.copyOf(services);
    }

    @Override
    public String request(@Nullable String service, String method, ByteBuf bytes) {
        MethodDescriptor<?, ?> descriptor = descriptor(service, method);
        if (descriptor == null) {
            return FrameTexts.shown(bytes);
        }
        int length = bytes.readableBytes();
        try {
            return String.valueOf(descriptor.requestCodec().decode(bytes));
        } catch (RuntimeException e) {
            return FrameTexts.misfit(length, e);
        }
    }

    @Override
    public String reply(@Nullable String service, String method, ByteBuf bytes) {
        MethodDescriptor<?, ?> descriptor = descriptor(service, method);
        if (descriptor == null) {
            return FrameTexts.shown(bytes);
        }
        int length = bytes.readableBytes();
        try {
            Object reply = descriptor.mode() == StreamingMode.UNARY
                    ? descriptor.resultCodec().decode(bytes)
                    : descriptor.responseCodec().decode(bytes);
            return reply == null ? "void" : reply.toString();
        } catch (DeclaredException declared) {
            return "throws " + declared;
        } catch (RuntimeException e) {
            return FrameTexts.misfit(length, e);
        }
    }

    private @Nullable MethodDescriptor<?, ?> descriptor(@Nullable String service, String method) {
        for (ServiceDescriptor each : services) {
            if (isNamed(each, service)) {
                for (MethodDescriptor<?, ?> one : each.methods()) {
                    if (one.name().equals(method)) {
                        return one;
                    }
                }
            }
        }
        return null;
    }

    /** A Thrift service is called with whatever package its client has been told, if any. */
    private static boolean isNamed(ServiceDescriptor each, @Nullable String service) {
        return service == null
                || service.equals(each.name())
                || service.equals(each.fullName())
                || (each.grpcPackage().isEmpty() && service.endsWith("." + each.name()));
    }
}
