package io.streamx.ttheader.frame;

import org.jspecify.annotations.Nullable;

/** What a frame of a stream is; the value of {@link IntKey#FRAME_TYPE}. */
public enum FrameType {
    /** Tells the client, from a proxy, of the route. It may come at any time, or never. */
    META(1, "Meta"),
    /** Opens a stream, and carries the metadata that each side sends first. */
    HEADER(2, "Header"),
    /** One message. */
    DATA(3, "Data"),
    /** Ends what its sender sends. From the server it ends the stream, and carries the outcome. */
    TRAILER(4, "Trailer"),
    /** The stream is given up. */
    RST(5, "Rst");

    private static final FrameType[] BY_NUMBER = values();

    private final int number;
    private final String text;
    private final String label;

    FrameType(int number, String label) {
        this.number = number;
        this.text = Integer.toString(number);
        this.label = label;
    }

    /** The number on the wire, 1 to 5. */
    public int number() {
        return number;
    }

    /** The number as the text that goes on the wire, one digit. */
    public String text() {
        return text;
    }

    /** The type with that number, or null when there is none. */
    public static @Nullable FrameType of(int number) {
        return number >= 1 && number <= BY_NUMBER.length ? BY_NUMBER[number - 1] : null;
    }

    /** The number that a digit on the wire stands for; {@link TTHeaderReader#UNKNOWN_FRAME_TYPE} where that is no type's. */
    static int numberOf(byte digit) {
        return digit >= '1' && digit <= '5' ? digit - '0' : TTHeaderReader.UNKNOWN_FRAME_TYPE;
    }

    /** The name as Kitex spells it, for logs. */
    @Override
    public String toString() {
        return label;
    }
}
