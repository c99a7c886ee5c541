package io.streamx.cli;

import io.streamx.PingPong;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the name of a unary carrier. */
final class CarrierConverter implements ITypeConverter<PingPong> {
    @Override
    public PingPong convert(String text) {
        return switch (text) {
            case "framed" -> PingPong.FRAMED;
            case "buffered" -> PingPong.BUFFERED;
            case "ttheader" -> PingPong.TTHEADER;
            case "ttheader-framed" -> PingPong.TTHEADER_FRAMED;
            default ->
                throw new TypeConversionException(
                        "'" + text + "' (expected: ttheader-framed, ttheader, framed or buffered)");
        };
    }

    /** What the shell offers. */
    static final class Names extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Names() {
            super(List.of("ttheader-framed", "ttheader", "framed", "buffered"));
        }
    }
}
