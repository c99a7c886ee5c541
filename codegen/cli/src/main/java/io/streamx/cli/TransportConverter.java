package io.streamx.cli;

import io.streamx.Transport;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the name of a transport. */
final class TransportConverter implements ITypeConverter<Transport> {
    @Override
    public Transport convert(String text) {
        return switch (text) {
            case "ttheader" -> Transport.TTHEADER;
            case "grpc" -> Transport.GRPC;
            default -> throw new TypeConversionException("'" + text + "' (expected: ttheader or grpc)");
        };
    }

    /** What the shell offers. */
    static final class Names extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Names() {
            super(List.of("ttheader", "grpc"));
        }
    }
}
